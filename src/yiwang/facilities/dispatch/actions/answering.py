"""A team answers an offer, or doesn't; the next team is asked at once."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from yiwang.facilities.dispatch.actions.deciding import call_dispatcher, decide_locked
from yiwang.facilities.dispatch.actions.holding import close, lighten, locked_job, move, refusals_of
from yiwang.facilities.dispatch.enums import JobState, OfferState
from yiwang.facilities.dispatch.events import OfferAccepted, OfferDeclined, OfferExpired
from yiwang.facilities.dispatch.faults import NotYours, Refused, TooLate
from yiwang.facilities.dispatch.models import Job, Offer
from yiwang.facilities.dispatch.policies import may_answer
from yiwang.facilities.dispatch.rules import terms
from yiwang.facilities.dispatch.telling import tell_of
from yiwang.facilities.dispatch.words import SENTENCES
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.base.events import publish


def accept(offer_id: int, *, by: Standing, at: datetime) -> Offer:
    """A team takes the work on. Accepting again changes nothing.

    Raises `NotYours`, and `TooLate` when the offer ran out, was declined or withdrawn. Publishes
    `OfferAccepted`.
    """
    with transaction.atomic():
        job, offer = _locked(offer_id, by=by)
        if offer.state == OfferState.ACCEPTED:
            return offer
        if offer.state != OfferState.OFFERED or at > offer.answer_by_at:
            raise TooLate(str(SENTENCES["too_late"]))
        close(offer, OfferState.ACCEPTED, at=at, by_id=by.account_id)
        move(job, JobState.ACCEPTED, at=at, team_id=offer.team_id)
        publish(OfferAccepted(*_told(job, offer, at=at), by.account_id))
        tell_of(job)
    return offer


def decline(offer_id: int, *, reason: str, by: Standing, at: datetime) -> Offer:
    """A team refuses the work, with its reason; the next team is offered it. Declining again changes nothing.

    Raises `NotYours`, `TooLate`, and `Refused` without a reason. Publishes `OfferDeclined`.
    """
    if not reason.strip():
        raise Refused(str(SENTENCES["reason_needed"]))
    with transaction.atomic():
        job, offer = _locked(offer_id, by=by)
        if offer.state == OfferState.DECLINED:
            return offer
        if offer.state != OfferState.OFFERED:
            raise TooLate(str(SENTENCES["too_late"]))
        close(offer, OfferState.DECLINED, at=at, by_id=by.account_id, reason=reason.strip()[:200])
        told = _told(job, offer, at=at)
        _wait_again(job, offer, at=at)
        publish(OfferDeclined(*told, offer.reason, by.account_id))
    _ask_next(job.pk, at=at)
    return offer


def expire(*, at: datetime) -> int:
    """End every offer whose time has run out and ask the next teams; returns how many ran out."""
    due = Offer.objects.filter(state=OfferState.OFFERED, answer_by_at__lt=at).order_by("answer_by_at")
    ended = 0
    for offer_id in list(due.values_list("pk", flat=True)):
        with suppress(Refused):  # whoever asked for the team needs none any more; the others wait for theirs
            ended += expire_one(offer_id, at=at)
    return ended


def expire_one(offer_id: int, *, at: datetime) -> bool:
    """End one offer if its time has run out and nobody is just answering it; returns whether it did."""
    with transaction.atomic():
        job_id = Offer.objects.values_list("job_id", flat=True).get(pk=offer_id)
        job = Job.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=job_id).first()
        due = Offer.objects.filter(pk=offer_id, state=OfferState.OFFERED, answer_by_at__lt=at)
        offer = due.select_related("team").first() if job else None
        if job is None or offer is None:
            return False
        close(offer, OfferState.EXPIRED, at=at, by_id=None)
        told = _told(job, offer, at=at)
        _wait_again(job, offer, at=at)
        publish(OfferExpired(*told))
    _ask_next(job.pk, at=at)
    return True


def _told(job: Job, offer: Offer, *, at: datetime) -> tuple[int, str, int, datetime, int, int, int, str]:
    """What every event of an offer begins with."""
    team = offer.team
    return job.pk, job.subject_kind, job.subject_id, at, offer.pk, team.pk, team.unit_id, team.name


def _wait_again(job: Job, offer: Offer, *, at: datetime) -> None:
    """The team has its place back, and the job waits."""
    lighten(job, offer.team_id)
    job.planned_at = None
    move(job, JobState.WAITING, at=at)
    tell_of(job, team_ids=[offer.team_id])


def _ask_next(job_id: int, *, at: datetime) -> None:
    """Ask the next best team, or call a dispatcher after too many refusals.

    In a transaction of its own, so that no team is held while another one is sought; should the machine
    fail in between, the job waits and the sweep of the next minute finds it.
    """
    with transaction.atomic():
        job = locked_job(job_id)
        if job.state != JobState.WAITING:
            return
        if terms.is_stuck(refusals_of(job)):
            call_dispatcher(job, decision_id=None, at=at)
        else:
            decide_locked(job, by=SYSTEM, at=at)


def _locked(offer_id: int, *, by: Standing) -> tuple[Job, Offer]:
    """The offer's job, locked, and the offer as it is now; refuses whoever doesn't act for its team."""
    job = locked_job(Offer.objects.values_list("job_id", flat=True).get(pk=offer_id))
    offer = Offer.objects.select_related("team").get(pk=offer_id)
    if not may_answer(by, offer):
        raise NotYours(str(SENTENCES["not_your_team"]))
    return job, offer
