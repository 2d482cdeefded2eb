"""The wallboard: few figures, big, to be read from two metres."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yiwang.facilities.hotline import queries, shown
from yiwang.facilities.hotline.policies import hotline_units
from yiwang.kernel.base.pages import page


@page("hotline:wall", roles={"head"}, budget=10)
def wall(request: HttpRequest) -> HttpResponse:
    """Who waits and how long, what the agents do, and how the day goes."""
    board = queries.board_of(hotline_units(shown.standing_of(request)), at=timezone.now())
    return render(request, "hotline/wall.html", {"board": board})


@page("hotline:wall_figures", roles={"head"}, budget=8)
def wall_figures(request: HttpRequest) -> HttpResponse:
    """The same figures alone; the open wallboard fetches them whenever something moved."""
    board = queries.board_of(hotline_units(shown.standing_of(request)), at=timezone.now())
    return render(request, "hotline/wall_figures.html", {"board": board})
