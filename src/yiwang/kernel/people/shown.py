"""How posts and people are shown: in words, with a state beside them."""

from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.kernel.orgs.models import Unit
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
    return "done", _("in force")


def delegation_status(delegation: Delegation, *, today: date) -> tuple[str, str]:
    """The kind of state a delegation is in on a day, and its word."""
    if delegation.ended_at is not None or delegation.until_on <= today:
        return "none", _("ended")
    if delegation.granted_at is None:
        return "waiting", _("waits for the security officer")
    if delegation.from_on > today:
        return "info", _("begins later")
    return "done", _("in force")


def unit_name(unit: Unit) -> str:
    """A unit's name in the reader's language."""
    return unit.name_en if (get_language() or "").startswith("en") and unit.name_en else unit.short_name
