"""The status, the ladder and the pages of the screen, without a database."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.calendar.seed import seed_calendar
from yiwang.kernel.notices.rules import (
    LADDER,
    Life,
    Status,
    rung_on,
    screens_of,
    status_of,
    turn_of,
)

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("life", "expected"),
    [
        (Life(), Status.DRAFT),
        (Life(submitted_at=AT), Status.WAITING),
        (Life(submitted_at=AT, returned_at=AT), Status.RETURNED),
        (Life(submitted_at=AT + DAY, returned_at=AT), Status.WAITING),
        (Life(submitted_at=AT, published_at=AT + DAY), Status.PLANNED),
        (Life(submitted_at=AT, published_at=AT), Status.PUBLISHED),
        (Life(published_at=AT, until_on=date(2026, 11, 23)), Status.PUBLISHED),
        (Life(published_at=AT, until_on=date(2026, 11, 22)), Status.EXPIRED),
        (Life(published_at=AT, withdrawn_at=AT), Status.WITHDRAWN),
        (Life(published_at=AT, withdrawn_at=AT, archived_at=AT), Status.ARCHIVED),
    ],
)
def test_the_status_follows_from_the_facts(life: Life, expected: Status) -> None:
    assert status_of(life, at=AT, today=date(2026, 11, 23)) is expected


def test_the_ladder_counts_working_days_over_the_end_of_a_week() -> None:
    calendar, friday = seed_calendar(), date(2026, 11, 20)
    reached = {}
    for number in range(6):
        rung = rung_on(friday, 2, friday + number * DAY, calendar=calendar)
        reached[number] = rung.key if rung else None
    assert reached == {0: None, 1: None, 2: None, 3: "soon", 4: "due", 5: "late"}


def test_with_one_day_there_is_no_reminder_on_the_day_of_publication() -> None:
    monday = date(2026, 11, 23)
    assert rung_on(monday, 1, monday, calendar=seed_calendar()) is None
    assert rung_on(monday, 1, monday + DAY, calendar=seed_calendar()) == LADDER[1]


@given(st.text(alphabet="停电检修。a \n", max_size=600), st.integers(min_value=20, max_value=200))
def test_no_word_is_lost_between_the_pages_of_the_screen(text: str, most: int) -> None:
    pages = screens_of(text, most=most)
    assert "".join("".join(pages).split()) == "".join(text.split())


@given(st.lists(st.integers(min_value=1, max_value=4), max_size=5))
def test_the_screen_shows_every_page_and_begins_anew(pages: list[int]) -> None:
    number, seen = 0, []
    for _ in range(sum(pages)):
        turn = turn_of(pages, number)
        assert turn is not None
        seen.append((turn.announcement, turn.page))
        number = turn.next
    assert seen == [(place, page) for place, count in enumerate(pages) for page in range(count)]
    assert number == 0
