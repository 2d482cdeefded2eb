"""Where nobody serves a class: map and table from which the office knows which companies it lacks."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.facilities.dispatch import county_map
from yiwang.facilities.dispatch.county_map import Mark
from yiwang.institutions.community.company_policies import OFFICE, is_office
from yiwang.institutions.community.company_queries import Coverage
from yiwang.institutions.community.company_queries import coverage as coverage_of
from yiwang.institutions.community.company_rules import NEAR_METRES
from yiwang.institutions.community.models import ServiceClass
from yiwang.institutions.community.queries import localities, named
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.orgs.queries import unit_name


@page("community:coverage", roles=OFFICE, budget=9)
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """A map of one class or of all, and the table: classes down, communities across; one with gaps comes first."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    today = timezone.localdate()
    if not is_office(standing, on=today):
        raise PermissionDenied
    found = coverage_of(on=today)
    chosen = next((one for one in found.classes if one.key == request.GET.get("class")), None)
    lines = [
        {
            "name": named(one),
            "key": one.key,
            "numbers": [found.number(one, place) for place in found.places],
            "gaps": [unit_name(place) for place in found.gaps_of(one)],
        }
        for one in found.classes
    ]
    lines.sort(key=lambda line: -len(line["gaps"]))
    context = {
        "map": county_map.draw(
            _marks(found, chosen, on=today),
            label=_("Map of who is served: %(name)s")
            % {"name": named(chosen) if chosen else _("all classes")},
        ),
        "chosen": named(chosen) if chosen else "",
        "chosen_gaps": [unit_name(place) for place in found.gaps_of(chosen)] if chosen else [],
        "lines": lines,
        "places": [unit_name(place) for place in found.places],
        "gaps": found.gaps,
        "most": len(found.classes) * len(found.places),
        "kilometres": NEAR_METRES // 1000,
    }
    return render(request, "community/coverage.html", context)


def _marks(found: Coverage, chosen: ServiceClass | None, *, on: date) -> list[Mark]:
    """A diamond for each community: late where nobody near serves the class, or where most classes lack somebody."""
    marks = []
    for unit, place in localities(on=on):
        name = unit_name(unit)
        if chosen is not None:
            number = found.number(chosen, unit)
            words = _("%(place)s: nobody near") if not number else _("%(place)s: %(number)s teams near")
            look = "stuck" if not number else "accepted"
        else:
            number = sum(1 for one in found.classes if not found.number(one, unit))
            words = _("%(place)s: %(number)s classes without anybody near")
            look = "accepted" if not number else "waiting" if number * 2 < len(found.classes) else "stuck"
        marks.append(Mark("job", look, place.x, place.y, words % {"place": name, "number": number}))
    return marks
