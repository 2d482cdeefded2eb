"""Work comes in and is taken back."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from yiwang.facilities.dispatch.actions.holding import close, lighten, live_offer, locked_job, move
from yiwang.facilities.dispatch.enums import LIVE, JobState, OfferState, Urgency
from yiwang.facilities.dispatch.events import JobAsked, JobWithdrawn, OfferWithdrawn
from yiwang.facilities.dispatch.faults import NotNow, NotYours
from yiwang.facilities.dispatch.models import Job, Offer
from yiwang.facilities.dispatch.policies import may_dispatch
from yiwang.facilities.dispatch.subjects import kind_of
from yiwang.facilities.dispatch.telling import tell_of
from yiwang.facilities.dispatch.words import SENTENCES
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.base.events import publish
from yiwang.kernel.orgs.queries import tree


def ask_for_team(
    *,
    subject_kind: str,
    subject_id: int,
    unit_id: int,
    skill: str,
    x: float,
    y: float,
    window_from_at: datetime,
    window_until_at: datetime,
    minutes: int,
    at: datetime,
    title: str = "",
    licence: str = "",
    area_unit_id: int | None = None,
    urgency: str = Urgency.NORMAL,
    preferred_team_ids: Iterable[int] = (),
    unwanted_team_ids: Iterable[int] = (),
    is_automatic: bool = True,
) -> Job:
    """Ask for a team for a subject of one's own; a subject that is already being served keeps its job.

    `unit_id` is the unit that dispatches (its dispatchers see the job on their board), `x`, `y` metres on
    the county's plane, `minutes` how long the work takes. `title` is shown to dispatchers and teams: it
    names the kind of work, never a person. Nothing is offered yet: `decide` does that, or the worker for
    an automatic job. Publishes `JobAsked`.
    """
    with transaction.atomic():
        values = {
            "unit_id": unit_id,
            "title": title,
            "skill": skill,
            "licence": licence,
            "area_unit_id": area_unit_id,
            "area_path": list(tree().get(area_unit_id).path) if area_unit_id else [],
            "x": x,
            "y": y,
            "window_from_at": window_from_at,
            "window_until_at": window_until_at,
            "minutes": minutes,
            "urgency": urgency,
            "preferred_team_ids": sorted(set(preferred_team_ids)),
            "unwanted_team_ids": sorted(set(unwanted_team_ids)),
            "is_automatic": is_automatic,
            "state_at": at,
            "asked_at": at,
        }
        job, is_new = Job.objects.get_or_create(
            subject_kind=subject_kind, subject_id=subject_id, state__in=sorted(LIVE), defaults=values
        )
        if is_new:
            publish(JobAsked(job.pk, subject_kind, subject_id, at, is_automatic))
            tell_of(job)
    return job


def withdraw(job_id: int, *, reason: str, at: datetime, by: Standing = SYSTEM) -> Job:
    """The work isn't needed any more; a team that was offered it or has it is told. Does nothing when it is over.

    Raises `NotNow` for work under way: that is finished, not withdrawn.
    """
    with transaction.atomic():
        job = locked_job(job_id)
        if job.state not in LIVE:
            return job
        if job.state == JobState.UNDER_WAY:
            raise NotNow(str(SENTENCES["under_way"]))
        offer = live_offer(job)
        if offer is not None:
            _withdraw_offer(job, offer, reason=reason, by=by, at=at)
        move(job, JobState.WITHDRAWN, at=at)
        publish(JobWithdrawn(job.pk, job.subject_kind, job.subject_id, at, reason))
        tell_of(job, team_ids=[offer.team_id] if offer else [])
    return job


def withdraw_ended(*, at: datetime) -> int:
    """Withdraw the work of every subject that has ended meanwhile; returns how many jobs were withdrawn.

    Whoever ends a subject withdraws its work by itself, but after the commit: here is found what was left
    when the machine failed in between.
    """
    live = Job.objects.filter(state__in=sorted(LIVE - {JobState.UNDER_WAY})).order_by("pk")
    by_kind: dict[str, dict[int, int]] = {}
    for job_id, name, subject_id in live.values_list("pk", "subject_kind", "subject_id"):
        by_kind.setdefault(name, {})[subject_id] = job_id
    withdrawn = 0
    for name, jobs in by_kind.items():
        kind = kind_of(name)
        ended = kind.ended(sorted(jobs)) if kind is not None and kind.ended is not None else ()
        for subject_id in sorted(ended):
            with suppress(NotNow):
                job = withdraw(jobs[subject_id], reason=str(SENTENCES["ended"]), at=at)
                withdrawn += job.state == JobState.WITHDRAWN
    return withdrawn


def take_back(job_id: int, *, reason: str, by: Standing, at: datetime) -> Job:
    """A dispatcher takes an offer, or accepted work, back from a team; the job waits again.

    Raises `NotYours` and `NotNow`. Publishes `OfferWithdrawn`.
    """
    with transaction.atomic():
        job = locked_job(job_id)
        if not may_dispatch(by, job):
            raise NotYours(str(SENTENCES["not_yours"]))
        offer = live_offer(job)
        if offer is None or job.state not in (JobState.OFFERED, JobState.ACCEPTED):
            raise NotNow(str(SENTENCES["nothing_to_take_back"]))
        _withdraw_offer(job, offer, reason=reason, by=by, at=at)
        move(job, JobState.WAITING, at=at)
        tell_of(job, team_ids=[offer.team_id])
    return job


def _withdraw_offer(job: Job, offer: Offer, *, reason: str, by: Standing, at: datetime) -> None:
    close(offer, OfferState.WITHDRAWN, at=at, by_id=by.account_id, reason=reason)
    lighten(job, offer.team_id)
    job.planned_at = None
    publish(
        OfferWithdrawn(
            job.pk,
            job.subject_kind,
            job.subject_id,
            at,
            offer.pk,
            offer.team_id,
            offer.team.unit_id,
            offer.team.name,
            reason,
            by.account_id,
        )
    )
