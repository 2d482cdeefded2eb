"""Locks and counts that the other actions share: one job, then one team; a team's load goes up and down."""

from datetime import datetime

from django.db.models import F

from yiwang.facilities.dispatch.enums import JobState, OfferState
from yiwang.facilities.dispatch.models import Job, Offer, Team

OPEN = (OfferState.OFFERED, OfferState.ACCEPTED)


def locked_job(job_id: int) -> Job:
    """The job, locked until the end of the transaction; raises `Job.DoesNotExist`."""
    return Job.objects.select_for_update(no_key=True).get(pk=job_id)


def live_offer(job: Job) -> Offer | None:
    """The one offer of a locked job that waits for an answer or was accepted."""
    return Offer.objects.filter(job=job, state__in=OPEN).select_related("team").first()


def close(offer: Offer, state: OfferState, *, at: datetime, by_id: int | None, reason: str = "") -> None:
    """End an offer of a locked job and take its weight off the team."""
    offer.state, offer.answered_at, offer.answered_by_id, offer.reason = state, at, by_id, reason
    offer.save(update_fields=["state", "answered_at", "answered_by", "reason"])


def lighten(job: Job, team_id: int) -> None:
    """A team has one job fewer; work of a plan was never counted."""
    if job.planned_at is None:
        Team.objects.filter(pk=team_id, load__gt=0).update(load=F("load") - 1)


def move(job: Job, state: JobState, *, at: datetime, team_id: int | None = None) -> None:
    """Bring a locked job into a state, with the team it has from now on."""
    job.state, job.state_at, job.team_id = state, at, team_id
    if team_id is None:
        job.route_order = None
    job.save(
        update_fields=["state", "state_at", "team", "route_order", "planned_at", "started_at", "finished_at"]
    )


def refusals_of(job: Job) -> int:
    """How many offers of the job were refused or ran out."""
    return Offer.objects.filter(job=job, state__in=(OfferState.DECLINED, OfferState.EXPIRED)).count()
