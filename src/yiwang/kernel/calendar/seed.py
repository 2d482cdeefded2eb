"""The calendar that a new installation begins with, read from the committed file `announced.json`.

What an installation counts with is what its database holds, not what a library says today: the file is
made by hand with `drafting.py`, and its changes are read by a person before they are committed.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from yiwang.kernel.calendar.enums import DayKind, YearStatus
from yiwang.kernel.calendar.rules import ExceptionalDay, WorkingCalendar

FILE = Path(__file__).with_name("announced.json")


@dataclass(frozen=True)
class SeedYear:
    """One year of the committed file: its status, where it comes from, and the days that differ.

    Days in December stand in the year after: the notice on New Year's Day names them.
    """

    year: int
    status: YearStatus
    source: str
    days: dict[date, ExceptionalDay]


def read() -> tuple[SeedYear, ...]:
    """The years of the committed file, oldest first."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    names: list[list[str]] = content["names"]

    def days(entry: dict[str, Any]) -> Iterator[tuple[date, ExceptionalDay]]:
        for key, kind in (("off", DayKind.HOLIDAY), ("work", DayKind.MAKE_UP_WORKING)):
            for day, name in entry[key].items():
                yield date.fromisoformat(day), ExceptionalDay(kind, *names[name])

    return tuple(
        SeedYear(entry["year"], YearStatus(entry["status"]), entry["source"], dict(days(entry)))
        for entry in content["years"]
    )


@cache
def seed_calendar() -> WorkingCalendar:
    """The calendar of the committed file, for tests and for work without a database."""
    years = read()
    exceptions = {day: exception for year in years for day, exception in year.days.items()}
    return WorkingCalendar(version=1, years={y.year: y.status for y in years}, exceptions=exceptions)
