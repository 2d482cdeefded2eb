"""Keeping what people write until they hand it in, and letting go of it afterwards."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpResponse

from yiwang.kernel.channels.enums import MessageState
from yiwang.kernel.channels.gateway import Gateway, NotTaken
from yiwang.kernel.channels.models import Attempt, Draft, DraftFile, Message
from yiwang.kernel.channels.queries import SALT, Held, cookie_name
from yiwang.kernel.channels.rules import KEPT_FOR, SHOWN_FOR, key_digest, new_key, seal


class AlreadyHandedIn(Exception):
    """The draft was handed in before; `draft` says as what."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"draft {draft.pk} is case {draft.case_id}")
        self.draft = draft


def begin(*, kind: str, at: datetime) -> Held:
    """A new empty draft; its key must be handed out with `give_key`."""
    key = new_key()
    draft = Draft.objects.create(kind=kind, key_digest=key_digest(key), began_at=at, expires_at=at + KEPT_FOR)
    return Held(draft, key)


def give_key(response: HttpResponse, held: Held) -> None:
    """Put the draft's key into the person's browser, signed and out of reach of scripts."""
    response.set_cookie(
        cookie_name(held.draft.kind),
        signing.dumps(held.key, salt=SALT + held.draft.kind),
        max_age=int(KEPT_FOR.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def take_key_back(response: HttpResponse, *, kind: str) -> None:
    """Remove the key from the person's browser."""
    response.delete_cookie(cookie_name(kind), samesite="Lax")


@transaction.atomic
def keep(draft_id: int, changes: Mapping[str, Any], *, at: datetime) -> Draft:
    """Write answers into a draft beside those that are there; two tabs don't lose each other's.

    Raises `Draft.DoesNotExist`, `AlreadyHandedIn`.
    """
    draft = _locked(draft_id)
    draft.data = {**draft.data, **changes}
    draft.expires_at = at + KEPT_FOR
    draft.save(update_fields=["data", "expires_at"])
    return draft


@transaction.atomic
def add_files(draft_id: int, stored: Iterable[tuple[Any, str]], *, most: int, at: datetime) -> int:
    """Add stored files to a draft until it has `most`; returns how many found no room.

    `stored` are blobs of the store, each with the sender's name for it; what the draft already has under
    the same hash is passed over. Raises `AlreadyHandedIn`.
    """
    draft = _locked(draft_id)
    known = set(draft.files.values_list("digest", flat=True))
    left_over = 0
    for blob, name in stored:
        if blob.digest in known:
            continue
        if len(known) >= most:
            left_over += 1
            continue
        known.add(blob.digest)
        DraftFile.objects.create(
            draft=draft,
            digest=blob.digest,
            name=name[:200],
            media_type=blob.media_type,
            size=blob.size,
            added_at=at,
        )
    return left_over


@transaction.atomic
def remove_file(draft_id: int, file_id: int) -> None:
    """Take a file out of a draft; one that isn't there is no fault. Raises `AlreadyHandedIn`."""
    DraftFile.objects.filter(draft=_locked(draft_id), pk=file_id).delete()


def lock(draft_id: int) -> Draft:
    """The draft, locked until the end of the caller's transaction, to be handed in.

    Raises `AlreadyHandedIn` when somebody did so first, `Draft.DoesNotExist`.
    """
    return _locked(draft_id)


def hand_in(held: Held, *, draft: Draft, case_id: int, shown_once: str, at: datetime) -> None:
    """Empty a locked draft once it became a case; what is shown once stays sealed for a short while."""
    draft.files.all().delete()
    draft.data = {}
    draft.handed_in_at = at
    draft.case_id = case_id
    draft.sealed = seal(shown_once, key=held.key)
    draft.expires_at = at + SHOWN_FOR
    draft.save()


def discard(held: Held) -> None:
    """Forget a draft with its files' names at once."""
    held.draft.delete()


def note_attempt(source: str, *, kind: str, at: datetime) -> None:
    """Remember that something was sent from somewhere."""
    Attempt.objects.create(kind=kind, source=source, at=at)


CODE_LASTS, NEWS_LASTS = timedelta(minutes=10), timedelta(days=1)
LOG_KEPT = timedelta(days=90)


def queue_message(number: str, words: str, *, is_code: bool, at: datetime) -> Message:
    """Keep a message until the gateway has taken it; the caller puts the job in."""
    return Message.objects.create(
        number=number,
        words=words[:500],
        hint=number[-4:],
        made_at=at,
        expires_at=at + (CODE_LASTS if is_code else NEWS_LASTS),
    )


def hand_over(message_id: int, *, to: Gateway | None, at: datetime) -> bool:
    """Give a message to the gateway, once; returns whether it has ended. What has ended is forgotten but for the log.

    No lock is held while the gateway is asked. Should the machine fail just after it took the message, it is sent twice.
    """
    message = Message.objects.filter(pk=message_id, state=MessageState.WAITING).first()
    if message is None:
        return True
    if at >= message.expires_at:
        _end(message, MessageState.LOST, message.answer, at=at)
        return True
    if to is None:
        return False
    message.tries += 1
    message.save(update_fields=["tries"])
    try:
        _end(message, MessageState.SENT, to.send(message.number, message.words), at=at)
    except NotTaken as fault:
        if fault.is_final:
            _end(message, MessageState.REFUSED, str(fault), at=at)
            return True
        message.answer = str(fault)[:120]
        message.save(update_fields=["answer"])
        return False
    return True


def _end(message: Message, state: MessageState, answer: str, *, at: datetime) -> None:
    message.state, message.answer, message.ended_at = state, answer[:120], at
    message.number = message.words = ""
    message.save(update_fields=["state", "answer", "ended_at", "number", "words"])


def clear_expired(*, at: datetime) -> int:
    """Delete drafts whose time is over and attempts older than a day; returns how many drafts."""
    _, deleted = Draft.objects.filter(expires_at__lte=at).delete()
    Attempt.objects.filter(at__lt=at - timedelta(days=1)).delete()
    for message in Message.objects.filter(state=MessageState.WAITING, expires_at__lte=at):
        _end(message, MessageState.LOST, message.answer, at=at)
    Message.objects.filter(made_at__lt=at - LOG_KEPT).delete()
    return deleted.get("channels.Draft", 0)


def _locked(draft_id: int) -> Draft:
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    if draft.handed_in_at is not None:
        raise AlreadyHandedIn(draft)
    return draft
