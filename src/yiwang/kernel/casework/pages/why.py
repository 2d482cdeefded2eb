"""Why this date: every day on the way to a clock's last one, with the article."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiwang.kernel.base.pages import page
from yiwang.kernel.base.text import in_a_row
from yiwang.kernel.calendar.queries import current as current_calendar
from yiwang.kernel.calendar.queries import explained
from yiwang.kernel.calendar.rules import CountUnit, OutsideCalendar, RollOver
from yiwang.kernel.casework.dossier import Dossier
from yiwang.kernel.casework.lawlinks import cited
from yiwang.kernel.casework.pages.case import dossier_or_404
from yiwang.kernel.casework.rules.clocks import Clock
from yiwang.kernel.casework.story import citation
from yiwang.kernel.people.enums import CASE_ROLES
from yiwang.kernel.ui.days import exact_day, say_days
from yiwang.kernel.ui.html import escaped
from yiwang.kernel.ui.parts import Day, Fact, Link


@page("casework:why", roles=CASE_ROLES, budget=4)
def why(request: HttpRequest, case_id: int, key: str, node: int) -> HttpResponse:
    """Explain one clock of a case day by day."""
    dossier = dossier_or_404(request, case_id)
    clock = next((c for c in dossier.derived.clocks if c.key == key and c.node == node), None)
    if clock is None:
        raise Http404(_("This matter has no such clock."))
    days, is_provisional = _days(clock)
    context = {
        "case": dossier.case,
        "label": _(clock.definition.label),
        "clock": clock,
        "days": days,
        "summary": _summary(clock),
        "article": citation(clock),
        "facts": _facts(dossier, clock),
        "is_provisional": is_provisional and clock.is_open,
        "today": dossier.today,
        "crumbs": [
            Link(_("Waiting for me"), reverse("casework:desk")),
            Link(dossier.case.number, reverse("casework:case", args=[case_id])),
        ],
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    return render(request, "casework/why_part.html" if is_fragment else "casework/why.html", context)


def _days(clock: Clock) -> tuple[list[Day], bool]:
    try:
        counted = clock.explained(current_calendar())
    except OutsideCalendar:
        counted = None
    return (explained(counted), counted.is_provisional) if counted else ([], False)


def _summary(clock: Clock) -> str:
    unit = "working" if clock.definition.unit is CountUnit.WORKING_DAY else "calendar"
    if clock.fixed_on is not None:
        return _("Whoever assigned it set this day.")
    term = say_days(clock.term, unit=unit)
    if clock.extended_days:
        more = say_days(clock.extended_days, unit=unit)
        return _("%(term)s and an extension of %(more)s; the first day is not counted.") % {
            "term": term,
            "more": more,
        }
    return _("%(term)s; the first day is not counted.") % {"term": term}


def _facts(dossier: Dossier, clock: Clock) -> list[Fact]:
    found = [
        Fact(_("Owed by"), dossier.unit_name(clock.unit_id)),
        Fact(_("Runs from"), exact_day(clock.start_on)),
        Fact(_("Last day"), exact_day(clock.due_on) if clock.due_on else _("suspended")),
        Fact(_("Basis"), citation(clock)),
    ]
    for first, last in clock.suspended:
        found.append(Fact(_("Suspended"), _span(first, last)))
    found.append(Fact(_("Rest days"), _rest_days(clock)))
    if clock.ended_on is not None:
        found.append(Fact(_("Ended"), exact_day(clock.ended_on)))
    return found


def _rest_days(clock: Clock) -> SafeString:
    """What happens to a last day on a day of rest, and on which basis."""
    basis = clock.definition.roll_over_basis
    words = cited(basis, on=clock.start_on) if basis else SafeString("")
    if clock.roll_over is not RollOver.NONE:
        moves = _("A last day on a day of rest moves to the next working day.")
        return SafeString(in_a_row(escaped(moves), words))
    stays = _("A last day on a day of rest stays where it is.")
    choice = escaped(_("The office may choose otherwise: %(basis)s.")) % {"basis": words} if words else ""
    return SafeString(in_a_row(escaped(stays), choice))


def _span(first: date, last: date | None) -> str:
    return f"{exact_day(first)} – {exact_day(last) if last else ''}"
