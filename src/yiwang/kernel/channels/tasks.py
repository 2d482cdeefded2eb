"""What channels do by the clock."""

from django.utils import timezone

from yiwang.kernel.base.jobs import periodic, task
from yiwang.kernel.channels.actions import clear_expired


@periodic(cron="17 * * * *")
@task(queueing_lock="channels_clear_expired")
def clear_expired_drafts(timestamp: int) -> None:
    """Delete drafts that nobody came back for."""
    clear_expired(at=timezone.now())
