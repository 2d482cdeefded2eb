"""A year of the working calendar: its twelve months, and publishing what the State Council announced."""

import calendar as months
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.base.pages import page
from yiwang.kernel.calendar import queries
from yiwang.kernel.calendar.actions import AnnouncedMeanwhile, publish_year
from yiwang.kernel.calendar.announcement import announced, changes
from yiwang.kernel.calendar.enums import DayKind, YearStatus
from yiwang.kernel.calendar.forms import AnnouncementForm
from yiwang.kernel.calendar.models import CalendarYear
from yiwang.kernel.calendar.rules import WorkingCalendar
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tags.times import SHORT_WEEKDAYS

YEARS_SHOWN = 4


@dataclass(frozen=True)
class Cell:
    """One day as the year's page shows it."""

    day: date
    kind: DayKind
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Month:
    """A month in weeks from Monday; nothing stands where a day belongs to another month."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]


@page("calendar:year", roles={"administrator"}, budget=8)
def year(request: HttpRequest) -> HttpResponse:
    """Show a year; a POST shows what a notice would change, a second one puts it in force."""
    chosen = _chosen_year(request)
    history = queries.announcements_of(chosen)
    version = history[0].version if history else 0
    if request.method != "POST":
        return _show(request, chosen, history, AnnouncementForm(year=chosen, initial={"replacing": version}))
    form = AnnouncementForm(request.POST, year=chosen)
    if not form.is_valid():
        return _show(request, chosen, history, form, status=422)
    if request.POST.get("step") != "confirm":
        return _show(request, chosen, history, form, is_preview=True)
    try:
        _publish(request, chosen, form)
    except AnnouncedMeanwhile:
        history = queries.announcements_of(chosen)
        typed = request.POST.copy()
        typed["replacing"] = str(history[0].version)
        form = AnnouncementForm(typed, year=chosen)
        form.add_error(
            None, _("Somebody else published this year in the meantime. Look at what is in force now.")
        )
        return _show(request, chosen, history, form, status=422)
    say(request, _("%(year)s is published. Everybody concerned is being told.") % {"year": chosen})
    return HttpResponseRedirect(f"{reverse('calendar:year')}?year={chosen}")


def month_of(calendar: WorkingCalendar, first: date) -> Month:
    """A month's days by weeks, with what each day is."""

    def cell(day: date) -> Cell | None:
        if day.month != first.month:
            return None
        named = calendar.exception_on(day)
        return Cell(
            day, calendar.kind_of(day), named.name_zh if named else "", named.name_en if named else ""
        )

    weeks = months.Calendar().monthdatescalendar(first.year, first.month)
    return Month(first, tuple(tuple(cell(day) for day in week) for week in weeks))


def _chosen_year(request: HttpRequest) -> int:
    """The year in the address if the calendar knows it or it comes next, else this year."""
    known = queries.current().years
    asked = request.GET.get("year", "")
    if asked.isdecimal() and min(known) <= int(asked[:4]) <= max(known) + 1:
        return int(asked[:4])
    return timezone.localdate().year


def _publish(request: HttpRequest, chosen: int, form: AnnouncementForm) -> None:
    publish_year(
        chosen,
        form.days,
        by=request.standing.account_id,  # type: ignore[attr-defined]
        source=form.cleaned_data["source"],
        at=timezone.now(),
        replacing=form.cleaned_data["replacing"],
    )


def _show(
    request: HttpRequest,
    chosen: int,
    history: list[CalendarYear],
    form: AnnouncementForm,
    *,
    is_preview: bool = False,
    status: int = 200,
) -> HttpResponse:
    before = queries.in_database() if is_preview else queries.current()
    context = {
        "year": chosen,
        "years": _year_links(before, chosen),
        "is_provisional": before.status_of(chosen) != YearStatus.PUBLISHED,
        "history": history,
        "form": form,
        "is_preview": is_preview,
        "weekdays": SHORT_WEEKDAYS,
    }
    shown = before
    if is_preview:
        replaced = frozenset(day.day for day in history[0].days.all()) if history else frozenset()
        shown = announced(before, form.days, year=chosen, replaced=replaced)
        context["changes"] = changes(before, shown, year=chosen)
        context["impacts"] = queries.impacts(before, shown)
    context["months"] = [month_of(shown, date(chosen, month, 1)) for month in range(1, 13)]
    return render(request, "calendar/year.html", context, status=status)


def _year_links(calendar: WorkingCalendar, chosen: int) -> list[Link]:
    last = max(calendar.years) + 1
    years = sorted({*range(last - YEARS_SHOWN, last + 1), chosen})
    return [Link(str(y), f"{reverse('calendar:year')}?year={y}", is_current=y == chosen) for y in years]
