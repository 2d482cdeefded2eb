"""The floor: what it does when the house says so, and what it does when the house is silent."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from tests.facilities.hotline.voice.lines import FakeHouse, FakeLine
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.voice import floor as floors
from yiwang.facilities.hotline.voice.calls import Duty
from yiwang.facilities.hotline.voice.floor import Floor
from yiwang.facilities.hotline.voice.orders import Impossible, Orders
from yiwang.facilities.hotline.voice.sip import CallRefused


class Network:
    """A trunk that answers numbers, or refuses them."""

    def __init__(self) -> None:
        self.lines: dict[str, FakeLine] = {}

    async def place(self, number: str, *, patience: float = 45.0) -> Any:
        await asyncio.sleep(0)
        if number not in self.lines:
            raise CallRefused("486 Busy Here", cause="busy")
        return self.lines[number]


class Scene:
    """A floor with a house, a network, and agents 1 and 2 (at once) and 3 (by hand)."""

    def __init__(self, folder) -> None:
        self.house, self.network = FakeHouse(), Network()
        self.floor = Floor(self.house, recordings=folder)
        self.orders = Orders(self.floor, self.network)
        self.browsers: dict[int, FakeLine] = {}
        self.floor.on_duty([Duty(1, True, True, 10.0), Duty(2, True, True, 5.0), Duty(3, True, False, 20.0)])

    def sit(self, agent_id: int) -> FakeLine:
        browser = self.browsers[agent_id] = FakeLine(f"browser {agent_id}")
        self.floor.sat_down(agent_id, browser)
        browser.on_up()
        return browser

    def comes(self, name: str = "a") -> FakeLine:
        line = FakeLine(name)
        self.floor.came(line)
        return line

    async def told(self, key: str, command: port.Command) -> None:
        await self.orders.obey(key, command)


@pytest.fixture
def play(tmp_path) -> Callable[[Any], None]:
    """Play a scene in a loop of its own."""

    def playing(scene: Any) -> None:
        async def whole() -> None:
            made = Scene(tmp_path)
            await scene(made)
            made.floor.end_everything()

        asyncio.run(whole())

    return playing


def test_a_call_rings_in_the_network_until_the_house_speaks(play) -> None:
    async def scene(it: Scene) -> None:
        line = it.comes()
        assert line.did == ["ring"]
        assert it.house.take() == [("offered", "a", "139", "96519")]
        it.sit(1)
        it.house.take()
        await it.told("a", port.Ring(agent_id=1))
        assert line.did == ["ring", "answer"]
        assert it.house.take() == [("ringing", "a", 1), ("answered", "a", 1)]

    play(scene)


def test_an_agent_by_hand_picks_up(play) -> None:
    async def scene(it: Scene) -> None:
        it.comes()
        browser = it.sit(3)
        it.house.take()
        await it.told("a", port.Ring(agent_id=3))
        assert it.house.take() == [("ringing", "a", 3)]
        await it.told("a", port.Answer(agent_id=3))
        assert it.house.take() == [("answered", "a", 3)]
        it.floor.calls["a"].line.speak(now=1.0)  # type: ignore[attr-defined]
        assert len(browser.heard) == 1

    play(scene)


def test_an_agent_without_a_browser_or_with_a_call_is_given_back(play) -> None:
    async def scene(it: Scene) -> None:
        it.comes("a")
        it.comes("b")
        it.house.take()
        await it.told("a", port.Ring(agent_id=2))
        assert it.house.take() == [("returned", "a", 2, "no_line")]
        it.sit(1)
        await it.told("a", port.Ring(agent_id=1))
        it.house.take()
        await it.told("b", port.Ring(agent_id=1))
        assert it.house.take() == [("returned", "b", 1, "busy")]

    play(scene)


def test_the_place_in_the_queue_is_told_once(play) -> None:
    async def scene(it: Scene) -> None:
        line = it.comes()
        it.house.take()
        await it.told("a", port.Queue(position=3))
        await it.told("a", port.Queue(position=3))
        await it.told("a", port.Queue(position=2))
        assert it.house.take() == [("queued", "a", 3), ("queued", "a", 2)]
        it.floor._tick(0.0)
        assert (line.did, len(line.heard)) == (["ring", "answer"], 1)

    play(scene)


def test_a_blocked_caller_is_refused_before_being_answered(play) -> None:
    async def scene(it: Scene) -> None:
        line = it.comes()
        it.house.take()
        await it.told("a", port.Refuse(cause="blocked"))
        assert (line.did, it.floor.calls) == (["ring", 603], {})
        assert it.house.take() == [("ended", "a", "blocked")]

    play(scene)


def test_a_caller_who_gives_up_ends_the_call_and_frees_the_agent(play) -> None:
    async def scene(it: Scene) -> None:
        line = it.comes()
        it.sit(1)
        await it.told("a", port.Ring(agent_id=1))
        it.house.take()
        line.on_ended("caller")
        assert it.house.take() == [("ended", "a", "caller")]
        assert [key for key, _, _ in it.house.recordings] == ["a"]
        seat = it.floor.seats[1]
        # Work after the call comes first; the house says when the agent is ready again.
        assert (seat.call, seat.is_free) == (None, False)

    play(scene)


def test_when_the_house_is_silent_the_floor_finds_an_agent_itself(play, monkeypatch) -> None:
    monkeypatch.setattr(floors, "HOUSE_MAY_BE_SILENT", 0.01)

    async def scene(it: Scene) -> None:
        it.sit(1)
        it.sit(2)
        it.house.take()
        it.comes()
        await asyncio.sleep(0.05)
        # The one who has waited longest.
        assert it.house.take()[1:] == [("ringing", "a", 2), ("answered", "a", 2)]
        it.comes("b")
        it.comes("c")
        await asyncio.sleep(0.05)
        assert it.house.take()[2:] == [("ringing", "b", 1), ("answered", "b", 1), ("queued", "c", 1)]

    play(scene)


def test_a_house_that_speaks_late_decides_again(play, monkeypatch) -> None:
    monkeypatch.setattr(floors, "HOUSE_MAY_BE_SILENT", 0.01)

    async def scene(it: Scene) -> None:
        it.comes()
        await asyncio.sleep(0.05)
        assert it.house.take()[1:] == [("queued", "a", 1)]
        await it.told("a", port.Queue(position=4))
        it.sit(1)
        assert it.house.take() == [("queued", "a", 4), ("line", 1, True)]
        await it.told("a", port.Ring(agent_id=1))
        assert it.house.take() == [("ringing", "a", 1), ("answered", "a", 1)]

    play(scene)


def test_a_browser_that_falls_silent_is_gone_and_its_caller_waits_with_music(play) -> None:
    async def scene(it: Scene) -> None:
        line = it.comes()
        browser = it.sit(1)
        await it.told("a", port.Ring(agent_id=1))
        it.house.take()
        browser.reception.last_at = it.floor._now() - 2
        it.floor._notice_silence()
        assert it.house.take() == [("line", 1, False)]
        it.floor._tick(0.0)
        assert len(line.heard) == 1
        again = it.sit(1)
        assert it.house.take() == [("line", 1, True)]
        again.speak()
        assert len(line.heard) == 2

    play(scene)


def test_a_call_is_taken_from_an_agent_who_stays_away(play) -> None:
    async def scene(it: Scene) -> None:
        it.comes()
        browser = it.sit(1)
        other = it.sit(2)
        await it.told("a", port.Ring(agent_id=1))
        browser.on_gone()
        it.house.take()
        await it.told("a", port.StopRinging(agent_id=1))
        await it.told("a", port.Ring(agent_id=2))
        assert it.house.take() == [("ringing", "a", 2), ("answered", "a", 2)]
        it.floor.calls["a"].line.speak()  # type: ignore[attr-defined]
        assert len(other.heard) == 1

    play(scene)


def test_a_trunk_that_is_silent_for_long_is_broken(play) -> None:
    async def scene(it: Scene) -> None:
        line = it.comes()
        it.floor.calls["a"].began -= 120
        it.floor._notice_silence()
        assert line.did[-1] == "hang up"
        assert it.house.take()[-1] == ("ended", "a", "silent")

    play(scene)


def test_a_number_is_called_for_an_agent(play) -> None:
    async def scene(it: Scene) -> None:
        browser = it.sit(1)
        it.network.lines["138"] = FakeLine("network's key")
        it.house.take()
        await it.told("out-1", port.Originate(number="138", agent_id=1, key="out-1"))
        await asyncio.sleep(0.01)
        assert it.house.take() == [("answered", "out-1", 1)]
        it.network.lines["138"].speak()
        assert len(browser.heard) == 1

    play(scene)


def test_a_number_that_is_busy_ends_the_call(play) -> None:
    async def scene(it: Scene) -> None:
        it.sit(1)
        it.house.take()
        await it.told("out-1", port.Originate(number="110", agent_id=1, key="out-1"))
        await asyncio.sleep(0.01)
        assert it.house.take() == [("ended", "out-1", "busy")]

    play(scene)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (port.Hold(), "nobody has taken the call"),
        (port.ThreeWay(), "nobody has taken the call"),
        (port.Consult(number="1"), "nobody has taken the call"),
    ],
)
def test_what_doesn_t_fit_is_refused_with_a_reason(play, command, reason) -> None:
    async def scene(it: Scene) -> None:
        it.comes()
        with pytest.raises(Impossible, match=reason):
            await it.told("a", command)

    play(scene)


def test_of_a_call_that_isn_t_there_the_house_hears_that_it_is_over(play) -> None:
    async def scene(it: Scene) -> None:
        with pytest.raises(Impossible, match="over"):
            await it.told("ghost", port.Ring(agent_id=1))
        assert it.house.take() == [("ended", "ghost", "lost")]

    play(scene)
