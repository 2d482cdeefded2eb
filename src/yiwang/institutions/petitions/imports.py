"""Messages from another system, one a line: each becomes a petition at its own time, with its reply.

Only what the file knows goes in. A message that was answered counts as accepted on the day it was sent, so
that the 60 days of 信访工作条例 34 run from there; one without an answer is registered and waits. Nothing is
served or concluded, because the file doesn't say so. See docs/how-to/import-messages.md.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.base.jsonlines import Line
from yiwang.kernel.base.text import N_, clean_line, clean_text
from yiwang.kernel.casework.actions import Matter, PartyData, register, take
from yiwang.kernel.casework.models import Case, JournalEntry
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.orgs.models import Unit

SOURCE = "messages"
"""What stands in `Case.source`; the message's id stands in `source_key`."""

CHINA = ZoneInfo("Asia/Shanghai")
FIRST_YEAR = 1949
TITLE_LENGTH = 120
TITLE_FROM_TEXT = 30
TOGETHER = 20
"""Lines that share one transaction; a line that fails takes none of the others with it."""

_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_LOCK = 0x6D736773

ACCEPTED_ON_SENDING = "导入的历史留言。原平台未载明受理时间，以留言时间为受理时间。"
FACTS_IN_ANSWER = "导入的历史留言，查明情况见答复意见。"
BASIS_UNKNOWN = "原平台未载明。"
REPLY_WITHOUT_TIME = "原平台有答复，但未载明答复时间，故不计为已答复。答复全文：\n"

FIELD_MISSING = N_("The field “%(field)s” is missing.")
FIELD_EMPTY = N_("The field “%(field)s” is empty.")
NOT_A_TEXT = N_("The field “%(field)s” isn't a text.")
NOT_AN_ID = N_("The field “id” isn't a whole number of at most 18 digits.")
NOT_A_COUNT = N_("The field “%(field)s” isn't a whole number.")
NOT_A_TIME = N_("The field “%(field)s” isn't a time such as 2019-08-19T11:48:23.")
STILL_TO_COME = N_("The time in “%(field)s” is still to come.")
REPLY_BEFORE = N_("The reply is older than the message.")
TIME_WITHOUT_REPLY = N_("There is a time of reply, but no reply.")
OTHER_MESSAGE = N_("This id already stands for another message.")
OTHER_REPLY = N_("This message already has another reply.")
MOVED_ON = N_("The petition has moved on here; its reply can't be entered any more.")
TOO_LONG = N_("The field “%(field)s” is too long: at most %(most)s characters.")


class Refused(Exception):
    """A line that can't go in; says why in a sentence and which field it is about."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


@dataclass(frozen=True)
class Message:
    """One message as the file has it, with its times as instants."""

    key: str
    author: str
    title: str
    text: str
    sent_at: datetime
    category: str = ""
    reply: str = ""
    replied_at: datetime | None = None
    votes: Mapping[str, int] = field(default_factory=dict)


class Result(StrEnum):
    """What became of a line."""

    NEW = "new"
    KNOWN = "known"
    COMPLETED = "completed"


@dataclass(frozen=True)
class LineError:
    """A line that was refused and why."""

    line: int
    reason: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Summary:
    """What became of every line: `read` is `new` plus `known` plus `refused`.

    A known message that now got its reply counts as known; `completed` says how many those were.
    """

    read: int = 0
    new: int = 0
    known: int = 0
    completed: int = 0
    errors: list[LineError] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """How many lines didn't go in."""
        return len(self.errors)

    def count(self, result: Result) -> None:
        """Count a line that went in or was there."""
        if result is Result.NEW:
            self.new += 1
        else:
            self.known += 1
            self.completed += result is Result.COMPLETED


def import_messages(
    lines: Iterable[Line],
    *,
    office: Unit,
    at: datetime,
    told: Callable[[int], None] = lambda count: None,
) -> Summary:
    """Bring in every line at the petition office `office`; `at` is now, `told` hears how many are done.

    Every twentieth line is committed, so that an import that was killed goes on where it stopped when it
    is started again. Waits for another import under way.
    """
    summary = Summary()
    with acting_as_system():
        waiting: list[Line] = []
        for line in lines:
            waiting.append(line)
            if len(waiting) == TOGETHER:
                _bring_in_together(waiting, summary, office=office, at=at)
                told(summary.read)
                waiting = []
        _bring_in_together(waiting, summary, office=office, at=at)
        told(summary.read)
    return summary


@transaction.atomic
def _bring_in_together(lines: list[Line], summary: Summary, *, office: Unit, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    for line in lines:
        summary.read += 1
        try:
            if line.reason:
                raise Refused(line.reason)
            message = message_of(line.fields, now=at)
            with transaction.atomic():
                summary.count(_bring_in(message, office=office, at=at))
        except Refused as refusal:
            summary.errors.append(LineError(line.number, refusal.reason, refusal.values))


def message_of(fields: Mapping[str, Any], *, now: datetime) -> Message:
    """The message that a line's fields describe; raises `Refused` with the first fault."""
    key = _id(fields)
    title = _text(fields, "title", may_be_empty=True)
    sent_at = _time(fields, "submitted_at", now=now)
    text = clean_text(_text(fields, "text"))
    if not text:
        raise Refused(FIELD_EMPTY, field="text")
    reply = _optional_text(fields, "reply")
    replied_at = None if _is_nothing(fields.get("replied_at")) else _time(fields, "replied_at", now=now)
    if replied_at is not None and not reply:
        raise Refused(TIME_WITHOUT_REPLY)
    if replied_at is not None and replied_at < sent_at:
        raise Refused(REPLY_BEFORE)
    whole = clean_line(title)
    if len(whole) > TITLE_LENGTH:
        text = f"{whole}\n\n{text}"
    category = clean_line(_optional_text(fields, "category"))
    if len(category) > 80:
        raise Refused(TOO_LONG, field="category", most=80)
    return Message(
        key=key,
        author=clean_line(_optional_text(fields, "author")),
        title=whole[:TITLE_LENGTH] or clean_line(text)[:TITLE_FROM_TEXT],
        text=text,
        sent_at=sent_at,
        category=category,
        reply=clean_text(reply),
        replied_at=replied_at,
        votes={name: _count(fields, name) for name in ("votes_for", "votes_against") if name in fields},
    )


def _bring_in(message: Message, *, office: Unit, at: datetime) -> Result:
    known = Case.objects.filter(source=SOURCE, source_key=message.key).first()
    if known is not None:
        _require_same(known, message)
    case = known or _register(message, office=office)
    has_news = _enter_reply(case, message, at=at) if message.reply else False
    if known is None:
        return Result.NEW
    return Result.COMPLETED if has_news else Result.KNOWN


def _require_same(known: Case, message: Message) -> None:
    if (known.received_at, known.text) != (message.sent_at, message.text) or known.title != message.title:
        raise Refused(OTHER_MESSAGE)


def _register(message: Message, *, office: Unit) -> Case:
    matter = Matter(
        type_key="petition",
        root_unit_id=office.pk,
        title=message.title,
        text=message.text,
        channel="import",
        received_at=message.sent_at,
        category=message.category,
        parties=(PartyData(name=message.author, is_anonymous=not message.author),),
        facts=message.votes,
        source=SOURCE,
        source_key=message.key,
        has_receipt=False,
    )
    return register(matter, by=SYSTEM, at=message.sent_at).case


def _enter_reply(case: Case, message: Message, *, at: datetime) -> bool:
    """Bring a message's reply into the journal; true when it wasn't there yet."""
    entered = JournalEntry.objects.filter(case=case, verb__in=("answer", "note"), request_key__isnull=False)
    earlier = {entry.request_key: entry for entry in entered if entry.request_key in ("reply", "undated")}
    if "reply" in earlier:
        if message.replied_at is None or (
            earlier["reply"].data["opinion"] == message.reply and earlier["reply"].at == message.replied_at
        ):
            return False
        raise Refused(OTHER_REPLY)
    if "undated" in earlier and message.replied_at is None:
        return False
    if case.journal_length > 1:
        raise Refused(MOVED_ON)
    try:
        if message.replied_at is not None:
            _answer(case, message)
        else:
            text = REPLY_WITHOUT_TIME + message.reply
            take(case.pk, "note", by=SYSTEM, at=at, data={"text": text}, request_key="undated")
    except NotAllowedNow:
        raise Refused(MOVED_ON) from None
    except BadData as bad:
        values = {name: value for fault in bad.faults.values() for name, value in fault.values}
        raise Refused(TOO_LONG, field="reply", most=values.get("most", "")) from None
    return True


def _answer(case: Case, message: Message) -> None:
    assert message.replied_at is not None
    take(case.pk, "accept", by=SYSTEM, at=message.sent_at, data={"note": ACCEPTED_ON_SENDING})
    data = {
        "outcome": "explained",
        "facts": FACTS_IN_ANSWER,
        "opinion": message.reply,
        "basis": BASIS_UNKNOWN,
    }
    take(case.pk, "answer", by=SYSTEM, at=message.replied_at, data=data, request_key="reply")
    take(case.pk, "issue", by=SYSTEM, at=message.replied_at)


def _is_nothing(value: Any) -> bool:
    """Whether a field says that there is nothing: absent, null, empty, or the word for it."""
    return value is None or (isinstance(value, str) and value.strip().lower() in ("", "none", "null", "nan"))


def _id(fields: Mapping[str, Any]) -> str:
    if "id" not in fields:
        raise Refused(FIELD_MISSING, field="id")
    value = fields["id"]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**18:
        raise Refused(NOT_AN_ID)
    return str(value)


def _text(fields: Mapping[str, Any], name: str, *, may_be_empty: bool = False) -> str:
    if name not in fields:
        raise Refused(FIELD_MISSING, field=name)
    value = fields[name]
    if not isinstance(value, str):
        raise Refused(NOT_A_TEXT, field=name)
    if not may_be_empty and not value.strip():
        raise Refused(FIELD_EMPTY, field=name)
    return value


def _optional_text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(NOT_A_TEXT, field=name)
    return value


def _count(fields: Mapping[str, Any], name: str) -> int:
    value = fields[name]
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise Refused(NOT_A_COUNT, field=name)
    return value


def _time(fields: Mapping[str, Any], name: str, *, now: datetime) -> datetime:
    """The instant in a field; a time without a zone is China's. Raises `Refused`."""
    value = _text(fields, name).strip()
    if not _TIME.fullmatch(value):
        raise Refused(NOT_A_TIME, field=name)
    try:
        moment = datetime.fromisoformat(value)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
        local = moment.astimezone(CHINA)
    except (ValueError, OverflowError):
        raise Refused(NOT_A_TIME, field=name) from None
    if local.year < FIRST_YEAR:
        raise Refused(NOT_A_TIME, field=name)
    if moment > now:
        raise Refused(STILL_TO_COME, field=name)
    return moment
