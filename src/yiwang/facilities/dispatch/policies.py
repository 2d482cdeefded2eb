"""Who may see and move work: the unit that dispatches it, the company of its team, the team itself."""

from django.db.models import Q

from yiwang.facilities.dispatch.models import Job, Offer, Team, TeamMember
from yiwang.kernel.access.rules import Standing

BOARD_ROLES = frozenset({"dispatcher", "head"})
COMPANY_ROLES = frozenset({"clerk", "head"})


def units_dispatched_by(standing: Standing) -> frozenset[int]:
    """The units whose work somebody dispatches."""
    return frozenset(post.unit_id for post in standing.posts if post.role in BOARD_ROLES)


def companies_of(standing: Standing) -> frozenset[int]:
    """The units for whose teams somebody answers."""
    return frozenset(post.unit_id for post in standing.posts if post.role in COMPANY_ROLES)


def visible_jobs(standing: Standing) -> Q:
    """The work somebody may see: of the unit they dispatch for, of their company's teams, of their own team."""
    if standing.is_system:
        return Q()
    if not standing.is_signed_in:
        return Q(pk__in=[])
    mine = TeamMember.objects.filter(account_id__in=standing.account_ids).values("team_id")
    rule = Q(team_id__in=mine) | Q(offers__team_id__in=mine, offers__state="offered")
    if units := units_dispatched_by(standing):
        rule |= Q(unit_id__in=units)
    if companies := companies_of(standing):
        rule |= Q(team__unit_id__in=companies)
    return rule


def may_dispatch(standing: Standing, job: Job) -> bool:
    """Whether somebody may offer, withdraw and choose by hand."""
    return standing.is_system or job.unit_id in units_dispatched_by(standing)


def may_act_for(standing: Standing, team: Team) -> bool:
    """Whether somebody may answer an offer and work for a team: its members and its company's office."""
    if standing.is_system or team.unit_id in companies_of(standing):
        return True
    if not standing.is_signed_in:
        return False
    return TeamMember.objects.filter(team_id=team.pk, account_id__in=standing.account_ids).exists()


def may_answer(standing: Standing, offer: Offer) -> bool:
    """Whether somebody may accept or decline an offer."""
    return may_act_for(standing, offer.team)
