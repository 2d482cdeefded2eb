"""Days and clocks in words; month grids for "why this date?"."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override

from yiwang.kernel.ui.days import clock_face, exact_day, month_grids, say_day
from yiwang.kernel.ui.parts import Day

TODAY = date(2026, 3, 12)  # a Thursday


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (-1, "yesterday"),
        (0, "today"),
        (1, "tomorrow"),
        (2, "Saturday"),
        (6, "Wednesday"),
        (7, "19 March"),
        (-2, "10 March"),
    ],
)
def test_days_are_said_as_people_say_them(away, words):
    assert say_day(TODAY + timedelta(days=away), today=TODAY) == words


def test_another_year_is_named():
    assert say_day(date(2025, 12, 31), today=TODAY) == "31 December 2025"
    assert exact_day(date(2025, 12, 31)) == "Wednesday 31 December 2025"


@pytest.mark.parametrize(
    ("left", "state", "words"),
    [
        (40, "none", "40 days left · 21 April"),
        (4, "none", "4 days left · Monday"),
        (3, "soon", "3 days left · Sunday"),
        (1, "soon", "1 day left · tomorrow"),
        (0, "soon", "Due today"),
        (-1, "late", "1 day overdue · yesterday"),
        (-5, "late", "5 days overdue · 7 March"),
    ],
)
def test_a_clock_says_what_is_left(left, state, words):
    face = clock_face(due_on=TODAY + timedelta(days=left), today=TODAY, started_on=TODAY - timedelta(days=60))
    assert (face.state, face.words) == (state, words)


def test_working_days_are_told_not_counted():
    face = clock_face(due_on=TODAY + timedelta(days=6), today=TODAY, left=4, unit="working")
    assert (face.state, face.words) == ("none", "4 working days left · Wednesday")


def test_a_suspended_clock_says_so_and_is_neither_soon_nor_late():
    face = clock_face(due_on=TODAY - timedelta(days=6), today=TODAY, state="waiting")
    assert (face.state, face.words) == ("waiting", "Suspended, the term does not run")


def test_a_finished_clock_says_when_and_how_late():
    early = clock_face(due_on=TODAY, today=TODAY, state="done", ended_on=TODAY - timedelta(days=1))
    late = clock_face(due_on=TODAY - timedelta(days=3), today=TODAY, state="done", ended_on=TODAY)
    assert (early.words, late.words) == ("Done yesterday", "Done today, 3 days late")


@pytest.mark.parametrize(("gone", "used"), [(0, 0), (15, 25), (60, 100), (90, 100), (-5, 0)])
def test_the_bar_shows_how_much_of_the_term_is_used(gone, used):
    start = TODAY - timedelta(days=gone)
    assert clock_face(due_on=start + timedelta(days=60), today=TODAY, started_on=start).used == used


def test_month_grids_begin_on_monday_and_number_the_counted_days():
    days = [
        Day(date(2026, 2, 27), "start"),
        Day(date(2026, 2, 28), "counted"),
        Day(date(2026, 3, 1), "skipped"),
        Day(date(2026, 3, 2), "due"),
    ]
    february, march = month_grids(days, today=date(2026, 3, 2))
    assert [month.first for month in (february, march)] == [date(2026, 2, 1), date(2026, 3, 1)]
    assert {len(week) for month in (february, march) for week in month.weeks} == {7}
    assert february.weeks[0] == (None,) * 6 + (february.weeks[0][6],)
    numbered = {cell.on.day: cell.number for week in march.weeks for cell in week if cell and cell.day}
    assert numbered == {1: None, 2: 2}
    assert [cell.on for week in march.weeks for cell in week if cell and cell.is_today] == [date(2026, 3, 2)]


def test_no_days_make_no_months():
    assert month_grids([]) == []
