"""Days and clocks in words, as people say them; pure, today is a parameter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from .parts import Day

SOON = 3
"""With this many days left a clock says "soon", unless the case type says otherwise."""

WEEKDAYS = (
    pgettext_lazy("day of the week", "Monday"),
    pgettext_lazy("day of the week", "Tuesday"),
    pgettext_lazy("day of the week", "Wednesday"),
    pgettext_lazy("day of the week", "Thursday"),
    pgettext_lazy("day of the week", "Friday"),
    pgettext_lazy("day of the week", "Saturday"),
    pgettext_lazy("day of the week", "Sunday"),
)


def say_day(day: date, *, today: date) -> str:
    """A day as people say it: today, a weekday within the week, else month and day, with another year's number."""
    away = (day - today).days
    if away in (-1, 0, 1):
        return (_("yesterday"), _("today"), _("tomorrow"))[away + 1]
    if 0 < away < 7:
        return str(WEEKDAYS[day.weekday()])
    return _written(day, get_language() or "", is_this_year=day.year == today.year)


def exact_day(day: date) -> str:
    """A day in full, with its weekday."""
    return _written_in_full(day, get_language() or "")


@lru_cache(maxsize=8192)
def _written(day: date, language: str, *, is_this_year: bool) -> str:
    if is_this_year:
        return date_format(day, pgettext("day format of this year", "j F"))
    return date_format(day, pgettext("day format of another year", "j F Y"))


@lru_cache(maxsize=8192)
def _written_in_full(day: date, language: str) -> str:
    written = date_format(day, pgettext("day format of another year", "j F Y"))
    return pgettext("a day in full", "{weekday} {day}").format(weekday=WEEKDAYS[day.weekday()], day=written)


def say_days(count: int, *, unit: str) -> str:
    """A number of days; `unit` is working or calendar."""
    if unit == "working":
        return ngettext("%(n)s working day", "%(n)s working days", count) % {"n": count}
    return ngettext("%(n)s day", "%(n)s days", count) % {"n": count}


@dataclass(frozen=True)
class ClockFace:
    """What a clock shows: its state, its words, and how much of the term is used up, in hundredths."""

    state: str
    words: str
    used: int


def clock_face(
    *,
    due_on: date | None,
    today: date,
    started_on: date | None = None,
    left: int | None = None,
    unit: str = "calendar",
    state: str = "",
    ended_on: date | None = None,
    soon: int = SOON,
) -> ClockFace:
    """Read a clock. `left` is the number of days left (negative when overdue) in its own unit.

    Without `left` the calendar days are counted. `state` none/soon/late is derived when empty; `waiting`
    (suspended) and `done` must be told.
    """
    if state == "waiting" or due_on is None:
        return ClockFace("waiting", _("Suspended, the term does not run"), _used(started_on, today, due_on))
    if state == "done":
        end = ended_on or today
        words = _("Done %(day)s") % {"day": say_day(end, today=today)}
        if end > due_on:
            words = _("Done %(day)s, %(days)s late") % {
                "day": say_day(end, today=today),
                "days": say_days((end - due_on).days, unit="calendar"),
            }
        return ClockFace("done", words, _used(started_on, end, due_on))
    days = (due_on - today).days if left is None else left
    day = say_day(due_on, today=today)
    kind = state or ("late" if days < 0 else "soon" if days <= soon else "none")
    if days < 0:
        return ClockFace(
            kind, _("%(days)s overdue · %(day)s") % {"days": say_days(-days, unit=unit), "day": day}, 100
        )
    if days == 0:
        return ClockFace(kind, _("Due today"), _used(started_on, today, due_on))
    words = _("%(days)s left · %(day)s") % {"days": say_days(days, unit=unit), "day": day}
    return ClockFace(kind, words, _used(started_on, today, due_on))


def _used(started_on: date | None, today: date, due_on: date | None) -> int:
    if started_on is None or due_on is None or due_on <= started_on:
        return 0
    return max(0, min(100, round(100 * (today - started_on).days / (due_on - started_on).days)))


@dataclass(frozen=True)
class Cell:
    """One square of a month grid; without `day` nothing was counted there."""

    on: date
    day: Day | None
    number: int | None
    is_today: bool


@dataclass(frozen=True)
class Month:
    """One month as weeks from Monday to Sunday; None stands for another month's days."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]


COUNTED = frozenset({"counted", "extended", "due"})


def month_grids(days: Iterable[Day], *, today: date | None = None) -> list[Month]:
    """The months that the given days touch, each counted day with its running number."""
    ordered = sorted(days, key=lambda day: day.on)
    by_date: dict[date, tuple[Day, int | None]] = {}
    number = 0
    for day in ordered:
        if day.kind in COUNTED:
            number += 1
        by_date[day.on] = (day, number if day.kind in COUNTED else None)
    if not ordered:
        return []
    firsts = [
        first
        for first, _group in groupby(
            _every_day(ordered[0].on, ordered[-1].on), key=lambda on: on.replace(day=1)
        )
    ]
    return [_month(first, by_date=by_date, today=today) for first in firsts]


def _every_day(start: date, end: date) -> Iterable[date]:
    return (start + timedelta(days=step) for step in range((end - start).days + 1))


def _month(first: date, *, by_date: dict[date, tuple[Day, int | None]], today: date | None) -> Month:
    following = (first + timedelta(days=32)).replace(day=1)
    cells: list[Cell | None] = [None] * first.weekday()
    for on in _every_day(first, following - timedelta(days=1)):
        day, number = by_date.get(on, (None, None))
        cells.append(Cell(on, day, number, is_today=on == today))
    cells += [None] * (-len(cells) % 7)
    return Month(first, tuple(tuple(cells[start : start + 7]) for start in range(0, len(cells), 7)))
