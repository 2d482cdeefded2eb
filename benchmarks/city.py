"""A city for the benchmarks of the service line: agents, companies' teams and places, beside the demo county's units."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password

from yiwang.facilities.dispatch.models import Team, TeamLicence
from yiwang.facilities.hotline.actions import enter_service, open_line
from yiwang.facilities.hotline.models import Agent, Line
from yiwang.institutions.community.actions import place_locality
from yiwang.institutions.community.models import ItemVersion
from yiwang.institutions.community.queries import offered
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.models import Account, Post
from yiwang.site.demo.orders import PLACES

LINE = "96519"
COMPANIES = ("anju", "jiehe", "kanghu", "suida")
SPREAD = 4000
"""Metres around the middle of each place within which people live and teams begin their day."""


@dataclass(frozen=True)
class City:
    """What a simulated day stands on. `agents` are pairs of the agent's and the account's number."""

    centre_id: int
    agents: Sequence[tuple[int, int]]
    teams: Sequence[int]
    places: Sequence[tuple[int, float, float]]
    versions: Sequence[ItemVersion]


def found_city(*, agents: int, teams: int, on: date, at: datetime) -> City:
    """Bring the city to this size; what is there already stays. Works as the owner or the application."""
    with acting_as_system():
        units = {unit.code: unit for unit in Unit.objects.filter(valid_until_on=None)}
        centre = units["centre"]
        if not Line.objects.exists():
            open_line(LINE, name="社区服务热线", unit_id=centre.pk)
        for code, (x, y) in PLACES.items():
            place_locality(units[code], x=x, y=y)
        versions = list(offered(on=on))
        _more_agents(agents, unit=centre, on=on, at=at)
        _more_teams(teams, units=[units[code] for code in COMPANIES], versions=versions, on=on, at=at)
        held = Agent.objects.filter(account__username__startswith="bench-").order_by("pk")
        return City(
            centre.pk,
            list(held.values_list("pk", "account_id")[:agents]),
            list(
                Team.objects.filter(name__startswith="bench-")
                .order_by("pk")
                .values_list("pk", flat=True)[:teams]
            ),
            [(units[code].pk, x, y) for code, (x, y) in PLACES.items()],
            versions,
        )


def _more_agents(wanted: int, *, unit: Unit, on: date, at: datetime) -> None:
    known = Account.objects.filter(username__startswith="bench-").count()
    password = make_password(None)
    for number in range(known, wanted):
        name = f"bench-{number:04}"
        account = Account.objects.create(username=name, name=name, password=password, created_at=at)
        Post.objects.create(
            account=account, unit=unit, role="agent", title="话务员", from_on=on - timedelta(days=30),
            proposed_at=at, granted_at=at,
        )  # fmt: skip
        agent = enter_service(account.pk, unit_id=unit.pk, at=at)
        Agent.objects.filter(pk=agent.pk).update(has_line=True, line_at=at)


def _more_teams(
    wanted: int, *, units: Sequence[Unit], versions: Sequence[ItemVersion], on: date, at: datetime
) -> None:
    """Teams of two to four skills each, with every licence that those skills ask for."""
    chance = Random(41)
    licences = _licences(versions)
    skills = sorted(licences)
    weights = [sum(1 for version in versions if version.skill == skill) for skill in skills]
    known = Team.objects.filter(name__startswith="bench-").count()
    spots = list(PLACES.values())
    made = []
    for number in range(wanted):
        x, y = (middle + chance.uniform(-SPREAD, SPREAD) for middle in chance.choice(spots))
        able = sorted({skills[number % len(skills)], *chance.choices(skills, weights, k=3)})
        if number >= known:
            made.append(
                Team(
                    unit=units[number % len(units)],
                    name=f"bench-{number:05}",
                    skills=able,
                    capacity=3,
                    band="ABCB"[number % 4],
                    x=x,
                    y=y,
                    base_x=x,
                    base_y=y,
                    created_at=at,
                )  # fmt: skip
            )
    TeamLicence.objects.bulk_create(
        TeamLicence(team=team, kind=kind, until_on=on + timedelta(days=300))
        for team in Team.objects.bulk_create(made, batch_size=1000)
        for kind in sorted({kind for skill in team.skills for kind in licences[skill]})
    )


def _licences(versions: Sequence[ItemVersion]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for version in versions:
        found[version.skill] |= {version.licence} if version.licence else set()
    return found
