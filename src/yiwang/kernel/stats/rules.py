"""Counting in pure Python: periods, tallies that add up day by day, and what follows from them."""

import calendar
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

FIRST_YEAR, LAST_YEAR = 1950, 2199


class BadPeriod(ValueError):
    """A text names no month or year."""


@dataclass(frozen=True)
class Period:
    """A month of a year, or with `month` nothing the whole year."""

    year: int
    month: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Period":
        """The period that "2019-07" or "2019" names; raises `BadPeriod`."""
        parts = text.split("-")
        if len(parts) > 2 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
            raise BadPeriod(text)
        year, month = int(parts[0]), int(parts[1]) if len(parts) == 2 else None
        if not FIRST_YEAR <= year <= LAST_YEAR or (month is not None and not 1 <= month <= 12):
            raise BadPeriod(text)
        return cls(year, month)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}" if self.month else str(self.year)

    @property
    def first_on(self) -> date:
        """The first day."""
        return date(self.year, self.month or 1, 1)

    @property
    def last_on(self) -> date:
        """The last day."""
        month = self.month or 12
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def days(self) -> list[date]:
        """Every day in order."""
        return [self.first_on + timedelta(days=n) for n in range((self.last_on - self.first_on).days + 1)]

    @property
    def months(self) -> list["Period"]:
        """The twelve months of its year."""
        return [Period(self.year, month) for month in range(1, 13)]

    def before(self) -> "Period":
        """The month or year before."""
        if self.month is None:
            return Period(self.year - 1)
        return Period(self.year - (self.month == 1), self.month - 1 or 12)

    def after(self) -> "Period":
        """The month or year after."""
        if self.month is None:
            return Period(self.year + 1)
        return Period(self.year + (self.month == 12), self.month % 12 + 1)

    def year_before(self) -> "Period":
        """The same month, or the year, one year earlier."""
        return Period(self.year - 1, self.month)


@dataclass
class Tally:
    """What was counted; two tallies of different cases add up.

    `counts` by indicator; `parts` by dimension and key, each again by indicator; `answer_days` how many
    cases took how many days; `hops` by unit: cases, times it gave the matter back, seconds it had it.
    """

    counts: Counter[str] = field(default_factory=Counter)
    parts: dict[str, dict[str, Counter[str]]] = field(default_factory=dict)
    answer_days: Counter[int] = field(default_factory=Counter)
    hops: dict[str, tuple[int, int, float]] = field(default_factory=dict)

    def add(self, other: "Tally") -> "Tally":
        """Take another tally's numbers in; returns itself."""
        _add(self.counts, other.counts)
        for dimension, groups in other.parts.items():
            mine = self.parts.setdefault(dimension, {})
            for key, counts in groups.items():
                _add(mine.setdefault(key, Counter()), counts)
        self.answer_days.update(other.answer_days)
        for unit, (cases, times, seconds) in other.hops.items():
            had = self.hops.get(unit, (0, 0, 0.0))
            self.hops[unit] = (had[0] + cases, had[1] + times, had[2] + seconds)
        return self

    def take(self, counts: Mapping[str, int], keys: Mapping[str, str], *, kept: Iterable[str]) -> None:
        """Count a group of cases that share their key in every dimension; parts keep only `kept`."""
        _add(self.counts, counts)
        few = {name: counts[name] for name in kept if counts[name]}
        for dimension, key in keys.items():
            _add(self.parts.setdefault(dimension, {}).setdefault(key, Counter()), few)

    def packed(self) -> dict[str, Any]:
        """The tally as it is kept in the database: without zeros, in plain types."""
        return {
            "c": {key: number for key, number in sorted(self.counts.items()) if number},
            "p": {
                dimension: {
                    key: {k: n for k, n in sorted(counts.items()) if n}
                    for key, counts in sorted(groups.items())
                }
                for dimension, groups in sorted(self.parts.items())
                if groups
            },
            "a": {str(days): number for days, number in sorted(self.answer_days.items())},
            "h": {unit: list(numbers) for unit, numbers in sorted(self.hops.items())},
        }

    @classmethod
    def unpacked(cls, kept: Mapping[str, Any]) -> "Tally":
        """A tally as it was kept."""
        return cls(
            counts=Counter(kept["c"]),
            parts={
                dimension: {key: Counter(counts) for key, counts in groups.items()}
                for dimension, groups in kept["p"].items()
            },
            answer_days=Counter({int(days): number for days, number in kept["a"].items()}),
            hops={unit: (int(n[0]), int(n[1]), float(n[2])) for unit, n in kept["h"].items()},
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        return not self.counts["received"]


def _add(mine: Counter[str], other: Mapping[str, int]) -> None:
    for key, number in other.items():
        mine[key] += number


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies of different cases."""
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    return whole


def percent(part: int, whole: int) -> float | None:
    """A share in per cent with one decimal; nothing of nothing has no share."""
    return round(100 * part / whole, 1) if whole else None


def mean(histogram: Mapping[int, int]) -> float | None:
    """The mean of counted values with one decimal; nothing when none was counted."""
    number = sum(histogram.values())
    return round(sum(value * times for value, times in histogram.items()) / number, 1) if number else None


def median(histogram: Mapping[int, int]) -> float | None:
    """The middle of counted values, of an even number the mean of the two in the middle."""
    number = sum(histogram.values())
    if not number:
        return None
    low, high = _at(histogram, (number - 1) // 2), _at(histogram, number // 2)
    return (low + high) / 2


def _at(histogram: Mapping[int, int], position: int) -> int:
    passed = 0
    for value in sorted(histogram):
        passed += histogram[value]
        if passed > position:
            return value
    raise IndexError(position)
