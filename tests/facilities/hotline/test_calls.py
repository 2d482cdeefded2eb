"""Calls as their drivers tell them: who is rung, who waits, what is missed, and what is never lost."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.facilities.hotline.centre import (
    NOON,
    RESIDENT,
    Caller,
    a_centre,
    an_agent,
    later,
    state_of,
)
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import (
    CommandRefused,
    NotYourTurn,
    ask_call_back,
    block,
    command,
    command_done,
    hear,
    look_after_queue,
    merge_calls,
    note_outcome,
    originate,
    set_state,
    take_commands,
    wrap_up,
)
from yiwang.facilities.hotline.actions.calls import NotMergeable
from yiwang.facilities.hotline.enums import AgentState, CallState
from yiwang.facilities.hotline.models import Agent, Call, CallBack, CallEvent, Command

pytestmark = pytest.mark.django_db


def commands(driver: str = "voice") -> list[tuple[str, dict[str, Any]]]:
    return [(row.kind, row.data) for row in Command.objects.filter(driver=driver).order_by("pk")]


def test_a_call_rings_at_the_agent_who_was_idle_longest_and_is_talked_through() -> None:
    unit = a_centre()
    first, second = an_agent(unit, at=later(-60)), an_agent(unit)
    caller = Caller().offer()
    assert (caller.call.state, caller.call.agent_id, state_of(first), state_of(second)) == (
        CallState.RINGING,
        first.pk,
        AgentState.RINGING,
        AgentState.READY,
    )
    assert commands() == [("ring", {"agent_id": first.pk})]
    caller.tell(port.CallRinging, 1, agent_id=first.pk).tell(port.CallAnswered, 3, agent_id=first.pk)
    assert (caller.call.state, state_of(first)) == (CallState.TALKING, AgentState.TALKING)
    caller.tell(port.CallHeld, 5).tell(port.CallResumed, 8).tell(port.CallEnded, 60, cause="caller")
    call = caller.call
    assert (call.state, call.number, call.unit_id, call.is_missed, state_of(first)) == (
        CallState.ENDED,
        RESIDENT,
        unit.pk,
        False,
        AgentState.WRAP_UP,
    )
    wrap_up(call.pk, by=first.account_id, at=later(90))
    assert state_of(first) == AgentState.READY


def test_the_same_told_twice_and_in_any_order_makes_the_same_call() -> None:
    agent = an_agent(a_centre())
    steps: list[tuple[type[port.CallEvent], float, dict[str, Any]]] = [
        (port.CallAnswered, 3, {"agent_id": agent.pk}),
        (port.CallEnded, 60, {"cause": "caller"}),
        (port.CallOffered, 0, {"direction": "inbound", "caller": RESIDENT, "called": "96519"}),
    ]
    told = set()
    for order in permutations(steps):
        caller = Caller(driver="cti")
        for kind, seconds, data in (*order, *order):
            caller.tell(kind, seconds, **data)
        call = caller.call
        told.add((call.state, call.number, call.agent_id, call.answered_at, call.ended_at, call.is_missed))
        assert call.events.count() == 3
    assert told == {(CallState.ENDED, RESIDENT, agent.pk, later(3), later(60), False)}


def test_a_call_heard_of_at_its_end_alone_is_called_back_once_its_number_is_known() -> None:
    a_centre()
    caller = Caller(driver="cti").tell(port.CallEnded, 20, cause="caller")
    assert CallBack.objects.count() == 0
    caller.offer()
    assert list(CallBack.objects.values_list("number", "reason", "times")) == [(RESIDENT, "missed", 1)]


def test_without_a_free_agent_callers_wait_in_order_and_hear_their_place() -> None:
    unit = a_centre()
    one, two, three = (Caller(caller=f"1390000000{n}").offer(n) for n in range(3))
    assert [(c.call.state, c.call.position) for c in (one, two, three)] == [
        (CallState.QUEUED, 1),
        (CallState.QUEUED, 2),
        (CallState.QUEUED, 3),
    ]
    agent = an_agent(unit, at=later(10))
    assert [c.call.state for c in (one, two)] == [CallState.RINGING, CallState.QUEUED]
    assert [c.call.position for c in (one, two, three)] == [None, 1, 2]
    one.tell(port.CallEnded, 12, cause="caller")
    assert (one.call.is_missed, two.call.agent_id, state_of(agent)) == (True, agent.pk, AgentState.RINGING)


def test_who_does_not_pick_up_gets_a_pause_and_the_next_agent_is_rung() -> None:
    unit = a_centre()
    first, second = an_agent(unit, at=later(-60)), an_agent(unit)
    caller = Caller().offer()
    look_after_queue(at=later(14))
    assert caller.call.agent_id == first.pk
    look_after_queue(at=later(15.1))
    assert (caller.call.agent_id, state_of(first), state_of(second)) == (
        second.pk,
        AgentState.PAUSED,
        AgentState.RINGING,
    )
    assert [kind for kind, _ in commands()] == ["ring", "stop_ringing", "ring"]
    assert [event.kind for event in caller.call.events.all()] == ["offered", "chosen", "returned", "chosen"]


def test_a_caller_whose_agent_stays_away_is_given_to_another() -> None:
    unit = a_centre()
    agent = an_agent(unit)
    caller = Caller().offer().tell(port.CallAnswered, 2, agent_id=agent.pk)
    hear(port.AgentLine("voice", agent.pk, is_up=False, at=later(10)))
    other = an_agent(unit, at=later(11))
    look_after_queue(at=later(39))
    assert caller.call.agent_id == agent.pk
    look_after_queue(at=later(40))
    assert (caller.call.agent_id, state_of(agent), caller.call.answered_at) == (
        other.pk,
        AgentState.OFF,
        later(2),
    )


def test_a_lost_driver_turns_every_live_call_into_a_call_back() -> None:
    unit = a_centre()
    agent = an_agent(unit)
    talking = Caller(caller="13900000001").offer().tell(port.CallAnswered, 2, agent_id=agent.pk)
    waiting = Caller(caller="13900000002").offer(3)
    over = Caller(caller="13900000003").offer(4).tell(port.CallAnswered, 5).tell(port.CallEnded, 6)
    hear(port.DriverLost("voice", later(30)))
    hear(port.DriverLost("voice", later(31)))
    assert [each.call.state for each in (talking, waiting, over)] == [CallState.ENDED] * 3
    assert sorted(CallBack.objects.values_list("number", "reason", "times")) == [
        ("13900000001", "lost", 1),
        ("13900000002", "lost", 1),
    ]
    agent.refresh_from_db()
    assert (agent.has_line, agent.state) == (False, AgentState.WRAP_UP)


def test_who_calls_in_vain_three_times_is_called_back_once_and_not_at_all_after_being_answered() -> None:
    unit = a_centre()
    for seconds in (0, 100, 200):
        Caller().offer(seconds).tell(port.CallEnded, seconds + 20, cause="caller")
    task = CallBack.objects.get()
    assert (task.times, task.reason, task.due_at) == (3, "missed", later(20) + timedelta(hours=2))
    agent = an_agent(unit, at=later(250))
    Caller().offer(300).tell(port.CallAnswered, 302, agent_id=agent.pk)
    task.refresh_from_db()
    assert (task.outcome, task.done_at) == ("called_again", later(302))


def test_a_follow_up_of_another_matter_is_a_call_back_of_its_own() -> None:
    unit = a_centre()
    for subject in (1, 2, 2):
        ask_call_back(
            RESIDENT, reason="follow_up", unit_id=unit.pk, subject_kind="order", subject_id=subject, at=NOON
        )
    assert list(CallBack.objects.order_by("pk").values_list("subject_id", "times")) == [(1, 1), (2, 2)]


def test_a_caller_without_a_number_cannot_be_called_back() -> None:
    a_centre()
    caller = Caller(caller="anonymous").offer().tell(port.CallEnded, 9, cause="caller")
    assert (caller.call.is_missed, CallBack.objects.count()) == (True, 0)


def test_a_blocked_number_is_refused_until_its_time_is_over() -> None:
    unit = a_centre()
    agent = an_agent(unit)
    blocked = block(
        RESIDENT, reason="反复辱骂话务员", until_at=later(100), by=agent.account_id, at=later(-10)
    )
    caller = Caller(caller="+86" + RESIDENT).offer()
    blocked.refresh_from_db()
    assert (caller.call.cause, caller.call.is_missed, blocked.refused) == ("blocked", False, 1)
    assert (commands(), CallBack.objects.count()) == ([("refuse", {"cause": "blocked"})], 0)
    assert Caller().offer(101).call.state == CallState.RINGING


def test_an_agent_in_a_call_can_be_nothing_else() -> None:
    agent = an_agent(a_centre())
    Caller().offer().tell(port.CallAnswered, 2, agent_id=agent.pk)
    with pytest.raises(NotYourTurn):
        set_state(agent.pk, "ready", at=later(5))
    with pytest.raises(ValueError, match="talking"):
        set_state(agent.pk, "talking", at=later(5))


def test_commands_go_to_the_driver_once_and_only_when_they_make_sense() -> None:
    agent = an_agent(a_centre())
    caller = Caller().offer()
    by = agent.account_id
    with pytest.raises(CommandRefused):
        command(caller.call.pk, port.Hold(), by=by, at=later(1))
    command(caller.call.pk, port.Answer(agent_id=agent.pk), by=by, at=later(1))
    taken = take_commands("voice", at=later(2))
    assert [(given.key, given.command) for given in taken] == [
        (caller.key, port.Ring(agent.pk)),
        (caller.key, port.Answer(agent.pk)),
    ]
    assert take_commands("voice", at=later(2)) == []
    command_done(taken[0].command_id, at=later(3), fault="no path")
    assert Command.objects.get(pk=taken[0].command_id).fault == "no path"
    caller.tell(port.CallAnswered, 3, agent_id=agent.pk)
    with pytest.raises(CommandRefused):
        command(caller.call.pk, port.Consult(number="?"), by=by, at=later(4))


def test_a_telephone_system_of_its_own_takes_no_commands() -> None:
    agent = an_agent(a_centre(), has_line=False)
    caller = Caller(driver="cti").offer().tell(port.CallAnswered, 2, agent_id=agent.pk)
    with pytest.raises(CommandRefused):
        command(caller.call.pk, port.HangUp(), by=agent.account_id, at=later(3))
    assert (Command.objects.count(), state_of(agent)) == (0, AgentState.TALKING)


def test_an_agent_calls_out() -> None:
    agent = an_agent(a_centre())
    call = originate("139 0000 0000", agent_id=agent.pk, driver="voice", by=agent.account_id, at=NOON)
    given = take_commands("voice", at=NOON)
    assert [each.command for each in given] == [
        port.Originate(number=RESIDENT, agent_id=agent.pk, key=call.driver_key)
    ]
    assert (call.direction, call.number, state_of(agent)) == ("outbound", RESIDENT, AgentState.TALKING)
    hear(port.CallEnded("voice", call.driver_key, later(20), cause="no_answer"))
    assert (Call.objects.get().is_missed, state_of(agent)) == (False, AgentState.WRAP_UP)


def test_a_call_is_passed_on_to_another_agent() -> None:
    unit = a_centre()
    first, second = an_agent(unit, at=later(-60)), an_agent(unit)
    caller = Caller().offer().tell(port.CallAnswered, 2, agent_id=first.pk)
    caller.tell(port.CallTransferred, 9, agent_id=second.pk)
    assert (caller.call.agent_id, state_of(first), state_of(second)) == (
        second.pk,
        AgentState.WRAP_UP,
        AgentState.TALKING,
    )


def test_what_was_merged_shares_what_the_first_call_became() -> None:
    agent = an_agent(a_centre())
    first = Caller().offer().tell(port.CallAnswered, 1, agent_id=agent.pk).tell(port.CallEnded, 9)
    by = agent.account_id
    note_outcome(first.call.pk, outcome="order", subject_kind="case", subject_id=7, by=by, at=later(8))
    note_outcome(first.call.pk, outcome="order", subject_kind="case", subject_id=7, by=by, at=later(9))
    again = Caller(caller="13900000009").offer(20)
    merge_calls(again.call.pk, into=first.call.pk, by=by, at=later(30))
    assert list(again.call.outcomes.values_list("key", "subject_kind", "subject_id")) == [
        ("additional_caller", "case", 7)
    ]
    with pytest.raises(NotMergeable):
        merge_calls(first.call.pk, into=again.call.pk, by=by, at=later(31))


def test_the_database_keeps_what_happened() -> None:
    caller = Caller(driver="cti").offer()
    for statement in (
        "UPDATE hotline_callevent SET at = now()",
        "DELETE FROM hotline_callevent",
        "DELETE FROM hotline_call",
    ):
        with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
            connection.cursor().execute(statement)
    assert CallEvent.objects.filter(call=caller.call).count() == 1


def test_two_agents_do_not_share_an_extension() -> None:
    unit = a_centre()
    an_agent(unit, extension="8001")
    with pytest.raises(DatabaseError, match="agent_extension_once"):
        an_agent(unit, extension="8001")
    assert Agent._meta.get_field("extension").blank
