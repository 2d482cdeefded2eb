"""Agents in a call that isn't theirs, on the floor: who hears whom, what the house is told, and how they leave."""

import pytest

from tests.facilities.hotline.voice.lines import FakeLine
from tests.facilities.hotline.voice.test_bridge import ONE, THREE, TWO, a_bridge
from tests.facilities.hotline.voice.test_floor import Scene, play  # noqa: F401
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.enums import ListenMode
from yiwang.facilities.hotline.voice import g711
from yiwang.facilities.hotline.voice.orders import Impossible


def a_call_with_a_listener(mode: ListenMode) -> dict[str, FakeLine]:
    """Everybody says their tone for two rounds; the ends."""
    bridge, caller, agent = a_bridge()
    listener = FakeLine("supervisor")
    bridge.put_agent(agent)
    bridge.put_listener(listener, mode=mode)
    if bridge.agent is not None:
        bridge.agent.under = None
    for now in (0.0, 0.02):
        for line, sound in ((caller, ONE), (agent, TWO), (listener, THREE)):
            line.speak(sound, now=now)
        bridge.tick(now)
    return {"caller": caller, "agent": agent, "listener": listener}


@pytest.mark.parametrize(
    ("mode", "heard"),
    [
        (ListenMode.LISTEN, {"caller": [TWO], "agent": [ONE], "listener": [ONE, TWO]}),
        (ListenMode.WHISPER, {"caller": [TWO], "agent": [ONE, THREE], "listener": [ONE, TWO]}),
        (ListenMode.BARGE, {"caller": [TWO, THREE], "agent": [ONE, THREE], "listener": [ONE, TWO]}),
    ],
)
def test_who_hears_a_supervisor_and_whom_the_supervisor_hears(
    mode: ListenMode, heard: dict[str, list[bytes]]
) -> None:
    ends = a_call_with_a_listener(mode)
    for name, sounds in heard.items():
        wanted = sounds[0] if len(sounds) == 1 else g711.added(sounds[0], sounds[1])
        assert sorted(set(ends[name].heard)) == [wanted]


def test_voices_of_others_pass_through_while_a_supervisor_listens() -> None:
    ends = a_call_with_a_listener(ListenMode.LISTEN)
    assert ends["caller"].got[0].timestamp - ends["caller"].got[1].timestamp == -160
    assert (ends["caller"].heard, ends["agent"].heard) == ([TWO, TWO], [ONE, ONE])


def without_tones(it: Scene) -> None:
    """The tones that lie beneath first words are over."""
    for party in it.floor.calls["a"].bridge.parties:
        party.under = None


def test_an_agent_is_asked_picks_up_and_takes_over(play) -> None:  # noqa: F811
    async def scene(it: Scene) -> None:
        line, first, second = it.comes(), it.sit(1), it.sit(3)
        await it.told("a", port.Ring(agent_id=1))
        it.house.take()
        await it.told("a", port.Consult(agent_id=3))
        assert it.house.take() == [("held", "a")]
        call = it.floor.calls["a"]
        assert (call.asked, call.bridge.third) == (it.floor.seats[3], None)
        await it.told("a", port.Answer(agent_id=3))
        assert it.house.take() == [("joined", "a", 3)]
        without_tones(it)
        second.speak(TWO)
        assert first.heard[-1] == TWO
        await it.told("a", port.Transfer(agent_id=3))
        assert it.house.take() == [("transferred", "a", 3), ("answered", "a", 3)]
        without_tones(it)
        line.speak(ONE)
        assert second.heard[-1] == ONE
        assert (it.floor.seats[1].call, it.floor.seats[3].call, call.guests) == (None, call, {})

    play(scene)


@pytest.mark.parametrize("way", ["leave", "resume", "line", "silence"])
def test_whoever_was_asked_goes_and_agent_and_caller_go_on(play, way: str) -> None:  # noqa: F811
    async def scene(it: Scene) -> None:
        line, first, second = it.comes(), it.sit(1), it.sit(3)
        await it.told("a", port.Ring(agent_id=1))
        await it.told("a", port.Consult(agent_id=3))
        call = it.floor.calls["a"]
        it.house.take()
        match way:
            case "leave":
                await it.told("a", port.Leave(agent_id=3))
            case "resume":
                await it.told("a", port.Resume())
            case "line":
                second.on_gone()
            case "silence":
                it.orders._guests._unless_in(call, it.floor.seats[3])()
        reason = {"leave": "refused", "resume": "", "line": "no_line", "silence": "no_answer"}[way]
        told = [each for each in it.house.take() if each[0] != "line"]
        assert told == [("parted", "a", 3, reason), ("resumed", "a")]
        without_tones(it)
        line.speak(ONE)
        assert (first.heard[-1], call.asked, it.floor.seats[3].call) == (ONE, None, None)

    play(scene)


def test_nobody_is_asked_or_listens_whose_place_is_taken(play) -> None:  # noqa: F811
    async def scene(it: Scene) -> None:
        it.comes("a")
        it.comes("b")
        it.sit(1)
        it.sit(3)
        await it.told("a", port.Ring(agent_id=1))
        await it.told("b", port.Ring(agent_id=3))
        for command in (
            port.Consult(agent_id=3),
            port.Consult(agent_id=2),
            port.Listen(agent_id=3, mode="listen"),
        ):
            with pytest.raises(Impossible):
                await it.told("a", command)
        with pytest.raises(Impossible):
            await it.told("b", port.Listen(agent_id=2, mode="listen"))

    play(scene)


def test_a_supervisor_comes_changes_the_mode_and_goes_with_the_call(play) -> None:  # noqa: F811
    async def scene(it: Scene) -> None:
        it.comes()
        it.sit(1)
        it.sit(3)
        await it.told("a", port.Ring(agent_id=1))
        it.house.take()
        await it.told("a", port.Listen(agent_id=3, mode="listen"))
        await it.told("a", port.Listen(agent_id=3, mode="barge"))
        assert it.house.take() == [("listened", "a", 3, "listen"), ("listened", "a", 3, "barge")]
        with pytest.raises(Impossible):
            await it.told("a", port.Consult(agent_id=3))
        await it.told("a", port.HangUp())
        assert it.house.take() == [("unlistened", "a", 3), ("ended", "a", "agent")]
        assert it.floor.seats[3].call is None

    play(scene)
