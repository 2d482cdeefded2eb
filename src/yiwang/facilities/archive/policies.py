"""Who keeps the archive of a unit: its clerks and heads; nobody who is kept away from the matter itself."""

from django.db.models import Q

from yiwang.facilities.archive.models import FileUnit, Fonds
from yiwang.kernel.access.rules import Standing

KEEPERS = frozenset({"clerk", "head"})


def kept_units(standing: Standing) -> frozenset[int]:
    """The units whose archives somebody keeps."""
    return frozenset(post.unit_id for post in standing.posts if post.role in KEEPERS)


def keeps(standing: Standing, fonds: Fonds) -> bool:
    """Whether somebody keeps a fonds."""
    return standing.is_system or fonds.unit_id in kept_units(standing)


def visible(standing: Standing) -> Q:
    """The file units that somebody may see."""
    if standing.is_system:
        return Q()
    if not standing.is_signed_in:
        return Q(pk__in=[])
    rule = Q(unit_id__in=sorted(kept_units(standing)))
    rule &= ~Q(excluded_accounts__overlap=sorted(standing.account_ids))
    if standing.member_unit_ids:
        rule &= ~Q(excluded_units__overlap=sorted(standing.member_unit_ids))
    return rule


def may_see(standing: Standing, found: FileUnit) -> bool:
    """The same rule for one file unit."""
    if standing.is_system:
        return True
    if found.unit_id not in kept_units(standing):
        return False
    if standing.member_unit_ids & frozenset(found.excluded_units):
        return False
    return not standing.account_ids & frozenset(found.excluded_accounts)
