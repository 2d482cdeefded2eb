"""Clocks follow from the journal alone: started, met, late, suspended, extended, void, reopened."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.calendar.oracle import last_day
from tests.kernel.casework.procedures import Journal, a_clock, a_procedure
from yiwang.institutions.petitions.casetypes.petition_2022 import PETITION
from yiwang.kernel.calendar.rules import CountUnit, RollOver
from yiwang.kernel.calendar.seed import seed_calendar
from yiwang.kernel.casework.rules.casetype import CaseType, Citation, ClockKind, ClockScope, Law
from yiwang.kernel.casework.rules.clocks import Clock, ClockStatus, TermSetting, clocks, next_due

CALENDAR = seed_calendar()
MONDAY = date(2026, 3, 2)
BASIS = Citation(Law("c", "民法典", "Civil Code", date(2020, 5, 28)), 203)
WATER, TOWN = 2, 3


def of(journal: Journal, key: str = "term", *, node: int = 0, **settings: TermSetting) -> Clock:
    found = clocks(journal.entries, journal.case_type, CALENDAR, settings=settings)
    return next(clock for clock in found if clock.key == key and clock.node == node)


def keys(journal: Journal) -> list[tuple[str, int]]:
    return [(clock.key, clock.node) for clock in clocks(journal.entries, journal.case_type, CALENDAR)]


def begun(*defined: Any, on: date = MONDAY) -> Journal:
    return Journal(a_procedure(*defined), on=on).step("begin")


def test_an_empty_journal_has_no_clocks() -> None:
    assert clocks([], a_procedure(), CALENDAR) == []


def test_the_first_day_is_not_counted_and_the_last_is_still_in_time() -> None:
    clock = of(begun())
    last = date(2026, 3, 12)
    assert clock.due_on == last
    assert [clock.status(as_of=last + timedelta(days=n)) for n in (-10, 0, 1)] == [
        ClockStatus.RUNNING,
        ClockStatus.RUNNING,
        ClockStatus.LATE,
    ]


@pytest.mark.parametrize(("days", "status"), [(10, ClockStatus.MET), (11, ClockStatus.MET_LATE)])
def test_met_in_time_or_late_for_ever(days: int, status: ClockStatus) -> None:
    clock = of(begun().on(days).step("finish"))
    assert not clock.is_open
    assert clock.status(as_of=date(2030, 1, 1)) == status


def test_a_window_expires_instead_of_being_late() -> None:
    clock = of(begun(a_clock(kind=ClockKind.WINDOW)))
    assert clock.status(as_of=date(2026, 3, 13)) == ClockStatus.EXPIRED


def test_suspended_days_do_not_count_and_an_open_suspension_has_no_last_day() -> None:
    journal = begun().on(3).step("suspend")
    suspended = of(journal)
    assert (suspended.due_on, suspended.status(as_of=date(2027, 1, 1))) == (None, ClockStatus.SUSPENDED)
    resumed = of(journal.on(6).step("resume"))
    assert resumed.suspended == ((date(2026, 3, 5), date(2026, 3, 11)),)
    assert resumed.due_on == date(2026, 3, 19)


def test_suspended_and_resumed_on_one_day_leaves_out_that_day() -> None:
    assert of(begun().on(3).step("suspend").step("resume")).due_on == date(2026, 3, 13)


def test_two_suspensions_add_up() -> None:
    journal = begun().on(2).step("suspend").on(1).step("resume").on(2).step("suspend").on(1).step("resume")
    assert of(journal).due_on == date(2026, 3, 16)


def test_an_extension_is_counted_on_top_even_after_the_last_day() -> None:
    assert of(begun().on(9).step("extend", days=5)).due_on == date(2026, 3, 17)
    late = of(begun().on(20).step("extend", days=5))
    assert (late.due_on, late.extended_days) == (date(2026, 3, 17), 5)


def test_a_term_runs_over_the_end_of_the_year() -> None:
    clock = of(begun(a_clock(unit=CountUnit.WORKING_DAY, term=5), on=date(2025, 12, 29)))
    assert clock.due_on == date(2026, 1, 6)
    counted = clock.explained(CALENDAR)
    assert counted is not None
    assert counted.due_on == clock.due_on


def test_the_explanation_always_ends_on_the_last_day() -> None:
    journal = begun().on(3).step("suspend").on(6).step("resume").step("extend", days=7)
    clock = of(journal)
    counted = clock.explained(CALENDAR)
    assert counted is not None
    assert counted.due_on == clock.due_on == date(2026, 3, 26)


# --- clocks that begin anew, and those that the root owes --------------------------------------------------


def renewed(**changes: Any) -> Any:
    return a_clock(
        starts=frozenset({"suspend"}),
        ends=frozenset({"resume"}),
        suspended_by=None,
        resumed_by=None,
        is_renewed=True,
        **changes,
    )


def test_a_renewed_clock_begins_anew_once_it_was_met_in_time() -> None:
    journal = begun(renewed()).step("suspend").on(3).step("resume").on(4).step("suspend")
    clock = of(journal)
    assert (clock.start_on, clock.due_on, clock.is_open) == (date(2026, 3, 9), date(2026, 3, 19), True)


def test_a_renewed_clock_that_was_missed_stays_missed() -> None:
    journal = begun(renewed()).step("suspend").on(11).step("resume").on(1).step("suspend")
    clock = of(journal)
    assert (clock.due_on, clock.ended_on) == (date(2026, 3, 12), date(2026, 3, 13))


@pytest.mark.parametrize(("by_root", "unit"), [(True, 1), (False, WATER)])
def test_a_clock_is_owed_by_who_took_the_step_or_by_the_root(by_root: bool, unit: int) -> None:
    definition = a_clock(starts=frozenset({"extend"}), extended_by=None, is_owed_by_root=by_root)
    assert (
        of(begun(definition).step("forward", unit_id=WATER).step("extend"), node=0 if by_root else 1).unit_id
        == unit
    )


# --- the office's own choices -----------------------------------------------------------------------------


@pytest.mark.parametrize(("own", "term"), [(5, 5), (10, 10), (30, 10), (None, 10)])
def test_an_office_may_tighten_a_term_never_loosen_it(own: int | None, term: int) -> None:
    assert of(begun(), term=TermSetting(term=own)).term == term


@pytest.mark.parametrize("kind", list(ClockKind))
def test_nobody_can_shorten_a_right(kind: ClockKind) -> None:
    clock = of(begun(a_clock(kind=kind)), term=TermSetting(term=5))
    assert clock.term == (5 if kind is ClockKind.DUTY else 10)


SATURDAY_CASES = [
    (None, RollOver.NONE, None, date(2026, 3, 14)),
    (None, RollOver.NONE, RollOver.NEXT_WORKING_DAY, date(2026, 3, 14)),
    (BASIS, RollOver.NONE, RollOver.NEXT_WORKING_DAY, date(2026, 3, 16)),
    (BASIS, RollOver.NEXT_WORKING_DAY, None, date(2026, 3, 16)),
    (None, RollOver.NEXT_WORKING_DAY, RollOver.NONE, date(2026, 3, 14)),
]


@pytest.mark.parametrize(("basis", "declared", "own", "last"), SATURDAY_CASES)
def test_a_last_day_rolls_over_only_with_a_legal_basis(
    basis: Citation | None, declared: RollOver, own: RollOver | None, last: date
) -> None:
    journal = begun(a_clock(term=12, roll_over=declared, roll_over_basis=basis))
    assert of(journal, term=TermSetting(roll_over=own)).due_on == last


# --- against the oracle -----------------------------------------------------------------------------------


@given(
    start=st.dates(date(2005, 1, 1), date(2025, 6, 1)),
    term=st.integers(1, 90),
    unit=st.sampled_from(list(CountUnit)),
    roll_over=st.sampled_from(list(RollOver)),
    pauses=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 15)), max_size=3),
    extension=st.one_of(st.none(), st.integers(1, 30)),
)
def test_the_last_day_is_the_one_counted_day_by_day(
    start: date,
    term: int,
    unit: CountUnit,
    roll_over: RollOver,
    pauses: list[tuple[int, int]],
    extension: int | None,
) -> None:
    journal = begun(a_clock(term=term, unit=unit, roll_over=roll_over, roll_over_basis=BASIS), on=start)
    suspended = []
    for before, length in pauses:
        journal.on(before).step("suspend")
        first = journal.day
        journal.on(length).step("resume")
        suspended.append((first, journal.day))
    if extension:
        journal.step("extend", days=extension)
    assert of(journal).due_on == last_day(
        start,
        term=term + (extension or 0),
        working_days=unit is CountUnit.WORKING_DAY,
        rolls=roll_over is RollOver.NEXT_WORKING_DAY,
        suspended=suspended,
    )


# --- one for every unit in the chain ----------------------------------------------------------------------


def a_chain(**changes: Any) -> CaseType:
    return a_procedure(a_clock(scope=ClockScope.CUSTODY, **changes))


def test_handing_on_starts_the_next_units_clock_not_ones_own() -> None:
    case_type = a_chain(starts=frozenset({"forward"}), ends=frozenset({"finish"}))
    journal = Journal(case_type, on=MONDAY).step("begin").step("forward", unit_id=2).on(1)
    journal.step("forward", unit_id=3)
    assert keys(journal) == [("term", 1), ("term", 2)]
    own = Journal(a_chain(starts=frozenset({"extend"})), on=MONDAY).step("begin").step("forward", unit_id=2)
    assert keys(own.step("extend", days=1)) == [("term", 1)]


def test_a_unit_meets_only_its_own_clock_unless_anybody_may() -> None:
    def finished(**changes: Any) -> list[bool]:
        case_type = a_chain(starts=frozenset({"begin", "forward"}), **changes)
        journal = Journal(case_type, on=MONDAY).step("begin").step("forward", unit_id=2).step("finish")
        return [of(journal, node=node).is_open for node in (0, 1)]

    assert finished() == [True, False]
    assert finished(ends=frozenset(), ended_by_anybody=frozenset({"finish"})) == [False, False]


# --- the petition procedure -------------------------------------------------------------------------------


def a_petition(*, on: date = MONDAY) -> Journal:
    return Journal(PETITION, on=on).step("register", unit_id=1, received_on=on.isoformat())


def test_a_recall_gives_the_office_its_first_term_back() -> None:
    journal = a_petition().on(14).step("forward", unit_id=WATER)
    assert of(journal, "registration").ended_on == date(2026, 3, 16)
    journal.on(1).step("recall")
    registration, notice = of(journal, "registration"), of(journal, "notice", node=1)
    assert (registration.is_open, registration.due_on) == (True, date(2026, 3, 17))
    assert (notice.is_void, notice.ended_on) == (True, date(2026, 3, 17))
    assert of(journal, "objection", node=1).is_void
    journal.on(5).step("forward", unit_id=TOWN)
    assert of(journal, "registration").status(as_of=journal.day) == ClockStatus.MET_LATE


def test_an_objection_that_is_agreed_to_frees_the_unit_and_binds_the_sender() -> None:
    journal = a_petition().on(1).step("forward", unit_id=WATER).on(1).step("forward", unit_id=TOWN)
    assert of(journal, "notice", node=1).ended_on == date(2026, 3, 4)
    journal.on(2).step("object")
    assert of(journal, "objection", node=2).status(as_of=journal.day) == ClockStatus.MET
    assert of(journal, "notice", node=2).is_open
    journal.on(1).step("agree_objection")
    assert of(journal, "notice", node=2).is_void
    water = of(journal, "notice", node=1)
    assert (water.is_open, water.is_void, water.due_on) == (True, False, date(2026, 3, 18))
    assert not of(journal, "registration").is_open


def test_an_objection_that_is_refused_leaves_the_term_running_from_its_first_day() -> None:
    journal = a_petition().on(1).step("forward", unit_id=WATER).on(2).step("object")
    journal.on(9).step("refuse_objection")
    notice = of(journal, "notice", node=1)
    assert (notice.is_open, notice.start_on, notice.due_on) == (True, date(2026, 3, 3), date(2026, 3, 18))


def test_a_return_reopens_the_feedback_and_an_answer_meets_it_again() -> None:
    journal = a_petition().step("assign", unit_id=WATER, due_on="2026-04-01").step("accept")
    journal.on(10).step("answer")
    assert of(journal, "feedback", node=1).status(as_of=journal.day) == ClockStatus.MET
    journal.step("return")
    feedback = of(journal, "feedback", node=1)
    assert (feedback.is_open, feedback.due_on, feedback.fixed_on) == (
        True,
        date(2026, 4, 1),
        date(2026, 4, 1),
    )
    assert feedback.explained(CALENDAR) is None
    journal.on(date(2026, 4, 2)).step("answer")
    assert of(journal, "feedback", node=1).status(as_of=journal.day) == ClockStatus.MET_LATE


def test_an_assignment_handed_on_doesnt_give_the_sender_a_feedback_of_its_own() -> None:
    journal = a_petition().step("forward", unit_id=WATER).step("assign", unit_id=TOWN, due_on="2026-04-01")
    assert [key for key in keys(journal) if key[0] == "feedback"] == [("feedback", 2)]


def test_a_refusal_below_meets_the_feedback_of_every_unit_above() -> None:
    journal = a_petition().step("assign", unit_id=WATER, due_on="2026-04-01").step("forward", unit_id=TOWN)
    journal.on(3).step("decline")
    assert of(journal, "feedback", node=1).ended_on == date(2026, 3, 5)
    assert next_due(clocks(journal.entries, PETITION, CALENDAR), journal.progress) is None


def test_the_review_window_opens_with_the_service_of_an_answer_only() -> None:
    declined = a_petition().step("decline").on(2).step("serve", served_on="2026-03-04")
    assert ("review", 0) not in keys(declined)
    answered = a_petition().step("accept").step("answer").step("issue").on(2)
    answered.step("serve", served_on="2026-03-03")
    review = of(answered, "review")
    assert (review.start_on, review.due_on) == (date(2026, 3, 3), date(2026, 4, 2))


def test_the_most_pressing_duty_is_the_holders_or_the_cases() -> None:
    journal = a_petition().on(1).step("forward", unit_id=WATER)
    pressing = next_due(clocks(journal.entries, PETITION, CALENDAR), journal.progress)
    assert pressing is not None
    assert (pressing.key, pressing.node) == ("notice", 1)
    journal.step("accept")
    pressing = next_due(clocks(journal.entries, PETITION, CALENDAR), journal.progress)
    assert pressing is not None
    assert pressing.key == "handling"
