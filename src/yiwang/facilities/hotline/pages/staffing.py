"""How many agents it takes, hour by hour, by Erlang's formula."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yiwang.facilities.hotline import queries, shown
from yiwang.facilities.hotline.forms import StaffingForm
from yiwang.facilities.hotline.policies import hotline_units
from yiwang.facilities.hotline.rules import DAY_SHAPE, HourNeed, staffing
from yiwang.kernel.base.pages import page
from yiwang.kernel.ui.parts import Bar

DAYS = 28
DEFAULTS = {"talk": 150, "after": 60, "within": 15, "target": 95}


@page("hotline:staffing", roles={"head"}, budget=6)
def plan(request: HttpRequest) -> HttpResponse:
    """Plan agents from the calls of four weeks, or from a number of calls a day."""
    form = StaffingForm(request.GET if "talk" in request.GET else {**DEFAULTS, "calls": ""})
    needs: list[HourNeed] = []
    is_measured, days = False, 0
    if form.is_valid():
        asked = form.cleaned_data
        calls = [asked["calls"] * share for share in DAY_SHAPE] if asked["calls"] else []
        if not calls:
            units = hotline_units(shown.standing_of(request))
            calls, days = queries.calls_by_hour(units, days=DAYS, at=timezone.now())
            is_measured = True
        needs = staffing(
            calls,
            handling=asked["talk"] + asked["after"],
            within=asked["within"],
            target=asked["target"] / 100,
        )
    busiest = max(needs, key=lambda need: need.agents, default=None)
    context = {
        "form": form,
        "needs": needs,
        "busiest": busiest,
        "is_measured": is_measured,
        "days": days,
        "total": sum(need.calls for need in needs),
        "bars": [Bar(f"{need.hour}", need.agents) for need in needs],
        "rows": [(need, f"{need.hour}:00–{need.hour + 1}:00", 100 * need.level) for need in needs],
    }
    return render(request, "hotline/staffing.html", context, status=422 if form.errors else 200)
