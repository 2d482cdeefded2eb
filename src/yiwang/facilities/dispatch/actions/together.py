"""Deciding many jobs at once: the crowded minutes, and the plan of a day."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from yiwang.facilities.dispatch import candidates, engine
from yiwang.facilities.dispatch.actions.deciding import KEPT_BETTER, decide_locked
from yiwang.facilities.dispatch.actions.offering import Held, hold, make_offer
from yiwang.facilities.dispatch.enums import JobState, Mode
from yiwang.facilities.dispatch.faults import NotYours, Refused
from yiwang.facilities.dispatch.models import Decision, Job, Team
from yiwang.facilities.dispatch.policies import units_dispatched_by
from yiwang.facilities.dispatch.records import job_facts, weighed_facts
from yiwang.facilities.dispatch.rules import RULES, batch, terms
from yiwang.facilities.dispatch.rules.cost import Weighed, ranked, weigh
from yiwang.facilities.dispatch.rules.routes import Crew, Visit
from yiwang.facilities.dispatch.rules.suitability import Candidate, Refusal, Wanted, refusals
from yiwang.facilities.dispatch.words import SENTENCES
from yiwang.kernel.access.rules import SYSTEM, Standing

NEAR = 30
"""How many of the nearest suitable teams of each job are compared."""

DAY_BEGINS, DAY_ENDS = 8 * 60, 20 * 60
"""The hours of a team that has named none, in minutes of the day."""


def decide_batch(*, at: datetime) -> int:
    """Decide all waiting automatic jobs together so that the travel altogether is least; returns how many offers.

    The choice is made without locks; each offer is then made in a transaction of its own, and a job whose
    team filled up meanwhile is decided by itself.
    """
    waiting = Job.objects.filter(
        state=JobState.WAITING, is_automatic=True, window_from_at__lte=at + terms.AHEAD
    ).order_by("asked_at", "pk")
    jobs = list(waiting[: terms.BATCH_JOBS])
    wanted = [candidates.wanted(job) for job in jobs]
    weighed = [
        ranked(weigh(team, each, at=at) for team in candidates.suitable(each, at=at, limit=NEAR))
        for each in wanted
    ]
    slots = {one.team.team_id: one.team.capacity - one.team.load for suitable in weighed for one in suitable}
    costs = [{one.team.team_id: one.parts.total for one in suitable} for suitable in weighed]
    chosen = batch.assign(costs, slots)
    offered = 0
    for job, team_id, each, suitable in zip(jobs, chosen, wanted, weighed, strict=True):
        with suppress(Refused):  # whoever asked needs nobody any more
            offered += _offer_one(job.pk, team_id, each, suitable, at=at)
    return offered


def _offer_one(
    job_id: int, team_id: int | None, wanted: Wanted, weighed: Sequence[Weighed], *, at: datetime
) -> bool:
    with transaction.atomic():
        rows = Job.objects.select_for_update(no_key=True, skip_locked=True)
        job = rows.filter(pk=job_id, state=JobState.WAITING).first()
        if job is None:
            return False
        if team_id is None:
            return decide_locked(job, at=at).chosen_team_id is not None
        held = hold(team_id, waits=True)
        if held is not None:
            _offer_chosen(job, team_id, held, wanted, weighed, at=at)
    return held is not None or _decide_alone(job_id, at=at)


def _decide_alone(job_id: int, *, at: datetime) -> bool:
    """The team meant for a job filled up meanwhile: decide it by itself, with no team held."""
    with transaction.atomic():
        rows = Job.objects.select_for_update(no_key=True, skip_locked=True)
        job = rows.filter(pk=job_id, state=JobState.WAITING).first()
        return job is not None and decide_locked(job, at=at).chosen_team_id is not None


def _offer_chosen(
    job: Job, team_id: int, held: Held, wanted: Wanted, weighed: Sequence[Weighed], *, at: datetime
) -> None:
    """Write the common choice down for one job, and offer it."""
    kept = list(weighed[:KEPT_BETTER])
    kept += [each for each in weighed[KEPT_BETTER:] if each.team.team_id == team_id]
    decision = Decision(
        job=job,
        at=at,
        mode=Mode.BATCH,
        rules=RULES,
        facts=job_facts(wanted),
        candidates=weighed_facts(kept),
        chosen_team_id=team_id,
    )
    make_offer(job, team_id, decision=decision, held=held, at=at)


@dataclass(frozen=True)
class DayPlanned:
    """What came of planning a day: offers made, jobs that fit nowhere, minutes of travel, and who planned."""

    offered: int
    unserved: int
    travel: float
    engine: str


def plan_day(*, unit_id: int, on: date, at: datetime, by: Standing = SYSTEM) -> DayPlanned:
    """Plan the waiting work of a unit whose windows lie on a day, and offer each team its tour.

    Work that teams have accepted for that day stays with them and is planned around. Raises `NotYours`.
    """
    if not by.is_system and unit_id not in units_dispatched_by(by):
        raise NotYours(str(SENTENCES["not_yours"]))
    midnight = timezone.make_aware(datetime.combine(on, time.min))
    of_day = Job.objects.filter(
        unit_id=unit_id,
        window_from_at__gte=midnight,
        window_from_at__lt=midnight + timedelta(days=1),
        state__in=(JobState.WAITING, JobState.STUCK, JobState.ACCEPTED),
    )
    jobs = {job.pk: job for job in of_day.order_by("pk")}
    teams = _teams_for(jobs.values())
    wanted = {pk: candidates.wanted(job) for pk, job in jobs.items()}
    crews = [crew for team in teams.values() if (crew := _crew(team, on))]
    visits = [_visit(job, wanted[pk], teams, midnight=midnight, at=at) for pk, job in jobs.items()]
    plan, who = engine.plan(visits, crews)
    offered = 0
    for team_id, stops in plan.tours.items():
        for place, stop in enumerate(stops, start=1):
            with suppress(Refused):  # whoever asked needs nobody any more
                offered += _offer_stop(
                    stop.key, teams[team_id], wanted[stop.key], teams, order=place, at=at, by=by
                )
    unserved = sum(1 for key in plan.unserved if jobs[key].team_id is None)
    return DayPlanned(offered, unserved, round(plan.travel, 1), who)


def _teams_for(jobs: Iterable[Job]) -> dict[int, Candidate]:
    """Every team that does any of the work, at its base."""
    chosen = list(jobs)
    skills = sorted({job.skill for job in chosen})
    owners = [job.team_id for job in chosen if job.team_id]
    found = Team.objects.filter(is_active=True, is_suspended=False, skills__overlap=skills)
    found |= Team.objects.filter(pk__in=owners)
    at_base = {}
    for team in found.prefetch_related("licences"):
        team.x, team.y, team.load = team.base_x, team.base_y, 0
        at_base[team.pk] = candidates.of_team(team)
    return at_base


def _crew(team: Candidate, on: date) -> Crew | None:
    """A team's working day; nothing on a day off."""
    spans = [(first, last) for weekday, first, last in team.hours if weekday == on.weekday()]
    if team.hours and not spans:
        return None
    first = min((span[0] for span in spans), default=DAY_BEGINS)
    last = max((span[1] for span in spans), default=DAY_ENDS)
    return Crew(team.team_id, (team.x, team.y), first, last)


def _visit(
    job: Job, wanted: Wanted, teams: Mapping[int, Candidate], *, midnight: datetime, at: datetime
) -> Visit:
    """A job as a visit, with the teams against which nothing speaks; what is accepted stays where it is."""
    opens = (job.window_from_at - midnight).total_seconds() / 60
    closes = (job.window_until_at - midnight).total_seconds() / 60
    if job.team_id:
        allowed = frozenset({job.team_id})
    else:
        allowed = frozenset(
            team.team_id
            for team in teams.values()
            if not set(refusals(team, wanted, at=at, needs_position=False)) - {Refusal.CAPACITY}
        )
    return Visit(job.pk, (job.x, job.y), opens, max(opens, closes - job.minutes), job.minutes, crews=allowed)


def _offer_stop(
    job_id: int,
    team: Candidate,
    wanted: Wanted,
    teams: Mapping[int, Candidate],
    *,
    order: int,
    at: datetime,
    by: Standing,
) -> bool:
    """Offer one stop of a tour, or bring the order of accepted work up to date."""
    with transaction.atomic():
        job = Job.objects.select_for_update(no_key=True).get(pk=job_id)
        if job.team_id == team.team_id:
            Job.objects.filter(pk=job_id).update(route_order=order)
            return False
        if job.state not in (JobState.WAITING, JobState.STUCK):
            return False
        others = ranked(weigh(each, wanted, at=at, needs_position=False) for each in teams.values())
        chosen = next((each for each in others if each.team.team_id == team.team_id), None)
        kept = others[:KEPT_BETTER]
        if chosen is not None and chosen not in kept:
            kept.append(chosen)
        decision = Decision(
            job=job,
            at=at,
            mode=Mode.PLAN,
            rules=RULES,
            facts=job_facts(wanted),
            candidates=weighed_facts(kept),
            chosen_team_id=team.team_id,
            by_account_id=by.account_id,
        )
        make_offer(job, team.team_id, decision=decision, by=by, at=at, is_planned=True)
        Job.objects.filter(pk=job_id).update(route_order=order)
    return True
