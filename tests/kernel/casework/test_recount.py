"""A year is published: running clocks get their new last day, and everybody concerned is told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.builders import County, a_county, a_petition, an_answered_petition, moved
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.calendar.actions import publish_year
from yiwang.kernel.calendar.enums import DayKind
from yiwang.kernel.calendar.queries import forget, in_database
from yiwang.kernel.calendar.rules import ExceptionalDay
from yiwang.kernel.casework import recount
from yiwang.kernel.casework.models import Case, ClockRecord
from yiwang.kernel.casework.verification import verify
from yiwang.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db

AT = datetime(2026, 12, 29, 4, 0, tzinfo=UTC)
LATER = AT + timedelta(days=1)


@pytest.fixture(autouse=True)
def _fresh_calendar() -> None:
    forget()


@pytest.fixture
def county() -> County:
    return a_county()


def publish_2027(*, working: tuple[date, ...] = (), off: tuple[date, ...] = ()) -> None:
    """2027 as it is provisionally known, with a few days changed."""
    days = {day: exception for day, exception in in_database().exceptions.items() if day.year == 2027}
    days |= {day: ExceptionalDay(DayKind.MAKE_UP_WORKING, "补班", "make-up working day") for day in working}
    days |= {day: ExceptionalDay(DayKind.HOLIDAY, "新假日", "new holiday") for day in off}
    publish_year(2027, days, by=None, source="国办发明电〔2026〕99号", at=LATER)
    forget()


def row(case: Case, key: str) -> ClockRecord:
    with acting_as_system():
        return ClockRecord.objects.get(case=case, key=key)


def forwarded(county: County) -> Case:
    """Given to a department on 29 December 2026: its five working days for an objection reach into 2027."""
    case = a_petition(county, at=AT).case
    moved(case, "forward", by=county.standing("office.clerk"), at=AT, unit_id=county.unit("water").pk)
    return case


def test_a_clock_that_reaches_into_an_unpublished_year_says_so(county: County) -> None:
    case = forwarded(county)
    assert row(case, "objection").is_provisional
    assert not row(case, "notice").is_provisional


def test_a_day_that_becomes_free_moves_the_last_day_and_tells(
    county: County, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    case = forwarded(county)
    before = row(case, "objection").due_on
    assert before is not None
    publish_2027(off=(before,))
    with django_capture_on_commit_callbacks(execute=True), acting_as_system():
        assert recount.recount_year(2027, at=LATER) == 1
    after = row(case, "objection")
    assert after.due_on is not None
    assert after.due_on > before
    assert not after.is_provisional
    with acting_as_system():
        assert verify().shown == []
        told = Notice.objects.filter(kind="clock_moved", case_id=case.pk)
        accounts = {county.accounts[name].pk for name in ("water.clerk", "water.head")}
        assert set(told.values_list("account_id", flat=True)) == accounts
        assert {n.facts["after"] for n in told} == {after.due_on.isoformat()}


def test_publishing_without_a_change_moves_nothing_but_makes_certain(county: County) -> None:
    case = forwarded(county)
    before = row(case, "objection").due_on
    publish_2027()
    with acting_as_system():
        assert recount.recount_year(2027, at=LATER) == 0
        assert verify().shown == []
    assert (row(case, "objection").due_on, row(case, "objection").is_provisional) == (before, False)


def test_a_citizen_s_window_rolls_over_a_new_holiday(county: County) -> None:
    case = an_answered_petition(county, at=AT - timedelta(days=20))
    moved(case, "serve", by=county.standing("office.clerk"), at=AT, how="post", served_on=date(2026, 12, 21))
    assert row(case, "review").due_on == date(2027, 1, 20)
    publish_2027(off=(date(2027, 1, 20),))
    with acting_as_system():
        assert recount.recount_year(2027, at=LATER) == 1
    assert row(case, "review").due_on == date(2027, 1, 21)


def test_the_impact_is_counted_before_publishing(county: County) -> None:
    case = forwarded(county)
    before = in_database()
    due = row(case, "objection").due_on
    assert due is not None
    publish_2027(off=(due,))
    with acting_as_system():
        assert recount.would_move(before, in_database()) == 1
        assert recount.would_move(before, before) == 0
