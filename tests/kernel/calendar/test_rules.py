"""Terms and working days, held against an oracle that counts day by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.calendar import oracle
from yiwang.kernel.calendar.enums import CountUnit, DayKind, Mark, RollOver, YearStatus
from yiwang.kernel.calendar.rules import (
    BadTerm,
    OutsideCalendar,
    WorkingCalendar,
    count_term,
    days_left,
    due_on,
)
from yiwang.kernel.calendar.seed import seed_calendar

CALENDAR = seed_calendar()
DAYS = [date.fromordinal(n) for n in range(date(2004, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
TERMS = [
    (5, CountUnit.WORKING_DAY, RollOver.NONE),
    *((term, CountUnit.CALENDAR_DAY, roll) for term in (15, 30, 60, 90) for roll in RollOver),
]
DATES = st.dates(date(2004, 1, 1), date(2026, 12, 31))


@st.composite
def pauses_near(draw, start):
    """Suspensions that touch, overlap or miss a term beginning at `start`."""
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        first = start + timedelta(days=draw(st.integers(-20, 120)))
        length = draw(st.one_of(st.integers(0, 40), st.none() if draw(st.booleans()) else st.just(0)))
        pauses.append((first, None if length is None else first + timedelta(days=length)))
    return pauses


@pytest.mark.parametrize(("term", "unit", "roll_over"), TERMS)
def test_every_start_day_from_2004_to_2026_ends_where_counting_day_by_day_ends(term, unit, roll_over):
    differing = [
        day
        for day in DAYS
        if due_on(day, term=term, unit=unit, roll_over=roll_over, calendar=CALENDAR)
        != oracle.last_day(
            day,
            term=term,
            working_days=unit is CountUnit.WORKING_DAY,
            rolls=roll_over is RollOver.NEXT_WORKING_DAY,
        )
    ]
    assert differing == []


@settings(max_examples=1500, deadline=None)
@given(
    data=st.data(),
    start=DATES,
    term=st.integers(0, 120),
    unit=st.sampled_from(CountUnit),
    roll_over=st.sampled_from(RollOver),
    first_counts=st.booleans(),
)
def test_suspended_terms_end_where_counting_day_by_day_ends(data, start, term, unit, roll_over, first_counts):
    suspended = data.draw(pauses_near(start))
    rule = {
        "term": term,
        "unit": unit,
        "roll_over": roll_over,
        "calendar": CALENDAR,
        "first_day_counts": first_counts,
        "suspended": suspended,
    }
    expected = oracle.last_day(
        start,
        term=term,
        working_days=unit is CountUnit.WORKING_DAY,
        rolls=roll_over is RollOver.NEXT_WORKING_DAY,
        first_counts=first_counts,
        suspended=suspended,
    )
    counted = count_term(start, **rule)
    explained = [day.day for day in counted.days if day.mark is Mark.DUE]
    assert due_on(start, **rule) == expected
    assert counted.due_on == expected
    assert explained == ([] if expected is None else [expected])


@settings(max_examples=300, deadline=None)
@given(
    data=st.data(),
    start=DATES,
    term=st.integers(1, 90),
    unit=st.sampled_from(CountUnit),
    roll_over=st.sampled_from(RollOver),
)
def test_the_explanation_names_every_day_once_and_counts_to_the_term(data, start, term, unit, roll_over):
    suspended = data.draw(pauses_near(start))
    counted = count_term(
        start, term=term, unit=unit, roll_over=roll_over, calendar=CALENDAR, suspended=suspended
    )
    days = counted.days
    assert [entry.day for entry in days] == [start + timedelta(days=n) for n in range(len(days))]
    steps = [b.number - a.number for a, b in zip(days, days[1:], strict=False)]
    assert set(steps) <= {0, 1}
    if counted.due_on:
        assert days[-1].number == term
    else:
        assert days[-1].mark is Mark.SUSPENDED


@given(DATES, st.integers(-300, 300))
def test_adding_working_days_and_counting_them_are_inverse(day, number):
    arrived = CALENDAR.add_working_days(day, number)
    if number > 0:
        assert CALENDAR.working_days_between(day, arrived) == number
        assert CALENDAR.is_working(arrived)
    elif number < 0:
        assert CALENDAR.working_days_between(arrived - timedelta(days=1), day - timedelta(days=1)) == -number
        assert CALENDAR.is_working(arrived)
    else:
        assert arrived == day


@given(DATES, DATES)
def test_working_days_between_counts_the_days_that_are_working(one, other):
    step = 1 if one <= other else -1
    earlier, later = min(one, other), max(one, other)
    days = [d for d in DAYS[DAYS.index(earlier) + 1 : DAYS.index(later) + 1] if not oracle.REST[d]]
    assert CALENDAR.working_days_between(one, other) == step * len(days)


def test_an_objection_received_before_spring_festival_2025_is_due_after_it():
    counted = count_term(
        date(2025, 1, 23),
        term=5,
        unit=CountUnit.WORKING_DAY,
        roll_over=RollOver.NONE,
        calendar=CALENDAR,
    )
    assert counted.due_on == date(2025, 2, 6)  # Monday to Friday alone would say 30 January
    assert [(entry.day.day, entry.mark, entry.number) for entry in counted.days if entry.number] == [
        (24, Mark.COUNTED, 1),
        (25, Mark.SKIPPED_REST, 1),
        (26, Mark.COUNTED, 2),
        (27, Mark.COUNTED, 3),
        *((day, Mark.SKIPPED_REST, 3) for day in (28, 29, 30, 31, 1, 2, 3, 4)),
        (5, Mark.COUNTED, 4),
        (6, Mark.DUE, 5),
    ]
    assert (counted.days[3].kind, counted.days[3].note) == (DayKind.MAKE_UP_WORKING, "春节")
    assert counted.days[6].note == "春节"
    assert counted.is_provisional is False


def test_a_last_day_in_the_national_holiday_rolls_to_the_first_working_day_after_it():
    counted = count_term(
        date(2025, 9, 18),
        term=15,
        unit=CountUnit.CALENDAR_DAY,
        roll_over=RollOver.NEXT_WORKING_DAY,
        calendar=CALENDAR,
    )
    assert counted.due_on == date(2025, 10, 9)
    assert [(e.day.day, e.mark, e.number) for e in counted.days[-7:]] == [
        (3, Mark.COUNTED, 15),
        *((day, Mark.ROLLED_OVER, 15) for day in (4, 5, 6, 7, 8)),
        (9, Mark.DUE, 15),
    ]


def test_a_hearing_of_one_day_moves_the_last_day_by_one():
    rule = {
        "term": 30,
        "unit": CountUnit.CALENDAR_DAY,
        "roll_over": RollOver.NONE,
        "calendar": CALENDAR,
    }
    hearing = date(2026, 3, 12)
    assert due_on(date(2026, 3, 2), **rule) == date(2026, 4, 1)
    assert due_on(date(2026, 3, 2), **rule, suspended=[(hearing, hearing)]) == date(2026, 4, 2)
    assert due_on(date(2026, 3, 2), **rule, suspended=[(hearing, None)]) is None


def test_a_suspension_that_covers_the_roll_over_moves_the_last_day_behind_it():
    assert due_on(
        date(2025, 9, 18),
        term=15,
        unit=CountUnit.CALENDAR_DAY,
        roll_over=RollOver.NEXT_WORKING_DAY,
        calendar=CALENDAR,
        suspended=[(date(2025, 10, 9), date(2025, 10, 10))],
    ) == date(2025, 10, 11)  # a Saturday on which people work


@pytest.mark.parametrize(
    ("start", "term", "due"),
    [
        (date(2024, 2, 28), 1, date(2024, 2, 29)),
        (date(2024, 1, 30), 30, date(2024, 2, 29)),
        (date(2023, 2, 28), 1, date(2023, 3, 1)),
        (date(2025, 12, 31), 60, date(2026, 3, 1)),
    ],
)
def test_leap_days_and_year_ends_count_like_any_other(start, term, due):
    assert (
        due_on(start, term=term, unit=CountUnit.CALENDAR_DAY, roll_over=RollOver.NONE, calendar=CALENDAR)
        == due
    )


def test_a_term_that_runs_into_an_unpublished_year_is_provisional():
    def counted(start, unit, roll_over, term=15):
        return count_term(start, term=term, unit=unit, roll_over=roll_over, calendar=CALENDAR)

    december = date(2026, 12, 25)
    assert counted(december, CountUnit.WORKING_DAY, RollOver.NONE).is_provisional is True
    assert counted(december, CountUnit.CALENDAR_DAY, RollOver.NEXT_WORKING_DAY).is_provisional is True
    assert counted(december, CountUnit.CALENDAR_DAY, RollOver.NONE).is_provisional is False
    assert counted(december, CountUnit.WORKING_DAY, RollOver.NONE, term=3).is_provisional is False
    assert counted(date(2027, 3, 1), CountUnit.WORKING_DAY, RollOver.NONE).is_provisional is True


def test_days_left_are_negative_when_late_and_zero_on_the_last_day():
    spring = date(2025, 2, 6)
    assert days_left(date(2025, 1, 24), spring, CountUnit.WORKING_DAY, CALENDAR) == 4
    assert days_left(date(2025, 1, 24), spring, CountUnit.CALENDAR_DAY, CALENDAR) == 13
    assert days_left(spring, spring, CountUnit.WORKING_DAY, CALENDAR) == 0
    assert (
        days_left(date(2025, 2, 10), spring, CountUnit.WORKING_DAY, CALENDAR) == -3
    )  # the 8th is a make-up day


def test_what_makes_no_sense_is_refused():
    rule = {"unit": CountUnit.WORKING_DAY, "roll_over": RollOver.NONE, "calendar": CALENDAR}
    with pytest.raises(BadTerm):
        due_on(date(2025, 1, 1), term=-1, **rule)
    with pytest.raises(BadTerm):
        due_on(date(2025, 1, 1), term=5, suspended=[(date(2025, 1, 3), date(2025, 1, 2))], **rule)
    with pytest.raises(OutsideCalendar):
        due_on(date(1950, 1, 1), term=5, **rule)
    with pytest.raises(OutsideCalendar):
        CALENDAR.is_working(date(2080, 1, 1))


def test_a_year_nobody_entered_is_provisional_and_knows_only_weekends():
    small = WorkingCalendar(version=1, years={2026: YearStatus.PUBLISHED}, exceptions={})
    assert small.status_of(2030) is YearStatus.PROVISIONAL
    assert small.kind_of(date(2030, 10, 1)) is DayKind.WORKING
    assert small.kind_of(date(2030, 10, 5)) is DayKind.WEEKEND
