"""Reports going up: what one's unit wrote and what came up to it, the form that writes one, its marks of adoption."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.facilities.office import actions, queries, queries_reports, shown
from yiwang.facilities.office.actions import NewReport
from yiwang.facilities.office.casetypes import report_2026
from yiwang.facilities.office.enums import ReportTopic
from yiwang.facilities.office.faults import OfficeFault
from yiwang.facilities.office.forms_reports import ReportForm
from yiwang.facilities.office.models import Adoption
from yiwang.facilities.office.policies import OFFICE_ROLES, SIGNERS, units_of_office
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.columns import state_badge
from yiwang.kernel.casework.lists import Row, key_from, page_by_key
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui import states
from yiwang.kernel.ui.html import format_html, format_html_join
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when

LEVELS = dict(report_2026.LEVELS)


@page("office:reports", roles=OFFICE_ROLES, budget=8)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """The reports that one's unit wrote, or that came up to it; each with the marks that it got."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    part = shown.one_of(queries_reports.PARTS, request.GET.get("part", ""))
    state = shown.one_of(queries_reports.STATES, request.GET.get("state", ""))
    found = page_by_key(
        queries_reports.reports_listing(standing, part=part, state=state),
        standing,
        after=key_from(request.GET.get("after", "")),
        before=key_from(request.GET.get("before", "")),
    )
    address, query = reverse("office:reports"), {"part": part, "state": state}

    def link(label: str, **changes: str) -> Link:
        wanted = {**query, **changes}
        return Link(label, f"{address}?{urlencode(wanted)}", is_current=wanted == query)

    context = {
        "whose": [
            link(_("Written by my unit"), part="written"),
            link(_("Came up to us"), part="received"),
        ],
        "which": [
            link(_("All"), state="all"),
            link(_("Waiting"), state="open"),
            link(_("Adopted"), state="adopted"),
        ],
        "table": _table(
            found.rows,
            part=part,
            **shown.beside(found, query),
        ),
        "reads_figures": bool(standing.roles & SIGNERS),
        "figures_url": f"{reverse('stats:month')}?{urlencode({'of': report_2026.INSTITUTION})}",
    }
    return render(request, "office/reports.html", context)


def _table(rows: Sequence[Row], *, part: str, previous_url: str, next_url: str) -> Table:
    units, language, today = tree(), get_language() or "", timezone.localdate()
    marks = queries_reports.adoptions_by_case(row.id for row in rows)
    writers = queries_reports.root_units(row.id for row in rows) if part == "received" else {}

    def unit(row: Row) -> str:
        unit_id = writers[row.id] if part == "received" else row.holder_unit_id
        return units.name(unit_id, language=language)

    def place(row: Row) -> SafeString:
        badge = badge_of(row)
        found = marks.get(row.id, ())
        return format_html("{}{}", badge, format_html_join("", '<br><span class="small">{}</span>', ((mark_words(one),) for one in found)))  # fmt: skip

    columns = [
        Column(_("Report"), lambda row: row.title, is_main=True),
        Column(_("Unit that wrote it") if part == "received" else _("Where it is"), unit),
        Column(_("What it is about"), lambda row: topic_words(row.category)),
        Column(_("Written on"), lambda row: when(row.received_on, today=today)),
        Column(_("Where it stands"), place),
        Column(_("Time left"), lambda row: shown.time_left(row, today=today)),
    ]
    return Table(
        caption=_("Information reports"),
        rows=rows,
        columns=columns,
        row_url=lambda row: reverse("casework:case", args=[row.id]),
        previous_url=previous_url,
        next_url=next_url,
        empty_title=_("No report here"),
        empty_words=_("What units send up to yours appears here by itself.")
        if part == "received"
        else _("Write one with the button above; your unit's head sends it up."),
    )


def badge_of(row: Row) -> SafeString:
    """Where a report stands; what wasn't adopted bears no sign of success."""
    if row.state in (report_2026.NOT_ADOPTED, report_2026.RETURNED, report_2026.WITHDRAWN):
        return states.state("none", words=gettext(report_2026.REPORT.state(row.state).label))
    return state_badge(row.type_key, row.type_version, row.state)


def topic_words(topic: str) -> str:
    """What a report is about, in the reader's language."""
    return str(dict(ReportTopic.choices).get(topic, topic))


def mark_words(mark: Adoption) -> str:
    """A mark of adoption in one line: how, in which bulletin, which issue."""
    where = " ".join(filter(None, (mark.bulletin, mark.issue)))
    return " · ".join(filter(None, (gettext(LEVELS.get(mark.level, mark.level)), where)))


# ----------------------------------------------------------------------------------------- writing one


@page("office:write_report", roles=OFFICE_ROLES, budget=30)
def write_report(request: HttpRequest) -> HttpResponse:
    """Write a report in one form; `?again=` takes the words of one that was returned over."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    at = timezone.now()
    unit_id, on = units_of_office(standing)[0], timezone.localdate(at)
    if request.method != "POST":
        form = ReportForm(initial=_initial(request, standing, unit_id), unit_id=unit_id, on=on)
        return render(request, "office/write_report.html", {"form": form})
    form = ReportForm(request.POST, unit_id=unit_id, on=on)
    if form.is_valid():
        data = form.cleaned_data
        new = NewReport(data["title"], data["text"], data["topic"], int(data["to"]), key=data["key"])
        try:
            case = actions.write_report(new, unit_id=unit_id, by=standing, at=at)
        except OfficeFault as fault:
            form.add_error(None, str(fault))
        else:
            say(request, _("Written. It waits for your unit's head to send it up."))
            return HttpResponseRedirect(reverse("casework:case", args=[case.pk]), status=303)
    return render(request, "office/write_report.html", {"form": form}, status=422)


def _initial(request: HttpRequest, standing: Standing, unit_id: int) -> Mapping[str, Any]:
    """The unit above as the one that gets it; and the words of an earlier report, where one is named."""
    above = tree().ancestors(unit_id)
    initial: dict[str, Any] = {"to": str(above[-1])} if above else {}
    number = shown.number_in(request.GET.get("again", ""))
    if number is None:
        return initial
    earlier = Case.objects.filter(visible(standing), pk=number, type_key=report_2026.KEY).first()
    if earlier is None:
        raise Http404(_("There is no such matter, or it isn't yours to see."))
    return {
        "title": earlier.title,
        "text": earlier.text,
        "topic": earlier.category,
        "to": str(earlier.facts["meant_for"]),
    }


# ------------------------------------------------------------------------------------ its marks


@page("office:report_marks", roles=OFFICE_ROLES, budget=8)
@require_safe
def report_marks(request: HttpRequest, case_id: int) -> HttpResponse:
    """Who wrote a report, and every mark that it got: how, where, by whom, with which words."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    case = Case.objects.filter(visible(standing), pk=case_id, type_key=report_2026.KEY).first()
    if case is None:
        raise Http404(_("There is no such matter, or it isn't yours to see."))
    marks = queries_reports.adoptions_by_case([case_id]).get(case_id, ())
    writer = queries_reports.writer_of(case_id)
    names = queries.names_of([writer, *(mark.account_id for mark in marks)])
    units, language = tree(), get_language() or ""
    context = {
        "writer": names.get(writer or 0, ""),
        "unit": units.name(case.root_unit_id, language=language),
        "marks": [
            {
                "words": mark_words(mark),
                "said": mark.words,
                "by": f"{units.name(mark.unit_id, language=language)} {names.get(mark.account_id or 0, '')}",
                "on": timezone.localdate(mark.at),
            }
            for mark in marks
        ],
        "again_url": f"{reverse('office:write_report')}?again={case_id}"
        if case.state == report_2026.RETURNED and case.root_unit_id in units_of_office(standing)
        else "",
        "state": case.state,
    }
    return render(request, "office/report_marks.html", context)
