"""Reading the working calendar: the one in force now, a year's announcements, what a change would move."""

import time
from collections.abc import Callable
from datetime import date
from threading import Lock
from typing import NamedTuple

from django.db.models import Max
from django.utils.translation import get_language, gettext

from yiwang.kernel.calendar.enums import DayKind, Mark, YearStatus
from yiwang.kernel.calendar.models import CalendarDay, CalendarYear
from yiwang.kernel.calendar.rules import Counted, CountedDay, ExceptionalDay, WorkingCalendar
from yiwang.kernel.calendar.seed import seed_calendar
from yiwang.kernel.ui.parts import Day

LOOK_AGAIN_AFTER = 10.0
"""Seconds after which a process asks the database whether another process has published a year."""

SHOWN_AS = {
    Mark.FIRST_DAY_NOT_COUNTED: "start",
    Mark.COUNTED: "counted",
    Mark.SKIPPED_REST: "skipped",
    Mark.SUSPENDED: "suspended",
    Mark.ROLLED_OVER: "skipped",
    Mark.DUE: "due",
}
"""What the "why this date" component calls each mark."""


class Impact(NamedTuple):
    """How many things of one kind would get another last day; `label` names them ("open cases")."""

    label: str
    moved: int


ImpactOf = Callable[[WorkingCalendar, WorkingCalendar], Impact]


class _Snapshot:
    """The calendar this process counts with, and when it last asked whether that is still the one."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.calendar: WorkingCalendar | None = None
        self.asked_at = 0.0


_snapshot = _Snapshot()
_impacts: list[ImpactOf] = []


def current() -> WorkingCalendar:
    """The working calendar in force, shared by the process; asks the database at most every ten seconds.

    Without any year in the database it is the calendar of the committed file.
    """
    calendar = _snapshot.calendar
    if calendar is not None and time.monotonic() - _snapshot.asked_at < LOOK_AGAIN_AFTER:
        return calendar
    with _snapshot.lock:
        version = CalendarYear.objects.aggregate(latest=Max("pk"))["latest"] or 0
        if _snapshot.calendar is None or _snapshot.calendar.version != version:
            _snapshot.calendar = _read(version)
        _snapshot.asked_at = time.monotonic()
        return _snapshot.calendar


def forget() -> None:
    """Let the next question read the calendar from the database again."""
    _snapshot.asked_at = 0.0
    _snapshot.calendar = None


def in_database() -> WorkingCalendar:
    """The calendar as this transaction sees it, without looking at what the process remembers."""
    return _read(CalendarYear.objects.aggregate(latest=Max("pk"))["latest"] or 0)


def announcement_of(year: int) -> CalendarYear | None:
    """The announcement of a year that is in force, with its days at hand."""
    return CalendarYear.objects.filter(year=year, superseded_at__isnull=True).prefetch_related("days").first()


def announcements_of(year: int) -> list[CalendarYear]:
    """Everything that was ever announced for a year, newest first."""
    return list(CalendarYear.objects.filter(year=year).order_by("-version"))


def names_in_english(calendar: WorkingCalendar) -> dict[str, str]:
    """The English names of the holidays known so far, by their Chinese names."""
    return {exception.name_zh: exception.name_en for exception in calendar.exceptions.values()}


def register_impact(impact_of: ImpactOf) -> ImpactOf:
    """Have a floor above count what would move when one calendar is replaced by another."""
    if impact_of not in _impacts:
        _impacts.append(impact_of)
    return impact_of


def impacts(before: WorkingCalendar, after: WorkingCalendar) -> tuple[Impact, ...]:
    """What would move, as counted by everybody who registered."""
    return tuple(impact_of(before, after) for impact_of in _impacts)


def _read(version: int) -> WorkingCalendar:
    """The calendar of all announcements in force; in December the announcement for the later year wins."""
    in_force = CalendarYear.objects.filter(superseded_at__isnull=True)
    years = {year: YearStatus(status) for year, status in in_force.values_list("year", "status")}
    if not years:
        seed = seed_calendar()
        return WorkingCalendar(version=0, years=seed.years, exceptions=seed.exceptions)
    rows = CalendarDay.objects.filter(year__superseded_at__isnull=True).order_by("year__year")
    exceptions: dict[date, ExceptionalDay] = {
        day: ExceptionalDay(DayKind(kind), name_zh, name_en)
        for day, kind, name_zh, name_en in rows.values_list("day", "kind", "name_zh", "name_en")
    }
    return WorkingCalendar(version=version, years=years, exceptions=exceptions)


def explained(counted: Counted) -> list[Day]:
    """The days of a counted term as the "why this date" component shows them, in the reader's language."""
    in_chinese = (get_language() or "zh").startswith("zh")
    return [
        Day(on=day.day, kind=SHOWN_AS[day.mark], note=_note(day, in_chinese=in_chinese))
        for day in counted.days
    ]


def _note(day: CountedDay, *, in_chinese: bool) -> str:
    """Why a day was passed over, or which make-up day it is."""
    name = (day.exception.name_zh if in_chinese else day.exception.name_en) if day.exception else ""
    if day.mark == Mark.SUSPENDED:
        return gettext("suspended")
    if day.mark == Mark.FIRST_DAY_NOT_COUNTED:
        return ""
    if day.kind == DayKind.MAKE_UP_WORKING:
        return gettext("make-up working day for %(holiday)s") % {"holiday": name}
    if day.mark in (Mark.SKIPPED_REST, Mark.ROLLED_OVER):
        return name or gettext("weekend")
    return name
