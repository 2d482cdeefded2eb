"""Who is told what when a call moves, and that a long queue costs no more than a short one."""

import asyncio
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.facilities.hotline.centre import Caller, a_centre, an_agent, later
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import record, serve, set_state
from yiwang.facilities.hotline.models import Call, Command
from yiwang.kernel.orgs.models import Unit
from yiwang.site import live

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre() -> Unit:
    return a_centre()


def waiting(count: int, *, first: int = 0) -> list[Caller]:
    """So many callers who wait, one after another."""
    numbers = range(first, first + count)
    return [Caller(caller=f"139{number:08}").offer(number) for number in numbers]


def test_only_whom_a_call_concerns_looks_anew_and_the_unit_looks_at_leisure(
    centre: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent, other, third = (an_agent(centre, at=later(-60 * place)) for place in (3, 2, 1))
    told: list[tuple[tuple[str, ...], str]] = []
    monkeypatch.setattr(
        record,
        "tell_several",
        lambda news: told.extend((tuple(sorted(topics)), event) for topics, event in news),
    )
    caller = Caller().offer()
    people = {f"account:{each.account_id}" for each in (agent, other, third)}

    def heard() -> set[str]:
        found = {topic for topics, event in told if event == "hotline" for topic in topics}
        assert {topics for topics, event in told if event == "hotline.queue"} == {(f"unit:{centre.pk}",)}
        told.clear()
        return found & people

    own = f"account:{agent.account_id}"
    assert heard() == {own}
    caller.tell(port.CallAnswered, 2, agent_id=agent.pk)
    assert heard() == {own}
    caller.tell(port.CallTransferred, 9, agent_id=other.pk)
    assert heard() == {own, f"account:{other.account_id}"}


def test_a_place_is_told_at_every_step_near_the_front_and_seldom_behind(centre: Unit) -> None:
    callers = waiting(25)
    places = Command.objects.filter(kind="queue")
    assert list(places.order_by("pk").values_list("data__position", flat=True)) == list(range(1, 26))
    callers[0].tell(port.CallEnded, 60, cause="caller")
    assert places.count() == 25 + 10
    told = dict(Call.objects.filter(state="queued").values_list("number", "position"))
    assert [told[f"139{number:08}"] for number in (1, 10, 11, 24)] == [1, 10, 12, 25]
    for step, caller in enumerate(callers[1:10]):
        caller.tell(port.CallEnded, 70 + step, cause="caller")
    last = Call.objects.get(number="13900000024")
    assert last.position == 15


def test_an_agent_who_comes_is_found_a_caller_at_the_same_price_however_many_wait(centre: Unit) -> None:
    def price() -> int:
        agent = an_agent(centre, is_ready=False)
        with CaptureQueriesContext(connection) as captured:
            set_state(agent.pk, "ready", at=later(500))
        assert Call.objects.filter(agent=agent, state="ringing").count() == 1
        return len(captured)

    waiting(2)
    few = price()
    waiting(30, first=2)
    serve(at=later(400))
    assert price() == few


def test_what_is_told_again_and_again_is_passed_on_once_at_once_and_once_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "MERGED_WITHIN", 0.05)

    async def scene() -> list[list[str]]:
        hub, stream = live.Hub(), live.Stream(frozenset({"unit:1"}))
        hub.streams.add(stream)
        found = []

        def heard() -> None:
            lines = [stream.waiting.get_nowait() for _ in range(stream.waiting.qsize())]
            found.append([json.loads(line.removeprefix("data: "))["event"] for line in lines])

        for _ in range(20):
            hub.hear('{"to": ["unit:1"], "event": "desk"}')
        hub.hear('{"to": ["unit:1"], "event": "other"}')
        heard()
        while hub._held:
            await asyncio.sleep(0.01)
        heard()
        return found

    assert asyncio.run(scene()) == [["desk", "other"], ["desk"]]
