"""A document going around: to whom, in which order, who has read it; nobody forgotten, nobody by mistake (24 (5))."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.facilities.office.actions.acts import demand, key_of, locked, step
from yiwang.facilities.office.enums import Mode, OpinionKind
from yiwang.facilities.office.events import DocumentWaits
from yiwang.facilities.office.faults import NotThese
from yiwang.facilities.office.models import Circulation, Handling, Opinion, Reading, Urging
from yiwang.facilities.office.policies import OFFICE_ROLES, may_act_for, may_circulate
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.text import clean_line, clean_text
from yiwang.kernel.people.models import Account, Post

MOST_READERS = 200


@transaction.atomic
def circulate(
    handling_id: int,
    account_ids: Sequence[int],
    *,
    mode: str = Mode.PARALLEL,
    note: str = "",
    by: Standing,
    at: datetime,
    **seen: Any,
) -> Circulation:
    """Send a document around; in a sequence it reaches the next reader when the one before has read it.

    Raises `NotThese` for nobody, for people who handle no papers, and for people kept away from it.
    """
    handling = locked(handling_id, by=by)
    demand(may_circulate(by, handling), "circulate")
    readers = _checked(handling, account_ids)
    with acting_as_system():
        circulation = Circulation.objects.create(
            handling=handling,
            mode=Mode(mode),
            note=clean_text(note)[:2000],
            began_at=at,
            began_by=by.account_id,
        )
        Reading.objects.bulk_create(
            Reading(
                circulation=circulation,
                handling=handling,
                account_id=account_id,
                place=place,
                sent_at=at if place == 1 or mode != Mode.SEQUENTIAL else None,
            )
            for place, account_id in enumerate(readers, 1)
        )
        reached = readers if mode != Mode.SEQUENTIAL else readers[:1]
        let_see(handling, reached)
    data = {"readers": _names(readers), "note": note}
    step(handling, "circulate", by=by, at=at, data=data, **seen)
    _tell(handling, reached, "read", at=at)
    return circulation


@transaction.atomic
def add_readers(
    circulation_id: int, account_ids: Sequence[int], *, by: Standing, at: datetime
) -> list[Reading]:
    """Send it to somebody who had been forgotten (补阅); in a free circulation a reader may pass it on too."""
    circulation = _circulation(circulation_id)
    handling = locked(circulation.handling_id, by=by)
    is_office = may_circulate(by, handling)
    with acting_as_system():
        mine = Reading.objects.filter(
            circulation=circulation, account_id__in=by.account_ids, cancelled_at=None, sent_at__isnull=False
        )
        demand(is_office or (circulation.mode == Mode.FREE and mine.exists()), "circulate")
        had = set(
            Reading.objects.filter(circulation=circulation, cancelled_at=None).values_list(
                "account_id", flat=True
            )
        )
        readers = _checked(handling, [account_id for account_id in account_ids if account_id not in had])
        last = (
            Reading.objects.filter(circulation=circulation)
            .order_by("-place")
            .values_list("place", flat=True)[0]
        )
        added = Reading.objects.bulk_create(
            Reading(
                circulation=circulation,
                handling=handling,
                account_id=account_id,
                place=place,
                is_afterthought=is_office,
                passed_on_by=None if is_office else by.account_id,
                sent_at=at,
            )
            for place, account_id in enumerate(readers, last + 1)
        )
        let_see(handling, readers)
    _tell(handling, readers, "read", at=at)
    return added


@transaction.atomic
def mark_read(
    reading_ids: Iterable[int], *, text: str = "", is_instruction: bool = False, by: Standing, at: datetime
) -> list[Reading]:
    """Say that one has read it, with an opinion or an instruction (批示) if one has any; many at once.

    Whoever stands in for the reader may say so for them. In a sequence it goes on to the next.
    """
    marked = []
    for reading_id in sorted(set(reading_ids)):
        reading = Reading.objects.select_related("circulation").filter(pk=reading_id).first()
        if reading is None or not may_act_for(by, reading):
            raise Handling.DoesNotExist
        handling = locked(reading.handling_id, by=by)
        with acting_as_system():
            reading = Reading.objects.select_for_update().get(pk=reading_id)
            if reading.read_at is not None or reading.cancelled_at is not None or reading.sent_at is None:
                continue
            reading.opened_at = at
            reading.read_at, reading.read_by = at, by.account_id
            reading.save()
            _note(handling, reading, text, is_instruction=is_instruction, by=by, at=at)
            _pass_on(handling, reading, at=at)
        marked.append(reading)
    return marked


@transaction.atomic
def write_opinion(
    handling_id: int, *, text: str, is_instruction: bool = False, by: Standing, at: datetime
) -> Opinion:
    """Write an instruction or a comment on a document; it is added and can't be changed or removed."""
    handling = locked(handling_id, by=by)
    text = clean_text(text)[:4000]
    is_reader = bool(by.account_ids.intersection(handling.account_ids))
    demand(by.account_id is not None and (may_circulate(by, handling) or is_reader), "circulate")
    if not text:
        raise NotThese(_("Please write something."))
    assert by.account_id is not None
    may_instruct = is_instruction and bool(by.roles & {"leader", "head"})
    with acting_as_system():
        return Opinion.objects.create(
            handling=handling,
            kind=OpinionKind.INSTRUCTION if may_instruct else OpinionKind.COMMENT,
            account_id=by.account_id,
            principal_id=_principal(by, handling),
            unit_id=handling.unit_id,
            text=text,
            at=at,
        )


@transaction.atomic
def cancel_readings(reading_ids: Iterable[int], *, reason: str, by: Standing, at: datetime) -> list[Reading]:
    """Take it back from readers who haven't read it, many at once, with the reason (误传, 撤回)."""
    reason = clean_line(reason)[:200]
    if not reason:
        raise NotThese(_("Please say why; it stands in the report of what went astray."))
    cancelled = []
    for reading in Reading.objects.filter(pk__in=sorted(set(reading_ids))).order_by("pk"):
        handling = locked(reading.handling_id, by=by)
        demand(may_circulate(by, handling), "circulate")
        with acting_as_system():
            held = Reading.objects.select_for_update().get(pk=reading.pk)
            if held.cancelled_at is not None or held.read_at is not None:
                continue
            held.cancelled_at, held.cancelled_by, held.cancel_reason = at, by.account_id, reason
            held.save()
            if held.sent_at is not None:
                _pass_on(handling, held, at=at)
            others = Reading.objects.filter(handling=handling, account_id=held.account_id, cancelled_at=None)
            if not others.exists():
                handling.account_ids = [one for one in handling.account_ids if one != held.account_id]
                handling.save(update_fields=["account_ids"])
        cancelled.append(held)
    return cancelled


@transaction.atomic
def urge(
    handling_id: int,
    *,
    account_ids: Sequence[int] | None = None,
    text: str = "",
    by: Standing,
    at: datetime,
) -> list[int]:
    """Remind one reader or all who haven't read it, or the handler; each urging is kept (24 (6))."""
    handling = locked(handling_id, by=by)
    demand(may_circulate(by, handling), "urge")
    with acting_as_system():
        waiting = Reading.objects.filter(
            handling=handling, read_at=None, cancelled_at=None, sent_at__isnull=False
        )
        late = set(waiting.values_list("account_id", flat=True))
        if handling.handler_id is not None:
            late.add(handling.handler_id)
        wanted = sorted(late if account_ids is None else late.intersection(account_ids))
        text = clean_line(text)[:200]
        Urging.objects.bulk_create(
            Urging(handling=handling, account_id=one, by_account_id=by.account_id, text=text, at=at)
            for one in wanted
        )
    if not wanted:
        raise NotThese(_("Nobody is behind with this document."))
    step(handling, "urge", by=by, at=at, data={"text": "：".join(filter(None, [_names(wanted), text]))})
    _tell(handling, wanted, "urged", at=at)
    return wanted


# --- what lies behind ------------------------------------------------------------------------------------


def _circulation(circulation_id: int) -> Circulation:
    found = Circulation.objects.filter(pk=circulation_id).first()
    if found is None:
        raise Handling.DoesNotExist
    return found


def _checked(handling: Handling, account_ids: Sequence[int]) -> list[int]:
    readers = list(dict.fromkeys(account_ids))
    if not readers:
        raise NotThese(_("Please choose at least one reader."))
    if len(readers) > MOST_READERS:
        raise NotThese(_("At most %(most)s readers at once.") % {"most": MOST_READERS})
    if set(readers).intersection(handling.excluded_accounts):
        raise NotThese(_("Somebody among them is kept away from the document."))
    at_work = Post.objects.filter(
        account_id__in=readers, role__in=sorted(OFFICE_ROLES), granted_at__isnull=False, refused_at=None,
        account__is_active=True,
    )  # fmt: skip
    if set(at_work.values_list("account_id", flat=True)) != set(readers):
        raise NotThese(_("Somebody among them has no post in which documents are read."))
    return readers


def let_see(handling: Handling, account_ids: Iterable[int]) -> None:
    """Let people read a document in a unit. The caller asks as the house."""
    handling.account_ids = sorted({*handling.account_ids, *account_ids})
    handling.save(update_fields=["account_ids"])


def _note(
    handling: Handling, reading: Reading, text: str, *, is_instruction: bool, by: Standing, at: datetime
) -> None:
    """What the reader wrote; without words it is ticked as read (圈阅)."""
    text = clean_text(text)[:4000]
    may_instruct = is_instruction and bool(by.roles & {"leader", "head"})
    kind = OpinionKind.INSTRUCTION if may_instruct else OpinionKind.COMMENT
    assert by.account_id is not None
    Opinion.objects.create(
        handling=handling,
        kind=kind if text else OpinionKind.TICK,
        account_id=by.account_id,
        principal_id=reading.account_id if reading.account_id != by.account_id else None,
        unit_id=handling.unit_id,
        text=text,
        at=at,
    )


def _pass_on(handling: Handling, reading: Reading, *, at: datetime) -> None:
    """In a sequence, the next reader's turn."""
    if reading.circulation.mode != Mode.SEQUENTIAL:
        return
    following = Reading.objects.filter(circulation_id=reading.circulation_id, sent_at=None, cancelled_at=None)
    waiting = Reading.objects.filter(
        circulation_id=reading.circulation_id, sent_at__isnull=False, read_at=None, cancelled_at=None,
        is_afterthought=False,
    )  # fmt: skip
    after = following.order_by("place").first()
    if after is None or waiting.exists():
        return
    after.sent_at = at
    after.save(update_fields=["sent_at"])
    let_see(handling, [after.account_id])
    _tell(handling, [after.account_id], "read", at=at)


def _principal(by: Standing, handling: Handling) -> int | None:
    others = sorted(by.account_ids - {by.account_id} & set(handling.account_ids))
    is_own = by.account_id in handling.account_ids or any(
        post.principal_id is None and post.unit_id == handling.unit_id for post in by.posts
    )
    return None if is_own or not others else others[0]


def _names(account_ids: Sequence[int]) -> str:
    names = dict(Account.objects.filter(pk__in=account_ids).values_list("pk", "name"))
    return "、".join(names[account_id] for account_id in account_ids if account_id in names)


def _tell(handling: Handling, account_ids: Sequence[int], why: str, *, at: datetime) -> None:
    key = key_of(why, handling.pk, at.isoformat())
    publish(DocumentWaits(handling.pk, tuple(account_ids), why, key, at))
