"""Who may hear that a case changed."""

from collections.abc import Iterable

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import may_see
from yiwang.kernel.people.models import Post


def topics_of(case_id: int, unit_ids: Iterable[int | None]) -> list[str]:
    """The topics under which a case's news is told: its units, or where somebody is kept away, people.

    A unit's topic reaches everybody who sees its matters, so it is used only for a case that is kept from
    nobody. Otherwise each member of the units who may see the case is told by their own topic.
    """
    units = sorted(unit_id for unit_id in unit_ids if unit_id is not None)
    with acting_as_system():
        case = Case.objects.filter(pk=case_id).only("unit_ids", "excluded_units", "excluded_accounts").first()
        if case is None:
            return []
        if not case.excluded_units and not case.excluded_accounts:
            return topics_of_units(units)
        members = Post.objects.filter(unit_id__in=units).values_list("account_id", flat=True).distinct()
        return [
            f"account:{account_id}"
            for account_id in sorted(members)
            if may_see(standing_of(account_id), case)
        ]


def topics_of_units(unit_ids: Iterable[int | None]) -> list[str]:
    """The topics under which everybody who sees the units' matters hears of them."""
    return [f"unit:{unit_id}" for unit_id in sorted(unit_id for unit_id in unit_ids if unit_id is not None)]
