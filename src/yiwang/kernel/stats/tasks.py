"""Background work of the statistics."""

from django.utils import timezone

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.jobs import periodic, task
from yiwang.kernel.stats import upkeep
from yiwang.kernel.stats.rules import Period

AHEAD = 26
"""Months that are counted ahead: two years and those before and after that a page compares with."""


@periodic(cron="*/5 * * * *")
@task(queueing_lock="stats_tidy_up")
def tidy_up_a_busy_day(timestamp: int) -> None:
    """Every few minutes, where much has changed: what a page looks through must not grow with the day's work."""
    if upkeep.has_many_notes():
        with acting_as_system():
            upkeep.tidy_up()


@periodic(cron="20 4 * * *")
@task(queueing_lock="stats_refresh")
def refresh_tonight(timestamp: int) -> None:
    """Every night: throw away what is out of date and count the last two years anew, for the new day."""
    today = timezone.localdate()
    with acting_as_system():
        upkeep.tidy_up()
        month = Period(today.year, today.month)
        months = [month]
        for _ in range(AHEAD):
            month = month.before()
            months.append(month)
        upkeep.refresh(months=months, as_of=today)
