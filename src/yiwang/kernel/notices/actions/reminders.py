"""The ladder of reminders: who has not read is told again, then the head of their unit is told how many."""

from collections import defaultdict
from datetime import date, datetime

from django.utils import timezone

from yiwang.kernel.calendar.queries import current
from yiwang.kernel.notices.actions.news import notify
from yiwang.kernel.notices.enums import NoticeKind
from yiwang.kernel.notices.models import Announcement
from yiwang.kernel.notices.queries.announcements import Reader, holding, readers_of
from yiwang.kernel.notices.rules import Rung, Tells, rung_on
from yiwang.kernel.people.enums import Role
from yiwang.kernel.people.queries import posts_that_count


def remind(*, at: datetime) -> int:
    """Go up the ladder for every announcement that must be read; the same rung tells nobody twice."""
    asked = Announcement.objects.filter(holding(at=at), must_read_within__isnull=False)
    return sum(_remind_of(one, at=at) for one in asked.select_related("current"))


def _remind_of(announcement: Announcement, *, at: datetime) -> int:
    today = timezone.localdate(at)
    since, within = _asked_on(announcement), announcement.must_read_within
    rung = rung_on(since, within, today, calendar=current()) if since and within else None
    if rung is None or announcement.current is None:
        return 0
    late = [reader for reader in readers_of(announcement, on=at) if reader.noted_at is None]
    if rung.tells is Tells.HEAD:
        return _tell_heads(announcement, rung, late, at=at)
    facts = {"announcement": announcement.pk, "title": announcement.current.title}
    people = [reader.account_id for reader in late]
    return notify(people, NoticeKind.MUST_READ, key=_key(announcement, rung), at=at, facts=facts)


def _asked_on(announcement: Announcement) -> date | None:
    """The day from which the term runs: of publication, or of the correction that asks again."""
    version = announcement.current
    if version is None or announcement.published_at is None:
        return None
    asked = announcement.versions.filter(number=announcement.read_from).first()
    began = asked.approved_at if asked is not None and asked.number > 1 else None
    return timezone.localdate(began or announcement.published_at)


def _tell_heads(announcement: Announcement, rung: Rung, late: list[Reader], *, at: datetime) -> int:
    by_unit: dict[int, int] = defaultdict(int)
    for reader in late:
        by_unit[reader.unit_id] += 1
    heads = posts_that_count(on=timezone.localdate(at)).filter(
        role=Role.HEAD, unit_id__in=by_unit, account__is_active=True
    )
    told = 0
    for account_id, unit_id in heads.values_list("account_id", "unit_id").distinct():
        facts = {
            "announcement": announcement.pk,
            "title": announcement.current.title if announcement.current else "",
            "number": by_unit[unit_id],
        }
        key = f"{_key(announcement, rung)} {unit_id}"
        told += notify([account_id], NoticeKind.UNREAD, key=key, at=at, facts=facts)
    return told


def _key(announcement: Announcement, rung: Rung) -> str:
    return f"read {announcement.pk} {announcement.read_from} {rung.key}"
