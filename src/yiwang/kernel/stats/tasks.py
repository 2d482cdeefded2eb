"""Background work of the statistics."""

from datetime import timedelta

from django.utils import timezone

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.jobs import periodic, task
from yiwang.kernel.stats import upkeep

AHEAD = 800
"""Days back that are counted ahead: this month, the month before and the same month a year earlier, and more."""


@periodic(cron="20 4 * * *")
@task(queueing_lock="stats_refresh")
def refresh_tonight(timestamp: int) -> None:
    """Every night: throw away what is out of date and count the last two years anew, for the new day."""
    today = timezone.localdate()
    with acting_as_system():
        upkeep.tidy_up()
        upkeep.refresh(days=[today - timedelta(days=n) for n in range(AHEAD)], as_of=today)
