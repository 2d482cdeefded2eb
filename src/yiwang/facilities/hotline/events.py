"""What happened at the hotline, told after commit."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CallCame:
    """Somebody called."""

    call_id: int
    number: str
    unit_id: int | None
    at: datetime


@dataclass(frozen=True)
class CallTaken:
    """An agent answered a call for the first time."""

    call_id: int
    number: str
    agent_account_id: int | None
    waited_seconds: float
    at: datetime


@dataclass(frozen=True)
class CallFinished:
    """A call is over; `is_missed` when nobody had spoken with the caller."""

    call_id: int
    number: str
    is_missed: bool
    cause: str
    at: datetime


@dataclass(frozen=True)
class CallBackAsked:
    """Somebody is to be called back."""

    call_back_id: int
    number: str
    reason: str
    subject_kind: str
    subject_id: int | None
    at: datetime


@dataclass(frozen=True)
class CallBackDone:
    """Somebody was called back, or it was given up; `outcome` says which."""

    call_back_id: int
    number: str
    reason: str
    outcome: str
    subject_kind: str
    subject_id: int | None
    by: int | None
    at: datetime


@dataclass(frozen=True)
class OutcomeNoted:
    """An agent wrote down what a call became: a matter of an institution, or an answer on the spot."""

    call_id: int
    outcome: str
    subject_kind: str
    subject_id: int | None
    by: int | None
    at: datetime


@dataclass(frozen=True)
class NumberBlocked:
    """Calls of a number are refused until an instant."""

    blocked_id: int
    by: int
    at: datetime


@dataclass(frozen=True)
class AgentSetUp:
    """A supervisor changed how an agent works: telephone, skills, languages, priority, automatic answer."""

    agent_id: int
    by: int | None
    at: datetime
