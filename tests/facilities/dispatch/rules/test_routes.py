"""The plan of a day keeps windows, hours, capacity and who may do what, and is short."""

import math

from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.facilities.dispatch.rules.routes import Crew, Plan, Visit, plan

PLACES = st.tuples(st.integers(0, 60).map(float), st.integers(0, 60).map(float))


@st.composite
def visits(draw: st.DrawFn, key: int) -> Visit:
    """Something to be done on a day of 480 minutes, by everybody or by some."""
    opens = draw(st.integers(0, 400))
    return Visit(
        key=key,
        place=draw(PLACES),
        opens=opens,
        closes=opens + draw(st.integers(0, 120)),
        service=draw(st.integers(5, 60)),
        demand=draw(st.integers(1, 3)),
        crews=draw(st.none() | st.frozensets(st.integers(1, 3), min_size=1)),
    )


DAYS = st.integers(1, 12).flatmap(lambda n: st.tuples(*(visits(key) for key in range(n))))
CREWS = [Crew(1, (0.0, 0.0), 0, 480, 6), Crew(2, (60.0, 60.0), 60, 400, 6), Crew(3, (0.0, 0.0), 0, 480, 6)]


def check(day: list[Visit], crews: list[Crew], made: Plan) -> float:
    """Drive the plan through; returns its travel."""
    by_key, travel = {visit.key: visit for visit in day}, 0.0
    for crew in crews:
        here, now, load = crew.base, crew.opens, 0
        for stop in made.tours.get(crew.key, ()):
            visit = by_key[stop.key]
            travel += math.dist(here, visit.place)
            now = max(visit.opens, now + math.dist(here, visit.place))
            assert now == stop.begins
            assert now <= visit.closes + 1e-6
            assert visit.crews is None or crew.key in visit.crews
            here, now, load = visit.place, now + visit.service, load + visit.demand
        travel += math.dist(here, crew.base)
        assert now + math.dist(here, crew.base) <= crew.closes + 1e-6
        assert load <= crew.capacity
    return travel


@settings(max_examples=60, deadline=None)
@given(day=DAYS)
def test_every_plan_can_be_driven(day: tuple[Visit, ...]) -> None:
    made = plan(day, CREWS, travel=math.dist, rounds=60)
    assert math.isclose(check(list(day), CREWS, made), made.travel, abs_tol=1e-6)
    stops = [stop.key for tour in made.tours.values() for stop in tour]
    assert sorted([*stops, *made.unserved]) == [visit.key for visit in day]


def test_a_ring_is_driven_round_once() -> None:
    places = [
        (50 * math.cos(turn * math.pi / 6), 50 * math.sin(turn * math.pi / 6)) for turn in (5, 0, 9, 2, 7, 4)
    ]
    day = [Visit(key, place, 0, 1000, 1) for key, place in enumerate(places)]
    made = plan(day, [Crew(1, (50.0, 0.0), 0, 1000)], travel=math.dist, rounds=200)
    ring = [places[key] for key in (1, 3, 5, 0, 4, 2)]
    round_once = sum(math.dist(one, two) for one, two in zip(ring, [*ring[1:], ring[0]], strict=True))
    assert math.isclose(made.travel, round_once)


def test_the_same_numbers_give_the_same_plan() -> None:
    day = [Visit(key, (key * 7 % 31, key * 11 % 29), 0, 400, 5) for key in range(30)]
    first, second = (plan(day, CREWS, travel=math.dist, rounds=150) for _ in range(2))
    assert first == second


def test_without_crews_everybody_waits() -> None:
    assert plan([Visit(4, (0, 0), 0, 9, 1)], [], travel=math.dist, rounds=10) == Plan({}, [4], 0)
