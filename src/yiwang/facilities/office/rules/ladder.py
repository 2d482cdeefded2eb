"""Who is told when a task comes near its last day or is past it. Pure: no Django, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol


class Tells(StrEnum):
    """Whom a rung speaks to."""

    HOLDER = "holder"
    GIVER = "giver"
    HEAD = "head"


@dataclass(frozen=True)
class Rung:
    """One telling: so many working days after the last day (before it, when negative)."""

    key: str
    after: int
    tells: Tells


LADDER = (
    Rung("soon", -1, Tells.HOLDER),
    Rung("late", 1, Tells.HOLDER),
    Rung("giver", 2, Tells.GIVER),
    Rung("head", 4, Tells.HEAD),
)
"""A working day before the last one and a day after it the holder, then the giver, then the giver's head."""

FURTHEST_BEFORE = -min(rung.after for rung in LADDER)


class Calendar(Protocol):
    """What the ladder asks of a working calendar."""

    def add_working_days(self, day: date, number: int) -> date:
        """The day so many working days later."""


def rungs_reached(due_on: date, today: date, *, calendar: Calendar) -> Sequence[Rung]:
    """The rungs that are reached on a day, the first one first. Each is told once, so a missed day loses none."""
    return [rung for rung in LADDER if _is_reached(rung, due_on, today, calendar=calendar)]


def _is_reached(rung: Rung, due_on: date, today: date, *, calendar: Calendar) -> bool:
    if rung.after < 0:
        return due_on <= calendar.add_working_days(today, -rung.after)
    return due_on < today and calendar.add_working_days(due_on, rung.after) <= today
