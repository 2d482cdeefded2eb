"""What the worker does for the hotline: looks after the queue when no voice process does."""

from django.utils import timezone

from yiwang.facilities.hotline.actions import look_after_queue
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.jobs import periodic, task


@periodic(cron="* * * * *")
@task(queueing_lock="hotline_look_after_queue")
def look_after(timestamp: int) -> None:
    """Take calls back that ring too long, and ring whoever is free."""
    with acting_as_system():
        look_after_queue(at=timezone.now())
