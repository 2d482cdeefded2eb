"""A document on its way from the sender to a unit, and what that unit tells back."""

from datetime import datetime

from yiwang.facilities.office.actions.acts import key_of, step
from yiwang.facilities.office.casetypes import receipt_2012
from yiwang.facilities.office.enums import Direction
from yiwang.facilities.office.events import DocumentWaits
from yiwang.facilities.office.models import Delivery, Handling, OfficialDocument
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.base.events import publish
from yiwang.kernel.casework.actions import Matter, register
from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.casework.models import Case
from yiwang.kernel.people.models import Post


def deliver(document: OfficialDocument, *, unit_id: int, part: str, at: datetime) -> Handling:
    """Bring a released document to a unit: its case of receipt begins. The caller writes as the house."""
    Delivery.objects.create(document=document, unit_id=unit_id, part=part, delivered_at=at)
    handling = begin_receipt(document, unit_id=unit_id, part=part, channel=Channel.WEB, by=SYSTEM, at=at)
    _tell_unit(handling, "delivered", at=at)
    return handling


def begin_receipt(
    document: OfficialDocument, *, unit_id: int, part: str, channel: str, by: Standing, at: datetime
) -> Handling:
    """The case of a unit that received a document, with the handling beside it. The caller writes as the house."""
    matter = Matter(
        type_key=receipt_2012.KEY,
        root_unit_id=unit_id,
        title=document.title,
        text=document.number,
        channel=channel,
        received_at=at,
        has_receipt=False,
    )
    case = register(matter, by=by, at=at).case
    return Handling.objects.create(
        document=document,
        direction=Direction.IN,
        unit_id=unit_id,
        case=case,
        part=part,
        began_at=at,
        unit_ids=[unit_id],
    )


def answer_with(document: OfficialDocument, *, at: datetime) -> None:
    """When a released document answers another one, the receipt of that one is answered by it (24 (7))."""
    if document.reply_to_id is None:
        return
    handling = Handling.objects.filter(
        document_id=document.reply_to_id, unit_id=document.origin_unit_id or 0, direction=Direction.IN
    ).first()
    if (
        handling is None
        or not Case.objects.filter(pk=handling.case_id or 0, state=receipt_2012.HANDLING).exists()
    ):
        return
    step(
        handling,
        "answer",
        by=SYSTEM,
        at=at,
        data={"text": f"已以{document.number}《{document.title}》答复。"},
    )
    Delivery.objects.filter(document_id=document.reply_to_id, unit_id=handling.unit_id).update(
        answered_at=at, answer=document.number, answer_document=document
    )


def _tell_unit(handling: Handling, why: str, *, at: datetime) -> None:
    staff = Post.objects.filter(
        unit_id=handling.unit_id, role="clerk", granted_at__isnull=False, refused_at=None, until_on=None
    )
    people = tuple(sorted(set(staff.values_list("account_id", flat=True))))
    publish(DocumentWaits(handling.pk, people, why, key_of(why, handling.pk), at))
