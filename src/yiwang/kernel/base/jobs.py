"""Background jobs: put in by the same transaction as the change they belong to, done by the worker.

A module writes its jobs in `tasks.py` with `@task`; put one in with `my_task.defer(...)`.
"""

from typing import Any

import structlog
from procrastinate.contrib.django import app as _app

log = structlog.get_logger(__name__)

task = _app.task
"""Decorator that makes a function a background job; takes `queue`, `retry`, `queueing_lock`, …"""

periodic = _app.periodic
"""Decorator for a job that comes back by the clock: `@periodic(cron="*/5 * * * *")` above `@task`."""

SILENT_FOR = 60
"""Seconds without a heartbeat after which a worker counts as dead."""


@periodic(cron="* * * * *")
@task(queueing_lock="rescue_stalled", pass_context=True)
async def rescue_stalled(context: Any, timestamp: int) -> None:
    """Give jobs back whose worker was killed in the middle, so that they are done after all."""
    await put_back_stalled(context.app, silent_for=SILENT_FOR)


async def put_back_stalled(app: Any, *, silent_for: float) -> int:
    """Put every job of a dead worker back in the queue and return how many they were."""
    manager = app.job_manager
    stalled = list(await manager.get_stalled_jobs(seconds_since_heartbeat=silent_for))
    for job in stalled:
        await manager.retry_job(job)
        log.warning("job of a dead worker put back", job=job.id, task=job.task_name)
    await manager.prune_stalled_workers(silent_for)
    return len(stalled)
