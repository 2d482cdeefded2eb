"""What happened to cases, told after commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class CaseMoved:
    """A step was taken. `from_unit_id` held the case before, `to_unit_id` holds it now; `data` is what was said.

    Nobody need look the case up to tell its units when it `is_kept_from_somebody` is false.
    """

    case_id: int
    entry_number: int
    verb: str
    type_key: str
    from_unit_id: int | None
    to_unit_id: int
    account_id: int | None
    at: datetime
    is_kept_from_somebody: bool = True
    data: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class ClockMoved:
    """The last day of a running clock moved without a step.

    A calendar year was published (`year`), or the office chose another term (`year` is nothing).
    """

    case_id: int
    key: str
    unit_id: int
    holder_unit_id: int
    before_on: date | None
    after_on: date | None
    year: int | None
    at: datetime


@dataclass(frozen=True)
class TermChosen:
    """An office chose its own term or roll-over for a clock, or took its choice back (nothing, empty)."""

    type_key: str
    clock_key: str
    term: int | None
    roll_over: str
    by: int
    at: datetime
