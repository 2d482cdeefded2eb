"""Reading work, teams and decisions: for the board, the pages of why, and the team's phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from yiwang.facilities.dispatch.enums import LIVE, JobState, OfferState
from yiwang.facilities.dispatch.models import Decision, Job, Offer, Team, TeamMember
from yiwang.facilities.dispatch.policies import companies_of, units_dispatched_by, visible_jobs
from yiwang.facilities.dispatch.rules.suitability import STALE_AFTER
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.orgs.queries import tree

MOST_JOBS, MOST_TEAMS = 120, 300
"""What a board can show; with more work waiting the oldest are shown and the rest is counted."""

ORDER = (JobState.STUCK, JobState.WAITING, JobState.OFFERED, JobState.ACCEPTED, JobState.UNDER_WAY)
"""The states of a board in the order in which they need somebody."""


@dataclass(frozen=True)
class Board:
    """What a dispatcher sees: how many of each state, the work, the teams."""

    counts: dict[str, int]
    jobs: Sequence[Job]
    teams: Sequence[Team]


def board(standing: Standing, *, at: datetime) -> Board:
    """Live work that somebody may see, with its offer (`job.now`) and last decision (`job.decision_id`); three queries."""
    seen = Job.objects.filter(visible_jobs(standing), state__in=sorted(LIVE)).order_by().distinct()
    counted = Job.objects.filter(pk__in=seen.values("pk")).order_by().values_list("state")
    counts = dict(counted.annotate(number=Count("pk")))
    return Board(
        {state: counts.get(state, 0) for state in ORDER},
        list(jobs_seen(standing).filter(state__in=sorted(LIVE))[:MOST_JOBS]),
        list(teams_seen(standing).filter(is_active=True).order_by("-load", "-position_at")[:MOST_TEAMS]),
    )


def jobs_seen(standing: Standing) -> QuerySet[Job]:
    """The work somebody may see, each with its live offer as `live_offers` and its last decision's number."""
    live = Offer.objects.filter(state__in=(OfferState.OFFERED, OfferState.ACCEPTED)).select_related("team")
    last = Decision.objects.filter(job_id=OuterRef("pk")).order_by("-at", "-pk").values("pk")[:1]
    seen = Job.objects.filter(visible_jobs(standing)).values("pk")
    return (
        Job.objects.filter(pk__in=seen)
        .select_related("team", "area_unit")
        .annotate(last_decision_id=Subquery(last))
        .prefetch_related(Prefetch("offers", queryset=live, to_attr="live_offers"))
        .order_by("asked_at", "pk")
    )


def teams_seen(standing: Standing) -> QuerySet[Team]:
    """The teams of the units below those that somebody dispatches for or whose office they are."""
    units = tree()
    below = {
        unit
        for own in units_dispatched_by(standing) | companies_of(standing)
        if own in units.units
        for unit in units.subtree(own)
    }
    return Team.objects.filter(unit_id__in=below).select_related("unit")


def is_fresh(team: Team, *, at: datetime) -> bool:
    """Whether a team has said lately where it is."""
    return team.position_at is not None and at - team.position_at <= timedelta(seconds=STALE_AFTER)


def decisions_of(job_id: int) -> list[Decision]:
    """Every decision of a job, the newest first, with its offers; two queries."""
    found = Decision.objects.filter(job_id=job_id).select_related("chosen_team", "by_account")
    return list(found.prefetch_related("offers__team", "offers__answered_by"))


def teams_of(standing: Standing) -> list[Team]:
    """The teams that somebody goes out with."""
    mine = TeamMember.objects.filter(team_id=OuterRef("pk"), account_id__in=standing.account_ids)
    return list(Team.objects.filter(Exists(mine), is_active=True).select_related("unit"))


def offers_of(teams: Sequence[Team]) -> list[Offer]:
    """What waits for an answer of these teams, the first to run out first."""
    found = Offer.objects.filter(team__in=teams, state=OfferState.OFFERED).select_related(
        "job__area_unit", "team"
    )
    return list(found.order_by("answer_by_at"))


def jobs_of(teams: Sequence[Team], *, until: datetime) -> list[Job]:
    """The work these teams have until a moment, in the order of the route; what is under way first."""
    found = Job.objects.filter(
        Q(window_from_at__lt=until) | Q(state=JobState.UNDER_WAY),
        team__in=teams,
        state__in=(JobState.ACCEPTED, JobState.UNDER_WAY),
    )
    jobs = list(found.select_related("area_unit", "team"))
    return sorted(
        jobs,
        key=lambda job: (
            job.state != JobState.UNDER_WAY,
            job.route_order or 99,
            job.window_from_at,
            job.pk,
        ),
    )
