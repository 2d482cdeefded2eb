"""A call as the voice process holds it, an agent's seat, and what the house is told about both."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from yiwang.facilities.hotline.voice.bridge import Bridge, Line
from yiwang.facilities.hotline.voice.rtc import Peer


class PhoneLine(Line, Protocol):
    """A line on the trunk."""

    caller: str
    called: str
    on_ended: Callable[[str], None]
    name: str
    """What the house knows the call by."""
    is_over: bool

    def ring(self) -> None:
        """Tell the network that it rings."""

    def answer(self) -> None:
        """Answer it. Raises `SdpNegotiationError`."""

    def refuse(self, code: int) -> None:
        """Refuse it with a SIP status."""

    def hang_up(self) -> None:
        """End it."""


@dataclass(frozen=True)
class Duty:
    """What the house says of an agent."""

    agent_id: int
    is_ready: bool
    has_auto_answer: bool = False
    idle_since: float = 0.0
    """Seconds since the epoch."""
    extension: str = ""
    """The agent's telephone at a telephone system."""


@dataclass(eq=False)
class Seat:
    """An agent's place: the browser, what the house says, and the call that is there."""

    agent_id: int
    peer: Peer | None = None
    duty: Duty | None = None
    call: "LiveCall | None" = None

    @property
    def is_up(self) -> bool:
        """Whether the browser can hear and speak."""
        return self.peer is not None and self.peer.is_up

    @property
    def is_free(self) -> bool:
        """Whether a call may be given."""
        return self.is_up and self.call is None and self.duty is not None and self.duty.is_ready


@dataclass(eq=False)
class LiveCall:
    """One call that goes on."""

    line: PhoneLine
    bridge: Bridge
    key: str
    began: float
    is_outbound: bool = False
    seat: Seat | None = None
    """Whose call it is, also while the browser is away."""
    ringing: Seat | None = None
    third: PhoneLine | None = None
    """A number that was asked or brought in."""
    asked: Seat | None = None
    """Another agent who is asked."""
    listener: Seat | None = None
    """A supervisor who listens in."""
    guests: dict[Seat, Callable[[], None]] = field(default_factory=dict)
    """Agents in a call that isn't theirs, each with what lets them go."""
    timers: set[asyncio.TimerHandle] = field(default_factory=set)
    dialling: "asyncio.Task[None] | None" = None
    answered_at: float | None = None
    """When the network was told that somebody has taken it: a person, or the queue."""
    position: int = 0
    is_on_our_own: bool = False
    """The house has said nothing, so the floor looks for an agent itself."""
    passed_by: set[int] = field(default_factory=set)
    """Agents who let it ring while the floor was on its own."""
    is_over: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has it."""
        return not self.is_over and self.seat is None and self.ringing is None and not self.is_outbound

    def stop_timers(self) -> None:
        """Forget what was to happen later."""
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()


class House(Protocol):
    """Whom the floor tells what happens; nothing here waits. `key` is the call's."""

    def offered(self, key: str, *, caller: str, called: str) -> None:
        """Somebody calls."""

    def queued(self, key: str, *, position: int) -> None:
        """The caller waits, as number so and so."""

    def ringing(self, key: str, *, agent_id: int) -> None:
        """It rings at an agent's."""

    def returned(self, key: str, *, agent_id: int, reason: str) -> None:
        """It doesn't ring there any more, and nobody has taken it."""

    def answered(self, key: str, *, agent_id: int) -> None:
        """Caller and agent hear one another."""

    def held(self, key: str) -> None:
        """The caller hears music."""

    def resumed(self, key: str) -> None:
        """The caller hears the agent again."""

    def transferred(self, key: str, *, agent_id: int | None = None, number: str = "") -> None:
        """It has gone to another agent or number."""

    def joined(self, key: str, *, number: str = "", agent_id: int | None = None) -> None:
        """Somebody was asked or brought in."""

    def parted(self, key: str, *, number: str = "", agent_id: int | None = None, reason: str = "") -> None:
        """Whoever was asked or brought in has gone."""

    def listened(self, key: str, *, agent_id: int, mode: str) -> None:
        """A supervisor listens in."""

    def unlistened(self, key: str, *, agent_id: int) -> None:
        """A supervisor listens no longer."""

    def ended(self, key: str, *, cause: str) -> None:
        """It is over."""

    def line(self, agent_id: int, *, is_up: bool) -> None:
        """An agent's browser is there, or has gone."""

    def recorded(self, key: str, path: Path, *, seconds: float) -> None:
        """A recording is whole and wants to be stored."""
