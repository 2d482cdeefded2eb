"""The rules of the hotline: what a call's events make of it, who gets the next call, how many agents it takes.

Pure: no database, no clock.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil, exp
from typing import Any

from yiwang.facilities.hotline.enums import AgentState, CallState, Direction, EventKind

RING_FOR = timedelta(seconds=15)
"""How long it rings at one agent before the call goes to the next (GB/T 33358: answered within 15 seconds)."""
LINE_GONE_FOR = timedelta(seconds=30)
"""How long a caller waits for an agent whose browser has gone before another agent is rung."""
SILENT_FOR = timedelta(hours=3)
"""How long a telephone system may say nothing about a call before it is taken to be over."""
CALL_BACK_WITHIN = timedelta(hours=2)
ANSWERED_WITHIN = timedelta(seconds=15)
USUAL_PRIORITY = 5
"""Between 1, rung first, and 9, rung last."""
SPOKEN_PLACES = 10
"""A place in the queue is told at every step up to this one, and beyond it whenever it has moved so far."""
ROUTES_ITSELF = frozenset({"cti"})
"""Drivers that choose the agents themselves and take no commands: telephone systems behind a webhook."""

_ORDER = {str(kind): place for place, kind in enumerate(EventKind)}
_NOT_IN_NUMBER = re.compile(r"[^0-9+*#]")


@dataclass(frozen=True)
class Happened:
    """One event of a call, as it is kept."""

    kind: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def place(self) -> tuple[datetime, int, str]:
        """Where it stands among the events of its call, in whatever order they were heard."""
        return self.at, _ORDER[self.kind], repr(sorted(self.data.items()))


@dataclass(frozen=True)
class CallFacts:
    """What follows from the events of one call."""

    state: str = CallState.OFFERED
    direction: str = Direction.INBOUND
    caller: str = ""
    called: str = ""
    agent_id: int | None = None
    others: tuple[str, ...] = ()
    asked_id: int | None = None
    """Another agent whom its agent asks."""
    is_asked_in: bool = False
    """Whether that one has picked up."""
    listener_id: int | None = None
    """A supervisor who listens in."""
    listening: str = ""
    offered_at: datetime | None = None
    queued_at: datetime | None = None
    rung_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    cause: str = ""
    is_blocked: bool = False
    recording_digest: str = ""
    recording_seconds: int = 0

    @property
    def is_missed(self) -> bool:
        """Whether somebody called and nobody spoke with them."""
        return (
            self.direction == Direction.INBOUND
            and self.ended_at is not None
            and self.answered_at is None
            and not self.is_blocked
        )

    @property
    def is_lost(self) -> bool:
        """Whether the line broke while somebody was on it."""
        return self.ended_at is not None and self.cause == EventKind.LOST


def facts_of(events: Iterable[Happened]) -> CallFacts:
    """What a call's events make of it; the order in which they come doesn't matter, nor that one comes twice.

    Events count in the order of their instants. What an end is followed by changes nothing but the recording.
    """
    facts = CallFacts()
    for event in sorted({each.place: each for each in events}.values(), key=lambda each: each.place):
        facts = _after(facts, event)
    return facts


def _after(facts: CallFacts, event: Happened) -> CallFacts:
    if event.kind == EventKind.RECORDED:
        return replace(
            facts,
            recording_digest=str(event.data.get("digest", "")),
            recording_seconds=int(event.data.get("seconds", 0)),
        )
    facts = replace(facts, offered_at=facts.offered_at or event.at)
    if event.kind == EventKind.OFFERED:
        return _offered(facts, event)
    if facts.ended_at is not None:
        return facts
    return replace(facts, **_CHANGES[event.kind](facts, event))


def _offered(facts: CallFacts, event: Happened) -> CallFacts:
    """Who calls whom is known from here on, even when the rest was heard before."""
    data = event.data
    direction = str(data.get("direction", Direction.INBOUND))
    is_ours = direction == Direction.OUTBOUND and facts.agent_id is None
    return replace(
        facts,
        direction=direction,
        caller=facts.caller or str(data.get("caller", "")),
        called=facts.called or str(data.get("called", "")),
        agent_id=data.get("agent_id") if is_ours else facts.agent_id,
    )


def _queued(facts: CallFacts, event: Happened) -> dict[str, Any]:
    if facts.answered_at is not None:
        return {}
    return {"state": CallState.QUEUED, "queued_at": facts.queued_at or event.at, "agent_id": None}


def _rings(facts: CallFacts, event: Happened) -> dict[str, Any]:
    if facts.state in (CallState.TALKING, CallState.HELD):
        return {}
    agent_id = event.data.get("agent_id")
    is_other = agent_id != facts.agent_id or facts.rung_at is None
    return {
        "state": CallState.RINGING,
        "agent_id": agent_id,
        "rung_at": event.at if is_other else facts.rung_at,
    }


def _returned(facts: CallFacts, event: Happened) -> dict[str, Any]:
    """Back to the queue, also from a talk whose agent has gone."""
    who = event.data.get("agent_id")
    if who is not None and who != facts.agent_id:
        return {}
    return {
        "state": CallState.QUEUED,
        "queued_at": facts.queued_at or event.at,
        "agent_id": None,
        "rung_at": None,
        **_NO_GUESTS,
    }


def _answered(facts: CallFacts, event: Happened) -> dict[str, Any]:
    return {
        "state": CallState.TALKING,
        "agent_id": event.data.get("agent_id") or facts.agent_id,
        "answered_at": facts.answered_at or event.at,
    }


def _held(facts: CallFacts, event: Happened) -> dict[str, Any]:
    return {"state": CallState.HELD} if facts.state == CallState.TALKING else {}


def _resumed(facts: CallFacts, event: Happened) -> dict[str, Any]:
    return {"state": CallState.TALKING} if facts.state == CallState.HELD else {}


def _asked(facts: CallFacts, event: Happened) -> dict[str, Any]:
    return {"asked_id": event.data.get("agent_id"), "is_asked_in": False}


def _listened(facts: CallFacts, event: Happened) -> dict[str, Any]:
    return {"listener_id": event.data.get("agent_id"), "listening": str(event.data.get("mode", ""))}


def _unlistened(facts: CallFacts, event: Happened) -> dict[str, Any]:
    is_theirs = event.data.get("agent_id") == facts.listener_id
    return {"listener_id": None, "listening": ""} if is_theirs else {}


def _joined(facts: CallFacts, event: Happened) -> dict[str, Any]:
    agent_id = event.data.get("agent_id")
    if agent_id is not None:
        return {"asked_id": agent_id, "is_asked_in": True}
    number = str(event.data.get("number", ""))
    return {"others": (*(other for other in facts.others if other != number), number)}


def _parted(facts: CallFacts, event: Happened) -> dict[str, Any]:
    agent_id = event.data.get("agent_id")
    if agent_id is not None:
        return {"asked_id": None, "is_asked_in": False} if agent_id == facts.asked_id else {}
    return {"others": tuple(other for other in facts.others if other != event.data.get("number"))}


def _transferred(facts: CallFacts, event: Happened) -> dict[str, Any]:
    agent_id = event.data.get("agent_id")
    if agent_id is not None:
        return {"agent_id": agent_id, "state": CallState.TALKING, **_NO_GUESTS}
    number = str(event.data.get("number", ""))
    return {
        "state": CallState.TALKING,
        "others": (*(each for each in facts.others if each != number), number),
    }


def _ended(facts: CallFacts, event: Happened) -> dict[str, Any]:
    cause = EventKind.LOST if event.kind == EventKind.LOST else str(event.data.get("cause", ""))
    return {
        "state": CallState.ENDED,
        "ended_at": event.at,
        "cause": str(cause),
        "is_blocked": cause == "blocked",
        "others": (),
        **_NO_GUESTS,
    }


_NO_GUESTS: Mapping[str, Any] = {
    "asked_id": None,
    "is_asked_in": False,
    "listener_id": None,
    "listening": "",
}

_CHANGES: Mapping[str, Callable[[CallFacts, Happened], dict[str, Any]]] = {
    EventKind.QUEUED: _queued,
    EventKind.CHOSEN: _rings,
    EventKind.RINGING: _rings,
    EventKind.RETURNED: _returned,
    EventKind.ANSWERED: _answered,
    EventKind.HELD: _held,
    EventKind.RESUMED: _resumed,
    EventKind.ASKED: _asked,
    EventKind.JOINED: _joined,
    EventKind.PARTED: _parted,
    EventKind.LISTENED: _listened,
    EventKind.UNLISTENED: _unlistened,
    EventKind.TRANSFERRED: _transferred,
    EventKind.LOST: _ended,
    EventKind.ENDED: _ended,
}


@dataclass(frozen=True)
class AgentNow:
    """An agent as the queue sees it."""

    agent_id: int
    state: str
    since_at: datetime
    has_line: bool
    skills: frozenset[str] = frozenset()
    """What the agent can do, languages and dialects among it."""
    priority: int = USUAL_PRIORITY


def next_agent(
    agents: Iterable[AgentNow], *, wants: Collection[str] = (), passed_over: Collection[int] = ()
) -> AgentNow | None:
    """Who is rung next: of those ready with a phone, whoever can do most of what is wanted.

    Of several, whoever stands before the others by priority, then the longest idle. `wants` are skills, a dialect among them; somebody without them is better than nobody. `passed_over` have
    just let it ring; they are asked again only when there is nobody else.
    """
    free = [agent for agent in agents if agent.state == AgentState.READY and agent.has_line]
    wanted, over = frozenset(wants), frozenset(passed_over)
    return min(
        free,
        key=lambda agent: (
            agent.agent_id in over,
            len(wanted - agent.skills),
            agent.priority,
            agent.since_at,
            agent.agent_id,
        ),
        default=None,
    )


def clean_number(number: str) -> str:
    """A telephone number as it is compared: digits alone, of SIP addresses the user, no +86 or 0086."""
    user = number.strip()
    for scheme in ("sip:", "sips:", "tel:"):
        user = user.removeprefix(scheme)
    digits = _NOT_IN_NUMBER.sub("", user.split("@")[0].split(";")[0])
    for prefix in ("+86", "0086"):
        if digits.startswith(prefix) and len(digits) - len(prefix) >= 10:
            return digits.removeprefix(prefix)
    return digits[:40]


def blocking_probability(agents: int, *, load: float) -> float:
    """Erlang's first formula: the share of calls that find every one of `agents` busy; `load` in erlangs."""
    share = 1.0
    for count in range(1, agents + 1):
        share = load * share / (count + load * share)
    return share


def waiting_probability(agents: int, *, load: float) -> float:
    """Erlang's second formula (C): the share of callers who wait at all; everybody when agents don't suffice."""
    if load <= 0:
        return 0.0
    if agents <= load:
        return 1.0
    lost = blocking_probability(agents, load=load)
    return agents * lost / (agents - load * (1 - lost))


def service_level(agents: int, *, calls_per_hour: float, handling: float, within: float) -> float:
    """The share of callers answered within so many seconds; `handling` is talk and after-call work in seconds."""
    load = calls_per_hour * handling / 3600
    if load <= 0:
        return 1.0
    if agents <= load:
        return 0.0
    return 1 - waiting_probability(agents, load=load) * exp(-(agents - load) * within / handling)


def agents_needed(*, calls_per_hour: float, handling: float, within: float = 15, target: float = 0.95) -> int:
    """How many agents it takes to answer `target` of the callers within so many seconds."""
    if calls_per_hour <= 0:
        return 0
    agents = max(1, ceil(calls_per_hour * handling / 3600))
    while service_level(agents, calls_per_hour=calls_per_hour, handling=handling, within=within) < target:
        agents += 1
    return agents


def mean_wait(agents: int, *, calls_per_hour: float, handling: float) -> float | None:
    """How many seconds a caller waits on average; nothing when the queue would grow for ever."""
    load = calls_per_hour * handling / 3600
    if agents <= load:
        return None
    return waiting_probability(agents, load=load) * handling / (agents - load)


DAY_SHAPE = tuple(
    share / 1000
    for share in (8, 5, 4, 3, 4, 8, 18, 40, 90, 120, 105, 75, 45, 60, 85, 85, 70, 50, 38, 30, 22, 16, 11, 8)
)
"""How a day's calls spread over its hours when nothing has been measured yet: 12 % in the busiest one."""


@dataclass(frozen=True)
class HourNeed:
    """How many agents one hour of the day takes."""

    hour: int
    calls: float
    agents: int
    level: float
    wait: float | None


def staffing(
    calls_by_hour: Sequence[float], *, handling: float, within: float = 15, target: float = 0.95
) -> list[HourNeed]:
    """The agents needed hour by hour, with what they then achieve."""
    needs = []
    for hour, calls in enumerate(calls_by_hour):
        agents = agents_needed(calls_per_hour=calls, handling=handling, within=within, target=target)
        needs.append(
            HourNeed(
                hour,
                calls,
                agents,
                service_level(agents, calls_per_hour=calls, handling=handling, within=within),
                mean_wait(agents, calls_per_hour=calls, handling=handling) if agents else 0.0,
            )
        )
    return needs
