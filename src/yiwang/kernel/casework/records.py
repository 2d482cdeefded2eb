"""Between journal and tables: loads entries, writes an entry, and brings the caches up to it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from typing import Any

from yiwang.kernel.calendar.queries import current as current_calendar
from yiwang.kernel.calendar.rules import WorkingCalendar
from yiwang.kernel.casework.models import Case, ClockRecord, CustodyRecord, JournalEntry
from yiwang.kernel.casework.rules.casetype import CaseType, ClockKind
from yiwang.kernel.casework.rules.clocks import Clock, TermSetting, clocks, next_due
from yiwang.kernel.casework.rules.progress import Entry, Progress
from yiwang.kernel.casework.terms import term_settings

LINKING = frozenset({"link_repeat", "unlink_repeat"})
"""Verbs whose words speak of another matter, which not everybody who sees this one may know of."""


@dataclass(frozen=True)
class Standings:
    """A journal with the standing after each of its entries and the clocks that follow, counted when asked for."""

    entries: tuple[Entry, ...]
    standings: tuple[Progress, ...]
    count: Callable[[], Sequence[Clock]] = field(repr=False, compare=False)

    @cached_property
    def clocks(self) -> tuple[Clock, ...]:
        """Every clock that the journal has started."""
        return tuple(self.count())

    @property
    def progress(self) -> Progress:
        """The standing now."""
        return self.standings[-1]


def entry_of(row: JournalEntry) -> Entry:
    """A journal row as the pure rules read it."""
    return Entry(
        number=row.number,
        verb=row.verb,
        at=row.at,
        node=row.node,
        unit_id=row.unit_id,
        account_id=row.account_id,
        from_state=row.from_state,
        to_state=row.to_state,
        data=row.data,
    )


def entries_of(case_id: int) -> list[Entry]:
    """The journal of a case in order."""
    return [entry_of(row) for row in JournalEntry.objects.filter(case_id=case_id).order_by("number")]


def derive(
    entries: Sequence[Entry],
    standings: Sequence[Progress],
    case_type: CaseType,
    *,
    calendar: WorkingCalendar | None = None,
    settings: Mapping[str, TermSetting] | None = None,
) -> Standings:
    """Everything that follows from a journal."""
    entries, standings = tuple(entries), tuple(standings)
    count = partial(
        clocks,
        entries,
        case_type,
        calendar or current_calendar(),
        settings=settings if settings is not None else term_settings(case_type.key),
        standings=standings,
    )
    return Standings(entries, standings, count)


def cached_fields(derived: Standings, case_type: CaseType) -> dict[str, Any]:
    """The columns of a case that repeat what its journal says, for writing and for verification."""
    progress = derived.progress
    state = case_type.state(progress.state)
    pressing = next_due(derived.clocks, progress) if state.key not in case_type.ends_in else None
    answering = next((e for e in reversed(derived.entries) if e.verb in case_type.answered_by), None)
    issued = answering.at if answering else None
    evaluated = next((e.data for e in derived.entries if e.verb == "evaluate"), {})
    answered = [e for e in derived.entries if e.verb in case_type.outcome_by and e.data.get("outcome")]
    return {
        "state": progress.state,
        "holder_unit_id": progress.holding.unit_id,
        "due_on": pressing.due_on if pressing else None,
        "due_clock": pressing.key if pressing else "",
        "due_from_on": pressing.start_on if pressing else None,
        "breach_on": _breach_on(derived.clocks),
        "last_at": derived.entries[-1].at,
        "answered_at": issued,
        "ended_at": _ended_at(derived, case_type),
        "outcome": _outcome(answered, answering),
        "unit_ids": list(progress.unit_ids),
        "journal_length": progress.length,
        "grade_office": evaluated.get("grade_office"),
        "grade_unit": evaluated.get("grade_unit"),
        "handler_id": _handler_id(derived),
        **_repeat_fields(derived),
    }


def _ended_at(derived: Standings, case_type: CaseType) -> datetime | None:
    """Since when the case has been in states that end it."""
    since = None
    for entry in reversed(derived.entries):
        if case_type.state(entry.to_state).stage.value != "ended":
            break
        since = entry.at
    return since


def _outcome(answered: Sequence[Entry], answering: Entry | None) -> str:
    if answering is None:
        return ""
    if answered:
        return str(answered[-1].data["outcome"])
    return "declined" if answering.verb == "decline" else ""


def _breach_on(found: Sequence[Clock]) -> Any:
    duties = (
        clock
        for clock in found
        if clock.definition.kind is ClockKind.DUTY and not clock.is_void and clock.due_on
    )
    broken = [c.due_on for c in duties if c.due_on and (c.ended_on is None or c.ended_on > c.due_on)]
    return min(broken, default=None)


def _handler_id(derived: Standings) -> int | None:
    """Who in the holding unit took the matter on, since it last came there."""
    holder = derived.progress.holder
    for entry in reversed(derived.entries):
        if (
            entry.node == holder
            and entry.verb in ("accept", "answer", "note")
            and entry.account_id is not None
        ):
            return entry.account_id
        if entry.verb in ("forward", "assign", "recall") and entry.node != holder:
            return None
    return None


def _repeat_fields(derived: Standings) -> dict[str, Any]:
    for entry in reversed(derived.entries):
        if entry.verb == "link_repeat":
            return {"is_repeat": True, "repeat_of_id": entry.data["earlier_case_id"]}
        if entry.verb == "unlink_repeat":
            break
    return {"is_repeat": False, "repeat_of_id": None}


def custody_rows(case_id: int, progress: Progress) -> list[CustodyRecord]:
    """The chain of custody as rows."""
    return [
        CustodyRecord(
            case_id=case_id,
            node=node.index,
            parent_node=node.parent,
            unit_id=node.unit_id,
            given_at=node.given_at,
            given_by_verb=node.given_by_verb,
            until_at=node.until_at,
            outcome=node.outcome,
            is_holding=node.index == progress.holder,
        )
        for node in progress.nodes
    ]


def clock_rows(case_id: int, found: Sequence[Clock], calendar: WorkingCalendar) -> list[ClockRecord]:
    """The clocks as rows."""
    return [
        ClockRecord(
            case_id=case_id,
            key=clock.key,
            node=clock.node,
            unit_id=clock.unit_id,
            start_on=clock.start_on,
            term=clock.term + clock.extended_days,
            due_on=clock.due_on,
            ended_on=clock.ended_on,
            is_void=clock.is_void,
            is_duty=clock.definition.kind is ClockKind.DUTY,
            is_provisional=is_provisional(clock, calendar),
        )
        for clock in found
    ]


def is_provisional(clock: Clock, calendar: WorkingCalendar) -> bool:
    """Whether an open clock's last day may still move, because a year isn't published yet."""
    if not clock.is_open or clock.due_on is None or clock.fixed_on is not None:
        return False
    if not calendar.is_provisional_between(clock.start_on, clock.due_on):
        return False
    counted = clock.explained(calendar)
    return counted is not None and counted.is_provisional


CUSTODY_COLUMNS = ["unit", "given_at", "given_by_verb", "until_at", "outcome", "is_holding"]
CLOCK_COLUMNS = ["unit", "start_on", "term", "due_on", "ended_on", "is_void", "is_duty", "is_provisional"]


def write_caches(
    case: Case, derived: Standings, case_type: CaseType, *, calendar: WorkingCalendar | None = None
) -> None:
    """Bring a case's row, chain and clocks up to its journal; writes only rows that can have changed."""
    for column, value in cached_fields(derived, case_type).items():
        setattr(case, column, value)
    CustodyRecord.objects.bulk_create(
        custody_rows(case.pk, derived.progress),
        update_conflicts=True,
        unique_fields=["case", "node"],
        update_fields=CUSTODY_COLUMNS,
    )
    ClockRecord.objects.bulk_create(
        clock_rows(case.pk, derived.clocks, calendar or current_calendar()),
        update_conflicts=True,
        unique_fields=["case", "key", "node"],
        update_fields=CLOCK_COLUMNS,
    )


def search_text(case: Case, party_names: Sequence[str], entries: Sequence[Entry]) -> str:
    """What a case can be found by: number, title, text, names, and what units wrote about it."""
    return "\n".join([case.number, case.title, case.text, case.place, *party_names, *written_in(entries)])


def written_in(entries: Sequence[Entry]) -> list[str]:
    """What units wrote about a case in its journal."""
    return [
        str(value)
        for entry in entries
        if entry.verb not in LINKING
        for key, value in entry.data.items()
        if key in ("facts", "opinion", "basis", "text", "reasons", "note", "route") and isinstance(value, str)
    ]
