"""Announcements: write, hand in, approve or send back, correct, withdraw, note, put away.

Every verb locks the announcement first, then asks who may, then writes; what was done stands in the audit log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.urls import reverse

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.live import tell
from yiwang.kernel.base.text import clean_line, clean_text
from yiwang.kernel.notices.actions.news import notify
from yiwang.kernel.notices.enums import NoticeKind
from yiwang.kernel.notices.events import (
    AnnouncementArchived,
    AnnouncementPlanned,
    AnnouncementPublished,
    AnnouncementWithdrawn,
)
from yiwang.kernel.notices.faults import ChangedMeanwhile, NotNow, NotYours, SecondPersonNeeded
from yiwang.kernel.notices.models import Announcement, AnnouncementFile, AnnouncementVersion, Reading
from yiwang.kernel.notices.policies import holds_approval, may_approve, may_read, topic, writing_units
from yiwang.kernel.notices.queries.announcements import approvers_of, life_of, status_now, who_must_read
from yiwang.kernel.notices.rules import Status, writing_status
from yiwang.kernel.search.actions import index

if TYPE_CHECKING:
    from yiwang.kernel.files.models import Blob

OVER = frozenset({Status.EXPIRED, Status.WITHDRAWN})


@dataclass(frozen=True)
class Draft:
    """The words of a version and, for a first version, to whom and when; texts are trimmed here."""

    title: str
    text: str
    audience: Sequence[str] = ()
    must_read_within: int | None = None
    is_on_screen: bool = False
    publish_from_at: datetime | None = None
    until_on: date | None = None
    change: str = ""
    asks_again: bool = False
    files: Sequence[tuple["Blob", str]] = field(default_factory=tuple)
    kept_files: frozenset[int] | None = None
    """Of the files that the draft has already those that stay; nothing keeps them all."""


def begin(draft: Draft, *, unit_id: int, by: Standing, at: datetime) -> Announcement:
    """Write the first draft of an announcement for one's unit. Raises `NotYours`."""
    if not by.is_system and unit_id not in writing_units(by):
        raise NotYours
    with transaction.atomic():
        announcement = Announcement.objects.create(unit_id=unit_id, begun_at=at, **_frame(draft))
        version = AnnouncementVersion.objects.create(
            announcement=announcement, number=1, written_by=by.account_id, written_at=at, **_words(draft)
        )
        _attach(version, draft)
        _index(announcement, version, at=at)
    return announcement


def revise(announcement_id: int, draft: Draft, *, seen: int, by: Standing, at: datetime) -> Announcement:
    """Save a draft again; `seen` is how often it had been saved when the form was opened.

    What was handed in or approved isn't revised. Raises `NotYours`, `NotNow`, `ChangedMeanwhile`.
    """
    with transaction.atomic():
        announcement, version = _locked(announcement_id)
        _must_write(announcement, by)
        _must_be(version, {Status.DRAFT, Status.RETURNED})
        if seen != version.edits:
            raise ChangedMeanwhile
        for name, value in _words(draft).items():
            setattr(version, name, value)
        version.written_by, version.written_at, version.edits = by.account_id, at, version.edits + 1
        version.save()
        if announcement.published_at is None:
            for name, value in _frame(draft).items():
                setattr(announcement, name, value)
            announcement.save()
        if draft.kept_files is not None:
            version.files.exclude(pk__in=draft.kept_files).delete()
        _attach(version, draft)
        _index(announcement, version, at=at)
    return announcement


def submit(announcement_id: int, *, by: Standing, at: datetime) -> None:
    """Hand a draft in; those who may approve are told. Raises `NotYours`, `NotNow`."""
    with transaction.atomic():
        announcement, version = _locked(announcement_id)
        _must_write(announcement, by)
        _must_be(version, {Status.DRAFT, Status.RETURNED})
        version.submitted_at, version.returned_at = at, None
        version.save()
        _record("announcement.submitted", announcement, by=by, at=at, version=version.number)
        told = [pk for pk in approvers_of(announcement, on=at) if pk != version.written_by]
        key = f"approve {announcement.pk} {version.number} {version.edits} {at.isoformat()}"
        _news(told, NoticeKind.TO_APPROVE, announcement, version, key=key, at=at)


def send_back(announcement_id: int, *, reason: str, by: Standing, at: datetime) -> None:
    """Give a draft back to its author with a reason. Raises `NotYours`, `NotNow`."""
    with transaction.atomic():
        announcement, version = _locked(announcement_id)
        if not (by.is_system or holds_approval(by, announcement)):
            raise NotYours
        _must_be(version, {Status.WAITING})
        version.returned_at, version.returned_by = at, by.account_id
        version.return_reason = clean_line(reason)[:200]
        version.save()
        _record("announcement.sent_back", announcement, by=by, at=at, version=version.number)
        if version.written_by is not None:
            key = f"returned {announcement.pk} {version.number} {at.isoformat()}"
            _news([version.written_by], NoticeKind.SENT_BACK, announcement, version, key=key, at=at)


def approve(announcement_id: int, *, by: Standing, at: datetime, seen: int | None = None) -> Status:
    """Approve what was handed in, as the head of the unit or a leader above, and publish it when it is time.

    Never whoever wrote it. Two who approve at once: the second is told that it is done. `seen` is how often the
    words had been saved when they were read. Raises `NotYours`, `SecondPersonNeeded`, `NotNow`.
    """
    with transaction.atomic():
        announcement, version = _locked(announcement_id)
        if not (by.is_system or holds_approval(by, announcement)):
            raise NotYours
        _must_be(version, {Status.WAITING})
        if seen is not None and seen != version.edits:
            raise NotNow
        if not (by.is_system or may_approve(by, announcement, version)):
            raise SecondPersonNeeded
        version.approved_at, version.approved_by = at, by.account_id
        version.save()
        is_first = announcement.published_at is None
        announcement.current = version
        if is_first:
            announcement.published_at = max(at, announcement.publish_from_at or at)
        elif version.asks_again:
            announcement.read_from = version.number
        announcement.save()
        _index(announcement, version, at=announcement.published_at or at)
        _record("announcement.approved", announcement, by=by, at=at, version=version.number)
        if announcement.published_at is not None and announcement.published_at > at:
            publish(AnnouncementPlanned(announcement.pk, announcement.published_at))
        else:
            _tell(announcement, version, at=at)
        return status_now(announcement, version, at=at)


def publish_due(*, at: datetime) -> int:
    """Tell open pages of announcements whose planned time has come; each once, whoever is quicker."""
    told = 0
    due = Announcement.objects.filter(told_at=None, published_at__lte=at).values_list("pk", flat=True)
    for announcement_id in list(due):
        with transaction.atomic():
            announcement = Announcement.objects.select_for_update().get(pk=announcement_id)
            version = announcement.current
            is_over = announcement.told_at is not None or announcement.withdrawn_at is not None
            if version is not None and not is_over:
                _tell(announcement, version, at=at)
                told += 1
    return told


def correct(announcement_id: int, *, by: Standing, at: datetime) -> AnnouncementVersion:
    """Begin a new version of a published announcement with the words in force; those hold until it is approved.

    Raises `NotYours`, `NotNow` (also when a correction is under way already).
    """
    with transaction.atomic():
        announcement, version = _locked(announcement_id)
        _must_write(announcement, by)
        if version.approved_at is None or status_now(announcement, version, at=at) not in (
            Status.PUBLISHED,
            Status.PLANNED,
        ):
            raise NotNow
        newer = AnnouncementVersion.objects.create(
            announcement=announcement,
            number=version.number + 1,
            title=version.title,
            text=version.text,
            written_by=by.account_id,
            written_at=at,
        )
        for file in version.files.all():
            file.pk, file.version = None, newer
            file.save(force_insert=True)
    return newer


def withdraw(announcement_id: int, *, reason: str, by: Standing, at: datetime) -> None:
    """Take a published announcement back; its audience sees the reason. Raises `NotYours`, `NotNow`."""
    with transaction.atomic():
        announcement, version = _locked(announcement_id)
        if not (by.is_system or holds_approval(by, announcement) or version.written_by == by.account_id):
            raise NotYours
        if announcement.published_at is None or status_now(announcement, version, at=at) not in (
            Status.PUBLISHED,
            Status.PLANNED,
        ):
            raise NotNow
        announcement.withdrawn_at, announcement.withdrawn_by = at, by.account_id
        announcement.withdrawal_reason = clean_line(reason)[:200]
        announcement.save()
        _record("announcement.withdrawn", announcement, by=by, at=at)
        if announcement.told_at is not None:
            tell((topic(key) for key in announcement.audience), "announcement")
        publish(AnnouncementWithdrawn(announcement.pk, announcement.unit_id, by.account_id, at))


def archive(announcement_id: int, *, by: Standing, at: datetime) -> None:
    """Put an announcement away that has run out or was withdrawn. Raises `NotYours`, `NotNow`."""
    with transaction.atomic():
        announcement, version = _locked(announcement_id)
        _must_write(announcement, by)
        if status_now(announcement, version, at=at) not in OVER:
            raise NotNow
        announcement.archived_at, announcement.archived_by = at, by.account_id
        announcement.save()
        _record("announcement.archived", announcement, by=by, at=at)
        publish(AnnouncementArchived(announcement.pk, announcement.unit_id, by.account_id, at))


def note(announcement_id: int, *, version: int, by: Standing, at: datetime) -> None:
    """Say that one has read and noted the version that one saw; a second time changes nothing.

    Raises `Announcement.DoesNotExist` for what isn't one's to read, `NotNow` when newer words must be read.
    """
    announcement = Announcement.objects.select_related("current").get(pk=announcement_id)
    if by.account_id is None or not may_read(by, announcement, at=at):
        raise Announcement.DoesNotExist
    newest = announcement.current.number if announcement.current is not None else 0
    if not announcement.read_from <= version <= newest:
        raise NotNow
    Reading.objects.get_or_create(
        announcement=announcement, account_id=by.account_id, version=version, defaults={"at": at}
    )


# ---------------------------------------------------------------------------------------------- the parts


def _locked(announcement_id: int) -> tuple[Announcement, AnnouncementVersion]:
    """The announcement and its newest version, locked until the end of the transaction."""
    announcement = Announcement.objects.select_for_update().get(pk=announcement_id)
    version = announcement.versions.select_for_update().order_by("-number")[0]
    return announcement, version


def _must_write(announcement: Announcement, by: Standing) -> None:
    if not (by.is_system or announcement.unit_id in writing_units(by)):
        raise NotYours


def _must_be(version: AnnouncementVersion, wanted: set[Status]) -> None:
    if version.approved_at is not None or writing_status(life_of(version)) not in wanted:
        raise NotNow


def _frame(draft: Draft) -> Mapping[str, Any]:
    return {
        "audience": sorted(set(draft.audience)),
        "must_read_within": draft.must_read_within,
        "is_on_screen": draft.is_on_screen,
        "publish_from_at": draft.publish_from_at,
        "until_on": draft.until_on,
    }


def _words(draft: Draft) -> Mapping[str, Any]:
    return {
        "title": clean_line(draft.title)[:120],
        "text": clean_text(draft.text),
        "change": clean_line(draft.change)[:200],
        "asks_again": draft.asks_again,
    }


def _attach(version: AnnouncementVersion, draft: Draft) -> None:
    AnnouncementFile.objects.bulk_create(
        AnnouncementFile(
            version=version, digest=blob.digest, name=name[:200], media_type=blob.media_type, size=blob.size
        )
        for blob, name in draft.files
    )


def _index(announcement: Announcement, version: AnnouncementVersion, *, at: datetime) -> None:
    """Make an announcement findable by the words that hold; a correction under way isn't."""
    if announcement.current_id not in (None, version.pk):
        return
    names = " ".join(version.files.values_list("name", flat=True))
    index("announcement", announcement.pk, at=at, text=f"{version.title}\n{version.text}\n{names}")


def _record(action: str, announcement: Announcement, *, by: Standing, at: datetime, **details: Any) -> None:
    record(
        action,
        at=at,
        actor=by.account_id,
        unit=announcement.unit_id,
        subject_kind="announcement",
        subject_id=announcement.pk,
        details=details,
    )


def _tell(announcement: Announcement, version: AnnouncementVersion, *, at: datetime) -> None:
    """Tell every open page of the audience at once, and leave news for whoever must read it."""
    announcement.told_at = at
    announcement.save(update_fields=["told_at"])
    line = {
        "title": version.title,
        "url": reverse("notices:announcement", args=[announcement.pk]),
        "must": announcement.must_read_within is not None,
    }
    tell((topic(key) for key in announcement.audience), "announcement", told={"line": line})
    if announcement.must_read_within is not None and (version.number == 1 or version.asks_again):
        key = f"must read {announcement.pk} {version.number}"
        _news(who_must_read(announcement, on=at), NoticeKind.MUST_READ, announcement, version, key=key, at=at)
    publish(AnnouncementPublished(announcement.pk, version.number, announcement.unit_id, at))


def _news(
    account_ids: Sequence[int],
    kind: NoticeKind,
    announcement: Announcement,
    version: AnnouncementVersion,
    *,
    key: str,
    at: datetime,
) -> None:
    facts = {"announcement": announcement.pk, "title": version.title}
    notify(account_ids, kind, key=key[:80], at=at, facts=facts)
