"""The second driver: a telephone system that tells what happens by a webhook, in the words of Zammad's generic CTI.

Whatever was set up to tell Zammad tells us: `newCall`, `answer`, `hangup`, as a form or as JSON. Such a system
chooses the agents itself and takes no commands; the console shows the caller and the form all the same.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.crypto import constant_time_compare

from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import hear
from yiwang.facilities.hotline.enums import EventKind
from yiwang.facilities.hotline.models import Agent, Call, CallEvent

DRIVER = "cti"
_DIRECTIONS = {"in": "inbound", "out": "outbound"}
LONGEST_KEY = 128


class NotUnderstood(ValueError):
    """The telephone system said something that isn't in the agreed words; the text says what."""


@dataclass(frozen=True)
class Said:
    """One request of the telephone system."""

    event: str
    key: str
    direction: str
    caller: str
    called: str
    users: tuple[str, ...] = ()
    answering: str = ""
    queue: str = ""
    cause: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, Sequence[str]]) -> "Said":
        """What the fields of a form or of JSON say. Raises `NotUnderstood`."""

        def first(name: str) -> str:
            return fields[name][0].strip() if fields.get(name) else ""

        direction, key = _DIRECTIONS.get(first("direction")), first("callId")
        if direction is None:
            raise NotUnderstood("Invalid direction!")
        if not key or len(key) > 250:
            raise NotUnderstood("Invalid callId!")
        users = tuple(user.strip() for name in ("user[]", "user") for user in fields.get(name, ()))
        return cls(
            event=first("event"),
            key=key[-LONGEST_KEY:],
            direction=direction,
            caller=first("from"),
            called=first("to"),
            users=tuple(user for user in users if user),
            answering=first("answeringNumber"),
            queue=first("queue"),
            cause=first("cause"),
        )


def is_token(given: str) -> bool:
    """Whether the address holds the token of `YIWANG_CTI_TOKEN`; never when none is set."""
    wanted = os.environ.get("YIWANG_CTI_TOKEN", "")
    return bool(wanted) and constant_time_compare(given, wanted)


def take_in(said: Said, *, at: datetime) -> Call | None:
    """Tell the house what the telephone system said; told again it changes nothing. Raises `NotUnderstood`."""
    agent_id = _agent(said)
    kind = {"newCall": EventKind.OFFERED, "answer": EventKind.ANSWERED, "hangup": EventKind.ENDED}.get(
        said.event
    )
    if kind is None:
        raise NotUnderstood("Invalid event!")
    known = CallEvent.objects.filter(call__driver=DRIVER, call__driver_key=said.key)
    if known.filter(kind=kind).exists():
        return Call.objects.get(driver=DRIVER, driver_key=said.key)
    if not known.exists() and kind != EventKind.OFFERED:
        _offer(said, agent_id=agent_id, at=at)
    match kind:
        case EventKind.OFFERED:
            return _offer(said, agent_id=agent_id, at=at)
        case EventKind.ANSWERED:
            return hear(port.CallAnswered(DRIVER, said.key, at, agent_id=agent_id))
        case _:
            return hear(port.CallEnded(DRIVER, said.key, at, cause=said.cause[:40]))


def _offer(said: Said, *, agent_id: int | None, at: datetime) -> Call | None:
    call = hear(
        port.CallOffered(DRIVER, said.key, at, said.direction, said.caller, said.called, agent_id=agent_id)
    )
    if call is None or call.is_blocked or said.direction == "outbound":
        return call
    if agent_id is not None:
        return hear(port.CallRinging(DRIVER, said.key, at, agent_id=agent_id))
    if said.queue:
        return hear(port.CallQueued(DRIVER, said.key, at))
    return call


def _agent(said: Said) -> int | None:
    """The one agent who is meant: by extension, sign-in name or name; nobody for a group call."""
    names = [said.answering] if said.answering else list(said.users)
    if len(names) != 1:
        return None
    meant = Q(extension=names[0]) | Q(account__username=names[0].lower()) | Q(account__name=names[0])
    found = list(Agent.objects.filter(meant).values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None
