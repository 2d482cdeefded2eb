"""Locks and counts that the other actions share: one job, then one team; a team's load goes up and down."""

from datetime import datetime

from django.db import connection
from django.db.models import F

from yiwang.facilities.dispatch.enums import JobState, OfferState
from yiwang.facilities.dispatch.models import Job, Offer, Team

OPEN = (OfferState.OFFERED, OfferState.ACCEPTED)


def locked_job(job_id: int) -> Job:
    """The job, locked until the end of the transaction; raises `Job.DoesNotExist`."""
    return Job.objects.select_for_update(no_key=True).get(pk=job_id)


def locked_with_refusals(job_id: int) -> tuple[Job, frozenset[int]]:
    """The job, locked, and the teams that refused it or didn't answer; raises `Job.DoesNotExist`. One message."""
    fields = Job._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns} FROM dispatch_job WHERE id = %s FOR NO KEY UPDATE; "  # noqa: S608 - the model's own names
            "SELECT team_id FROM dispatch_offer WHERE job_id = %s AND state IN ('declined', 'expired')",
            [job_id, job_id],
        )
        row = cursor.fetchone()
        cursor.nextset()
        refused_by = frozenset(team_id for (team_id,) in cursor.fetchall())
    if row is None:
        raise Job.DoesNotExist
    return Job.from_db(connection.alias, [field.attname for field in fields], row), refused_by


def locked_with_team(job_id: int) -> Job:
    """The job, locked as by `locked_job`, and the team that has it, which isn't; one message."""
    rows = Job.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("team").get(pk=job_id)


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
        job.route_order = job.departed_at = None
    job.save(
        update_fields=[
            "state", "state_at", "team", "route_order", "planned_at", "departed_at", "started_at", "finished_at",
        ]
    )  # fmt: skip


def refusals_of(job: Job) -> int:
    """How many offers of the job were refused or ran out."""
    return Offer.objects.filter(job=job, state__in=(OfferState.DECLINED, OfferState.EXPIRED)).count()
