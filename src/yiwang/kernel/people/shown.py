"""How posts and people are shown: in words, with a state beside them."""

from datetime import date

from django.utils.translation import gettext as _

from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import UnitTree, tree, unit_name
from yiwang.kernel.people.enums import Role
from yiwang.kernel.people.models import Delegation, Post


def post_status(post: Post, *, today: date) -> tuple[str, str]:
    """The kind of state a post is in on a day, and its word."""
    if post.refused_at is not None and post.granted_at is None:
        return "none", _("not granted")
    if post.refused_at is not None or (post.until_on is not None and post.until_on <= today):
        return "none", _("ended")
    if post.granted_at is None:
        return "waiting", _("waits for the security officer")
    if post.from_on > today:
        return "info", _("begins later")
    return "done", _("counts now")


def delegation_status(delegation: Delegation, *, today: date) -> tuple[str, str]:
    """The kind of state a delegation is in on a day, and its word."""
    if delegation.ended_at is not None or delegation.until_on <= today:
        return "none", _("ended")
    if delegation.granted_at is None:
        return "waiting", _("waits for the security officer")
    if delegation.from_on > today:
        return "info", _("begins later")
    return "done", _("counts now")


def sight(role: str, unit: Unit) -> str:
    """What a post would let somebody see and do, in words for whoever grants it."""
    name = unit_name(unit)
    if role == Role.CLERK:
        return _(
            "Sees every matter that %(unit)s holds or held, with names and addresses, and handles it."
        ) % {"unit": name}
    if role == Role.HEAD:
        return _(
            "Sees every matter that %(unit)s holds or held, with names and addresses, and decides on it: "
            "answers, extensions, hand-overs."
        ) % {"unit": name}
    if role == Role.LEADER:
        return _("Sees every matter of %(unit)s and of everything below it (%(below)s), and its figures.") % {
            "unit": name,
            "below": _below(unit, tree()),
        }
    if role == Role.ADMINISTRATOR:
        return _("Keeps units, people and posts. Sees no matter, and can grant nothing.")
    if role == Role.SECURITY_OFFICER:
        return _("Grants and refuses posts and delegations. Sees no matter.")
    return _("Reads the whole log of who did what. Sees no matter.")


def _below(unit: Unit, units: UnitTree) -> str:
    """The first few units below, and how many there are."""
    below = sorted(units.subtree(unit.pk) - {unit.pk})
    if not below:
        return _("nothing")
    named = "、".join(unit_name(units.get(pk)) for pk in below[:3])
    return (
        named if len(below) <= 3 else _("%(named)s … %(count)s units") % {"named": named, "count": len(below)}
    )
