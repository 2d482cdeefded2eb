"""Forgetting wrong passwords that no longer count."""

from datetime import datetime

from django.utils import timezone

from yiwang.kernel.base.jobs import periodic, task
from yiwang.kernel.people.models import SignInThrottle
from yiwang.kernel.people.rules import FORGOTTEN_AFTER


@periodic(cron="17 * * * *")
@task(queueing_lock="forget_wrong_passwords")
def forget_wrong_passwords(timestamp: int) -> None:
    """Once an hour, so that guessing at names doesn't fill the table."""
    forget(at=timezone.now())


def forget(*, at: datetime) -> int:
    """Remove what neither counts nor blocks any more, and say how many rows that were."""
    old = SignInThrottle.objects.filter(last_at__lt=at - FORGOTTEN_AFTER).exclude(blocked_until_at__gt=at)
    return old.delete()[0]
