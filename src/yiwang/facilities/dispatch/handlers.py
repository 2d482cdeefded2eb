"""The worker is told in the same transaction: new work wants a team."""

from yiwang.facilities.dispatch.events import JobAsked
from yiwang.facilities.dispatch.tasks import attend
from yiwang.kernel.base.events import handles_within


@handles_within(JobAsked)
def on_job_asked(event: JobAsked) -> None:
    """Have the worker find a team."""
    if event.is_automatic:
        attend.defer(job_id=event.job_id)
