"""Many jobs at once: never worse than any other way of giving them out."""

import math
import random
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.facilities.dispatch.rules.batch import NOBODY, assign

COSTS = st.lists(
    st.dictionaries(st.integers(0, 4), st.integers(0, 30).map(float), max_size=5), min_size=1, max_size=5
)


def total(costs: list[dict[int, float]], chosen: list[int | None]) -> float:
    """What an assignment costs, those left out included."""
    return sum(NOBODY if team is None else costs[job].get(team, math.inf) for job, team in enumerate(chosen))


def best_of_all(costs: list[dict[int, float]], slots: dict[int, int]) -> float:
    """The least cost, by trying every way."""
    places = [team for team, number in slots.items() for _ in range(number)] + [None] * len(costs)
    return min(total(costs, list(way)) for way in set(permutations(places, len(costs))))


@settings(max_examples=150, deadline=None)
@given(costs=COSTS, slots=st.dictionaries(st.integers(0, 4), st.integers(0, 1), max_size=3))
def test_no_other_way_costs_less(costs: list[dict[int, float]], slots: dict[int, int]) -> None:
    chosen = assign(costs, slots)
    taken = [team for team in chosen if team is not None]
    assert all(taken.count(team) <= slots.get(team, 0) for team in taken)
    assert total(costs, chosen) == best_of_all(costs, slots)


def test_a_team_with_room_takes_several() -> None:
    assert assign([{1: 5.0}, {1: 4.0}, {1: 3.0}], {1: 2}) == [None, 1, 1]


def test_as_many_as_possible_are_served_before_travel_is_saved() -> None:
    assert assign([{1: 0.0, 2: 900.0}, {1: 1.0}], {1: 1, 2: 1}) == [2, 1]


def test_together_is_a_quarter_shorter_than_one_by_one_when_every_team_is_needed() -> None:
    chance = random.Random(11)
    teams = [(chance.uniform(0, 100), chance.uniform(0, 100)) for _ in range(150)]
    jobs = [(chance.uniform(0, 100), chance.uniform(0, 100)) for _ in range(150)]
    costs = [{number: math.dist(job, team) for number, team in enumerate(teams)} for job in jobs]
    together = total(costs, assign(costs, dict.fromkeys(range(150), 1)))
    free, one_by_one = set(range(150)), 0.0
    for row in costs:
        team = min(free, key=row.__getitem__)
        free.discard(team)
        one_by_one += row[team]
    assert together < 0.75 * one_by_one
