"""The fold of a call's events, the choice of an agent, numbers, and Erlang's formulas."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.facilities.hotline.enums import AgentState, CallState, EventKind
from yiwang.facilities.hotline.rules import (
    AgentNow,
    CallFacts,
    Happened,
    agents_needed,
    clean_number,
    facts_of,
    mean_wait,
    next_agent,
    service_level,
    staffing,
)

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
TALK, AFTER = 150, 60
BUSY_HOUR = 0.12


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def happened(kind: str, after: float = 0, /, **data: Any) -> Happened:
    return Happened(kind, at(after), data)


OFFERED = happened(
    EventKind.OFFERED, direction="inbound", caller="13900000000", called="96519", agent_id=None
)
A_CALL = (
    OFFERED,
    happened(EventKind.QUEUED, 1, position=2),
    happened(EventKind.CHOSEN, 5, agent_id=7),
    happened(EventKind.RINGING, 6, agent_id=7),
    happened(EventKind.ANSWERED, 8, agent_id=7),
    happened(EventKind.HELD, 20),
    happened(EventKind.JOINED, 21, number="110"),
    happened(EventKind.RESUMED, 30),
    happened(EventKind.ENDED, 60, cause="caller"),
    happened(EventKind.RECORDED, 61, digest="ab", seconds=52),
)

events = st.lists(
    st.builds(
        Happened,
        st.sampled_from([str(kind) for kind in EventKind]),
        st.integers(0, 20).map(at),
        st.one_of(
            st.just({}),
            st.fixed_dictionaries({"agent_id": st.integers(1, 3)}),
            st.fixed_dictionaries({"number": st.sampled_from(["110", "119"])}),
            st.fixed_dictionaries({"caller": st.just("13900000000"), "direction": st.just("inbound")}),
        ),
    ),
    max_size=12,
)


def test_a_call_from_the_first_ring_to_its_recording() -> None:
    assert facts_of(A_CALL) == CallFacts(
        state=CallState.ENDED,
        direction="inbound",
        caller="13900000000",
        called="96519",
        agent_id=7,
        offered_at=NOON,
        queued_at=at(1),
        rung_at=at(5),
        answered_at=at(8),
        ended_at=at(60),
        cause="caller",
        recording_digest="ab",
        recording_seconds=52,
    )


@given(events, st.integers())
def test_the_order_in_which_events_are_heard_makes_no_difference(heard: list[Happened], seed: int) -> None:
    mixed = [*heard, *heard[:3]]
    Random(seed).shuffle(mixed)
    assert facts_of(mixed) == facts_of(heard)


@given(events)
def test_an_ended_call_stays_ended(heard: list[Happened]) -> None:
    facts = facts_of(heard)
    has_end = any(event.kind in (EventKind.ENDED, EventKind.LOST) for event in heard)
    assert (facts.state == CallState.ENDED, facts.ended_at is not None) == (has_end, has_end)


@given(events)
def test_a_call_is_missed_or_was_answered_or_is_alive(heard: list[Happened]) -> None:
    facts = facts_of(heard)
    assert not (facts.is_missed and facts.answered_at is not None)
    if facts.direction == "inbound" and facts.ended_at and not facts.is_blocked:
        assert facts.is_missed == (facts.answered_at is None)


@given(events)
def test_who_talks_has_been_answered_or_passed_on(heard: list[Happened]) -> None:
    facts = facts_of(heard)
    kinds = {event.kind for event in heard}
    if facts.state in (CallState.TALKING, CallState.HELD):
        assert kinds & {EventKind.ANSWERED, EventKind.TRANSFERRED}


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        ((), CallState.OFFERED),
        ((EventKind.QUEUED,), CallState.QUEUED),
        ((EventKind.QUEUED, EventKind.CHOSEN), CallState.RINGING),
        ((EventKind.RINGING, EventKind.ANSWERED), CallState.TALKING),
        ((EventKind.RINGING, EventKind.ANSWERED, EventKind.HELD), CallState.HELD),
        ((EventKind.ANSWERED, EventKind.RETURNED), CallState.QUEUED),
        ((EventKind.ANSWERED, EventKind.QUEUED), CallState.TALKING),
        ((EventKind.ANSWERED, EventKind.RINGING), CallState.TALKING),
        ((EventKind.ENDED, EventKind.ANSWERED), CallState.ENDED),
    ],
)
def test_the_state_after_a_few_events(kinds: tuple[str, ...], state: str) -> None:
    rest = [happened(kind, place + 1, agent_id=7) for place, kind in enumerate(kinds)]
    assert facts_of([OFFERED, *rest]).state == state


def test_a_missed_call_and_one_whose_line_broke_and_a_refused_one() -> None:
    told = {
        "missed": facts_of([OFFERED, happened(EventKind.ENDED, 9, cause="caller")]),
        "lost": facts_of([OFFERED, happened(EventKind.ANSWERED, 3, agent_id=1), happened(EventKind.LOST, 9)]),
        "blocked": facts_of([OFFERED, happened(EventKind.ENDED, 0, cause="blocked")]),
        "outbound": facts_of(
            [happened(EventKind.OFFERED, direction="outbound"), happened(EventKind.ENDED, 9)]
        ),
    }
    assert {name: (facts.is_missed, facts.is_lost) for name, facts in told.items()} == {
        "missed": (True, False),
        "lost": (False, True),
        "blocked": (False, False),
        "outbound": (False, False),
    }


def agent(
    number: int, *, idle: int, state: str = AgentState.READY, line: bool = True, can: str = "", first: int = 5
) -> AgentNow:
    return AgentNow(number, state, at(-idle), line, frozenset(can.split()), first)


def chosen(*agents: AgentNow, wants: tuple[str, ...] = (), over: tuple[int, ...] = ()) -> int | None:
    found = next_agent(agents, wants=wants, passed_over=over)
    return found and found.agent_id


def test_who_was_idle_longest_is_rung_among_those_who_can() -> None:
    people = (
        agent(1, idle=90, state=AgentState.PAUSED),
        agent(2, idle=80, line=False),
        agent(3, idle=10, can="蒙古语"),
        agent(4, idle=70),
    )
    assert [
        chosen(*people),
        chosen(*people, wants=("蒙古语",)),
        chosen(*people, wants=("维吾尔语",)),
        chosen(*people, over=(4,)),
        chosen(*people[:2]),
        chosen(people[3], over=(4,)),
    ] == [4, 3, 4, 3, None, 4]


def test_priority_comes_after_what_is_wanted_and_before_idleness() -> None:
    people = (agent(1, idle=90), agent(2, idle=10, first=2), agent(3, idle=5, first=9, can="蒙古语"))
    assert [chosen(*people), chosen(*people, wants=("蒙古语",)), chosen(*people, over=(2,))] == [2, 3, 1]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("+86 139-0000-0000", "13900000000"),
        ("0086 571 12345678", "57112345678"),
        ("sip:13900000000@10.0.0.1;user=phone", "13900000000"),
        ("86519", "86519"),
        ("anonymous", ""),
        ("0571-8765 4321", "057187654321"),
    ],
)
def test_numbers_are_compared_in_one_form(written: str, number: str) -> None:
    assert clean_number(written) == number


@pytest.mark.parametrize(
    ("calls_a_day", "seats"), [(501, 8), (1_555, 17), (2_636, 26), (10_169, 84), (66_000, 484), (80_000, 583)]
)
def test_seats_for_the_loads_that_cities_published(calls_a_day: int, seats: int) -> None:
    """95 % in 15 s, 12 % of the day in the busy hour, 150 s of talk and 60 s of after-call work."""
    assert agents_needed(calls_per_hour=calls_a_day * BUSY_HOUR, handling=TALK + AFTER) == seats


@given(st.floats(1, 3000), st.floats(30, 900), st.floats(0.5, 0.99))
def test_the_number_of_agents_is_the_smallest_that_keeps_the_promise(
    calls: float, handling: float, target: float
) -> None:
    needed = agents_needed(calls_per_hour=calls, handling=handling, target=target)
    levels = [
        service_level(n, calls_per_hour=calls, handling=handling, within=15) for n in (needed - 1, needed)
    ]
    assert levels[0] < target <= levels[1] or needed == 1


def test_erlang_c_at_its_edges() -> None:
    assert [
        agents_needed(calls_per_hour=0, handling=210),
        service_level(3, calls_per_hour=0, handling=210, within=15),
        service_level(1, calls_per_hour=60, handling=60, within=15),
        mean_wait(1, calls_per_hour=60, handling=60),
    ] == [0, 1.0, 0.0, None]
    # One agent, half busy: half the callers wait, and a caller waits as long on average as a call lasts.
    assert mean_wait(1, calls_per_hour=30, handling=60) == pytest.approx(60)
    assert service_level(1, calls_per_hour=30, handling=60, within=0) == pytest.approx(0.5)


def test_the_plan_names_the_agents_of_each_hour() -> None:
    assert [(need.hour, need.agents) for need in staffing([0, 60.12, 5], handling=210)] == [
        (0, 0),
        (1, 8),
        (2, 2),
    ]
