"""Composing: a matter that the kernel says is archived becomes a file unit; bytes are referred to, never copied."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.facilities.archive.events import FileUnitComposed
from yiwang.facilities.archive.models import FilePart, FileUnit, Fonds, RetentionRule, RetentionSchedule
from yiwang.facilities.archive.rules import ROLES, WITHOUT_PAGES, pages_in
from yiwang.kernel.base.events import publish
from yiwang.kernel.casework.keeping import kept_of
from yiwang.kernel.casework.models import Attachment, Case, JournalEntry, Letter
from yiwang.kernel.casework.registry import case_type_of
from yiwang.kernel.casework.typeset import file_of
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.queries import content
from yiwang.kernel.notices.models import Announcement
from yiwang.kernel.orgs.queries import tree

Part = tuple[str, str, Blob]
"""Role, name and bytes of a part."""


def fonds_of(unit_id: int) -> Fonds | None:
    """The fonds to which a unit's matters belong: its own, or that of the nearest unit above."""
    path = tree().get(unit_id).path
    found = {fonds.unit_id: fonds for fonds in Fonds.objects.filter(unit_id__in=path)}
    return next((found[above] for above in reversed(path) if above in found), None)


def rule_for(fonds: Fonds, source: str, *, on: date) -> RetentionRule | None:
    """What the schedule in force on a day says of a source."""
    schedule = schedule_in_force(fonds, on=on)
    return schedule.rules.filter(source=source).first() if schedule else None


def schedule_in_force(fonds: Fonds, *, on: date) -> RetentionSchedule | None:
    """The newest approved schedule that is valid on a day."""
    approved = fonds.schedules.filter(approved_at__isnull=False, valid_from_on__lte=on)
    return approved.order_by("-version").first()


def compose_case(case_id: int, *, at: datetime) -> FileUnit | None:
    """Make the file unit of a case that was archived, once; nothing while its institution has no fonds.

    Whoever knows what belongs to the case besides adds it, in the order of the standard. The caller asks as the
    house.
    """
    case = Case.objects.get(pk=case_id)
    fonds = fonds_of(case.root_unit_id)
    source = f"case:{case.type_key}"
    if fonds is None:
        return None
    done = FileUnit.objects.filter(fonds=fonds, source=source, source_key=case.number).first()
    if done is not None:
        return done
    letters = list(Letter.objects.filter(case=case).order_by("pk"))
    parts = [
        ("letter", f"{letter.content.get('title', letter.kind)} {letter.number}.pdf", file_of(letter))
        for letter in letters
    ]
    attached = Attachment.objects.filter(case=case).order_by("pk")
    blobs = {blob.digest: blob for blob in Blob.objects.filter(digest__in=attached.values("digest"))}
    parts += [("attachment", one.name, blobs[one.digest]) for one in attached if one.digest in blobs]
    missing = [one.name for one in attached if one.digest not in blobs]
    entries = list(JournalEntry.objects.filter(case=case).order_by("number"))
    author = tree().get(letters[-1].unit_id if letters else case.root_unit_id).name
    kept = kept_of(case, at=at)
    if kept is not None:
        parts += [(part.role, part.name, part.blob) for part in kept.parts]
        missing += kept.missing
    return _keep(
        fonds,
        source=source,
        key=case.number,
        title=kept.title if kept else case.title,
        number=kept.number if kept else case.number,
        author=kept.author if kept else author,
        on=kept.dated_on if kept else timezone.localdate(entries[-1].at),
        parts=sorted(parts, key=lambda part: ROLES.index(part[0])),
        metadata={
            "procedure": f"{case.type_key} {case.type_version}",
            "procedure_name": case_type_of(case.type_key, case.type_version).label,
            "received_on": case.received_on.isoformat(),
            "journal": [_line(entry) for entry in entries],
            "letters": [{"kind": letter.kind, "number": letter.number} for letter in letters],
            "not_kept": missing,
            **(kept.metadata if kept else {}),
        },
        excluded=(case.excluded_units, case.excluded_accounts),
        at=at,
    )


def _line(entry: JournalEntry) -> dict[str, Any]:
    """A line of the journal without what people wrote: what was done, when, and the digest that seals it."""
    digest = bytes(entry.digest).hex() if entry.digest else ""
    return {
        "number": entry.number,
        "verb": entry.verb,
        "at": entry.at.isoformat(),
        "unit": tree().name(entry.unit_id),
        "digest": digest,
    }


def compose_announcement(announcement_id: int, *, at: datetime) -> FileUnit | None:
    """Make the file unit of an announcement that was put away, once."""
    found = Announcement.objects.select_related("current", "unit").get(pk=announcement_id)
    fonds = fonds_of(found.unit_id)
    if fonds is None or found.current is None or found.published_at is None:
        return None
    files = list(found.current.files.all())
    blobs = {blob.digest: blob for blob in Blob.objects.filter(digest__in=[file.digest for file in files])}
    words = {"title": found.current.title, "text": found.current.text, "version": found.current.number}
    sealed = json.dumps(words, sort_keys=True, ensure_ascii=False).encode()
    return _keep(
        fonds,
        source="announcement",
        key=str(found.pk),
        title=found.current.title,
        number="",
        author=found.unit.name,
        on=timezone.localdate(found.published_at),
        parts=[("attachment", file.name, blobs[file.digest]) for file in files if file.digest in blobs],
        metadata={
            **words,
            "sha256": hashlib.sha256(sealed).hexdigest(),
            "withdrawn": found.withdrawal_reason,
        },
        excluded=([], []),
        at=at,
    )


def _keep(
    fonds: Fonds,
    *,
    source: str,
    key: str,
    title: str,
    number: str,
    author: str,
    on: date,
    parts: Sequence[Part],
    metadata: dict[str, Any],
    excluded: tuple[list[int], list[int]],
    at: datetime,
) -> FileUnit:
    rule = rule_for(fonds, source, on=on)
    classified = (
        {
            "category": rule.category,
            "year": on.year,
            "period": rule.period,
            "section": rule.section,
            "classified_at": at,
        }
        if rule
        else {}
    )
    with transaction.atomic():
        found, is_new = FileUnit.objects.get_or_create(
            fonds=fonds,
            source=source,
            source_key=key,
            defaults={
                "unit_id": fonds.unit_id,
                "title": title[:200],
                "document_number": number[:60],
                "author": author[:120],
                "dated_on": on,
                "pages": _pages(parts),
                "metadata": metadata,
                "composed_at": at,
                "excluded_units": excluded[0],
                "excluded_accounts": excluded[1],
                **classified,
            },
        )
        if is_new:
            FilePart.objects.bulk_create(_rows(found, parts))
            publish(FileUnitComposed(found.pk, fonds.unit_id, at))
    return found


def _rows(found: FileUnit, parts: Iterable[Part]) -> Iterable[FilePart]:
    for place, (role, name, blob) in enumerate(parts, start=1):
        yield FilePart(
            file_unit=found,
            place=place,
            role=role,
            name=name[:200],
            digest=blob.digest,
            media_type=blob.media_type,
            size=blob.size,
        )


def _pages(parts: Sequence[Part]) -> int | None:
    """The pages of all parts that have their own; nothing when one of them can't be told."""
    total = 0
    for role, _name, blob in parts:
        if role in WITHOUT_PAGES:
            continue
        number = pages_in(content(blob), blob.media_type)
        if number is None:
            return None
        total += number
    return total or None


def compose_missing(*, at: datetime) -> int:
    """Make the file units that a handler missed: of whatever ended in the archive and has none. Returns how many."""
    if not Fonds.objects.exists():
        return 0
    known = FileUnit.objects.values("source", "source_key")
    cases = Case.objects.filter(state="archived").exclude(
        number__in=known.filter(source__startswith="case:").values("source_key")
    )
    announcements = Announcement.objects.filter(archived_at__isnull=False)
    done = {int(row["source_key"]) for row in known.filter(source="announcement")}
    made = [compose_case(pk, at=at) for pk in list(cases.order_by("pk").values_list("pk", flat=True))]
    made += [
        compose_announcement(pk, at=at)
        for pk in announcements.order_by("pk").values_list("pk", flat=True)
        if pk not in done
    ]
    return sum(one is not None for one in made)
