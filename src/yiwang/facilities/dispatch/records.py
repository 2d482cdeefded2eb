"""What a decision keeps as JSON, and how it is read back: enough to work the choice out again."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from yiwang.facilities.dispatch.rules.cost import Parts, Shortfall, Weighed
from yiwang.facilities.dispatch.rules.suitability import Candidate, Refusal, Wanted


def job_facts(job: Wanted) -> dict[str, Any]:
    """A job as a decision keeps it."""
    return {
        **vars(job),
        "window_from_at": job.window_from_at.isoformat(),
        "window_until_at": job.window_until_at.isoformat(),
        "area_path": list(job.area_path),
        "preferred": sorted(job.preferred),
        "unwanted": sorted(job.unwanted),
        "refused_by": sorted(job.refused_by),
    }


def job_from(facts: dict[str, Any]) -> Wanted:
    """A job as it was when it was decided."""
    return Wanted(
        **{
            **facts,
            "window_from_at": datetime.fromisoformat(facts["window_from_at"]),
            "window_until_at": datetime.fromisoformat(facts["window_until_at"]),
            "area_path": tuple(facts["area_path"]),
            "preferred": frozenset(facts["preferred"]),
            "unwanted": frozenset(facts["unwanted"]),
            "refused_by": frozenset(facts["refused_by"]),
        }
    )


def weighed_facts(weighed: Iterable[Weighed]) -> list[dict[str, Any]]:
    """Teams that were weighed, as a decision keeps them."""
    return [
        {
            "team": _team_facts(each.team),
            "metres": each.metres,
            "parts": dict(vars(each.parts)),
            "total": each.parts.total,
            "refusals": [str(reason) for reason in each.refusals],
        }
        for each in weighed
    ]


def weighed_from(facts: dict[str, Any]) -> Weighed:
    """A team as it was weighed."""
    return Weighed(
        team_from(facts["team"]),
        facts["metres"],
        Parts(**facts["parts"]),
        tuple(Refusal(reason) for reason in facts["refusals"]),
    )


def shortfall_facts(shortfall: Shortfall) -> dict[str, Any]:
    """Why nobody was found, as a decision keeps it."""
    nearest = shortfall.nearest_miss
    return {
        "looked_at": shortfall.looked_at,
        "by_reason": dict(shortfall.by_reason),
        "nearest_miss": weighed_facts([nearest])[0] if nearest else None,
    }


def _team_facts(team: Candidate) -> dict[str, Any]:
    return {
        **vars(team),
        "position_at": team.position_at.isoformat() if team.position_at else None,
        "last_offer_at": team.last_offer_at.isoformat() if team.last_offer_at else None,
        "skills": sorted(team.skills),
        "licences": [[kind, until_on.isoformat()] for kind, until_on in team.licences],
        "areas": sorted(team.areas),
        "hours": [list(span) for span in team.hours],
    }


def team_from(facts: dict[str, Any]) -> Candidate:
    """A team as it was when it was weighed."""
    return Candidate(
        **{
            **facts,
            "position_at": _moment(facts["position_at"]),
            "last_offer_at": _moment(facts["last_offer_at"]),
            "skills": frozenset(facts["skills"]),
            "licences": tuple((kind, date.fromisoformat(day)) for kind, day in facts["licences"]),
            "areas": frozenset(facts["areas"]),
            "hours": tuple((day, first, last) for day, first, last in facts["hours"]),
        }
    )


def _moment(word: str | None) -> datetime | None:
    return datetime.fromisoformat(word) if word else None
