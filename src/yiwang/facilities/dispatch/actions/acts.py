"""What a phone sends counts once, however often it is sent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from yiwang.facilities.dispatch.faults import NotYours, Refused
from yiwang.facilities.dispatch.models import Act
from yiwang.facilities.dispatch.words import SENTENCES
from yiwang.kernel.access.rules import Standing

LONGEST_OFFLINE = timedelta(hours=24)
"""An act that was kept on a phone longer than this counts from when it came in, less this."""


def once(
    key: UUID, *, kind: str, subject_id: int, by: Standing, at: datetime, do: Callable[[], Any]
) -> dict[str, Any]:
    """Do something once under a number that the phone made, and answer every repeat as the first time.

    Whether it was refused is part of the answer: `{"ok": False, "words": …}`. Two that come at the same
    moment wait for one another. Raises `NotYours` when somebody else used the number.
    """
    assert by.account_id is not None
    with transaction.atomic():
        act, is_new = Act.objects.get_or_create(
            key=key,
            defaults={
                "account_id": by.account_id,
                "kind": kind,
                "subject_id": subject_id,
                "done_at": at,
                "received_at": at,
            },
        )
        if not is_new:
            if act.account_id != by.account_id:
                raise NotYours(str(SENTENCES["not_your_team"]))
            return dict(act.answer)
        try:
            with transaction.atomic():
                do()
            answer: dict[str, Any] = {"ok": True}
        except Refused as refused:
            # What `start` settled was undone with it; this is the one that stays.
            refused.settle()
            answer = {"ok": False, "words": str(refused)}
        act.answer = answer
        act.save(update_fields=["answer"])
    return answer


def moment_of(claimed: datetime | None, *, now: datetime) -> datetime:
    """When something was done that a phone has kept: what it says, never later than now nor a day before."""
    if claimed is None:
        return now
    return min(now, max(claimed, now - LONGEST_OFFLINE))
