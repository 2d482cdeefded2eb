"""The dispatcher's board: work by state with clocks, and the map; it fetches itself anew when something moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.facilities.dispatch import actions, county_map, queries, shown
from yiwang.facilities.dispatch.county_map import Mark
from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.faults import Refused
from yiwang.facilities.dispatch.models import Job, Offer, Team
from yiwang.facilities.dispatch.policies import BOARD_ROLES, units_dispatched_by
from yiwang.facilities.dispatch.subjects import Described, described
from yiwang.facilities.dispatch.tasks import plan
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.orgs.queries import unit_name
from yiwang.kernel.ui.messages import say


@dataclass(frozen=True)
class Card:
    """A piece of work on the board."""

    job: Job
    title: str
    url: str
    place: str
    window: str
    since: str
    look: str
    team: str
    clock: SafeString | str
    may_offer: bool


@page("dispatch:board", roles=BOARD_ROLES, budget=14)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Draw the board; `?map=` shows one town, `?part=live` gives what changes, for the page that stands open."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    at = timezone.now()
    view = county_map.view_of(request.GET.get("map", ""))
    seen = queries.board(standing, at=at)
    cards = _cards(seen.jobs, standing, at=at)
    context = {
        "figures": [
            (JobState(state).label, number, shown.LOOKS[JobState(state)])
            for state, number in seen.counts.items()
        ],
        "columns": [(JobState(state).label, cards[state]) for state in queries.ORDER if cards.get(state)],
        "hidden": max(sum(seen.counts.values()) - len(seen.jobs), 0),
        "map": county_map.draw(_marks(seen, at=at), label=_("Map of teams and work"), view=view),
        "views": county_map.views(),
        "view": view,
        "may_plan": bool(units_dispatched_by(standing)),
        "tomorrow": timezone.localdate(at) + timedelta(days=1),
        "at": at,
    }
    part = request.GET.get("part") == "live"
    return render(request, "dispatch/board_live.html" if part else "dispatch/board.html", context)


def _cards(jobs: Sequence[Job], standing: Standing, *, at: datetime) -> dict[str, list[Card]]:
    subjects = described(standing, [(job.subject_kind, job.subject_id) for job in jobs])
    mine = units_dispatched_by(standing)
    cards: dict[str, list[Card]] = {}
    for job in jobs:
        subject = subjects.get((job.subject_kind, job.subject_id))
        cards.setdefault(job.state, []).append(_card(job, subject, may_offer=job.unit_id in mine, at=at))
    return cards


def _card(job: Job, subject: Described | None, *, may_offer: bool, at: datetime) -> Card:
    offers: list[Offer] = job.live_offers  # type: ignore[attr-defined]
    team = job.team.name if job.team else offers[0].team.name if offers else ""
    is_offered = job.state == JobState.OFFERED and offers
    return Card(
        job=job,
        title=subject.title if subject else str(job),
        url=reverse("dispatch:job", args=[job.pk]),
        place=unit_name(job.area_unit) if job.area_unit else "",
        window=shown.window(job),
        since=shown.since(job.state_at, at=at),
        look=shown.LOOKS[JobState(job.state)],
        team=team,
        clock=shown.countdown(offers[0].answer_by_at, at=at) if is_offered else "",
        may_offer=may_offer and job.state in (JobState.WAITING, JobState.STUCK),
    )


def _marks(seen: queries.Board, *, at: datetime) -> list[Mark]:
    teams = [
        Mark(
            "team",
            _team_look(team, at=at),
            team.x,
            team.y,
            _team_words(team),
            reverse("dispatch:team", args=[team.pk]),
        )
        for team in seen.teams
    ]
    jobs = [
        Mark("job", str(job.state), job.x, job.y, str(job), reverse("dispatch:job", args=[job.pk]))
        for job in seen.jobs
    ]
    return teams + jobs


def _team_look(team: Team, *, at: datetime) -> str:
    if team.is_suspended or not queries.is_fresh(team, at=at):
        return "away"
    return "working" if team.load else "free"


def _team_words(team: Team) -> str:
    words = {"team": team.name, "load": team.load, "capacity": team.capacity}
    return _("%(team)s: %(load)s of %(capacity)s jobs") % words


@page("dispatch:nearest", roles=BOARD_ROLES, budget=40)
@require_POST
def nearest(request: HttpRequest, job_id: int) -> HttpResponse:
    """One click: offer work to the nearest suitable team."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    job = get_object_or_404(queries.jobs_seen(standing), pk=job_id)
    try:
        decision = actions.decide(job.pk, by=standing, at=timezone.now())
    except Refused as refused:
        say(request, str(refused), kind="soon")
    else:
        if decision.chosen_team is None:
            say(request, _("Nobody could be sent; the page says why."), kind="late")
            return HttpResponseRedirect(reverse("dispatch:job", args=[job.pk]), status=303)
        say(request, _("Offered to %(team)s.") % {"team": decision.chosen_team.name})
    return HttpResponseRedirect(_board_as_it_was(request), status=303)


def _board_as_it_was(request: HttpRequest) -> str:
    """The board with the part of the map that was looked at."""
    asked = QueryDict(urlsplit(request.headers.get("Referer", "")).query).get("map", "")
    view = county_map.view_of(str(asked))
    return reverse("dispatch:board") + ("" if view.is_whole else f"?map={view.key}")


@page("dispatch:plan", roles=BOARD_ROLES, budget=10)
@require_POST
def plan_a_day(request: HttpRequest) -> HttpResponse:
    """Have the worker plan a day; it may take a minute, and the board shows the offers as they come."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    try:
        on = date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        say(request, _("Please choose a day."), kind="soon")
        return HttpResponseRedirect(reverse("dispatch:board"), status=303)
    for unit_id in sorted(units_dispatched_by(standing)):
        plan.defer(unit_id=unit_id, on=on.isoformat())
    say(request, _("The day is being planned; the offers appear here."), kind="info")
    return HttpResponseRedirect(reverse("dispatch:board"), status=303)
