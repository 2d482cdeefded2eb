"""The port between the hotline and whatever carries its calls: what a driver tells, and what it is told to do.

Three drivers stand behind it: the voice process of the house, the webhook of a telephone system, and Asterisk.
Nothing of SIP, WebRTC or HTTP is known above it. `driver` and `key` together name one call for ever; instants
are aware, `agent_id` is the number of an `Agent`, `number` a telephone number as dialled.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class CallEvent:
    """Something that happened to one call, told by its driver; told twice it counts once."""

    driver: str
    key: str
    at: datetime


@dataclass(frozen=True)
class CallOffered(CallEvent):
    """A call came in (`inbound`), or one of ours is on its way out (`outbound`)."""

    direction: str
    caller: str
    called: str
    agent_id: int | None = None
    """Whose call it is, when it goes out."""


@dataclass(frozen=True)
class CallQueued(CallEvent):
    """The caller waits; `position` counts from 1."""

    position: int = 1


@dataclass(frozen=True)
class CallRinging(CallEvent):
    """It rings at an agent."""

    agent_id: int


@dataclass(frozen=True)
class CallReturned(CallEvent):
    """The agent didn't answer, refused or has no line: the caller waits again."""

    agent_id: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class CallAnswered(CallEvent):
    """Caller and agent hear one another; without an agent when the driver doesn't know which."""

    agent_id: int | None = None


@dataclass(frozen=True)
class CallHeld(CallEvent):
    """The caller hears music."""


@dataclass(frozen=True)
class CallResumed(CallEvent):
    """The caller hears the agent again."""


@dataclass(frozen=True)
class PartyJoined(CallEvent):
    """Somebody else was asked or brought in: a number, or an agent who has picked up."""

    number: str = ""
    agent_id: int | None = None


@dataclass(frozen=True)
class PartyParted(CallEvent):
    """Whoever was asked or brought in has gone, or never came: `no_answer`, `refused`, `no_line`, `busy`."""

    number: str = ""
    agent_id: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class ListenerCame(CallEvent):
    """A supervisor hears the call; `mode` says who hears the supervisor, see `Listen`."""

    agent_id: int
    mode: str


@dataclass(frozen=True)
class ListenerGone(CallEvent):
    """A supervisor hears the call no longer."""

    agent_id: int


@dataclass(frozen=True)
class CallTransferred(CallEvent):
    """The call was passed on, to an agent or to a number; the other one is empty."""

    agent_id: int | None = None
    number: str = ""


@dataclass(frozen=True)
class CallEnded(CallEvent):
    """The call is over. `cause`: `caller`, `agent`, `busy`, `no_answer`, `refused`, `blocked` or a driver's own."""

    cause: str = ""


@dataclass(frozen=True)
class RecordingReady(CallEvent):
    """The recording lies in the file store under its digest."""

    digest: str
    seconds: int


@dataclass(frozen=True)
class DriverLost:
    """A driver is gone, and every live call with it."""

    driver: str
    at: datetime


@dataclass(frozen=True)
class AgentLine:
    """An agent's phone is there (`is_up`) or has gone; only agents whose phone is there are rung."""

    driver: str
    agent_id: int
    is_up: bool
    at: datetime


Event = CallEvent | DriverLost | AgentLine


@dataclass(frozen=True)
class Command:
    """Something that a driver is to do with the call it is given with."""


@dataclass(frozen=True)
class Ring(Command):
    """Let it ring at an agent; the driver answers with `CallRinging`, later `CallAnswered` or `CallReturned`."""

    agent_id: int


@dataclass(frozen=True)
class StopRinging(Command):
    """Let it no longer ring at an agent; the caller waits, and the house already knows."""

    agent_id: int


@dataclass(frozen=True)
class Queue(Command):
    """Let the caller wait and tell the place in the queue, counted from 1."""

    position: int


@dataclass(frozen=True)
class Answer(Command):
    """Connect caller and agent: the agent has picked up."""

    agent_id: int


@dataclass(frozen=True)
class Refuse(Command):
    """Don't take the call, or send it away: `blocked` or `busy`."""

    cause: str


@dataclass(frozen=True)
class Hold(Command):
    """Let the caller hear music."""


@dataclass(frozen=True)
class Resume(Command):
    """Let the caller hear the agent again; whoever was asked meanwhile is let go."""


@dataclass(frozen=True)
class Consult(Command):
    """Hold the caller and let the agent speak with a number or with another agent (the other one is empty)."""

    number: str = ""
    agent_id: int | None = None


@dataclass(frozen=True)
class ThreeWay(Command):
    """Let caller, agent and whoever was asked hear one another."""


@dataclass(frozen=True)
class Transfer(Command):
    """Pass the caller on to an agent or to a number (the other one is empty); the giver drops out."""

    agent_id: int | None = None
    number: str = ""


@dataclass(frozen=True)
class Listen(Command):
    """Let a supervisor's line into a call; given again it changes the mode.

    `listen`: nobody hears the supervisor. `whisper`: the agent alone does. `barge`: everybody does.
    """

    agent_id: int
    mode: str


@dataclass(frozen=True)
class Leave(Command):
    """Let an agent who was asked, or who listens in, go; the others go on."""

    agent_id: int


@dataclass(frozen=True)
class HangUp(Command):
    """End the call for everybody."""


@dataclass(frozen=True)
class Originate(Command):
    """Call a number for an agent. The row has no call yet; `key` is the name the driver must give it."""

    number: str
    agent_id: int
    key: str


_KINDS: dict[str, type[Command]] = {
    "ring": Ring,
    "stop_ringing": StopRinging,
    "queue": Queue,
    "answer": Answer,
    "refuse": Refuse,
    "hold": Hold,
    "resume": Resume,
    "consult": Consult,
    "three_way": ThreeWay,
    "transfer": Transfer,
    "listen": Listen,
    "leave": Leave,
    "hang_up": HangUp,
    "originate": Originate,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}


@dataclass(frozen=True)
class Given:
    """One command as a driver takes it: the number of its row, the call's key (empty for `Originate`)."""

    command_id: int
    key: str
    command: Command


class Driver(Protocol):
    """Whatever carries calls: it tells `actions.hear` what happens and does what `obey` is given."""

    name: str

    async def obey(self, given: Given) -> None:
        """Do one command, or raise with a sentence that says why not."""


def command_kind(command: Command) -> str:
    """The name of a command's kind, as it stands in the database."""
    return _NAMES[type(command)]


def command_data(command: Command) -> dict[str, Any]:
    """What a command carries, ready for the database."""
    return asdict(command)


def command_of(kind: str, data: Mapping[str, Any]) -> Command:
    """The command of a row; what it doesn't know of is passed over. Raises `KeyError` for an unknown kind."""
    wanted = _KINDS[kind]
    known = {each.name for each in fields(wanted)}
    return wanted(**{name: value for name, value in data.items() if name in known})
