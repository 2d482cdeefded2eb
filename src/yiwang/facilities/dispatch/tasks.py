"""What dispatch does by itself: attends to new work, ends offers on the second, looks again for stuck jobs."""

from django.utils import timezone

from yiwang.facilities.dispatch.actions import decide, expire, expire_one, retry_stuck
from yiwang.facilities.dispatch.faults import NotNow
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
        try:
            decide(job_id, at=at)
        except NotNow:
            return  # somebody was quicker


@task
def expire_offer(offer_id: int) -> None:
    """End one offer whose time has run out; put in for the second at which it does."""
    with acting_as_system():
        expire_one(offer_id, at=timezone.now())


@periodic(cron="* * * * *")
@task(queueing_lock="dispatch_sweep")
def sweep(timestamp: int) -> None:
    """Every minute: offers whose own job was lost, stuck work for which somebody has become free."""
    at = timezone.now()
    with acting_as_system():
        expire(at=at)
        retry_stuck(at=at)
