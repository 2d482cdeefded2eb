"""Recomputing every case from its journal and comparing it with what the tables say."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection, transaction

from yiwang.kernel.calendar.queries import in_database
from yiwang.kernel.calendar.rules import WorkingCalendar
from yiwang.kernel.casework import records
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.registry import case_type_of
from yiwang.kernel.casework.rules.casetype import CaseType, ClockKind
from yiwang.kernel.casework.rules.clocks import Clock, TermSetting, walk
from yiwang.kernel.casework.rules.progress import Entry, NotAllowedNow
from yiwang.kernel.casework.terms import term_settings

BATCH = 2000
SHOWN = 50
"""At most so many differences are described; all are counted."""

CASE_COLUMNS = [
    "state", "holder_unit_id", "due_on", "due_clock", "due_from_on", "breach_on", "last_at", "answered_at", "ended_at",
    "outcome", "unit_ids", "journal_length", "grade_office", "grade_unit", "handler_id", "is_repeat", "repeat_of_id",
]  # fmt: skip
CLOCK_COLUMNS = [
    "key",
    "node",
    "unit_id",
    "start_on",
    "term",
    "due_on",
    "ended_on",
    "is_void",
    "is_duty",
    "is_provisional",
]


@dataclass
class ClockVerification:
    """How many cases and clocks were recomputed, and which differ from the tables."""

    cases: int = 0
    entries: int = 0
    clocks: int = 0
    different: int = 0
    mended: int = 0
    shown: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether everything in the tables follows from the journals."""
        return self.different == self.mended

    def add(self, part: "ClockVerification") -> None:
        """Take up what was found in another range of cases."""
        self.cases += part.cases
        self.entries += part.entries
        self.clocks += part.clocks
        self.different += part.different
        self.mended += part.mended
        self.shown += part.shown[: SHOWN - len(self.shown)]

    def note(self, text: str) -> None:
        """Count a difference and describe it while there is room."""
        self.different += 1
        if len(self.shown) < SHOWN:
            self.shown.append(text)


def verify(
    *,
    is_mending: bool = False,
    first_id: int = 0,
    last_id: int | None = None,
    told: Callable[[int], None] | None = None,
) -> ClockVerification:
    """Recompute all cases (or those of a range of ids) from their journals and compare them with the tables.

    Reads in batches with bounded memory; the caller asks as the house. With `is_mending` a case that differs
    is written anew from its journal under its lock. `told` hears how many cases were done.
    """
    outcome = ClockVerification()
    calendar = in_database()
    settings: dict[str, Mapping[str, TermSetting]] = {}
    for case_ids in _batches(first_id, last_id):
        journals = _journals(case_ids)
        accused = _accused(case_ids)
        cached_clocks = _clock_rows(case_ids)
        for row in _case_rows(case_ids):
            case_id, type_key, type_version = row[0], row[1], row[2]
            outcome.cases += 1
            entries = journals.get(case_id, [])
            outcome.entries += len(entries)
            if type_key not in settings:
                settings[type_key] = term_settings(type_key)
            case_type = case_type_of(type_key, type_version)
            difference, number = _compare(
                row, entries, cached_clocks.get(case_id, []), case_type, calendar, settings[type_key]
            )
            outcome.clocks += number
            difference = difference or _kept_away_difference(row, entries, accused.get(case_id, []))
            if difference:
                outcome.note(f"{row[3]}: {difference}")
                if is_mending and _mend(case_id):
                    outcome.mended += 1
        if told is not None:
            told(outcome.cases)
    return outcome


def _batches(first_id: int, last_id: int | None) -> Iterator[list[int]]:
    after = first_id - 1
    while True:
        found = Case.objects.filter(pk__gt=after)
        if last_id is not None:
            found = found.filter(pk__lte=last_id)
        ids = list(found.order_by("pk").values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        after = ids[-1]


def _rows(sql: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids[0], ids[-1]])
        return list(cursor.fetchall())


def _case_rows(ids: Sequence[int]) -> list[tuple[Any, ...]]:
    columns = ", ".join(CASE_COLUMNS)
    return _rows(
        f"SELECT id, type_key, type_version, number, {columns}, excluded_units, excluded_accounts"  # noqa: S608 - own column names
        " FROM casework_case"
        " WHERE id BETWEEN %s AND %s ORDER BY id",
        ids,
    )


def _journals(ids: Sequence[int]) -> dict[int, list[Entry]]:
    rows = _rows(
        "SELECT case_id, number, verb, at, node, unit_id, account_id, from_state, to_state, data"
        " FROM casework_journalentry WHERE case_id BETWEEN %s AND %s ORDER BY case_id, number",
        ids,
    )
    return {case_id: [_entry(row) for row in found] for case_id, found in groupby(rows, key=itemgetter(0))}


def _accused(ids: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    rows = _rows(
        "SELECT case_id, unit_id, account_id FROM casework_party"
        " WHERE role = 'accused' AND case_id BETWEEN %s AND %s ORDER BY case_id",
        ids,
    )
    return {case_id: list(found) for case_id, found in groupby(rows, key=itemgetter(0))}


def _kept_away(entries: Sequence[Entry], accused: Sequence[tuple[Any, ...]]) -> tuple[list[int], list[int]]:
    """The units and accounts that must not know of a case: the accused, and whoever was excluded by a step."""
    units = {unit_id for _case_id, unit_id, _account_id in accused if unit_id is not None}
    accounts = {account_id for _case_id, _unit_id, account_id in accused if account_id is not None}
    accounts |= {int(entry.data["account_id"]) for entry in entries if entry.verb == "recuse"}
    return sorted(units), sorted(accounts)


def _kept_away_difference(
    row: tuple[Any, ...], entries: Sequence[Entry], accused: Sequence[tuple[Any, ...]]
) -> str:
    kept_away = _kept_away(entries, accused)
    if (sorted(row[-2]), sorted(row[-1])) == kept_away:
        return ""
    return f"kept away are {row[-2]} and {row[-1]}, the parties and the journal say {kept_away}"


def _entry(row: tuple[Any, ...]) -> Entry:
    _case_id, number, verb, at, node, unit_id, account_id, from_state, to_state, data = row
    return Entry(number, verb, at, node, unit_id, account_id, from_state, to_state, json.loads(data))


def _clock_rows(ids: Sequence[int]) -> dict[int, list[tuple[Any, ...]]]:
    columns = ", ".join(CLOCK_COLUMNS)
    rows = _rows(
        f"SELECT case_id, {columns} FROM casework_clockrecord"  # noqa: S608 - own column names
        " WHERE case_id BETWEEN %s AND %s ORDER BY case_id, key, node",
        ids,
    )
    return {case_id: [row[1:] for row in found] for case_id, found in groupby(rows, key=itemgetter(0))}


def _compare(
    row: tuple[Any, ...],
    entries: list[Entry],
    cached: list[tuple[Any, ...]],
    case_type: CaseType,
    calendar: WorkingCalendar,
    settings: Mapping[str, TermSetting],
) -> tuple[str, int]:
    """What differs, in words, and how many clocks the journal starts."""
    if not entries:
        return "has no journal", 0
    if [entry.number for entry in entries] != list(range(1, len(entries) + 1)):
        return "its journal has a gap", 0
    try:
        standings = walk(entries, case_type)
    except NotAllowedNow as error:
        return f"its journal breaks the procedure at {error}", 0
    derived = records.derive(entries, standings, case_type, calendar=calendar, settings=settings)
    expected = records.cached_fields(derived, case_type)
    for column, value in zip(CASE_COLUMNS, row[4:-2], strict=True):
        if value != expected[column]:
            return f"{column} is {value}, the journal says {expected[column]}", len(derived.clocks)
    wanted = sorted(_clock_tuple(clock, calendar) for clock in derived.clocks)
    if [tuple(found) for found in cached] != wanted:
        return f"clocks are {cached}, the journal says {wanted}", len(derived.clocks)
    return "", len(derived.clocks)


def _clock_tuple(clock: Clock, calendar: WorkingCalendar) -> tuple[Any, ...]:
    return (
        clock.key,
        clock.node,
        clock.unit_id,
        clock.start_on,
        clock.term + clock.extended_days,
        clock.due_on,
        clock.ended_on,
        clock.is_void,
        clock.definition.kind is ClockKind.DUTY,
        records.is_provisional(clock, calendar),
    )


def _mend(case_id: int) -> bool:
    """Write a case's caches anew from its journal; nothing when the journal itself is broken."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_id)
        case_type = case_type_of(case.type_key, case.type_version)
        entries = records.entries_of(case_id)
        try:
            standings = walk(entries, case_type)
        except NotAllowedNow:
            return False
        if not standings:
            return False
        records.write_caches(case, records.derive(entries, standings, case_type), case_type)
        case.excluded_units, case.excluded_accounts = _kept_away(
            entries, _accused([case_id]).get(case_id, [])
        )
        case.save()
    return True
