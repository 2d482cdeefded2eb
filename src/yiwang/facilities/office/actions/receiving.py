"""What a unit does with a document that came in: sign for, register, examine, give out, answer (24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.facilities.office.actions import numbering
from yiwang.facilities.office.actions.acts import demand, key_of, locked, step
from yiwang.facilities.office.actions.delivering import begin_receipt
from yiwang.facilities.office.enums import Part
from yiwang.facilities.office.events import DocumentWaits
from yiwang.facilities.office.faults import Classified, NotThese
from yiwang.facilities.office.models import Delivery, Handling, OfficialDocument
from yiwang.facilities.office.policies import STAFF, may_circulate, may_work
from yiwang.facilities.office.secrecy import mark_in, words_in
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.casework.actions import FileData
from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.files.actions import store
from yiwang.kernel.files.rules import DOCUMENTS, PHOTOS
from yiwang.kernel.people.models import Post

LARGEST_FILE = 50 * 1024 * 1024
TAKEN = DOCUMENTS | PHOTOS


@dataclass(frozen=True)
class FromOutside:
    """A document that somebody outside the house sent, on paper or as a file."""

    kind: str
    title: str
    origin: str
    number: str = ""
    urgency: str = ""
    written_on: date | None = None
    due_on: date | None = None
    file: BinaryIO | None = None
    file_name: str = ""


@transaction.atomic
def receive_outside(new: FromOutside, *, unit_id: int, by: Standing, at: datetime) -> Handling:
    """Take in a document from outside: sign for it and register it in one act (24 (1), (2)).

    Whatever bears a mark of secrecy is refused before anything of it is kept: raises `Classified`. Raises
    `FileRefused` for a file that can't be taken, `NotPermitted`.
    """
    demand(by.is_system or bool(by.roles_at(unit_id) & STAFF), "deliver")
    said = "\n".join([new.title, new.number, new.origin, new.file_name])
    if new.file is not None:
        said += "\n" + words_in(new.file)
    if mark := mark_in(said):
        raise Classified(mark)
    with acting_as_system():
        digest = ""
        if new.file is not None:
            blob = store(
                new.file,
                filename=new.file_name,
                at=at,
                limit_bytes=LARGEST_FILE,
                allowed=TAKEN,
                keeps_place=True,
            )
            digest = blob.digest
        document = OfficialDocument.objects.create(
            kind=new.kind,
            title=clean_line(new.title)[:200],
            origin=clean_line(new.origin)[:100],
            number=clean_line(new.number)[:60],
            urgency=new.urgency,
            written_on=new.written_on,
            file_digest=digest,
            file_name=clean_line(new.file_name)[:200],
            created_at=at,
            created_by=by.account_id,
            changed_at=at,
            changed_by=by.account_id,
            released_at=at,
        )
        handling = begin_receipt(
            document, unit_id=unit_id, part=Part.MAIN, channel=Channel.LETTER, by=by, at=at
        )
    sign_for(handling.pk, by=by, at=at)
    enter(handling.pk, due_on=new.due_on, by=by, at=at)
    return handling


@transaction.atomic
def sign_for(handling_id: int, *, note: str = "", by: Standing, at: datetime, **seen: Any) -> None:
    """Sign for a document that was delivered (24 (1)); the sender sees it at once."""
    handling = locked(handling_id, by=by)
    demand(may_work(by, handling), "sign_for")
    step(handling, "sign_for", by=by, at=at, data={"note": note}, **seen)
    _on_its_way(handling, signed_for_at=at)


@transaction.atomic
def enter(
    handling_id: int, *, due_on: date | None = None, note: str = "", by: Standing, at: datetime, **seen: Any
) -> None:
    """Register a document under the next number of the unit's register (24 (2))."""
    handling = locked(handling_id, by=by)
    demand(may_work(by, handling), "enter")
    with acting_as_system():
        if not handling.register_number:
            handling.register_number = numbering.register_number(
                handling.unit_id, document=handling.document, by=by, at=at
            )
        handling.due_on = due_on
        handling.save(update_fields=["register_number", "due_on"])
    data = {"number": handling.register_number, "due_on": due_on.isoformat() if due_on else "", "note": note}
    step(handling, "enter", by=by, at=at, data=data, **seen)
    _on_its_way(handling, registered_at=at)


@transaction.atomic
def return_document(handling_id: int, *, reasons: str, by: Standing, at: datetime, **seen: Any) -> None:
    """Send a document back to its sender with the reasons (24 (3)); the sender's people are told."""
    handling = locked(handling_id, by=by)
    demand(may_work(by, handling), "return_document")
    step(handling, "return_document", by=by, at=at, data={"reasons": reasons}, **seen)
    _on_its_way(handling, returned_at=at, return_reasons=reasons.strip())
    _tell_sender(handling, "returned", at=at)


@transaction.atomic
def assign(
    handling_id: int,
    *,
    account_id: int | None,
    proposal: str = "",
    due_on: date | None = None,
    by: Standing,
    at: datetime,
    **seen: Any,
) -> None:
    """Give a document to somebody of the unit who handles it (24 (4)); an urgent one needs a day."""
    handling = locked(handling_id, by=by)
    demand(may_circulate(by, handling), "assign")
    if account_id is not None and not _works_at(account_id, handling.unit_id):
        raise NotThese(_("Choose somebody of your own unit."))
    if account_id is not None and account_id in handling.excluded_accounts:
        raise NotThese(_("This person is kept away from the document."))
    due_on = due_on or handling.due_on
    with acting_as_system():
        handling.handler_id, handling.due_on = account_id, due_on
        handling.save(update_fields=["handler_id", "due_on"])
    data = {
        "account_id": account_id or "",
        "proposal": proposal,
        "due_on": due_on.isoformat() if due_on else "",
    }
    step(handling, "assign", by=by, at=at, data=data, **seen)
    if account_id is not None and account_id != by.account_id:
        key = key_of("assigned", handling.pk, account_id, at.isoformat())
        publish(DocumentWaits(handling.pk, (account_id,), "assigned", key, at))


@transaction.atomic
def answer(
    handling_id: int,
    *,
    text: str,
    files: Sequence[FileData] = (),
    by: Standing,
    at: datetime,
    **seen: Any,
) -> None:
    """Answer the sender with a letter (24 (7)); the sender sees the answer beside the document."""
    handling = locked(handling_id, by=by)
    demand(may_work(by, handling), "answer")
    step(handling, "answer", by=by, at=at, data={"text": text}, files=files, **seen)
    _on_its_way(handling, answered_at=at, answer=text.strip())
    _tell_sender(handling, "answered", at=at)


def _on_its_way(handling: Handling, **changes: Any) -> None:
    with acting_as_system():
        Delivery.objects.filter(document_id=handling.document_id, unit_id=handling.unit_id).update(**changes)


def _tell_sender(handling: Handling, why: str, *, at: datetime) -> None:
    with acting_as_system():
        out = Handling.objects.filter(document_id=handling.document_id, direction="out").first()
        created_by = handling.document.created_by
    if out is not None and created_by is not None:
        publish(DocumentWaits(out.pk, (created_by,), why, key_of(why, handling.pk), at))


def _works_at(account_id: int, unit_id: int) -> bool:
    return Post.objects.filter(
        account_id=account_id,
        unit_id=unit_id,
        granted_at__isnull=False,
        refused_at=None,
        account__is_active=True,
    ).exists()
