"""Where nobody serves a class: the table from which the office knows which companies it lacks."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yiwang.institutions.community.company_policies import OFFICE, is_office
from yiwang.institutions.community.company_queries import coverage as coverage_of
from yiwang.institutions.community.company_rules import NEAR_METRES
from yiwang.institutions.community.queries import named
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.orgs.queries import unit_name


@page("community:coverage", roles=OFFICE, budget=8)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Classes down, communities across; a class with gaps comes first."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    today = timezone.localdate()
    if not is_office(standing, on=today):
        raise PermissionDenied
    found = coverage_of(on=today)
    lines = [
        {
            "name": named(one),
            "numbers": [found.number(one, place) for place in found.places],
            "gaps": [unit_name(place) for place in found.gaps_of(one)],
        }
        for one in found.classes
    ]
    lines.sort(key=lambda line: -len(line["gaps"]))
    context = {
        "lines": lines,
        "places": [unit_name(place) for place in found.places],
        "gaps": found.gaps,
        "most": len(found.classes) * len(found.places),
        "kilometres": NEAR_METRES // 1000,
    }
    return render(request, "community/coverage.html", context)
