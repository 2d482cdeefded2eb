"""Calling people back: every missed or lost call, and whatever was promised."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from yiwang.facilities.hotline.actions.record import QUEUE
from yiwang.facilities.hotline.enums import CallBackOutcome, CallBackReason
from yiwang.facilities.hotline.events import CallBackAsked, CallBackDone
from yiwang.facilities.hotline.models import Call, CallBack
from yiwang.facilities.hotline.rules import CALL_BACK_WITHIN, clean_number
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.live import tell
from yiwang.kernel.base.text import clean_line


class TakenByAnother(ValueError):
    """Somebody else is already calling this number back."""


@transaction.atomic
def ask_call_back(
    number: str,
    *,
    reason: str,
    unit_id: int | None,
    at: datetime,
    due_at: datetime | None = None,
    call_id: int | None = None,
    subject_kind: str = "",
    subject_id: int = 0,
    words: str = "",
) -> CallBack | None:
    """Have a number called back; one that is already waiting for the same subject only counts once more.

    Without `due_at`: within two hours. Nothing for a caller who showed no number.
    """
    cleaned = clean_number(number)
    if not cleaned:
        return None
    same = CallBack.objects.filter(
        number=cleaned, subject_kind=subject_kind, subject_id=subject_id, done_at__isnull=True
    )
    try:
        with transaction.atomic():
            waiting = same.select_for_update().first() or CallBack(
                number=cleaned,
                unit_id=unit_id,
                reason=reason,
                subject_kind=subject_kind,
                subject_id=subject_id,
                asked_at=at,
                due_at=due_at or at + CALL_BACK_WITHIN,
                times=0,
            )
            waiting.times += 1
            waiting.call_id = call_id or waiting.call_id
            waiting.words = clean_line(words)[:200] or waiting.words
            waiting.save()
    except IntegrityError:
        same.update(times=F("times") + 1)
        waiting = same.get()
    if waiting.times == 1:
        publish(CallBackAsked(waiting.pk, cleaned, reason, subject_kind, subject_id or None, at))
    _tell(waiting)
    return waiting


@transaction.atomic
def take_call_back(call_back_id: int, *, by: int, at: datetime) -> CallBack:
    """An agent takes a call-back on; nobody else calls meanwhile. Raises `TakenByAnother`."""
    task = CallBack.objects.select_for_update(of=("self",)).get(pk=call_back_id)
    if task.done_at is not None or task.taken_by_id not in (None, by):
        raise TakenByAnother(call_back_id)
    task.taken_by_id, task.taken_at = by, at
    task.save(update_fields=["taken_by", "taken_at"])
    _tell(task)
    return task


@transaction.atomic
def try_call_back(call_back_id: int, *, at: datetime, again_at: datetime, note: str = "") -> CallBack:
    """It was tried without success; it comes up again at an instant, for whoever is free then."""
    task = CallBack.objects.select_for_update(of=("self",)).get(pk=call_back_id)
    if task.done_at is None:
        task.attempts += 1
        task.due_at, task.taken_by, task.taken_at = again_at, None, None
        task.note = clean_line(note)[:400] or task.note
        task.save()
        _tell(task)
    return task


@transaction.atomic
def close_call_back(
    call_back_id: int, *, outcome: str, by: int | None, at: datetime, note: str = ""
) -> CallBack:
    """A call-back is done with; closing one that is done changes nothing."""
    task = CallBack.objects.select_for_update(of=("self",)).get(pk=call_back_id)
    if task.done_at is not None:
        return task
    task.done_at, task.outcome = at, outcome
    task.attempts += outcome != CallBackOutcome.CALLED_AGAIN
    task.note = clean_line(note)[:400] or task.note
    if by is not None:
        task.taken_by_id = by
    task.save()
    publish(
        CallBackDone(
            task.pk, task.number, task.reason, outcome, task.subject_kind, task.subject_id or None, by, at
        )
    )
    _tell(task)
    return task


def close_for_caller(call: Call, *, at: datetime) -> None:
    """Whoever called again and was answered need not be called back for what was missed or lost."""
    open_ones = CallBack.objects.filter(
        number=call.number,
        done_at__isnull=True,
        reason__in=(CallBackReason.MISSED, CallBackReason.LOST),
        asked_at__lt=at,
    ).exclude(call_id=call.pk)
    for pk in list(open_ones.values_list("pk", flat=True)):
        close_call_back(pk, outcome=CallBackOutcome.CALLED_AGAIN, by=None, at=at)


def _tell(task: CallBack) -> None:
    if task.unit_id is not None:
        tell([f"unit:{task.unit_id}"], QUEUE)
