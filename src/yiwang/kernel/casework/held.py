"""A case held for a step: read whole under its lock in one message, its caches written where they changed."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from yiwang.kernel.base.insertion import Statement, bringing_up, putting
from yiwang.kernel.base.statements import sent_together
from yiwang.kernel.calendar.queries import current as current_calendar
from yiwang.kernel.casework import records
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.casetype import CaseType
from yiwang.kernel.casework.rules.progress import Entry

CASE = tuple(field.attname for field in Case._meta.concrete_fields)
CUSTODY_KEY, CLOCK_KEY = ("case_id", "node"), ("case_id", "key", "node")
CUSTODY = (*CUSTODY_KEY, "parent_node", "unit_id", "given_at", "given_by_verb", "until_at", "outcome", "is_holding")  # fmt: skip
CLOCKS = (
    *CLOCK_KEY, "unit_id", "start_on", "term", "due_on", "ended_on", "is_void", "is_duty", "is_provisional",
)  # fmt: skip

LOCKED = f"SELECT {', '.join(CASE)} FROM casework_case WHERE id = %s FOR UPDATE"  # noqa: S608 - the models' own names
JOURNAL = (
    "SELECT number, verb, at, node, unit_id, account_id, from_state, to_state, data"
    " FROM casework_journalentry WHERE case_id = %s ORDER BY number"
)
NAMED = "SELECT role, name, is_anonymous FROM casework_party WHERE case_id = %s AND name <> '' ORDER BY id"
CHAIN = f"SELECT {', '.join(CUSTODY)} FROM casework_custodyrecord WHERE case_id = %s"  # noqa: S608
TERMS = f"SELECT {', '.join(CLOCKS)} FROM casework_clockrecord WHERE case_id = %s"  # noqa: S608


@dataclass(frozen=True)
class Named:
    """Somebody with a name who brought the matter, or acts or is complained of in it."""

    role: str
    name: str
    is_anonymous: bool


@dataclass(frozen=True)
class Held:
    """A locked case with all that a step must know of it; `kept` are its chain and clocks as the tables have them."""

    case: Case
    entries: tuple[Entry, ...]
    parties: tuple[Named, ...]
    kept: frozenset[tuple[Any, ...]]


def hold(case_id: int) -> Held:
    """Lock a case until the end of the transaction and read it whole; one message.

    Raises `Case.DoesNotExist`, also for whoever the second lock keeps away from it.
    """
    found, journal, named, chain, terms = sent_together(
        (LOCKED, [case_id]), (JOURNAL, [case_id]), (NAMED, [case_id]), (CHAIN, [case_id]), (TERMS, [case_id])
    )
    if not found:
        raise Case.DoesNotExist
    cells = dict(zip(CASE, found[0], strict=True))
    cells["facts"] = json.loads(cells["facts"])
    return Held(
        Case.from_db(connection.alias, CASE, list(cells.values())),
        tuple(_entry(*row) for row in journal),
        tuple(Named(*row) for row in named),
        frozenset([*chain, *terms]),
    )


def _entry(
    number: int,
    verb: str,
    at: datetime,
    node: int,
    unit_id: int | None,
    account_id: int | None,
    from_state: str,
    to_state: str,
    data: str,
) -> Entry:
    return Entry(number, verb, at, node, unit_id, account_id, from_state, to_state, json.loads(data))


def statements_bringing_up(held: Held, derived: records.Standings, case_type: CaseType) -> list[Statement]:
    """What brings a held case's row, chain and clocks up to its journal; of the rows only those that changed."""
    case = held.case
    columns = records.cached_fields(derived, case_type)
    for column, value in columns.items():
        setattr(case, column, value)
    chain = records.custody_rows(case.pk, derived.progress)
    terms = records.clock_rows(case.pk, derived.clocks, current_calendar())
    return [
        bringing_up(case, (*columns, "excluded_accounts")),
        *_changed(held, chain, key=CUSTODY_KEY, columns=CUSTODY),
        *_changed(held, terms, key=CLOCK_KEY, columns=CLOCKS),
    ]


def _changed(
    held: Held, rows: Sequence[Model], *, key: Sequence[str], columns: tuple[str, ...]
) -> Iterator[Statement]:
    changed = [row for row in rows if tuple(getattr(row, name) for name in columns) not in held.kept]
    if changed:
        yield putting(changed, key=key, columns=columns)
