"""Who hears whom: alone, in talk, on hold, three at once, with an announcement beneath."""

from tests.facilities.hotline.voice.lines import SOUND, FakeLine
from yiwang.facilities.hotline.voice import g711
from yiwang.facilities.hotline.voice.bridge import Bridge
from yiwang.facilities.hotline.voice.sounds import Player

MUSIC = b"\x33" * 160
ONE, TWO, THREE = (g711.tone(hertz, seconds=0.02) for hertz in (440, 1000, 1700))


def a_bridge() -> tuple[Bridge, FakeLine, FakeLine]:
    caller, agent = FakeLine("caller"), FakeLine("agent")
    bridge = Bridge(caller)
    bridge.music = lambda: Player(forever=MUSIC)
    bridge.caller.player = bridge.music()
    return bridge, caller, agent


def test_a_caller_alone_hears_music() -> None:
    bridge, caller, _ = a_bridge()
    assert bridge.ticks
    bridge.tick(0.0)
    bridge.tick(0.02)
    assert caller.heard == [MUSIC, MUSIC]


def test_voices_pass_through_untouched_and_nothing_is_made() -> None:
    bridge, caller, agent = a_bridge()
    bridge.put_agent(agent)
    caller.speak()
    agent.speak(TWO)
    assert (agent.heard, caller.heard, bridge.ticks) == ([SOUND], [TWO], False)


def test_mu_law_is_translated_on_the_way() -> None:
    bridge, caller, agent = a_bridge()
    caller.outgoing.payload_type = g711.PCMU
    bridge.put_agent(agent)
    agent.speak(TWO)
    caller.speak(g711.from_alaw(ONE, payload_type=g711.PCMU), payload_type=g711.PCMU)
    assert caller.heard == [g711.from_alaw(TWO, payload_type=g711.PCMU)]
    assert agent.heard == [g711.to_alaw(g711.from_alaw(ONE, payload_type=g711.PCMU), payload_type=g711.PCMU)]


def test_keys_and_comfort_noise_aren_t_voices() -> None:
    bridge, caller, agent = a_bridge()
    bridge.put_agent(agent)
    for payload_type in (101, 13):
        caller.speak(b"\x05\x0a\x00\xa0", payload_type=payload_type)
    assert agent.heard == []


def test_on_hold_the_caller_hears_music_and_nobody_the_caller() -> None:
    bridge, caller, agent = a_bridge()
    bridge.put_agent(agent)
    bridge.hold(is_held=True)
    caller.speak()
    agent.speak()
    bridge.tick(0.0)
    assert (caller.heard, agent.heard) == ([MUSIC], [])
    bridge.hold(is_held=False)
    agent.speak()
    assert caller.heard == [MUSIC, SOUND]


def test_the_caller_hears_music_when_the_agent_has_gone_and_the_next_agent_after() -> None:
    bridge, caller, agent = a_bridge()
    bridge.put_agent(agent)
    bridge.put_agent(None)
    agent.speak()
    bridge.tick(0.0)
    other = FakeLine("other")
    bridge.put_agent(other)
    other.speak(TWO)
    agent.speak(ONE)
    assert caller.heard == [MUSIC, TWO]


def test_whoever_is_asked_hears_the_agent_and_not_the_caller() -> None:
    bridge, caller, agent = a_bridge()
    third = FakeLine("third")
    bridge.put_agent(agent)
    bridge.hold(is_held=True)
    bridge.put_third(third)
    for line in (caller, agent, third):
        line.speak()
    bridge.tick(0.0)
    assert (caller.heard, agent.heard, third.heard) == ([MUSIC], [SOUND], [SOUND])


def test_three_hear_the_other_two_added() -> None:
    bridge, caller, agent = a_bridge()
    third = FakeLine("third")
    bridge.put_agent(agent)
    bridge.put_third(third)
    for line, sound in ((caller, ONE), (agent, TWO), (third, THREE)):
        line.speak(sound)
    bridge.tick(0.0)
    assert caller.heard == [g711.added(TWO, THREE)]
    assert agent.heard == [g711.added(THREE, ONE)]
    assert third.heard == [g711.added(TWO, ONE)]


def test_longer_packets_are_added_in_parts() -> None:
    bridge, caller, agent = a_bridge()
    third = FakeLine("third")
    bridge.put_agent(agent)
    bridge.put_third(third)
    caller.speak(ONE + TWO)
    bridge.tick(0.0)
    bridge.tick(0.02)
    assert agent.heard == [g711.added(g711.QUIET_FRAME, ONE), g711.added(g711.QUIET_FRAME, TWO)]


def test_caller_and_third_are_left_to_themselves() -> None:
    bridge, caller, agent = a_bridge()
    third = FakeLine("third")
    bridge.put_agent(agent)
    bridge.put_third(third)
    bridge.put_agent(None)
    caller.speak(ONE)
    third.speak(THREE)
    assert (third.heard, caller.heard, bridge.ticks) == ([ONE], [THREE], False)


def test_an_announcement_lies_beneath_the_first_words() -> None:
    bridge, caller, agent = a_bridge()
    bridge.put_agent(agent)
    bridge.caller.under = Player([THREE])
    agent.speak(TWO)
    agent.speak(TWO)
    assert caller.heard == [g711.added(TWO, THREE), TWO]


def test_lines_that_were_let_go_are_deaf() -> None:
    bridge, caller, agent = a_bridge()
    bridge.put_agent(agent)
    bridge.leave()
    caller.speak()
    assert agent.heard == []
