"""Who reads an announcement, who writes and who approves one: predicates, and the same as filters."""

from datetime import datetime

from django.db.models import Q

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.notices.models import Announcement, AnnouncementVersion
from yiwang.kernel.notices.rules import AudienceKind, audience_key
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.people.enums import Role
from yiwang.kernel.search.rules import Scope

WRITERS = frozenset({Role.CLERK, Role.HEAD, Role.LEADER})
"""Roles that write announcements for their unit."""
APPROVERS = frozenset({Role.HEAD, Role.LEADER})


def audience_keys(standing: Standing) -> list[str]:
    """The keys of the audiences somebody belongs to; the staff of a company isn't the house's own."""
    keys = {audience_key(AudienceKind.PUBLIC)}
    units = tree().units
    for post in standing.posts:
        unit = units.get(post.unit_id)
        if unit is None:
            continue
        if unit.kind != UnitKind.COMPANY:
            keys |= {audience_key(AudienceKind.EVERYBODY), audience_key(AudienceKind.ROLE, post.role)}
        keys.add(audience_key(AudienceKind.UNIT, unit.pk))
        keys |= {audience_key(AudienceKind.BELOW, above) for above in unit.path}
    return sorted(keys)


def topics(standing: Standing) -> frozenset[str]:
    """The topics under which an open page hears of announcements that are for whoever looks at it."""
    public = audience_key(AudienceKind.PUBLIC)
    return frozenset(topic(key) for key in audience_keys(standing) if key != public)


def topic(key: str) -> str:
    """The topic of one part of an audience."""
    return f"audience:{key}"


def writing_units(standing: Standing) -> frozenset[int]:
    """The units for which somebody writes announcements."""
    return frozenset(post.unit_id for post in standing.posts if post.role in WRITERS)


def readable(standing: Standing, *, at: datetime) -> Q:
    """What somebody may read: published, whether or not it still holds, and meant for them."""
    if standing.is_system:
        return Q()
    return Q(published_at__lte=at, audience__overlap=audience_keys(standing))


def worked_on_by(standing: Standing) -> Q:
    """What somebody works on: what their units write, and for a leader what the units below write."""
    units = set(writing_units(standing))
    for post in standing.posts:
        if post.role == Role.LEADER:
            units |= tree().subtree(post.unit_id)
    return Q(unit_id__in=sorted(units))


def may_work_on(standing: Standing, announcement: Announcement) -> bool:
    """Whether somebody works on an announcement."""
    if announcement.unit_id in writing_units(standing):
        return True
    return _leads(standing, announcement)


def _leads(standing: Standing, announcement: Announcement) -> bool:
    above = frozenset(tree().get(announcement.unit_id).path)
    return any(post.role == Role.LEADER and post.unit_id in above for post in standing.posts)


def may_read(standing: Standing, announcement: Announcement, *, at: datetime) -> bool:
    """Whether somebody may read an announcement as its audience does."""
    if announcement.published_at is None or announcement.published_at > at:
        return False
    return bool(set(announcement.audience) & set(audience_keys(standing)))


def may_approve(standing: Standing, announcement: Announcement, version: AnnouncementVersion) -> bool:
    """Whether somebody approves a version: the head of the unit or a leader above, never who wrote it.

    Whoever stands in for the author doesn't either.
    """
    if version.written_by is not None and version.written_by in standing.account_ids:
        return False
    return holds_approval(standing, announcement)


def holds_approval(standing: Standing, announcement: Announcement) -> bool:
    """Whether somebody's post is one that approves for the unit, whoever wrote."""
    return standing.has_role(Role.HEAD, at=(announcement.unit_id,)) or _leads(standing, announcement)


def findable(standing: Standing, *, at: datetime) -> Scope:
    """What somebody finds by search: the rule of `readable` and of `worked_on_by`, over the index."""
    keys = ",".join(f"'{key}'" for key in audience_keys(standing))
    own = ",".join(str(unit) for unit in sorted(writing_units(standing))) or "0"
    moment = at.isoformat()
    return Scope(
        "object_id IN (SELECT id FROM notices_announcement WHERE"  # noqa: S608 - keys, numbers and an instant
        f" (published_at <= '{moment}' AND audience && ARRAY[{keys}]::varchar[]) OR unit_id IN ({own}))"
    )
