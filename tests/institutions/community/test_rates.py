"""The three rates of the centre come from the orders' own journals."""

import pytest
from django.core.cache import cache

from tests.builders import NOON
from tests.institutions.community.builders import Scene, a_scene, an_order, finished_order, step
from yiwang.kernel.access.locks import acting_as
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.stats.report import report_of
from yiwang.kernel.stats.rules import Period

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    cache.clear()
    return a_scene()


def test_response_solution_and_satisfaction_are_as_counted_by_hand(scene: Scene) -> None:
    agent = scene.standing("centre.agent")
    grades = {"grade_office": "5", "grade_unit": "3"}
    for told in ({"outcome": "solved", **grades}, {"outcome": "solved"}, {"outcome": "unsolved"}):
        step(finished_order(scene).case, "call_back", by=agent, way="call", **told)
    step(finished_order(scene).case, "call_back", by=agent, way="call", outcome="unreached")
    finished_order(scene)
    an_order(scene)
    with acting_as(SYSTEM):
        found = report_of(SYSTEM, institution="community", period=Period(2026, 11), as_of=NOON.date()).figures
    counts = {key: found[key] for key in ("received", "to_ask", "asked", "solved")}
    assert counts == {"received": 6, "to_ask": 5, "asked": 3, "solved": 2}
    rates = {key: found[key] for key in ("response_rate", "solution_rate", "satisfaction_unit")}
    assert rates == {"response_rate": 60.0, "solution_rate": 66.7, "satisfaction_unit": 0.0}
