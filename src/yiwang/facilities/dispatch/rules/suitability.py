"""Who may do a piece of work at all: every reason against a team has a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

STALE_AFTER = 1800
"""Seconds after which a reported position says nothing any more; such a team is never chosen."""

DAY = 24 * 60


class Refusal(StrEnum):
    """Why a team can't be given a piece of work."""

    INACTIVE = "inactive"
    SUSPENDED = "suspended"
    SKILL = "skill"
    LICENCE = "licence"
    AREA = "area"
    HOURS = "hours"
    CAPACITY = "capacity"
    STALE = "stale"
    UNWANTED = "unwanted"
    ALREADY_REFUSED = "already_refused"


@dataclass(frozen=True)
class Wanted:
    """A piece of work as the rules see it; times are local, `area_path` leads from the county down."""

    skill: str
    x: float
    y: float
    window_from_at: datetime
    window_until_at: datetime
    minutes: int
    licence: str = ""
    area_path: tuple[int, ...] = ()
    preferred: frozenset[int] = frozenset()
    unwanted: frozenset[int] = frozenset()
    refused_by: frozenset[int] = frozenset()
    urgency: str = "normal"


@dataclass(frozen=True)
class Candidate:
    """A team as the rules see it. `hours` are (weekday, first minute, last minute); none means always."""

    team_id: int
    x: float
    y: float
    position_at: datetime | None
    skills: frozenset[str]
    name: str = ""
    licences: tuple[tuple[str, date], ...] = ()
    areas: frozenset[int] = frozenset()
    hours: tuple[tuple[int, int, int], ...] = ()
    capacity: int = 1
    load: int = 0
    band: str = ""
    last_offer_at: datetime | None = None
    is_active: bool = True
    is_suspended: bool = False


def refusals(
    team: Candidate, job: Wanted, *, at: datetime, needs_position: bool = True
) -> tuple[Refusal, ...]:
    """Every reason why this team can't be given this work at this moment; none means that it can.

    `needs_position` is left out by the plan of a coming day, which begins at the teams' bases.
    """
    found = (
        (Refusal.INACTIVE, not team.is_active),
        (Refusal.SUSPENDED, team.is_suspended),
        (Refusal.SKILL, job.skill not in team.skills),
        (Refusal.LICENCE, not _is_licensed(team, job)),
        (Refusal.AREA, bool(team.areas) and not team.areas.intersection(job.area_path)),
        (Refusal.HOURS, not covers(team.hours, job)),
        (Refusal.CAPACITY, team.load >= team.capacity),
        (Refusal.STALE, needs_position and not is_fresh(team.position_at, at=at)),
        (Refusal.UNWANTED, team.team_id in job.unwanted),
        (Refusal.ALREADY_REFUSED, team.team_id in job.refused_by),
    )
    return tuple(reason for reason, applies in found if applies)


def is_fresh(position_at: datetime | None, *, at: datetime) -> bool:
    """Whether a position was reported lately enough to be believed."""
    return position_at is not None and at - position_at <= timedelta(seconds=STALE_AFTER)


def _is_licensed(team: Candidate, job: Wanted) -> bool:
    """Whether the team holds the licence through the whole of the work's last day."""
    if not job.licence:
        return True
    day = job.window_until_at.date()
    return any(kind == job.licence and until_on >= day for kind, until_on in team.licences)


def covers(hours: Sequence[tuple[int, int, int]], job: Wanted) -> bool:
    """Whether the work fits at some time of its window into the team's hours of that day.

    Spans that touch at midnight count as one, so that a team of 24 hours takes work over midnight.
    """
    if not hours:
        return True
    first = _minute_of_week(job.window_from_at)
    last = first + (job.window_until_at - job.window_from_at).total_seconds() / 60
    needed = min(float(job.minutes), last - first)
    return any(
        min(last, until) - max(first, begin) >= needed
        for begin, until in _joined(hours)
        if until > first and begin < last
    )


def _minute_of_week(moment: datetime) -> float:
    return moment.weekday() * DAY + moment.hour * 60 + moment.minute


def _joined(hours: Sequence[tuple[int, int, int]]) -> list[tuple[float, float]]:
    """The spans of two weeks, in order, with those joined that touch."""
    week = 7 * DAY
    spans = sorted(
        (weekday * DAY + first + turn * week, weekday * DAY + last + turn * week)
        for weekday, first, last in hours
        for turn in (0, 1)
    )
    joined: list[tuple[float, float]] = []
    for begin, until in spans:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], until))
        else:
            joined.append((begin, until))
    return joined
