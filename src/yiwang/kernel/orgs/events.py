"""What happened to units."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class UnitMerged:
    """A unit ended on a day and its matters go to its successor."""

    unit_id: int
    successor_id: int
    on: date
    by_account_id: int | None
