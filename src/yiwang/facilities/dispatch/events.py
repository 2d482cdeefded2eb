"""What happened to work and offers. Each names the subject of whoever asked for a team.

`JobStarting` and `JobFinishing` are told within the transaction before the step is taken: whoever asked for
the team may refuse it by raising `faults.Refused` with a sentence (a wrong PIN, a price without a receipt).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.facilities.dispatch.job_event import JobEvent as JobEvent


@dataclass(frozen=True)
class JobAsked(JobEvent):
    """Somebody asked for a team; an automatic job is attended to by the worker at once."""

    is_automatic: bool


@dataclass(frozen=True)
class OfferMade(JobEvent):
    """A piece of work was offered to a team, which must answer by a moment."""

    offer_id: int
    team_id: int
    team_unit_id: int
    team_name: str
    answer_by_at: datetime
    by_account_id: int | None = None


@dataclass(frozen=True)
class ChosenByHand(JobEvent):
    """A dispatcher chose the team that was offered the work, with a reason."""

    decision_id: int
    team_id: int
    reason: str
    by_account_id: int | None = None


@dataclass(frozen=True)
class OfferAccepted(JobEvent):
    """A team took the work on."""

    offer_id: int
    team_id: int
    team_unit_id: int
    team_name: str
    by_account_id: int | None = None


@dataclass(frozen=True)
class OfferDeclined(JobEvent):
    """A team refused the work, with its reason."""

    offer_id: int
    team_id: int
    team_unit_id: int
    team_name: str
    reason: str
    by_account_id: int | None = None


@dataclass(frozen=True)
class OfferExpired(JobEvent):
    """A team didn't answer in time."""

    offer_id: int
    team_id: int
    team_unit_id: int
    team_name: str


@dataclass(frozen=True)
class OfferWithdrawn(JobEvent):
    """An offer, or work already accepted, was taken back from a team."""

    offer_id: int
    team_id: int
    team_unit_id: int
    team_name: str
    reason: str
    by_account_id: int | None = None


@dataclass(frozen=True)
class NobodyFound(JobEvent):
    """No team can be offered the work now: none is suitable, or it was refused too often."""

    decision_id: int | None
    refusals: int


@dataclass(frozen=True)
class TeamDeparted(JobEvent):
    """A team set out for its work."""

    team_id: int
    team_unit_id: int
    by_account_id: int | None = None


@dataclass(frozen=True)
class JobStarting(JobEvent):
    """A team stands at the door and wants to begin; `data` is what it was asked for (a PIN, say)."""

    team_id: int
    data: Mapping[str, Any] = field(default_factory=dict)
    by_account_id: int | None = None


@dataclass(frozen=True)
class JobStarted(JobEvent):
    """A team began its work."""

    team_id: int
    team_unit_id: int
    team_name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    by_account_id: int | None = None


@dataclass(frozen=True)
class JobFinishing(JobEvent):
    """A team says that it is done; `data` is what it was asked for (price, materials, photos)."""

    team_id: int
    data: Mapping[str, Any] = field(default_factory=dict)
    by_account_id: int | None = None


@dataclass(frozen=True)
class JobFinished(JobEvent):
    """A team finished its work."""

    team_id: int
    team_unit_id: int
    team_name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    by_account_id: int | None = None


@dataclass(frozen=True)
class JobWithdrawn(JobEvent):
    """Whoever asked for a team needs none any more."""

    reason: str


@dataclass(frozen=True)
class TeamSuspended:
    """A team is offered nothing until it is restored."""

    team_id: int
    reason: str
    at: datetime
    by_account_id: int | None = None


@dataclass(frozen=True)
class TeamRestored:
    """A team may be offered work again."""

    team_id: int
    at: datetime
    by_account_id: int | None = None
