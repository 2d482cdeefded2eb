"""The register of document numbers: none missing, each with what became of it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiwang.facilities.office import actions, queries, shown
from yiwang.facilities.office.enums import NumberState
from yiwang.facilities.office.faults import OfficeFault
from yiwang.facilities.office.forms import ReasonForm, SeriesForm
from yiwang.facilities.office.models import DocumentNumber
from yiwang.facilities.office.pages.document import standing_of
from yiwang.facilities.office.policies import STAFF, units_worked_for
from yiwang.facilities.office.rules.numbering import number_text
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.faults import NotPermitted
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.ui import states
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when

LOOKS = {NumberState.ISSUED: "done", NumberState.RESERVED: "soon", NumberState.VOID: "none"}


@page("office:numbers", roles=STAFF, budget=12)
def numbers(request: HttpRequest) -> HttpResponse:
    """Every number of a series and year; POST keeps one back, makes one void, or opens a series."""
    standing, at = standing_of(request), timezone.now()
    series = queries.series_of(units_worked_for(standing))
    asked = shown.number_in(request.GET.get("series", "") or request.POST.get("series", ""))
    chosen = next((one for one in series if one.pk == asked), series[0] if series else None)
    if asked is not None and chosen is not None and chosen.pk != asked:
        raise Http404
    reserve_form = ReasonForm(
        request.POST if request.POST.get("act") == "reserve" else None, auto_id="reserve-%s"
    )
    void_form = ReasonForm(request.POST if request.POST.get("act") == "void" else None, auto_id="void-%s")
    series_form = SeriesForm(
        request.POST if request.POST.get("act") == "series" else None, auto_id="series-%s"
    )
    trouble = ""
    if request.method == "POST":
        try:
            done = _do(request, reserve_form, void_form, series_form, chosen.pk if chosen else None)
        except OfficeFault as fault:
            trouble = str(fault)
        except NotPermitted:
            trouble = _("Only the head of the unit opens a series; clerk and head keep its numbers.")
        else:
            if done:
                say(request, done)
                query = f"?series={chosen.pk}" if chosen else ""
                return HttpResponseRedirect(reverse("office:numbers") + query, status=303)
    years = queries.years_of(chosen.pk) if chosen else []
    year = shown.number_in(request.GET.get("year", "")) or (years[0] if years else local_day(at).year)
    rows, has_more = (
        queries.numbers_of(chosen.pk, year=year, before=shown.number_in(request.GET.get("before", "")))
        if chosen
        else ([], False)
    )
    address = reverse("office:numbers")
    context = {
        "series": [Link(one.mark, f"{address}?series={one.pk}", is_current=one == chosen) for one in series],
        "years": [Link(str(one), f"{address}?{urlencode({'series': chosen.pk if chosen else '', 'year': one})}", is_current=one == year) for one in years],
        "chosen": chosen,
        "table": _table(rows, year=year, next_url=f"?{urlencode({'series': chosen.pk if chosen else '', 'year': year, 'before': rows[-1].number})}" if has_more else ""),
        "may_void": [row for row in rows if row.state == NumberState.RESERVED],
        "reserve_form": reserve_form, "void_form": void_form, "series_form": series_form,
        "trouble": trouble,
        "may_open": standing.has_role("head"),
    }  # fmt: skip
    is_wrong = bool(trouble or reserve_form.errors or void_form.errors or series_form.errors)
    return render(request, "office/numbers.html", context, status=422 if is_wrong else 200)


def _table(rows: list[DocumentNumber], *, year: int, next_url: str) -> Table:
    def state(row: DocumentNumber) -> SafeString:
        return states.state(LOOKS[NumberState(row.state)], words=NumberState(row.state).label)

    return Table(
        caption=_("Numbers of %(year)s") % {"year": year},
        rows=rows,
        columns=[
            Column(_("Document number"), lambda row: number_text(row.series.mark, year=row.year, number=row.number), kind="code", is_main=True),
            Column(_("State"), state),
            Column(_("Reasons"), lambda row: row.reason or "–"),
            Column(_("Drawn on"), lambda row: when(timezone.localdate(row.drawn_at))),
        ],
        next_url=next_url,
        empty_title=_("No number has been drawn yet"),
        empty_words=_("The first document gets number 1. Numbers follow one another; none can be left out."),
    )  # fmt: skip


def _do(
    request: HttpRequest, reserve: ReasonForm, void: ReasonForm, series: SeriesForm, series_id: int | None
) -> str:
    """Do what was asked and say so; nothing when a form says what is wrong."""
    standing, at = standing_of(request), timezone.now()
    if reserve.is_bound and reserve.is_valid() and series_id is not None:
        row = actions.reserve(series_id, reason=reserve.cleaned_data["reason"], by=standing, at=at)
        return _("Number %(number)s is kept back.") % {"number": row.number}
    if void.is_bound and void.is_valid():
        number_id = shown.number_in(request.POST.get("number", "")) or 0
        row = actions.void(number_id, reason=void.cleaned_data["reason"], by=standing, at=at)
        return _("Number %(number)s is void; it stays in the register.") % {"number": row.number}
    if series.is_bound and series.is_valid():
        opened = actions.open_series(
            units_worked_for(standing)[0], mark=series.cleaned_data["mark"], by=standing
        )
        return _("The series %(mark)s is open.") % {"mark": opened.mark}
    return ""
