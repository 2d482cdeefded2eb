"""Counting terms: which days are working days, and on which day a term ends.

Pure: no Django, no database, no clock. A `WorkingCalendar` is a snapshot that never changes; every question
to it is a look into an index. `due_on` is the fast answer, `count_term` the same answer with every day
explained; the tests hold the two to each other and both to an oracle that counts day by day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from yiwang.kernel.calendar.enums import CountUnit, DayKind, Mark, RollOver, YearStatus

__all__ = [
    "BadTerm",
    "CountUnit",
    "Counted",
    "CountedDay",
    "DayKind",
    "ExceptionalDay",
    "Mark",
    "OutsideCalendar",
    "RollOver",
    "Suspension",
    "WorkingCalendar",
    "YearStatus",
    "count_term",
    "days_left",
    "due_on",
]

Suspension = tuple[date, date | None]
"""First and last day that do not count, both included; no last day while the suspension goes on."""

YEARS_AROUND = 10
"""How many years before and after the known ones can be asked about, as Monday to Friday and provisional."""

ONE_DAY = timedelta(days=1)


class OutsideCalendar(ValueError):
    """A day lies so far from the known years that nothing sensible can be said about it."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day.isoformat()} lies outside the calendar")
        self.day = day


class BadTerm(ValueError):
    """A term is negative, or a suspension ends before it begins."""


class ExceptionalDay(NamedTuple):
    """A day that differs from Monday-to-Friday, with the name of its holiday.

    `kind` is `HOLIDAY` or `MAKE_UP_WORKING`; a make-up working day bears the name of the holiday it pays for.
    """

    kind: DayKind
    name_zh: str
    name_en: str


@dataclass(frozen=True, eq=False)
class WorkingCalendar:
    """Which days people work, as known at one moment.

    `version` grows with every publication; `years` says of each known year whether it is published;
    `exceptions` holds the days that differ from Monday-to-Friday. Years that are not known count as
    provisional, without holidays; further than ten years away every question raises `OutsideCalendar`.
    """

    version: int
    years: Mapping[int, YearStatus]
    exceptions: Mapping[date, ExceptionalDay]
    _base: int = field(init=False, repr=False)
    _size: int = field(init=False, repr=False)
    _before: list[int] = field(init=False, repr=False)
    _working: list[date] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Build the index: working days before each day, and all working days in order."""
        if not self.years:
            raise ValueError("a calendar needs at least one year")
        base = date(min(self.years) - YEARS_AROUND, 1, 1).toordinal()
        size = date(max(self.years) + YEARS_AROUND + 1, 1, 1).toordinal() - base
        before, working = [0], []
        for ordinal in range(base, base + size):
            day = date.fromordinal(ordinal)
            exception = self.exceptions.get(day)
            if (exception.kind == DayKind.MAKE_UP_WORKING) if exception else (day.weekday() < 5):
                working.append(day)
            before.append(len(working))
        object.__setattr__(self, "_base", base)
        object.__setattr__(self, "_size", size)
        object.__setattr__(self, "_before", before)
        object.__setattr__(self, "_working", working)

    def is_working(self, day: date) -> bool:
        """Do people work on this day?"""
        at = self._position(day)
        return self._before[at + 1] > self._before[at]

    def working_days_between(self, earlier: date, later: date) -> int:
        """How many working days come after `earlier`, up to and including `later`; negative when reversed."""
        return self._before[self._position(later) + 1] - self._before[self._position(earlier) + 1]

    def add_working_days(self, day: date, number: int) -> date:
        """The working day that is `number` working days after `day` (before it when negative).

        `day` itself is never counted; zero gives `day` back, whether people work on it or not.
        """
        at = self._position(day)
        if number > 0:
            index = self._before[at + 1] + number - 1
        elif number < 0:
            index = self._before[at] + number
        else:
            return day
        if not 0 <= index < len(self._working):
            raise OutsideCalendar(day)
        return self._working[index]

    def next_working_day(self, day: date) -> date:
        """The first working day that is not before `day`: `day` itself when people work on it."""
        index = self._before[self._position(day)]
        if index == len(self._working):
            raise OutsideCalendar(day)
        return self._working[index]

    def kind_of(self, day: date) -> DayKind:
        """What kind of day this is."""
        exception = self.exceptions.get(day)
        if exception:
            return exception.kind
        self._position(day)
        return DayKind.WORKING if day.weekday() < 5 else DayKind.WEEKEND

    def exception_on(self, day: date) -> ExceptionalDay | None:
        """The holiday or make-up working day on this date, with its names, if it is one."""
        return self.exceptions.get(day)

    def status_of(self, year: int) -> YearStatus:
        """Whether a year's holidays are announced; a year nobody has entered is provisional."""
        return self.years.get(year, YearStatus.PROVISIONAL)

    def is_provisional_between(self, first: date, last: date) -> bool:
        """Is any year provisional among those from `first` to `last`?"""
        return any(self.years.get(year) != YearStatus.PUBLISHED for year in range(first.year, last.year + 1))

    def _position(self, day: date) -> int:
        position = day.toordinal() - self._base
        if not 0 <= position < self._size:
            raise OutsideCalendar(day)
        return position


@dataclass(frozen=True)
class CountedDay:
    """One day of a term: what it did, how many days had been counted with it, and why.

    `number` is the count after this day; `exception` names the holiday or make-up working day, if it is one.
    """

    day: date
    mark: Mark
    number: int
    kind: DayKind
    exception: ExceptionalDay | None

    @property
    def note(self) -> str:
        """The holiday's name in Chinese, or nothing."""
        return self.exception.name_zh if self.exception else ""


@dataclass(frozen=True, eq=False)
class Counted:
    """A term, counted: its last day, and on demand every day on the way there.

    `due_on` is nothing while a suspension without an end keeps the term from running out.
    """

    start_on: date
    due_on: date | None
    term: int
    unit: CountUnit
    first_day_counts: bool
    roll_over: RollOver
    suspended: tuple[Suspension, ...]
    calendar: WorkingCalendar = field(repr=False)

    @cached_property
    def days(self) -> tuple[CountedDay, ...]:
        """Every day from the first to the last with its mark; stops where an open suspension begins."""
        return tuple(_walk(self))

    @cached_property
    def is_provisional(self) -> bool:
        """May the date still move, because a year that the count looked at isn't published?

        A term of calendar days without roll-over looks at no year; one with roll-over looks only at the
        days around its end. Open suspensions look at the years up to where the term stands still.
        """
        if self.unit == CountUnit.CALENDAR_DAY:
            if self.roll_over == RollOver.NONE or self.due_on is None:
                return False
            last = due_on(
                self.start_on,
                term=self.term,
                unit=self.unit,
                first_day_counts=self.first_day_counts,
                roll_over=RollOver.NONE,
                calendar=self.calendar,
                suspended=self.suspended,
            )
            return self.calendar.is_provisional_between(last or self.due_on, self.due_on)
        end = self.due_on or self.days[-1].day
        return self.calendar.is_provisional_between(self.start_on, end)


def count_term(
    start_on: date,
    *,
    term: int,
    unit: CountUnit,
    roll_over: RollOver,
    calendar: WorkingCalendar,
    first_day_counts: bool = False,
    suspended: Sequence[Suspension] = (),
) -> Counted:
    """The last day of a term, able to explain every day on the way there.

    Civil Code, articles 201 and 203: the first day isn't counted; when the last day is a statutory rest day,
    the term ends on the day after the rest. An extension is part of `term`: pass the sum. Suspended days
    (both ends included) do not count. Raises `BadTerm`, `OutsideCalendar`.
    """
    due = due_on(
        start_on,
        term=term,
        unit=unit,
        roll_over=roll_over,
        calendar=calendar,
        first_day_counts=first_day_counts,
        suspended=suspended,
    )
    return Counted(start_on, due, term, unit, first_day_counts, roll_over, tuple(suspended), calendar)


def due_on(
    start_on: date,
    *,
    term: int,
    unit: CountUnit,
    roll_over: RollOver,
    calendar: WorkingCalendar,
    first_day_counts: bool = False,
    suspended: Sequence[Suspension] = (),
) -> date | None:
    """The last day of a term, without the steps; nothing while an open suspension holds it.

    Always the same day as `count_term(…).due_on`. A term of zero ends on its first day.
    """
    if term < 0:
        raise BadTerm("a term can't be negative")
    pauses = _merged(suspended) if suspended else ()
    day_before = start_on - ONE_DAY if first_day_counts else start_on
    last: date | None
    if term == 0:
        last = start_on
    elif pauses:
        last = _last_day_around(pauses, day_before, term=term, unit=unit, calendar=calendar)
    elif unit == CountUnit.WORKING_DAY:
        last = calendar.add_working_days(day_before, term)
    else:
        last = day_before + timedelta(days=term)
    if last is None or roll_over == RollOver.NONE:
        return last
    return _rolled(last, calendar=calendar, pauses=pauses)


def days_left(today: date, due_on: date, unit: CountUnit, calendar: WorkingCalendar) -> int:
    """How many days remain after today until the last day; zero on that day, negative when late."""
    if unit == CountUnit.WORKING_DAY:
        return calendar.working_days_between(today, due_on)
    return (due_on - today).days


def _merged(suspended: Sequence[Suspension]) -> list[Suspension]:
    """The suspensions in order, without overlaps; an open one swallows all that follow."""
    merged: list[Suspension] = []
    for first, last in sorted(suspended, key=lambda pause: pause[0]):
        if last is not None and last < first:
            raise BadTerm("a suspension can't end before it begins")
        if merged:
            open_first, open_last = merged[-1]
            if open_last is None:
                break
            if first <= open_last:
                merged[-1] = (open_first, None if last is None else max(last, open_last))
                continue
        merged.append((first, last))
    return merged


def _last_day_around(
    pauses: Sequence[Suspension], day_before: date, *, term: int, unit: CountUnit, calendar: WorkingCalendar
) -> date | None:
    """The last counted day when the days of `pauses` do not count; nothing if an open pause holds it."""
    of_working_days = unit == CountUnit.WORKING_DAY

    def after(number: int) -> date:
        if of_working_days:
            return calendar.add_working_days(day_before, number)
        return day_before + timedelta(days=number)

    number, last = term, after(term)
    for first_paused, last_paused in pauses:
        if last_paused is not None and last_paused <= day_before:
            continue
        if first_paused > last:
            break
        if last_paused is None:
            return None
        eve = max(first_paused - ONE_DAY, day_before)
        number += days_left(eve, last_paused, unit, calendar)
        last = after(number)
    return last


def _rolled(last: date, *, calendar: WorkingCalendar, pauses: Sequence[Suspension]) -> date | None:
    """`last`, or when it is a rest day the first working day after it on which the term isn't suspended."""
    due = calendar.next_working_day(last)
    if due == last or not pauses:
        return due
    for first_paused, last_paused in pauses:
        if first_paused <= due and (last_paused is None or due <= last_paused):
            if last_paused is None:
                return None
            due = calendar.next_working_day(last_paused + ONE_DAY)
    return due


def _walk(counted: Counted) -> Iterator[CountedDay]:
    """Count one day after the other and say of each what it did.

    Deliberately knows nothing of the index that `due_on` uses: the explanation is a second way to the date.
    """
    calendar = counted.calendar

    def entry(day: date, mark: Mark, number: int) -> CountedDay:
        return CountedDay(day, mark, number, calendar.kind_of(day), calendar.exception_on(day))

    def pause_on(day: date) -> Suspension | None:
        covering = [p for p in counted.suspended if p[0] <= day and (p[1] is None or day <= p[1])]
        return next((p for p in covering if p[1] is None), covering[0] if covering else None)

    day, number = counted.start_on, 0
    if counted.term and not counted.first_day_counts:
        yield entry(day, Mark.FIRST_DAY_NOT_COUNTED, 0)
        day += ONE_DAY
    while number < counted.term:
        pause = pause_on(day)
        if pause:
            yield entry(day, Mark.SUSPENDED, number)
            if pause[1] is None:
                return
        elif counted.unit == CountUnit.WORKING_DAY and not calendar.is_working(day):
            yield entry(day, Mark.SKIPPED_REST, number)
        else:
            number += 1
            if number == counted.term:
                break
            yield entry(day, Mark.COUNTED, number)
        day += ONE_DAY
    if counted.roll_over == RollOver.NONE or calendar.is_working(day):
        yield entry(day, Mark.DUE, number)
        return
    yield entry(day, Mark.COUNTED if counted.term else Mark.ROLLED_OVER, number)
    day += ONE_DAY
    while (pause := pause_on(day)) or not calendar.is_working(day):
        yield entry(day, Mark.SUSPENDED if pause else Mark.ROLLED_OVER, number)
        if pause and pause[1] is None:
            return
        day += ONE_DAY
    yield entry(day, Mark.DUE, number)
