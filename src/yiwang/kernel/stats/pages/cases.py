"""The cases behind a figure: the same condition that counted it, as a list."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.columns import columns
from yiwang.kernel.casework.lists import Slice, key_from, page_by_key
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.stats.addresses import BadQuestion, address_of_report, institution_in, question_in
from yiwang.kernel.stats.pages.month import READERS
from yiwang.kernel.stats.queries import Question, cases_behind
from yiwang.kernel.stats.report import formulas, label_of, labels
from yiwang.kernel.stats.words import day_name, period_name
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import Table


@page("stats:cases", roles=READERS, budget=6)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases that a figure counts, newest first; exactly as many as the figure says."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    today = timezone.localdate()
    try:
        question = question_in(request.GET, today=today)
    except BadQuestion:
        raise Http404 from None
    institution = institution_in(request.GET)
    listing = cases_behind(question, institution=institution, as_of=today)
    found = page_by_key(
        listing,
        standing,
        after=key_from(request.GET.get("after", "")),
        before=key_from(request.GET.get("before", "")),
    )
    number = found.total
    if found.is_more or number is None:
        number = Case.objects.filter(visible(standing), *listing.sources).count()
    names = [labels(institution)[question.indicator], *([_part(question)] if question.dimension else [])]
    context = {
        "title": " · ".join(names),
        "period": day_name(question.day) if question.day else period_name(question.period),
        "formula": formulas(institution)[question.indicator],
        "crumbs": [
            Link(period_name(question.period), address_of_report(question.period, institution=institution)),
        ],
        "table": _table(request, found, title=names[0], number=number),
    }
    return render(request, "stats/cases.html", context)


def _part(question: Question) -> str:
    try:
        return label_of(question.dimension, question.key)
    except ValueError:
        raise Http404 from None


def _table(request: HttpRequest, found: Slice, *, title: str, number: int) -> Table:
    words = {key: value for key, value in request.GET.items() if key not in ("after", "before")}

    def address(**changes: str) -> str:
        return f"?{urlencode(words | changes)}"

    today = timezone.localdate()
    return Table(
        caption=title,
        columns=columns(found.petitioners, rows=found.rows, today=today, is_newest_first=True),
        rows=found.rows,
        row_url=lambda row: f"/cases/{row.id}/",
        previous_url=address(before=str(found.before)) if found.before else "",
        next_url=address(after=str(found.after)) if found.after else "",
        total=_("%(number)s matters in all") % {"number": f"{number:,}"} if found.rows else "",
        empty_title=_("The figure is nought"),
        empty_words=_("No matter that you may see is counted here."),
    )
