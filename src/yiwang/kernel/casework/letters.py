"""Letters that steps make: numbered by unit and year, their content frozen when the step is taken."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.casework.models import Case, Letter
from yiwang.kernel.casework.records import Standings
from yiwang.kernel.casework.rules.casetype import CaseType, LetterDef, StepDef
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.casework.rules.progress import Entry
from yiwang.kernel.orgs.queries import UnitTree, tree


@dataclass(frozen=True)
class LetterContext:
    """All that a letter may speak of; `petitioners` are the names of those who aren't anonymous."""

    case: Case
    case_type: CaseType
    definition: LetterDef
    entry: Entry
    derived: Standings
    number: str
    unit_id: int
    units: UnitTree
    petitioners: tuple[str, ...] = ()


Composer = Callable[[LetterContext], dict[str, Any]]

RECEIPT = "receipt"
"""The letter that bears the number of its case."""

_composers: dict[tuple[str, str], Composer] = {}


def composes(type_key: str, kind: str) -> Callable[[Composer], Composer]:
    """Register the function that writes one kind of letter of a case type.

    It returns the frozen content: `title`, `to` (salutation or unit), `paragraphs` (list of texts),
    `unit_name`, `day` (ISO), and where there are any: `sections` (list of `heading` and `paragraphs`),
    `remedy`, `closing`, `attachments` (names), `copy_to` (names), `terms` (list of `what`, `by`, `basis`).
    """

    def enter(composer: Composer) -> Composer:
        _composers[type_key, kind] = composer
        return composer

    return enter


def composers() -> Mapping[tuple[str, str], Composer]:
    """Who writes which letter, by case type and kind."""
    return dict(_composers)


def draws_number(case_type: CaseType, step: StepDef) -> bool:
    """Whether a step's letter takes the next number of its unit, rather than bearing the case's own."""
    return step.letter is not None and case_type.letter(step.letter).key != RECEIPT


def letter_of(
    case: Case,
    case_type: CaseType,
    step: StepDef,
    entry: Entry,
    derived: Standings,
    *,
    petitioners: Sequence[str] = (),
) -> Letter | None:
    """The letter that a step makes, if it makes one, not kept yet; takes a number for it where it needs one.

    What an import brings in happened elsewhere: nobody got a letter of this house, so none is made.
    """
    if step.letter is None or (case.channel == Channel.IMPORT and entry.account_id is None):
        return None
    definition = case_type.letter(step.letter)
    unit_id = entry.unit_id or derived.progress.holding.unit_id
    if definition.key == "answer":
        unit_id = _answering_unit(derived)
    number = (
        case.number
        if definition.key == RECEIPT
        else _next_number(definition, unit_id, local_day(entry.at).year)
    )
    context = LetterContext(
        case, case_type, definition, entry, derived, number, unit_id, tree(), tuple(petitioners)
    )
    return Letter(
        case=case,
        entry_number=entry.number,
        kind=definition.key,
        number=number,
        unit_id=unit_id,
        to_unit_id=None if definition.is_for_petitioner else derived.progress.holding.unit_id,
        is_for_petitioner=definition.is_for_petitioner,
        content=_composers.get((case_type.key, definition.key), _plainly)(context),
        issued_at=entry.at,
    )


def _plainly(context: LetterContext) -> dict[str, Any]:
    """A letter nobody wrote words for: its name, the matter, the unit and the day."""
    return {
        "title": context.definition.label,
        "to": "",
        "paragraphs": [context.case.title],
        "unit_name": context.units.get(context.unit_id).name,
        "day": local_day(context.entry.at).isoformat(),
    }


def _answering_unit(derived: Standings) -> int:
    """The unit that handled the matter and in whose name the answer goes out."""
    for entry in reversed(derived.entries):
        if entry.verb == "answer":
            return derived.progress.nodes[entry.node].unit_id
    return derived.progress.holding.unit_id


def _next_number(definition: LetterDef, unit_id: int, year: int) -> str:
    """The next number of a unit's letters under a mark in a year; waits for whoever is taking one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_lettercounter AS c (unit_id, mark, year, last) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (unit_id, mark, year) DO UPDATE SET last = c.last + 1 RETURNING last",
            [unit_id, definition.mark, year],
        )
        (last,) = cursor.fetchone()
    return f"{tree().get(unit_id).short_name}{definition.mark}〔{year}〕{last}号"
