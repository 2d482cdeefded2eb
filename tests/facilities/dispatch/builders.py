"""Builders of dispatch: teams that have reported where they are, and work that wants one."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.builders import NOON, County, a_post, an_account
from yiwang.facilities.dispatch.actions import add_member, ask_for_team, found_team, report_position
from yiwang.facilities.dispatch.models import Job, Team
from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.people.models import Account

_numbers = count(1)


def a_company(county: County, key: str = "company") -> int:
    """A company of the county with a clerk and a head; returns the id of its unit."""
    if key not in county.units:
        number = next(_numbers)
        county.units[key] = found_unit(
            code=f"company{number}",
            name=f"便民公司{number}",
            kind=UnitKind.COMPANY,
            valid_from_on=NOON.date() - timedelta(days=900),
            parent=county.unit("office"),
        )
        for role in ("clerk", "head"):
            county.accounts[f"{key}.{role}"] = an_account(f"公司{role}{number}")
            a_post(county.accounts[f"{key}.{role}"], county.units[key], role)
    return county.units[key].pk


def a_dispatcher(county: County) -> Standing:
    """Somebody who dispatches the work of the office."""
    account = an_account("调度员")
    a_post(account, county.unit("office"), "dispatcher")
    county.accounts["dispatcher"] = account
    return standing_of(account.pk)


def a_team(
    county: County,
    *,
    x: float = 0.0,
    y: float = 0.0,
    position_at: datetime | None = NOON,
    company: str = "company",
    **changes: Any,
) -> Team:
    """A team that mends pipes, at a place it has just reported."""
    number = next(_numbers)
    values: dict[str, Any] = {"name": f"{number}队", "skills": ["plumbing"], "at": NOON}
    team = found_team(unit_id=a_company(county, company), base_x=x, base_y=y, **{**values, **changes})
    if position_at is not None:
        report_position(team.pk, x=x, y=y, at=position_at)
    team.refresh_from_db()
    return team


def a_worker(county: County, team: Team) -> Account:
    """Somebody who goes out with a team."""
    account = an_account(f"师傅{next(_numbers)}")
    a_post(account, team.unit, "worker")
    add_member(team.pk, account, at=NOON)
    return account


def worker_of(county: County, team: Team) -> Standing:
    """The standing of a new member of a team."""
    return standing_of(a_worker(county, team).pk)


def a_job(county: County, *, at: datetime = NOON, **changes: Any) -> Job:
    """Work for a plumber at the origin, within the next two hours."""
    values: dict[str, Any] = {
        "subject_kind": "case",
        "subject_id": next(_numbers),
        "unit_id": county.unit("office").pk,
        "title": "修水管",
        "skill": "plumbing",
        "x": 0.0,
        "y": 0.0,
        "window_from_at": at,
        "window_until_at": at + timedelta(hours=2),
        "minutes": 60,
    }
    return ask_for_team(at=at, **{**values, **changes})
