"""Every reason against a team, alone and by its name."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yiwang.facilities.dispatch.rules.suitability import Candidate, Refusal, Wanted, covers, refusals

AT = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Monday."""

JOB = Wanted(
    skill="gas",
    x=0,
    y=0,
    window_from_at=AT,
    window_until_at=AT + timedelta(hours=2),
    minutes=60,
    licence="gas fitter",
    area_path=(1, 5, 9),
)
TEAM = Candidate(
    team_id=7,
    x=0,
    y=0,
    position_at=AT - timedelta(seconds=1800),
    skills=frozenset({"gas", "plumbing"}),
    licences=(("gas fitter", date(2026, 11, 23)),),
    areas=frozenset({5}),
    hours=((0, 8 * 60, 18 * 60),),
    capacity=2,
    load=1,
)


def test_nothing_speaks_against_a_suitable_team() -> None:
    assert refusals(TEAM, JOB, at=AT) == ()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"is_active": False}, Refusal.INACTIVE),
        ({"is_suspended": True}, Refusal.SUSPENDED),
        ({"skills": frozenset({"plumbing"})}, Refusal.SKILL),
        ({"licences": ()}, Refusal.LICENCE),
        ({"licences": (("gas fitter", date(2026, 11, 22)),)}, Refusal.LICENCE),
        ({"licences": (("electrician", date(2027, 1, 1)),)}, Refusal.LICENCE),
        ({"areas": frozenset({6})}, Refusal.AREA),
        ({"hours": ((1, 0, 1440),)}, Refusal.HOURS),
        ({"load": 2}, Refusal.CAPACITY),
        ({"position_at": AT - timedelta(seconds=1801)}, Refusal.STALE),
        ({"position_at": None}, Refusal.STALE),
    ],
)
def test_each_fault_of_a_team_has_its_name(changes: dict[str, object], reason: Refusal) -> None:
    assert refusals(replace(TEAM, **changes), JOB, at=AT) == (reason,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"unwanted": frozenset({7})}, Refusal.UNWANTED),
        ({"refused_by": frozenset({7})}, Refusal.ALREADY_REFUSED),
        ({"area_path": (1, 6)}, Refusal.AREA),
        ({"window_until_at": AT + timedelta(hours=14)}, Refusal.LICENCE),
    ],
)
def test_and_so_has_each_wish_of_the_work(changes: dict[str, object], reason: Refusal) -> None:
    assert refusals(TEAM, replace(JOB, **changes), at=AT) == (reason,)  # type: ignore[arg-type]


def test_every_reason_is_told_not_only_the_first() -> None:
    team = replace(TEAM, is_suspended=True, skills=frozenset(), load=9)
    assert refusals(team, JOB, at=AT) == (Refusal.SUSPENDED, Refusal.SKILL, Refusal.CAPACITY)


def test_a_team_without_areas_and_hours_goes_everywhere_at_any_time() -> None:
    assert refusals(replace(TEAM, areas=frozenset(), hours=()), JOB, at=AT) == ()


def test_the_plan_of_a_day_asks_for_no_position() -> None:
    team = replace(TEAM, position_at=None)
    assert refusals(team, JOB, at=AT, needs_position=False) == ()


@pytest.mark.parametrize(
    ("hours", "fits"),
    [
        (((0, 12 * 60, 13 * 60),), True),
        (((0, 12 * 60, 13 * 60 - 1),), False),
        (((0, 13 * 60, 18 * 60),), True),
        (((0, 13 * 60 + 1, 18 * 60),), False),
        (((0, 8 * 60, 12 * 60 + 30), (0, 12 * 60 + 30, 18 * 60)), True),
        (((0, 8 * 60, 12 * 60 + 30), (0, 13 * 60 + 30, 18 * 60)), False),
    ],
)
def test_the_work_must_fit_into_hours_and_window_together(
    hours: tuple[tuple[int, int, int], ...], fits: bool
) -> None:
    assert covers(hours, JOB) is fits


def test_hours_of_sunday_night_go_over_into_monday() -> None:
    night = datetime(2026, 11, 29, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    job = replace(JOB, window_from_at=night, window_until_at=night + timedelta(hours=1))
    assert covers(((6, 0, 1440), (0, 0, 480)), job) is True
    assert covers(((6, 0, 1440),), job) is False
