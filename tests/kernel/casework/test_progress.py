"""Whatever a procedure allows, in whatever order: the fold holds, and the tables repeat the journal."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import ANSWER, NOON, County, a_county, a_petition
from tests.kernel.casework.procedures import Journal
from yiwang.institutions.petitions.casetypes.petition_2022 import PETITION
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.calendar.seed import seed_calendar
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.faults import GuardFailed
from yiwang.kernel.casework.models import Case, CustodyRecord
from yiwang.kernel.casework.records import cached_fields, derive, entries_of
from yiwang.kernel.casework.rules.casetype import Custody, StepDef
from yiwang.kernel.casework.rules.clocks import walk
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.casework.rules.progress import NotAllowedNow, Progress, open_steps, replay
from yiwang.kernel.casework.verification import verify

START = date(2026, 1, 5)


def chain_is_sound(progress: Progress) -> None:
    """One holder; every unit above it still waits for the case; every other place has ended."""
    waiting: set[int] = set()
    index: int | None = progress.holder
    while index is not None:
        assert progress.nodes[index].until_at is None
        waiting.add(index)
        index = progress.nodes[index].parent
    assert 0 in waiting
    assert [node.index for node in progress.nodes] == list(range(len(progress.nodes)))
    assert all(node.parent is None or node.parent < node.index for node in progress.nodes)
    gone = [node for node in progress.nodes if node.index not in waiting]
    objecting = progress.state == "objected"
    assert sum(node.until_at is None for node in gone) == (1 if objecting else 0)
    assert set(progress.unit_ids) == {node.unit_id for node in progress.nodes}


def data_for(step: StepDef, journal: Journal) -> dict[str, Any]:
    if step.custody is Custody.HAND_ON:
        return {"unit_id": len(journal.progress.nodes) + 1, "due_on": "2026-12-01"}
    given = {
        "extend": {"days": 20},
        "answer": {"outcome": "explained"},
        "link_repeat": {"earlier_case_id": 1},
    }
    return given.get(step.verb, {})


@settings(max_examples=300, deadline=None)
@given(choices=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9)), max_size=40))
def test_any_chain_of_allowed_steps_keeps_one_holder_and_replays(choices: list[tuple[int, int]]) -> None:
    journal = Journal(PETITION, on=START).step("register", unit_id=1, received_on=START.isoformat())
    for choice, days in choices:
        steps = open_steps(journal.progress, PETITION)
        if not steps:
            break
        step = steps[choice % len(steps)]
        before = journal.progress
        journal.on(days).step(step.verb, **data_for(step, journal))
        after = journal.progress
        chain_is_sound(after)
        assert replay(journal.entries, PETITION) == after
        assert after.state in {state.key for state in PETITION.states}
        if step.custody is Custody.HAND_ON:
            assert after.giver == after.nodes[before.holder]
        if step.custody in (Custody.RECALL, Custody.RELEASE, Custody.HAND_BACK, Custody.INSIST):
            assert after.state == after.nodes[after.holder].state or after.state == before.state
    derived = derive(
        journal.entries, walk(journal.entries, PETITION), PETITION, calendar=seed_calendar(), settings={}
    )
    cached = cached_fields(derived, PETITION)
    assert (cached["state"], cached["journal_length"]) == (journal.progress.state, len(journal.entries))


@settings(max_examples=100, deadline=None)
@given(depth=st.integers(1, 6), returns=st.integers(0, 6))
def test_an_answer_goes_up_exactly_the_chain_it_came_down(depth: int, returns: int) -> None:
    journal = Journal(PETITION, on=START).step("register", unit_id=1)
    for unit_id in range(2, depth + 2):
        journal.step("forward", unit_id=unit_id)
    journal.step("accept").step("answer")
    for _ in range(depth - 1):
        journal.step("approve")
    assert journal.progress.is_at_root
    returned = min(returns, depth)
    for level in range(1, returned + 1):
        journal.step("return")
        assert journal.progress.holder == level
    if returned == depth:
        assert journal.progress.state == "handling"
        journal.step("answer")
        returned -= 1
    for _ in range(returned):
        journal.step("approve")
    journal.step("issue")
    assert journal.progress.unit_ids == tuple(range(1, depth + 2))
    assert journal.progress.state == "answered"


def test_a_journal_that_breaks_the_procedure_is_refused() -> None:
    journal = Journal(PETITION, on=START).step("register", unit_id=1).step("accept")
    with pytest.raises(NotAllowedNow):
        replay([journal.entries[0], replace(journal.entries[1], verb="conclude")], PETITION)
    with pytest.raises(NotAllowedNow):
        replay([journal.entries[0], replace(journal.entries[1], to_state="archived")], PETITION)
    with pytest.raises(NotAllowedNow):
        replay(journal.entries[1:], PETITION)


def test_the_office_can_neither_object_nor_recall_from_itself() -> None:
    journal = Journal(PETITION, on=START).step("register", unit_id=1)
    assert {"object", "recall"} & {step.verb for step in open_steps(journal.progress, PETITION)} == set()


# --- through the one door ---------------------------------------------------------------------------------


@pytest.fixture
def county(db: None) -> County:
    return a_county()


UNITS = ("office", "water", "housing", "chengguan", "heping")


def real_data(step: StepDef, county: County, choice: int) -> dict[str, Any]:
    given: dict[str, Any] = {
        **ANSWER,
        "reasons": "理由。",
        "route": "请向法院提出。",
        "text": "补充。",
        "days": 20,
    }
    given |= {"grade_office": 4, "grade_unit": 2, "how": "post", "served_on": "", "due_on": "2028-01-04"}
    given |= {
        "unit_id": county.unit(UNITS[choice % len(UNITS)]).pk,
        "account_id": county.accounts["admin"].pk,
    }
    return {field.key: given[field.key] for field in step.needs if field.key in given}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(choices=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 6)), min_size=5, max_size=18))
def test_the_tables_repeat_the_journal_after_any_steps(
    county: County, choices: list[tuple[int, int]]
) -> None:
    case, at = a_petition(county).case, NOON
    with acting_as_system():
        for choice, days in choices:
            at += timedelta(days=days)
            entries = entries_of(case.pk)
            steps = [
                step
                for step in open_steps(walk(entries, PETITION)[-1], PETITION)
                if step.verb not in ("link_repeat", "unlink_repeat")
            ]
            if not steps:
                break
            step = steps[choice % len(steps)]
            data = real_data(step, county, choice // 5)
            data |= {"served_on": at.date().isoformat()} if "served_on" in data else {}
            try:
                take(case.pk, step.verb, by=SYSTEM, at=at, data=data)
            except (GuardFailed, BadData):
                continue
        entries = entries_of(case.pk)
        progress = replay(entries, PETITION)
        cached = cached_fields(derive(entries, walk(entries, PETITION), PETITION), PETITION)
        row = Case.objects.get(pk=case.pk)
        assert {column: getattr(row, column) for column in cached} == cached
        assert CustodyRecord.objects.filter(case=case, is_holding=True).count() == 1
        assert row.unit_ids == list(progress.unit_ids)
        assert verify().shown == []
