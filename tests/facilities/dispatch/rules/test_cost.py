"""What a team costs, part by part, and who comes first."""

from dataclasses import replace
from datetime import timedelta

from tests.facilities.dispatch.rules.test_suitability import AT, JOB, TEAM
from yiwang.facilities.dispatch.rules.cost import Parts, parts_of, ranked, shortfall_of, weigh


def test_every_part_is_kept() -> None:
    team = replace(TEAM, x=3200.0, band="C", last_offer_at=AT - timedelta(minutes=30))
    job = replace(JOB, preferred=frozenset({7}))
    assert parts_of(team, job, at=AT) == Parts(travel=10.0, load=12.0, fairness=5.0, quality=5.0, wish=-10.0)
    assert parts_of(team, job, at=AT).total == 22.0


def test_a_nearer_team_with_much_work_comes_after_a_farther_free_one() -> None:
    busy, free = replace(TEAM, team_id=1, x=100, capacity=9, load=4), replace(TEAM, team_id=2, x=5000, load=0)
    order = ranked(weigh(team, JOB, at=AT) for team in (busy, free))
    assert [each.team.team_id for each in order] == [2, 1]


def test_of_equal_teams_the_one_that_has_rested_longer_comes_first() -> None:
    just, long_ago = (
        replace(TEAM, team_id=1, last_offer_at=AT),
        replace(TEAM, team_id=2, last_offer_at=AT - timedelta(hours=1)),
    )
    assert [each.team.team_id for each in ranked(weigh(t, JOB, at=AT) for t in (just, long_ago))] == [2, 1]


def test_a_wish_counts_but_doesn_t_make_anybody_suitable() -> None:
    job = replace(JOB, preferred=frozenset({1, 2}))
    wished, other = replace(TEAM, team_id=1, x=3000), replace(TEAM, team_id=3, x=2000)
    suspended = replace(TEAM, team_id=2, is_suspended=True)
    order = ranked(weigh(team, job, at=AT) for team in (wished, other, suspended))
    assert [each.team.team_id for each in order] == [1, 3]


def test_a_shortfall_counts_reasons_and_names_the_nearest_miss() -> None:
    far = replace(TEAM, team_id=1, x=9000, load=2)
    near = replace(TEAM, team_id=2, x=10, load=2, is_suspended=True)
    nearer = replace(TEAM, team_id=3, x=8000, position_at=None)
    found = shortfall_of(weigh(team, JOB, at=AT) for team in (far, near, nearer))
    assert found.looked_at == 3
    assert found.by_reason == {"capacity": 2, "suspended": 1, "stale": 1}
    assert found.nearest_miss is not None
    assert found.nearest_miss.team.team_id == 3
