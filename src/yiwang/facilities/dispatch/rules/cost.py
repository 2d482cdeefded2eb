"""What it costs to send a team, in minutes, with every part kept; the cheapest is the best."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from yiwang.facilities.dispatch.rules.plane import TravelTime, by_line, metres
from yiwang.facilities.dispatch.rules.suitability import Candidate, Refusal, Wanted, refusals

MINUTES_A_JOB = 12.0
"""What each job that a team has already counts against it."""

ROTATION = 10.0
"""What having just been offered work counts against a team; it fades within `REST`."""

REST = 60.0
"""Minutes after which it is a team's turn again as if it had never been offered anything."""

BANDS: Mapping[str, float] = {"A": -3.0, "B": 0.0, "": 0.0, "C": 5.0, "D": 10.0}
"""What the band of the last assessment counts; a team without one isn't made to pay for it."""

WISH = -10.0
"""What it counts that the resident asked for this team."""


@dataclass(frozen=True)
class Parts:
    """What makes up the cost of a team, in minutes."""

    travel: float
    load: float
    fairness: float
    quality: float
    wish: float

    @property
    def total(self) -> float:
        """The sum by which teams are ranked."""
        return round(self.travel + self.load + self.fairness + self.quality + self.wish, 2)


@dataclass(frozen=True)
class Weighed:
    """A team that was considered: its cost, or the reasons against it."""

    team: Candidate
    metres: float
    parts: Parts
    refusals: tuple[Refusal, ...] = ()

    @property
    def is_suitable(self) -> bool:
        """Whether nothing speaks against the team."""
        return not self.refusals


def parts_of(team: Candidate, job: Wanted, *, at: datetime, travel: TravelTime = by_line) -> Parts:
    """What sending this team would cost, part by part."""
    return Parts(
        travel=round(travel((team.x, team.y), (job.x, job.y)), 2),
        load=team.load * MINUTES_A_JOB,
        fairness=round(_rotation(team.last_offer_at, at=at), 2),
        quality=BANDS.get(team.band, 0.0),
        wish=WISH if team.team_id in job.preferred else 0.0,
    )


def _rotation(last_offer_at: datetime | None, *, at: datetime) -> float:
    if last_offer_at is None:
        return 0.0
    minutes = max((at - last_offer_at).total_seconds() / 60, 0.0)
    return ROTATION * max(1 - minutes / REST, 0.0)


def weigh(
    team: Candidate, job: Wanted, *, at: datetime, travel: TravelTime = by_line, needs_position: bool = True
) -> Weighed:
    """Everything the rules have to say of one team for one piece of work."""
    return Weighed(
        team,
        round(metres((team.x, team.y), (job.x, job.y))),
        parts_of(team, job, at=at, travel=travel),
        refusals(team, job, at=at, needs_position=needs_position),
    )


def ranked(weighed: Iterable[Weighed]) -> list[Weighed]:
    """The suitable teams, the best first; of equal ones the nearer, then the older entry."""
    return sorted(
        (each for each in weighed if each.is_suitable),
        key=lambda each: (each.parts.total, each.metres, each.team.team_id),
    )


@dataclass(frozen=True)
class Shortfall:
    """Why nobody can be sent: how many teams were looked at, the reasons, and who came nearest to it."""

    looked_at: int
    by_reason: Mapping[str, int]
    nearest_miss: Weighed | None


def shortfall_of(weighed: Iterable[Weighed]) -> Shortfall:
    """Count the reasons; the nearest miss is the team with the fewest reasons against it, then the nearest."""
    every = list(weighed)
    counted: dict[str, int] = {}
    for each in every:
        for reason in each.refusals:
            counted[str(reason)] = counted.get(str(reason), 0) + 1
    misses = [each for each in every if each.refusals]
    nearest = min(misses, key=lambda each: (len(each.refusals), each.metres, each.team.team_id), default=None)
    return Shortfall(len(every), dict(sorted(counted.items(), key=lambda pair: -pair[1])), nearest)
