"""What dispatch does by itself: attends to new work, ends offers in time, looks again for stuck jobs."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from yiwang.facilities.dispatch.actions import (
    decide,
    decide_batch,
    expire,
    plan_day,
    retry_stuck,
    withdraw_ended,
)
from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.faults import Refused
from yiwang.facilities.dispatch.models import Job
from yiwang.facilities.dispatch.rules import terms
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.jobs import periodic, task


@task
def attend(job_id: int) -> None:
    """Find a team for new work that begins soon; what is for later waits for the plan of its day."""
    at = timezone.now()
    with acting_as_system():
        job = Job.objects.get(pk=job_id)
        if not terms.is_for_now(job.window_from_at, at=at):
            return
        # Work that waits for the plan of its day doesn't make this minute crowded.
        waiting = Job.objects.filter(state=JobState.WAITING, window_from_at__lte=at + terms.AHEAD)
        if terms.is_crowded(waiting.count()):
            together = decide_together.configure(schedule_at=at + timedelta(seconds=terms.BATCH_SECONDS))
            with suppress(AlreadyEnqueued):
                together.defer()
            return
        with suppress(Refused):  # somebody was quicker, or whoever asked needs nobody any more
            decide(job_id, at=at)


@task(queueing_lock="dispatch_together")
def decide_together() -> None:
    """Decide everything that waits at once; put in while it is crowded, at most once at a time."""
    with acting_as_system():
        decide_batch(at=timezone.now())


@task
def plan(unit_id: int, on: str) -> None:
    """Plan a day of a unit; may take a minute, so it is never done while a page waits."""
    with acting_as_system():
        plan_day(unit_id=unit_id, on=date.fromisoformat(on), at=timezone.now())


@periodic(cron="* * * * * */3")
@task(queueing_lock="dispatch_clock")
def clock(timestamp: int) -> None:
    """Every three seconds: offers whose time has run out; the next teams are asked."""
    with acting_as_system():
        expire(at=timezone.now())


@periodic(cron="* * * * *")
@task(queueing_lock="dispatch_sweep")
def sweep(timestamp: int) -> None:
    """Every minute: matters that ended, work that was passed over, stuck work for which somebody is free now."""
    at = timezone.now()
    with acting_as_system():
        withdraw_ended(at=at)
        attend_to_late_ones(at=at)
        retry_stuck(at=at)


def attend_to_late_ones(*, at: datetime) -> None:
    """Work that waited for the plan of its day and begins soon, and what was passed over, is decided now."""
    waiting = Job.objects.filter(
        state=JobState.WAITING, is_automatic=True, window_from_at__lte=at + terms.AHEAD
    )
    late = waiting.filter(asked_at__lte=at - timedelta(seconds=2 * terms.BATCH_SECONDS))
    if late.exists():
        decide_batch(at=at)
