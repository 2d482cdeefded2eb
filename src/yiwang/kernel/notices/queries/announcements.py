"""Reading announcements: the board, what waits to be noted, who has read, the public, the lobby's screen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.files.models import Blob
from yiwang.kernel.notices.models import Announcement, AnnouncementFile, AnnouncementVersion, Reading
from yiwang.kernel.notices.policies import APPROVERS, readable, worked_on_by
from yiwang.kernel.notices.rules import AudienceKind, Life, Status, parts_of, status_of
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.people.enums import Role
from yiwang.kernel.people.models import Post
from yiwang.kernel.people.queries import posts_that_count

PAGE = 50
LINE_DAYS = 3
"""So long an announcement that nobody has to read stands in the line at the top of one's pages."""
ON_SCREEN = 30


def life_of(version: AnnouncementVersion, announcement: Announcement | None = None) -> Life:
    """The facts on which a status depends; without the announcement only those of the writing."""
    return Life(
        submitted_at=version.submitted_at,
        returned_at=version.returned_at,
        published_at=announcement.published_at if announcement else None,
        until_on=announcement.until_on if announcement else None,
        withdrawn_at=announcement.withdrawn_at if announcement else None,
        archived_at=announcement.archived_at if announcement else None,
    )


def status_now(announcement: Announcement, version: AnnouncementVersion, *, at: datetime) -> Status:
    """Where an announcement stands at a moment."""
    return status_of(life_of(version, announcement), at=at, today=timezone.localdate(at))


def holding(*, at: datetime) -> Q:
    """What holds at a moment: published, not run out, not withdrawn."""
    today = timezone.localdate(at)
    return Q(published_at__lte=at, withdrawn_at=None, archived_at=None) & (
        Q(until_on=None) | Q(until_on__gte=today)
    )


def _noted_by(account_id: int | None) -> Exists:
    return Exists(
        Reading.objects.filter(
            announcement=OuterRef("pk"), account_id=account_id or 0, version__gte=OuterRef("read_from")
        )
    )


def board(
    standing: Standing,
    *,
    at: datetime,
    is_over: bool = False,
    before: tuple[datetime, int] | None = None,
    ids: Sequence[int] | None = None,
) -> tuple[list[Announcement], bool]:
    """One page of what somebody may read, newest first, each with `is_noted`; and whether there are more."""
    found = Announcement.objects.filter(readable(standing, at=at)).select_related("current", "unit")
    found = found.annotate(is_noted=_noted_by(standing.account_id))
    if ids is not None:
        found = found.filter(pk__in=ids)
    else:
        found = found.exclude(holding(at=at)) if is_over else found.filter(holding(at=at))
    if before is not None:
        moment, pk = before
        found = found.filter(published_at__lte=moment).exclude(published_at=moment, pk__gte=pk)
    rows: list[Announcement] = list(found.order_by("-published_at", "-pk")[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def unnoted(standing: Standing, *, at: datetime) -> tuple[list[Announcement], int]:
    """What stands in the line at the top: what must be read first, then what is new; and how many there are."""
    if standing.account_id is None or not standing.posts:
        return [], 0
    since = at - timedelta(days=LINE_DAYS)
    asked = Q(must_read_within__isnull=False) | Q(published_at__gte=since)
    found = Announcement.objects.filter(readable(standing, at=at) & holding(at=at) & asked)
    rows = list(found.filter(~_noted_by(standing.account_id)).select_related("current")[: PAGE + 1])
    rows.sort(key=lambda row: row.must_read_within is None)
    return rows, len(rows)


def worked_on(
    standing: Standing, *, before: int | None = None
) -> tuple[list[tuple[Announcement, AnnouncementVersion]], bool]:
    """One page of what somebody's units write, newest first, each with its newest version."""
    found = Announcement.objects.filter(worked_on_by(standing)).select_related("unit")
    if before is not None:
        found = found.filter(pk__lt=before)
    newest = Prefetch("versions", AnnouncementVersion.objects.order_by("-number"), to_attr="newest_first")
    rows = list(found.order_by("-pk").prefetch_related(newest)[: PAGE + 1])
    return [(row, row.newest_first[0]) for row in rows[:PAGE]], len(rows) > PAGE


def public_now(
    *, at: datetime, before: tuple[datetime, int] | None = None
) -> tuple[list[Announcement], bool]:
    """One page of the public announcements that hold, newest first."""
    found = Announcement.objects.filter(holding(at=at), audience__contains=[AudienceKind.PUBLIC.value])
    if before is not None:
        moment, pk = before
        found = found.filter(published_at__lte=moment).exclude(published_at=moment, pk__gte=pk)
    rows = list(found.select_related("current", "unit").order_by("-published_at", "-pk")[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def on_screen(*, at: datetime) -> list[Announcement]:
    """What the lobby's screen shows: public, chosen for it and in force; the newest thirty."""
    found = Announcement.objects.filter(
        holding(at=at), is_on_screen=True, audience__contains=[AudienceKind.PUBLIC.value]
    )
    return list(found.select_related("current", "unit").order_by("-published_at", "-pk")[:ON_SCREEN])


def approvers_of(announcement: Announcement, *, on: datetime) -> list[int]:
    """The accounts whose posts approve for the unit: its heads, else the leaders above."""
    posts = posts_that_count(on=timezone.localdate(on)).filter(role__in=APPROVERS, account__is_active=True)
    heads = posts.filter(role=Role.HEAD, unit_id=announcement.unit_id)
    found = list(heads.values_list("account_id", flat=True).distinct())
    if found:
        return found
    above = tree().get(announcement.unit_id).path
    leaders = posts.filter(role=Role.LEADER, unit_id__in=above)
    return list(leaders.values_list("account_id", flat=True).distinct())


def who_must_read(announcement: Announcement, *, on: datetime) -> list[int]:
    """The accounts that belong to the audience on a day; who joins later belongs to it then."""
    return sorted({post.account_id for post in _posts_of(announcement, on=on)})


def _posts_of(announcement: Announcement, *, on: datetime) -> QuerySet[Post]:
    posts = posts_that_count(on=timezone.localdate(on)).filter(account__is_active=True)
    companies = [unit.pk for unit in tree().units.values() if unit.kind == UnitKind.COMPANY]
    rule = Q(pk__in=[])
    for kind, which in parts_of(announcement.audience):
        if kind is AudienceKind.EVERYBODY:
            rule |= ~Q(unit_id__in=companies)
        elif kind is AudienceKind.ROLE:
            rule |= Q(role=which) & ~Q(unit_id__in=companies)
        elif kind is AudienceKind.UNIT:
            rule |= Q(unit_id=int(which))
        elif kind is AudienceKind.BELOW:
            rule |= Q(unit_id__in=tree().subtree(int(which)))
    return posts.filter(rule)


@dataclass(frozen=True)
class Reader:
    """One person of an audience: where they work, and when they noted it."""

    account_id: int
    name: str
    unit_id: int
    noted_at: datetime | None


def readers_of(announcement: Announcement, *, on: datetime) -> list[Reader]:
    """Everybody who belongs to the audience on a day, in the order of the units; two queries."""
    readings = Reading.objects.filter(announcement=announcement, version__gte=announcement.read_from)
    noted: dict[int, datetime] = {}
    for account_id, at in readings.order_by("at").values_list("account_id", "at"):
        noted.setdefault(account_id, at)
    found: dict[int, Reader] = {}
    posts = _posts_of(announcement, on=on).select_related("account").order_by("unit__path", "pk")
    for post in posts:
        found.setdefault(
            post.account_id,
            Reader(post.account_id, post.account.name, post.unit_id, noted.get(post.account_id)),
        )
    return list(found.values())


def versions_of(announcement: Announcement) -> list[AnnouncementVersion]:
    """Every version with its files, the newest first."""
    return list(announcement.versions.prefetch_related("files").order_by("-number"))


def stored_files(files: Iterable[AnnouncementFile]) -> dict[str, Blob]:
    """What is kept of some files, by digest."""
    digests = {file.digest for file in files}
    return {blob.digest: blob for blob in Blob.objects.filter(digest__in=digests)}


def of_number(announcement_id: int, rule: Q, **more: Any) -> Announcement | None:
    """One announcement under a rule, or nothing."""
    found = Announcement.objects.filter(rule, pk=announcement_id, **more)
    return found.select_related("current", "unit").first()
