"""Writing a document: begin, save as it goes, hand in for review, take back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yiwang.facilities.office import content as words
from yiwang.facilities.office.actions.acts import demand, frozen, locked, step
from yiwang.facilities.office.casetypes import issue_2012
from yiwang.facilities.office.enums import Direction
from yiwang.facilities.office.faults import Classified, NotDraftable, TextMoved
from yiwang.facilities.office.models import Handling, OfficialDocument
from yiwang.facilities.office.policies import STAFF, may_work
from yiwang.facilities.office.secrecy import mark_in
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.casework.actions import Matter, register
from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.casework.models import Case


@dataclass(frozen=True)
class Text:
    """A document as somebody writes it."""

    kind: str
    title: str
    urgency: str = ""
    main_units: Sequence[int] = ()
    copy_units: Sequence[int] = ()
    content: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def draft(
    text: Text, *, unit_id: int, by: Standing, at: datetime, reply_to: Handling | None = None
) -> Handling:
    """Begin a document of a unit; its case of issue begins with it.

    Whoever asks is clerk or head there. Raises `NotPermitted`, `Classified`.
    """
    demand(by.is_system or bool(by.roles_at(unit_id) & STAFF), "draft")
    _refuse_secrets(text)
    with acting_as_system():
        document = OfficialDocument(
            origin_unit_id=unit_id,
            created_at=at,
            created_by=by.account_id,
            reply_to_id=reply_to.document_id if reply_to else None,
        )
        _write(document, text, by=by, at=at)
        document.save(force_insert=True)
    matter = Matter(
        type_key=issue_2012.KEY,
        root_unit_id=unit_id,
        title=document.title,
        text="",
        channel=Channel.WEB,
        received_at=at,
        has_receipt=False,
    )
    case = register(matter, by=by, at=at).case
    with acting_as_system():
        return Handling.objects.create(
            document=document,
            direction=Direction.OUT,
            unit_id=unit_id,
            case=case,
            began_at=at,
            unit_ids=[unit_id],
        )


@transaction.atomic
def save_text(handling_id: int, text: Text, *, edition: int, by: Standing, at: datetime) -> int:
    """Save what was typed; returns the edition that is there now.

    `edition` is the one that the person saw: when somebody else saved meanwhile, `TextMoved`. Raises
    `NotDraftable` when the text is with the reviewer or signed, `Classified`, `NotPermitted`.
    """
    handling = locked(handling_id, by=by)
    demand(may_work(by, handling), "draft")
    document = handling.document
    _refuse_secrets(text)
    with acting_as_system():
        state = Case.objects.values_list("state", flat=True).get(pk=handling.case_id or 0)
        if handling.direction != Direction.OUT or state != issue_2012.DRAFTING:
            raise NotDraftable
        if document.edition != edition:
            raise TextMoved
        before = words.digest_of(words.whole(document))
        _write(document, text, by=by, at=at)
        if words.digest_of(words.whole(document)) != before:
            document.edition += 1
            document.save()
    return document.edition


@transaction.atomic
def submit(
    handling_id: int,
    *,
    needed_on: date | None = None,
    note: str = "",
    accepted: str = "",
    by: Standing,
    at: datetime,
    seen_length: int | None = None,
    request_key: str | None = None,
) -> Handling:
    """Hand a draft in for review (20): its text is kept as a version; `accepted` names the faults it goes on with."""
    handling = locked(handling_id, by=by)
    demand(may_work(by, handling), "submit")
    with acting_as_system():
        if handling.document.content.get("body"):
            frozen(handling.document, by=by, at=at)
        if needed_on is not None:
            handling.due_on = needed_on
            handling.save(update_fields=["due_on"])
    data = {"needed_on": needed_on.isoformat() if needed_on else "", "note": note, "accepted": accepted}
    step(handling, "submit", by=by, at=at, data=data, seen_length=seen_length, request_key=request_key)
    return handling


def _write(document: OfficialDocument, text: Text, *, by: Standing, at: datetime) -> None:
    main = list(dict.fromkeys(text.main_units))
    document.kind = text.kind
    document.title = clean_line(text.title)[:200]
    document.urgency = text.urgency
    document.main_units = main
    document.copy_units = [unit for unit in dict.fromkeys(text.copy_units) if unit not in main]
    document.content = words.cleaned(text.content)
    document.changed_at, document.changed_by = at, by.account_id


def _refuse_secrets(text: Text) -> None:
    mark = mark_in("\n".join([text.title, *map(str, words.cleaned(text.content).values())]))
    if mark:
        raise Classified(mark)
