"""What happened to units."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class UnitFounded:
    """A unit was added to the tree."""

    unit_id: int
    by_account_id: int | None
    at: datetime | None = None


@dataclass(frozen=True)
class UnitChanged:
    """A unit got another name, other contact data or other work; each change with before and after."""

    unit_id: int
    changes: tuple[tuple[str, str, str], ...]
    by_account_id: int | None
    at: datetime


@dataclass(frozen=True)
class UnitMerged:
    """A unit ended on a day and its matters go to its successor."""

    unit_id: int
    successor_id: int
    on: date
    by_account_id: int | None
    at: datetime | None = None
