"""Who may see a case and take a step: one rule, as a predicate for one case and as a filter for a list."""

from django.db.models import Q

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.casetype import Relation, StepDef
from yiwang.kernel.casework.rules.progress import Progress
from yiwang.kernel.orgs.queries import tree


def may_see(standing: Standing, case: Case) -> bool:
    """Whether a standing may see a case: its units are in the chain, and nobody keeps it away."""
    if standing.is_system or (standing.case_id is not None and standing.case_id == case.pk):
        return True
    if not standing.is_signed_in or not standing.unit_ids.intersection(case.unit_ids):
        return False
    if standing.member_unit_ids.intersection(case.excluded_units):
        return False
    return not standing.account_ids.intersection(case.excluded_accounts)


def visible(standing: Standing) -> Q:
    """The same rule as a filter on cases."""
    if standing.is_system:
        return Q()
    if standing.case_id is not None:
        return Q(pk=standing.case_id)
    if not standing.is_signed_in or not standing.unit_ids:
        return Q(pk__in=[])
    rule = Q(unit_ids__overlap=sorted(standing.unit_ids)) & ~Q(
        excluded_accounts__overlap=sorted(standing.account_ids)
    )
    if standing.member_unit_ids:
        rule &= ~Q(excluded_units__overlap=sorted(standing.member_unit_ids))
    return rule


def may_take(standing: Standing, step: StepDef, progress: Progress, case: Case) -> bool:
    """Whether a standing may take a step that is open now; seeing the case is asked separately."""
    if standing.is_system:
        return True
    return any(_stands(standing, who.relation, who.roles, progress, case) for who in step.who)


def _stands(
    standing: Standing, relation: Relation, roles: frozenset[str], progress: Progress, case: Case
) -> bool:
    if relation is Relation.PETITIONER:
        return standing.case_id == case.pk
    if relation is Relation.SYSTEM or not progress.nodes:
        return False
    if relation is Relation.INVOLVED:
        return any(roles & roles_for(standing, unit_id) for unit_id in progress.unit_ids)
    unit_id = {
        Relation.HOLDER: progress.holding.unit_id,
        Relation.ROOT: progress.root.unit_id,
        Relation.GIVER: progress.giver.unit_id if progress.giver else None,
    }[relation]
    return bool(roles & roles_for(standing, unit_id))


def roles_for(standing: Standing, unit_id: int | None) -> frozenset[str]:
    """The roles somebody has at a unit or, after a merger, at its successor."""
    if unit_id is None:
        return frozenset()
    own = standing.roles_at(unit_id)
    if own or unit_id not in standing.unit_ids:
        return own
    # Posts stand at the end of the chain of successors, which may be several mergers away.
    return next((roles for later in tree().line(unit_id) if (roles := standing.roles_at(later))), frozenset())
