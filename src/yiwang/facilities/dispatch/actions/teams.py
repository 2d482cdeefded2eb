"""Keeping teams: who they are, what they can do, where they are."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from yiwang.facilities.dispatch.events import TeamRestored, TeamSuspended
from yiwang.facilities.dispatch.models import Team, TeamLicence, TeamMember
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.live import tell
from yiwang.kernel.people.models import Account

CHANGEABLE = frozenset(
    {"name", "phone", "skills", "areas", "hours", "capacity", "band", "base_x", "base_y", "is_active"}
)


def found_team(
    *,
    unit_id: int,
    name: str,
    skills: Iterable[str],
    base_x: float,
    base_y: float,
    at: datetime,
    phone: str = "",
    areas: Iterable[int] = (),
    hours: Sequence[tuple[int, int, int]] = (),
    capacity: int = 3,
    band: str = "",
) -> Team:
    """Enter a team of a unit; it is chosen for nothing before it has reported where it is."""
    return Team.objects.create(
        unit_id=unit_id,
        name=name,
        phone=phone,
        skills=sorted(set(skills)),
        areas=sorted(set(areas)),
        hours=[list(span) for span in hours],
        capacity=capacity,
        band=band,
        x=base_x,
        y=base_y,
        base_x=base_x,
        base_y=base_y,
        created_at=at,
    )


def change_team(team_id: int, changes: Mapping[str, Any]) -> Team:
    """Change what is known of a team; raises `ValueError` for what isn't changed this way."""
    if unknown := set(changes) - CHANGEABLE:
        raise ValueError(f"not changed this way: {sorted(unknown)}")
    with transaction.atomic():
        team = Team.objects.select_for_update(no_key=True).get(pk=team_id)
        for name, value in changes.items():
            setattr(team, name, value)
        team.capacity = max(team.capacity, team.load)
        team.save(update_fields=[*changes, "capacity"])
    return team


def add_member(team_id: int, account: Account, *, at: datetime) -> TeamMember:
    """Let somebody go out with a team."""
    return TeamMember.objects.get_or_create(team_id=team_id, account=account, defaults={"since_at": at})[0]


def remove_member(team_id: int, account_id: int) -> None:
    """Let somebody leave a team."""
    TeamMember.objects.filter(team_id=team_id, account_id=account_id).delete()


def grant_licence(team_id: int, *, kind: str, until_on: date, number: str = "") -> TeamLicence:
    """Note that a team holds a licence through a day; a renewal replaces what was known."""
    return TeamLicence.objects.update_or_create(
        team_id=team_id, kind=kind, defaults={"until_on": until_on, "number": number}
    )[0]


def suspend(team_id: int, *, reason: str, by: Standing, at: datetime) -> None:
    """Offer a team nothing more until it is restored; the work that it has stays with it."""
    with transaction.atomic():
        if Team.objects.filter(pk=team_id, is_suspended=False).update(
            is_suspended=True, suspended_reason=reason
        ):
            publish(TeamSuspended(team_id, reason, at, by.account_id))


def restore(team_id: int, *, by: Standing, at: datetime) -> None:
    """Offer a team work again."""
    with transaction.atomic():
        if Team.objects.filter(pk=team_id, is_suspended=True).update(is_suspended=False, suspended_reason=""):
            publish(TeamRestored(team_id, at, by.account_id))


def report_position(team_id: int, *, x: float, y: float, at: datetime) -> bool:
    """Note where a team is; a report older than the one known says nothing. Returns whether it was news."""
    earlier = Q(position_at__isnull=True) | Q(position_at__lt=at)
    changed = Team.objects.filter(earlier, pk=team_id).update(x=x, y=y, position_at=at)
    if changed:
        unit_ids = Team.objects.filter(pk=team_id).values_list("unit_id", flat=True)
        tell([f"unit:{unit_id}" for unit_id in unit_ids], "dispatch")
    return bool(changed)
