"""Publishing a year: a new version beside the old one, and everybody hears which days changed."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from yiwang.kernel.base import events
from yiwang.kernel.calendar import queries
from yiwang.kernel.calendar.actions import AnnouncedMeanwhile, publish_year
from yiwang.kernel.calendar.announcement import NoticeProblem
from yiwang.kernel.calendar.enums import CountUnit, DayKind, RollOver, YearStatus
from yiwang.kernel.calendar.events import CalendarPublished
from yiwang.kernel.calendar.models import CalendarDay, CalendarYear
from yiwang.kernel.calendar.rules import ExceptionalDay, count_term
from yiwang.kernel.calendar.seed import read, seed_calendar

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
SPRING = "春节", "Spring Festival"


@pytest.fixture(autouse=True)
def _read_anew():
    queries.forget()
    yield
    queries.forget()


@pytest.fixture
def heard(monkeypatch):
    """Every publication that was told to handlers during the test."""
    told: list[CalendarPublished] = []
    monkeypatch.setitem(events._handlers, CalendarPublished, [told.append])
    return told


def the_days_of_2027(*more):
    """The days known for 2027, and some more."""
    known = next(entry.days for entry in read() if entry.year == 2027)
    return {**known, **dict(more)}


MAKE_UP = (date(2027, 1, 31), ExceptionalDay(DayKind.MAKE_UP_WORKING, *SPRING))
DAY_OFF = (date(2027, 2, 11), ExceptionalDay(DayKind.HOLIDAY, *SPRING))


def test_a_new_installation_begins_with_the_committed_years():
    calendar, seeded = queries.current(), seed_calendar()
    assert dict(calendar.years) == dict(seeded.years)
    assert dict(calendar.exceptions) == dict(seeded.exceptions)


def test_publishing_makes_the_year_certain_and_tells_which_days_changed(
    heard, django_capture_on_commit_callbacks
):
    before = queries.current()
    with django_capture_on_commit_callbacks(execute=True):
        year = publish_year(
            2027, the_days_of_2027(MAKE_UP, DAY_OFF), by=7, source="国办发明电〔2026〕7号", at=AT
        )
    after = queries.current()
    assert heard == [
        CalendarPublished(
            year=2027,
            version=2,
            changed_days=(date(2027, 1, 31), date(2027, 2, 11)),
            source="国办发明电〔2026〕7号",
            by=7,
            at=AT,
        )
    ]
    assert (year.version, year.status, year.published_by, year.published_at) == (2, "published", 7, AT)
    assert (before.status_of(2027), after.status_of(2027)) == (YearStatus.PROVISIONAL, YearStatus.PUBLISHED)
    assert after.version > before.version
    rule = {"term": 5, "unit": CountUnit.WORKING_DAY, "roll_over": RollOver.NONE}
    received = date(2027, 2, 4)
    assert count_term(received, **rule, calendar=before).due_on == date(2027, 2, 17)
    assert count_term(received, **rule, calendar=after).due_on == date(2027, 2, 18)
    assert count_term(received, **rule, calendar=after).is_provisional is False


def test_the_announcement_before_is_kept_and_superseded():
    publish_year(2027, the_days_of_2027(MAKE_UP), by=7, source="first", at=AT)
    publish_year(2027, the_days_of_2027(DAY_OFF), by=7, source="second", at=AT)
    kept = queries.announcements_of(2027)
    assert [(entry.version, entry.superseded_at) for entry in kept] == [(3, None), (2, AT), (1, AT)]
    assert [entry.days.filter(day=MAKE_UP[0]).count() for entry in kept] == [0, 1, 0]
    assert queries.in_database().kind_of(MAKE_UP[0]) is DayKind.WEEKEND
    assert queries.announcement_of(2027) == kept[0]


def test_a_form_opened_before_somebody_else_published_is_refused():
    publish_year(2027, the_days_of_2027(MAKE_UP), by=7, source="first", at=AT, replacing=1)
    with pytest.raises(AnnouncedMeanwhile):
        publish_year(2027, the_days_of_2027(DAY_OFF), by=8, source="second", at=AT, replacing=1)
    assert queries.announcement_of(2027).source == "first"


def test_a_year_may_change_the_december_before_it():
    december = date(2026, 12, 27), ExceptionalDay(DayKind.MAKE_UP_WORKING, "元旦", "New Year's Day")
    publish_year(2027, the_days_of_2027(december), by=7, source="notice", at=AT)
    calendar = queries.in_database()
    assert calendar.is_working(date(2026, 12, 27)) is True
    assert calendar.is_working(date(2026, 10, 10)) is True


def test_an_announcement_that_cannot_be_right_changes_nothing(heard):
    with pytest.raises(NoticeProblem):
        publish_year(2027, {}, by=7, source="empty", at=AT)
    assert [entry.version for entry in queries.announcements_of(2027)] == [1]
    assert heard == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda: CalendarDay.objects.filter(day=date(2026, 10, 1)).update(kind=DayKind.MAKE_UP_WORKING),
        lambda: CalendarDay.objects.filter(day=date(2026, 10, 1)).delete(),
        lambda: CalendarYear.objects.filter(year=2026).update(source="somebody"),
        lambda: CalendarYear.objects.filter(year=2026).update(
            status=YearStatus.PROVISIONAL, superseded_at=AT
        ),
    ],
)
def test_the_database_refuses_to_change_what_was_announced(spoil):
    with pytest.raises(DatabaseError, match="publish the year anew"), transaction.atomic():
        spoil()
    assert queries.in_database().kind_of(date(2026, 10, 1)) is DayKind.HOLIDAY


def test_the_database_allows_one_announcement_in_force_a_year():
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarYear.objects.create(year=2026, version=2, status=YearStatus.PUBLISHED, source="second")


def test_the_calendar_is_read_once_and_again_after_a_publication(
    django_assert_num_queries, django_capture_on_commit_callbacks
):
    first = queries.current()
    with django_assert_num_queries(0):
        assert queries.current() is first
    with django_capture_on_commit_callbacks(execute=True):
        publish_year(2027, the_days_of_2027(DAY_OFF), by=7, source="notice", at=AT)
    assert queries.current().is_working(DAY_OFF[0]) is False


def test_a_publication_by_another_process_is_noticed_when_it_looks_again(monkeypatch):
    assert queries.current().is_working(DAY_OFF[0]) is True
    publish_year(2027, the_days_of_2027(DAY_OFF), by=7, source="notice", at=AT)
    assert queries.current().is_working(DAY_OFF[0]) is True
    monkeypatch.setattr(queries, "LOOK_AGAIN_AFTER", 0.0)
    assert queries.current().is_working(DAY_OFF[0]) is False


def test_what_a_change_would_move_is_counted_by_those_who_registered(monkeypatch):
    monkeypatch.setattr(queries, "_impacts", [])

    @queries.register_impact
    def count(before, after):
        return queries.Impact(
            "open cases", int(before.is_working(DAY_OFF[0]) != after.is_working(DAY_OFF[0]))
        )

    before = queries.in_database()
    publish_year(2027, the_days_of_2027(DAY_OFF), by=7, source="notice", at=AT)
    assert queries.impacts(before, queries.in_database()) == (queries.Impact("open cases", 1),)
    assert queries.impacts(before, before) == (queries.Impact("open cases", 0),)
