"""Choosing a team and offering it the work; every decision is written down with all it knew."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from time import sleep

from django.db import transaction

from yiwang.facilities.dispatch import candidates
from yiwang.facilities.dispatch.actions.asking import _withdraw_offer
from yiwang.facilities.dispatch.actions.holding import (
    live_offer,
    locked_job,
    locked_with_refusals,
    move,
    refusals_of,
)
from yiwang.facilities.dispatch.actions.offering import Held, hold, hold_and_ask, make_offer
from yiwang.facilities.dispatch.enums import JobState, Mode
from yiwang.facilities.dispatch.events import ChosenByHand, NobodyFound
from yiwang.facilities.dispatch.faults import NotNow, NotYours, Refused
from yiwang.facilities.dispatch.models import Decision, Job, Offer, Team
from yiwang.facilities.dispatch.policies import may_dispatch
from yiwang.facilities.dispatch.records import job_facts, shortfall_facts, weighed_facts
from yiwang.facilities.dispatch.rules import RULES, terms
from yiwang.facilities.dispatch.rules.cost import Weighed, ranked, shortfall_of, weigh
from yiwang.facilities.dispatch.rules.suitability import Candidate, Refusal, Wanted
from yiwang.facilities.dispatch.telling import tell_of
from yiwang.facilities.dispatch.words import REFUSALS, SENTENCES
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.base.events import publish

DECIDABLE = (JobState.WAITING, JobState.STUCK)
FIRST_LOOK, LATER_LOOKS = 30, (300, 3000)
"""How many of the nearest teams are weighed; more only when hours rule all of those out."""
KEPT_BETTER, KEPT_REFUSED = 12, 12
"""How many suitable teams a decision keeps, and how many near ones against which something speaks."""
EXAMINED = 200
"""How many of the nearest teams with the skill are examined to say why nobody could be sent."""

TRIES, PAUSE = 40, 0.025
"""How often, and after how many seconds, teams that others are just deciding about are tried again."""

INSURMOUNTABLE = frozenset(
    {Refusal.INACTIVE, Refusal.SUSPENDED, Refusal.SKILL, Refusal.LICENCE, Refusal.CAPACITY}
)
"""What even a dispatcher can't overrule; stale positions, hours, areas and refusals they can."""


def decide(job_id: int, *, at: datetime, by: Standing = SYSTEM) -> Decision:
    """Find the best suitable team for a waiting job and offer it; write down why, or why nobody.

    A job refused too often before is decided again when somebody asks. When nobody is found the job is
    stuck and `NobodyFound` is published. Raises `NotNow` when it doesn't wait, `NotYours`.
    """
    with transaction.atomic():
        job, refused_by = locked_with_refusals(job_id)
        if not may_dispatch(by, job):
            raise NotYours(str(SENTENCES["not_yours"]))
        if job.state not in DECIDABLE:
            raise NotNow(str(SENTENCES["not_waiting"]))
        return decide_locked(job, refused_by=refused_by, by=by, at=at)


def decide_locked(
    job: Job, *, at: datetime, by: Standing = SYSTEM, refused_by: Iterable[int] | None = None
) -> Decision:
    """Decide for a job that the caller has locked and that waits; see `decide`."""
    wanted = candidates.wanted(job, refused_by=refused_by)
    choice = _choice(wanted, at=at)
    if choice is None:
        return _nobody(job, wanted, by=by, at=at)
    team_id = choice.chosen.team.team_id
    nearer = [each for team in choice.nearest if (each := weigh(team, wanted, at=at)).refusals]
    decision = Decision(
        job=job,
        at=at,
        mode=Mode.SINGLE,
        rules=RULES,
        facts=job_facts(wanted),
        candidates=weighed_facts([*_with(choice.best, choice.chosen), *nearer]),
        chosen_team_id=team_id,
        by_account_id=by.account_id,
    )
    make_offer(job, team_id, decision=decision, held=choice.held, by=by, at=at)
    return decision


def _with(best: Sequence[Weighed], chosen: Weighed) -> list[Weighed]:
    """The best teams, and the chosen one if it stands further down."""
    kept = list(best[:KEPT_BETTER])
    return kept if chosen in kept else [*kept, chosen]


def _weighed(wanted: Wanted, *, at: datetime) -> list[Weighed]:
    """The suitable teams near the work, the best first; the wished-for ones are weighed wherever they are."""
    for limit in (FIRST_LOOK, *LATER_LOOKS):
        near = candidates.suitable(wanted, at=at, limit=limit)
        known = {team.team_id for team in near}
        wished = candidates.by_ids(wanted.preferred - known, wanted, at=at)
        best = ranked(weigh(team, wanted, at=at) for team in (*near, *wished))
        if best or len(near) < limit:
            return best
    return []


@dataclass(frozen=True)
class _Choice:
    """The suitable teams, the one of them that is held, and the nearest teams whatever speaks against them."""

    best: list[Weighed]
    chosen: Weighed
    held: Held
    nearest: list[Candidate]


def _choice(wanted: Wanted, *, at: datetime) -> _Choice | None:
    """The best team that can be had; teams that others just hold are tried again.

    Nobody ever waits for a team's lock while holding another one: that is how deadlocks come about.
    """
    for _ in range(TRIES):
        best = _weighed(wanted, at=at)
        if not best:
            break
        # The first is nearly always had: what is kept of the others is asked in the same message.
        question = candidates.question_for_nearest(
            wanted, at=at, limit=KEPT_REFUSED, are_few=len(best) < FIRST_LOOK
        )
        held, rows = hold_and_ask(best[0].team.team_id, question)
        for each in best:
            if held := held or hold(each.team.team_id):
                return _Choice(best, each, held, candidates.candidates_from(rows, wanted))
        sleep(PAUSE)
    return None


def _nobody(job: Job, wanted: Wanted, *, by: Standing, at: datetime) -> Decision:
    """Write down why nobody can be sent, and call a dispatcher unless one was called before."""
    skilled = candidates.nearest_with(wanted, at=at, limit=EXAMINED)
    seen = skilled or candidates.nearest_with(wanted, at=at, limit=KEPT_REFUSED, is_skilled=False)
    weighed = [weigh(team, wanted, at=at) for team in seen]
    shortfall = shortfall_of(weighed)
    decision = Decision.objects.create(
        job=job,
        at=at,
        mode=Mode.SINGLE,
        rules=RULES,
        facts=job_facts(wanted),
        candidates=weighed_facts(weighed[:KEPT_REFUSED]),
        shortfall=shortfall_facts(shortfall),
        by_account_id=by.account_id,
    )
    call_dispatcher(job, decision_id=decision.pk, at=at)
    return decision


def call_dispatcher(job: Job, *, decision_id: int | None, at: datetime) -> None:
    """The machine has come to its end with a locked job. Publishes `NobodyFound` once."""
    if job.state != JobState.STUCK:
        move(job, JobState.STUCK, at=at)
        publish(NobodyFound(job.pk, job.subject_kind, job.subject_id, at, decision_id, refusals_of(job)))
    tell_of(job)


def offer(job_id: int, *, team_id: int, reason: str, by: Standing, at: datetime) -> Offer:
    """A dispatcher offers a job to a team of their choice, with the reason; an unanswered offer is withdrawn first.

    What the rules have against the team is written down; skill, licence, suspension and a full load can't
    be overruled. Raises `Refused` with a sentence, `NotYours`, `NotNow`.
    """
    if not reason.strip():
        raise Refused(str(SENTENCES["reason_needed"]))
    with transaction.atomic():
        job = locked_job(job_id)
        if not may_dispatch(by, job):
            raise NotYours(str(SENTENCES["not_yours"]))
        before = live_offer(job)
        both = {team_id, before.team_id} if before else {team_id}
        list(Team.objects.select_for_update(no_key=True).filter(pk__in=both).order_by("pk"))
        if job.state == JobState.OFFERED and before:
            _withdraw_offer(job, before, reason=reason, by=by, at=at)
        elif job.state not in DECIDABLE:
            raise NotNow(str(SENTENCES["not_waiting"]))
        wanted = candidates.wanted(job)
        (team,) = candidates.by_ids([team_id], wanted, at=at)
        weighed = weigh(team, wanted, at=at)
        for against in weighed.refusals:
            if against in INSURMOUNTABLE:
                words = {"team": team.name, "reason": REFUSALS[against]}
                raise Refused(str(SENTENCES["not_suitable"]) % words)
        decision = Decision(
            job=job,
            at=at,
            mode=Mode.MANUAL,
            rules=RULES,
            facts=job_facts(wanted),
            candidates=weighed_facts([weighed]),
            chosen_team_id=team_id,
            by_account_id=by.account_id,
            reason=reason.strip()[:200],
        )
        made = make_offer(job, team_id, decision=decision, by=by, at=at)
        told = (job.pk, job.subject_kind, job.subject_id, at, decision.pk, team_id)
        publish(ChosenByHand(*told, decision.reason, by.account_id))
    return made


def retry_stuck(*, at: datetime) -> int:
    """Look again for stuck automatic jobs whether somebody has become free; returns how many were offered.

    One question finds those for which there is somebody at all: mostly none.
    """
    found = 0
    for job_id in candidates.stuck_with_somebody(at=at, limit=terms.BATCH_JOBS):
        with suppress(Refused), transaction.atomic():
            rows = Job.objects.select_for_update(no_key=True, skip_locked=True)
            job = rows.filter(pk=job_id, state=JobState.STUCK).first()
            if job is None or terms.is_stuck(refusals_of(job)):
                continue
            if _weighed(candidates.wanted(job), at=at):
                found += decide_locked(job, at=at).chosen_team_id is not None
    return found
