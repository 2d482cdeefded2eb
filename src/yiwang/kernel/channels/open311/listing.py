"""Beside a case that came through Open311: what everybody sees of it, and the ways to take it back."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.channels.models import Report
from yiwang.kernel.channels.open311.actions import SOURCE, conceal_words, hide_report
from yiwang.kernel.ui.messages import say

WORKERS = frozenset({"clerk", "head"})


def may_hide(standing: Standing, case: Case) -> bool:
    """Whether the case came by a program and somebody works where it was registered."""
    return case.source == SOURCE and bool(standing.roles_at(case.root_unit_id) & WORKERS)


@page("channels:open311_listing", roles=WORKERS, budget=5)
@require_http_methods(["GET", "HEAD", "POST"])
def listing(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show what everybody sees; take the words, or all of it, off the public lists."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    case = get_object_or_404(Case.objects.filter(visible(standing)), pk=case_id)
    if not may_hide(standing, case):
        raise Http404
    report = get_object_or_404(Report, case_id=case_id)
    if request.method == "POST":
        return _taken_back(request, report, standing=standing)
    context = {"case": case, "report": report, "case_url": reverse("casework:case", args=[case_id])}
    template = "listing_part" if request.headers.get("HX-Request") else "listing"
    return render(request, f"channels/{template}.html", context)


def _taken_back(request: HttpRequest, report: Report, *, standing: Standing) -> HttpResponse:
    now, actor = timezone.now(), standing.account_id
    if request.POST.get("what") == "all":
        hide_report(report.pk, at=now, actor=actor)
        say(request, _("Nobody outside sees this matter any more; its receipt still opens it."), kind="done")
    elif request.POST.get("what") == "words":
        conceal_words(report.pk, at=now, actor=actor)
        say(request, _("Its words, address and picture are public no longer."), kind="done")
    return HttpResponseRedirect(reverse("casework:case", args=[report.case_id]), status=303)
