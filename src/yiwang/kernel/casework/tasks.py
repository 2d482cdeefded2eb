"""Background work of casework."""

from datetime import datetime

from django.utils import timezone

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.jobs import periodic, task
from yiwang.kernel.casework import recount, terms


@task
def recount_year(year: int, at: str) -> None:
    """Count the running clocks that touch a published year anew."""
    with acting_as_system():
        recount.recount_year(year, at=datetime.fromisoformat(at))


@task
def recount_type(type_key: str, at: str) -> None:
    """Count the running clocks of a case type anew, because the office chose a term."""
    terms.forget_terms()
    with acting_as_system():
        recount.recount_type(type_key, at=datetime.fromisoformat(at))


@periodic(cron="40 3 * * *")
@task(queueing_lock="casework_recount_nightly")
def recount_tonight(timestamp: int) -> None:
    """Every night, in case a server died between a publication and its recount: this year and the next."""
    now = timezone.now()
    with acting_as_system():
        for year in (now.year, now.year + 1):
            recount.recount_year(year, at=now)
