"""A call as it stands at an Asterisk, its channels, and the house that hears of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

CALLER, AGENT, OTHER = "caller", "agent", "other"
LISTENER, SNOOP = "listener", "snoop"
BUSY, NO_ANSWER, REFUSED = frozenset({17}), frozenset({18, 19}), frozenset({21})
"""Causes of Q.850."""


class Told(Protocol):
    """The house, as far as this driver speaks to it."""

    def offered(self, key: str, *, caller: str, called: str) -> None: ...
    def queued(self, key: str, *, position: int) -> None: ...
    def ringing(self, key: str, *, agent_id: int) -> None: ...
    def returned(self, key: str, *, agent_id: int, reason: str) -> None: ...
    def answered(self, key: str, *, agent_id: int) -> None: ...
    def held(self, key: str) -> None: ...
    def resumed(self, key: str) -> None: ...
    def transferred(self, key: str, *, agent_id: int | None = None, number: str = "") -> None: ...
    def joined(self, key: str, *, number: str = "", agent_id: int | None = None) -> None: ...
    def parted(
        self, key: str, *, number: str = "", agent_id: int | None = None, reason: str = ""
    ) -> None: ...
    def listened(self, key: str, *, agent_id: int, mode: str) -> None: ...
    def unlistened(self, key: str, *, agent_id: int) -> None: ...
    def ended(self, key: str, *, cause: str) -> None: ...
    def recorded(self, key: str, path: Path, *, seconds: float) -> None: ...


class Impossible(Exception):
    """A command that doesn't fit what is going on."""


@dataclass
class Leg:
    """One channel of a call: whose it is, what it is for, and whether it has been picked up."""

    channel: str
    kind: str
    agent_id: int = 0
    number: str = ""
    is_to_take_over: bool = False
    """Whether the agent goes when this one picks up."""
    is_up: bool = False


@dataclass
class AriCall:
    """A call as it stands at Asterisk."""

    key: str
    caller: Leg
    agent: Leg | None = None
    other: Leg | None = None
    """Whoever is asked, brought in, or to take over."""
    listener: Leg | None = None
    """The telephone of a supervisor who listens in."""
    snoop: Leg | None = None
    """The channel that carries what the agent says and hears."""
    mode: str = ""
    """Who hears the supervisor."""
    bridge: str = ""
    is_answered: bool = False
    is_held: bool = False
    is_outbound: bool = False
    wanted: str = ""
    """The number that is called once the agent has picked up."""
    counted: int = 0
    """How many phones were called for it."""


def recording_name(key: str) -> str:
    """The name of a call's recording at Asterisk; a call's key may bear any signs, a file's name may not."""
    return f"yiwang-{key.encode().hex()}"


def key_of_recording(name: str) -> str:
    """The call's key in a recording's name; empty when it isn't one of ours."""
    try:
        return bytes.fromhex(name.removeprefix("yiwang-")).decode() if name.startswith("yiwang-") else ""
    except ValueError:
        return ""


def reason_of(cause: int) -> str:
    """A cause of Q.850 in a word of the port."""
    for causes, word in ((BUSY, "busy"), (NO_ANSWER, "no_answer"), (REFUSED, "refused")):
        if cause in causes:
            return word
    return "no_line"
