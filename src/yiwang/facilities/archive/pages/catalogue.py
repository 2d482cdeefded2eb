"""The catalogue of archived files (归档文件目录): on the page, on paper, as a workbook."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.facilities.archive import queries
from yiwang.facilities.archive.models import FileUnit, Fonds
from yiwang.facilities.archive.pages.units import no_fonds, own_fonds, parts_of_archive, standing_of
from yiwang.facilities.archive.paper import catalogue_pdf, catalogue_sheet, heads, lines
from yiwang.facilities.archive.policies import KEEPERS
from yiwang.kernel.base.pages import page
from yiwang.kernel.files.rules import disposition

MOST_ON_PAPER = 5_000


def _year(request: HttpRequest) -> int | None:
    word = request.GET.get("year", "")
    return int(word) if word.isdecimal() and len(word) == 4 else None


def _units(request: HttpRequest, fonds: Fonds, *, most: int) -> list[FileUnit]:
    return list(queries.numbered(standing_of(request), fonds, year=_year(request))[:most])


@page("archive:catalogue", roles=KEEPERS, budget=8)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The catalogue, of one year or of all; the first two hundred lines."""
    fonds = own_fonds(request)
    if fonds is None:
        return no_fonds(request, "catalogue")
    units = _units(request, fonds, most=queries.CATALOGUE_PAGE + 1)
    context = {
        "fonds": fonds,
        "heads": heads(),
        "rows": lines(units[: queries.CATALOGUE_PAGE]),
        "has_more": len(units) > queries.CATALOGUE_PAGE,
        "year": _year(request),
        "tabs": parts_of_archive("catalogue"),
    }
    return render(request, "archive/catalogue.html", context)


def _own(request: HttpRequest) -> Fonds:
    fonds = own_fonds(request)
    if fonds is None:
        raise Http404(_("Your unit has no archive of its own."))
    return fonds


@page("archive:catalogue_pdf", roles=KEEPERS, budget=8)
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The catalogue as PDF."""
    fonds = _own(request)
    made = catalogue_pdf(fonds, _units(request, fonds, most=MOST_ON_PAPER), at=timezone.now())
    return _download(made, "application/pdf", f"归档文件目录 {fonds.number}.pdf")


@page("archive:catalogue_file", roles=KEEPERS, budget=8)
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The catalogue as a workbook."""
    fonds = _own(request)
    made = catalogue_sheet(fonds, _units(request, fonds, most=MOST_ON_PAPER))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(made, kind, f"归档文件目录 {fonds.number}.xlsx")


def _download(made: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(made, content_type=kind)
    response["Content-Disposition"] = disposition(name, is_inline=False)
    response["Cache-Control"] = "private, no-store"
    return response
