"""A company sends its own people: work that one of its teams has goes to another of its teams."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.models import Job, Team
from yiwang.institutions.community.company_actions import Refused
from yiwang.institutions.community.company_models import Company
from yiwang.kernel.access.rules import SYSTEM, Standing


def jobs_of_company(company: Company) -> list[Job]:
    """What a company's teams have taken on or have begun, the first to begin first; one query."""
    found = Job.objects.filter(
        team__unit_id=company.pk, state__in=(JobState.ACCEPTED, JobState.UNDER_WAY)
    ).select_related("team", "area_unit")
    return list(found.order_by("window_from_at", "pk")[:200])


@transaction.atomic
def hand_over(job_id: int, *, to_team_id: int, company: Company, by: Standing, at: datetime) -> Job:
    """Give work that hasn't begun from one team of a company to another; it was the company's and stays so.

    Dispatch takes it back and offers it by hand, so that skill, licence, suspension and load are asked as
    always and stand in the decision; the company accepts at once. Raises `Refused` and dispatch's own.
    """
    job = Job.objects.select_for_update(no_key=True, of=("self",)).select_related("team").get(pk=job_id)
    to = Team.objects.filter(pk=to_team_id, unit_id=company.pk).first()
    if job.team is None or job.team.unit_id != company.pk or to is None or to.pk == job.team_id:
        raise Refused(_("Choose another team of your own company."))
    if job.state != JobState.ACCEPTED:
        raise Refused(_("Only work that hasn't begun can go to another team."))
    # Both teams in the order of their numbers, before anything waits for one while it holds the other.
    list(Team.objects.select_for_update(no_key=True).filter(pk__in=(job.team.pk, to.pk)).order_by("pk"))
    reason = _("%(company)s sends %(team)s instead.") % {"company": company.unit.short_name, "team": to.name}
    dispatch.take_back(job.pk, reason=reason, by=SYSTEM, at=at)
    offer = dispatch.offer(job.pk, team_id=to.pk, reason=reason, by=SYSTEM, at=at)
    dispatch.accept(offer.pk, by=by, at=at)
    return Job.objects.get(pk=job.pk)
