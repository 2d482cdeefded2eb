"""What the centre does by itself about companies: every morning what runs out and ends, every month the marks."""

from django.utils import timezone

from yiwang.institutions.community import company_handlers, company_letters, company_places, company_policies
from yiwang.institutions.community.company_acts import end_memberships, seek_again
from yiwang.institutions.community.company_alarms import stop_without_contract, tell_of_ends
from yiwang.institutions.community.company_marks import count_month
from yiwang.institutions.community.company_rules import months_before
from yiwang.institutions.community.company_terms import apply_due
from yiwang.institutions.community.policies import NoCentre
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.jobs import periodic, task

DECLARED = (company_handlers, company_letters, company_places, company_policies)
"""What registers itself when the site starts; it is found by way of this module."""


@periodic(cron="40 16 * * *")
@task(queueing_lock="companies_by_day")
def look_after_companies(timestamp: int) -> None:
    """At twenty to one at night in China: what runs out, contracts and memberships that ended."""
    now = timezone.now()
    today = timezone.localdate(now)
    with acting_as_system():
        try:
            apply_due(at=now)
            stop_without_contract(today, at=now)
            end_memberships(today, at=now)
            tell_of_ends(today, at=now)
        except NoCentre:
            return


@periodic(cron="* * * * *")
@task(queueing_lock="companies_stopped")
def seek_for_stopped(timestamp: int) -> None:
    """Every minute: nobody waits for a company that is being removed."""
    seek_again(at=timezone.now())


@periodic(cron="0 17 * * *")
@task(queueing_lock="companies_marks")
def count_marks(timestamp: int) -> None:
    """At one at night in China: this month so far, and last month, which call-backs may still change."""
    now = timezone.now()
    today = timezone.localdate(now)
    for month_on in (months_before(today, number=1)[0], today.replace(day=1)):
        count_month(month_on, at=now)
