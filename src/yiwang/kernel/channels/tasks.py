"""What channels do by the clock."""

from django.utils import timezone

from yiwang.kernel.base.jobs import periodic, task
from yiwang.kernel.base.problems import Problem
from yiwang.kernel.channels.actions import clear_expired, hand_over
from yiwang.kernel.channels.gateway import gateway

AGAIN_AFTER = (5, 20, 60, 120, 300, 900, 3600)
"""Seconds until a message is tried again, by how often it was tried; the last holds on until its time is over."""


@periodic(cron="17 * * * *")
@task(queueing_lock="channels_clear_expired")
def clear_expired_drafts(timestamp: int) -> None:
    """Delete drafts that nobody came back for."""
    clear_expired(at=timezone.now())


@task
def deliver(message_id: int, tried: int = 0) -> None:
    """Hand a message to the gateway, or put it in again for a little later."""
    try:
        to = gateway()
    except Problem:
        to = None
    if not hand_over(message_id, to=to, at=timezone.now()):
        later = AGAIN_AFTER[min(tried, len(AGAIN_AFTER) - 1)]
        deliver.configure(schedule_in={"seconds": later}).defer(message_id=message_id, tried=tried + 1)
