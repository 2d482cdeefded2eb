"""The report to take along: as a spreadsheet and on paper; who took it is written down."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record
from yiwang.kernel.base.pages import page
from yiwang.kernel.stats.addresses import institution_in, period_in
from yiwang.kernel.stats.pages.month import READERS
from yiwang.kernel.stats.paper import Origin, paper_of
from yiwang.kernel.stats.report import Report, report_of
from yiwang.kernel.stats.spreadsheet import spreadsheet_of

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page("stats:spreadsheet", roles=READERS, budget=9)
@require_safe
def spreadsheet(request: HttpRequest) -> HttpResponse:
    """The report as a workbook with one sheet for each table."""
    found, origin = _report(request, form="xlsx")
    return _file(spreadsheet_of(found, origin=origin), found, media_type=SPREADSHEET, ending="xlsx")


@page("stats:paper", roles=READERS, budget=9)
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The report as PDF."""
    found, origin = _report(request, form="pdf")
    return _file(paper_of(found, origin=origin), found, media_type="application/pdf", ending="pdf")


def _report(request: HttpRequest, *, form: str) -> tuple[Report, Origin]:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now = timezone.now()
    today = timezone.localdate(now)
    period, institution = period_in(request.GET, today=today), institution_in(request.GET)
    found = report_of(standing, institution=institution, period=period, as_of=today)
    record(
        "report.read",
        at=now,
        actor=standing.account_id,
        unit=min(standing.unit_ids, default=None),
        subject_kind="report",
        purpose="statistics",
        details={"institution": institution, "period": str(period), "form": form},
    )
    return found, Origin(by=standing.name, at=now)


def _file(content: bytes, found: Report, *, media_type: str, ending: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    name = f"{_('Statistics')} {found.period}.{ending}"
    header = content_disposition_header(as_attachment=True, filename=name)
    answer["Content-Disposition"] = header or "attachment"
    answer["Cache-Control"] = "no-store"
    return answer
