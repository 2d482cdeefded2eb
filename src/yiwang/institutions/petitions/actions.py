"""Taking in what people write, and keeping the list of content classes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from yiwang.institutions.petitions.categories import BadLine, ContentClass, class_in
from yiwang.institutions.petitions.models import Category
from yiwang.institutions.petitions.policies import office_for
from yiwang.institutions.petitions.queries import category_of
from yiwang.institutions.petitions.rules import MAILBOX, Signing
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import NOBODY
from yiwang.kernel.base.text import fold
from yiwang.kernel.casework.actions import FileData, Matter, PartyData, Registered, register
from yiwang.kernel.casework.enums import Channel, PartyRole
from yiwang.kernel.channels.actions import hand_in, lock
from yiwang.kernel.channels.models import Draft
from yiwang.kernel.channels.queries import Held
from yiwang.kernel.files.models import Blob
from yiwang.kernel.people.models import Account


@transaction.atomic
def submit(held: Held, *, at: datetime) -> Registered:
    """Make a finished draft a case, once: whoever sends it a second time finds it handed in.

    Raises `channels.actions.AlreadyHandedIn`.
    """
    draft = lock(held.draft.pk)
    files = _files_of(draft)
    registered = register(_matter(draft, files=files, at=at), by=NOBODY, at=at)
    hand_in(held, draft=draft, case_id=registered.case.pk, shown_once=registered.receipt_code, at=at)
    return registered


def _files_of(draft: Draft) -> list[FileData]:
    brought = list(draft.files.all())
    with acting_as_system():
        blobs = Blob.objects.in_bulk([file.digest for file in brought], field_name="digest")
    return [FileData(blobs[file.digest], file.name) for file in brought if file.digest in blobs]


def _matter(draft: Draft, *, files: list[FileData], at: datetime) -> Matter:
    told: Mapping[str, Any] = draft.data
    is_mailbox = draft.kind == MAILBOX
    is_accusation = is_mailbox or told["purpose"] == "accusation"
    # Somebody may have named a unit and then changed the purpose; what isn't asked any more doesn't count.
    accused = [int(unit_id) for unit_id in told.get("accused_units", [])] if is_accusation else []
    signing = Signing(told.get("signing") or Signing.SIGNED)
    facts = {"signing": signing.value, "electronic_service": _is_electronic(told, signing)}
    return Matter(
        type_key="petition",
        root_unit_id=office_for(draft.kind, accused_unit_ids=accused, on=timezone.localdate(at)).pk,
        title=told["title"],
        text=told["text"],
        channel=Channel.MAILBOX if is_mailbox else Channel.WEB,
        received_at=at,
        purpose="accusation" if is_mailbox else told["purpose"],
        category="" if is_mailbox else category_of(told.get("category", "")),
        place_unit_id=told.get("place_unit"),
        place=told.get("place", ""),
        parties=_parties(told, signing=signing, is_accusation=is_accusation),
        files=files,
        facts=facts,
        accused_unit_ids=accused,
        accused_account_ids=accounts_named(told.get("accused_name", "")) if is_accusation else [],
    )


def _is_electronic(told: Mapping[str, Any], signing: Signing) -> bool:
    """Whether opening a letter on the receipt's page was agreed to be its service."""
    return signing is not Signing.ANONYMOUS and told.get("letters") == "receipt_page"


def accounts_named(words: str) -> list[int]:
    """The accounts of the staff whose whole name stands in the words: they are kept away (信访工作条例 30¶3).

    Somebody who only bears the same name is kept away too; that does less harm than the opposite.
    """
    written = fold(words)
    if not written:
        return []
    names = Account.objects.filter(is_active=True).exclude(name="").values_list("pk", "name")
    return [pk for pk, name in names if len(fold(name)) > 1 and fold(name) in written]


def _parties(told: Mapping[str, Any], *, signing: Signing, is_accusation: bool) -> list[PartyData]:
    if signing is Signing.ANONYMOUS:
        parties = [PartyData(is_anonymous=True)]
    else:
        parties = [
            PartyData(
                name=told["name"],
                phone=told.get("phone", ""),
                address=told.get("address", ""),
                identity_number=told.get("identity_number", ""),
                is_anonymous=False,
            )
        ]
    if is_accusation and told.get("accused_name"):
        parties.append(PartyData(role=PartyRole.ACCUSED, name=told["accused_name"]))
    return parties


@dataclass
class ImportedClasses:
    """What became of the lines of a class list."""

    read: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0
    retired: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def import_categories(lines: Iterable[str]) -> ImportedClasses:
    """Load a county's own list (JSON lines with `level1`, `level2`, `level3`) in place of the present one.

    Classes that aren't in it are no longer offered but stay for the cases that have them. A list without a
    single good line changes nothing.
    """
    summary = ImportedClasses()
    wanted: dict[str, ContentClass] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        summary.read += 1
        try:
            one = class_in(line)
        except BadLine as error:
            summary.refused += 1
            summary.errors.append({"line": number, "reason": str(error)})
            continue
        wanted.setdefault(one.path, one)
    if not wanted:
        return summary
    before = set(Category.objects.filter(is_valid=True).values_list("path", flat=True))
    ever = set(Category.objects.values_list("path", flat=True))
    summary.new = len(wanted.keys() - ever)
    summary.known = summary.read - summary.refused - summary.new
    summary.retired = Category.objects.filter(path__in=before - wanted.keys()).update(is_valid=False)
    Category.objects.bulk_create(
        (
            Category(path=c.path, level1=c.level1, level2=c.level2, level3=c.level3, position=position)
            for position, c in enumerate(wanted.values())
        ),
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=["position", "is_valid"],
    )
    return summary
