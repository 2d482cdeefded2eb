"""The year's page and the deadline calculator, as people use them."""

from datetime import date

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory
from django.utils import translation

from tests.kernel.calendar.test_announcement import NOTICE_2026
from yiwang.kernel.access.rules import PostHeld, Standing
from yiwang.kernel.calendar import queries
from yiwang.kernel.calendar.enums import DayKind
from yiwang.kernel.calendar.pages.count import count
from yiwang.kernel.calendar.pages.year import month_of, year
from yiwang.kernel.calendar.queries import Impact, announcement_of, explained
from yiwang.kernel.calendar.rules import CountUnit, RollOver, count_term
from yiwang.kernel.calendar.seed import seed_calendar

pytestmark = pytest.mark.django_db
ADMINISTRATOR = Standing(
    account_id=7, posts=(PostHeld("administrator", 1),), roles=frozenset({"administrator"})
)
NOTICE_2027 = "一、元旦：1月1日放假。\n二、春节：2月5日至11日放假调休，共7天。1月31日（周日）上班。"


@pytest.fixture(autouse=True)
def _read_anew(monkeypatch):
    monkeypatch.setattr(queries, "_impacts", [])
    queries.forget()
    with translation.override("en"):
        yield
    queries.forget()


def opened(view, address, *, posted=None):
    """The response of a page to a request of the administrator."""
    factory = RequestFactory()
    request = factory.get(address) if posted is None else factory.post(address, posted)
    request.standing = ADMINISTRATOR
    request._messages = CookieStorage(request)
    request._dont_enforce_csrf_checks = True
    return view(request)


def words(response):
    """The page's text without its markup's line breaks."""
    return " ".join(response.content.decode().split())


def asked(**changes):
    """The address of a count from 23 January 2025."""
    values = {"start_on": "2025-01-23", "term": "5", "unit": "working_day", "roll_over": "none"} | changes
    return "/calendar/count/?" + "&".join(f"{key}={value}" for key, value in values.items())


def test_the_calculator_gives_the_last_day_and_every_day_on_the_way():
    response = opened(count, asked())
    assert response.status_code == 200
    assert '<time datetime="2025-02-06">' in words(response)
    assert [f'datetime="2025-01-{day}"' in words(response) for day in range(23, 32)] == [True] * 9
    assert "9 rest days on the way were passed over." in words(response)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"term": "0"}, "A term has at least one day."),
        ({"term": "99999"}, "A term of more than ten years can"),
        ({"term": "five"}, "Write the number of days in figures."),
        ({"start_on": "1999-01-01"}, "The calendar knows the years 2004 to 2027."),
        ({"start_on": "9999-12-31"}, "The calendar knows the years 2004 to 2027."),
    ],
)
def test_the_calculator_says_what_is_wrong_and_keeps_what_was_typed(change, sentence):
    response = opened(count, asked(**change))
    assert response.status_code == 422
    assert sentence in words(response)
    assert f'value="{next(iter(change.values()))}"' in words(response)


def test_a_term_that_ends_where_no_calendar_reaches_is_refused_in_words():
    response = opened(count, asked(start_on="2027-06-01", term="3650"))
    assert response.status_code == 422
    assert "ends too far away" in words(response)


def test_an_empty_calculator_asks_without_complaint():
    response = opened(count, "/calendar/count/")
    assert response.status_code == 200
    assert 'role="alert"' not in words(response)


def test_a_published_year_shows_its_days_and_a_provisional_one_says_so():
    assert "This year is provisional." not in words(opened(year, "/calendar/?year=2026"))
    assert "This year is provisional." in words(opened(year, "/calendar/?year=2027"))


def test_a_notice_is_shown_before_it_is_in_force_and_then_published():
    queries.register_impact(lambda before, after: Impact("Open cases", 3))
    typed = {"source": "国办发明电〔2026〕7号", "notice": NOTICE_2027, "replacing": "1"}
    preview = opened(year, "/calendar/?year=2027", posted=typed)
    assert "Open cases: 3 will get another last day." in words(preview)
    assert '<time datetime="2027-01-31">' in words(preview)
    assert '<time datetime="2027-02-11">' in words(preview)
    assert announcement_of(2027).version == 1
    done = opened(year, "/calendar/?year=2027", posted=typed | {"step": "confirm"})
    assert (done.status_code, done["Location"]) == (302, "/calendar/?year=2027")
    assert (announcement_of(2027).version, announcement_of(2027).published_by) == (2, 7)


def test_a_form_sent_twice_publishes_once():
    typed = {"source": "n", "notice": NOTICE_2027, "replacing": "1", "step": "confirm"}
    assert opened(year, "/calendar/?year=2027", posted=typed).status_code == 302
    again = opened(year, "/calendar/?year=2027", posted=typed)
    assert again.status_code == 422
    assert "Somebody else published this year in the meantime." in words(again)
    assert announcement_of(2027).version == 2


def test_a_notice_of_another_year_is_refused_beside_its_field():
    response = opened(
        year,
        "/calendar/?year=2027",
        posted={"source": "n", "notice": NOTICE_2026 + "<script>", "replacing": "1"},
    )
    assert response.status_code == 422
    assert "is a weekday" in words(response)
    assert "<script>" not in words(response).replace("<script src", "")
    assert announcement_of(2027).version == 1


@pytest.mark.parametrize("asked_for", ["", "abc", "1800", "99999999999999999999", "²"])
def test_a_year_that_the_calendar_does_not_know_gives_this_year(asked_for):
    assert opened(year, f"/calendar/?year={asked_for}").status_code == 200


def test_a_month_stands_in_weeks_from_monday():
    february = month_of(seed_calendar(), date(2025, 2, 1))
    first_week = [cell and (cell.day.day, cell.kind) for cell in february.weeks[0]]
    assert first_week == [None, None, None, None, None, (1, DayKind.WEEKEND), (2, DayKind.WEEKEND)]
    assert february.weeks[1][5].kind is DayKind.MAKE_UP_WORKING
    assert february.weeks[1][0].name_zh == "春节"


def test_an_explanation_names_the_holidays_in_the_reader_s_language():
    counted = count_term(
        date(2025, 1, 24),
        term=3,
        unit=CountUnit.WORKING_DAY,
        roll_over=RollOver.NONE,
        calendar=seed_calendar(),
        suspended=[(date(2025, 1, 27), date(2025, 1, 27))],
    )
    told = [(day.on.day, day.kind, day.note) for day in explained(counted)]
    spring = "Chinese New Year (Spring Festival)"
    assert told[:6] == [
        (24, "start", ""),
        (25, "skipped", "weekend"),
        (26, "counted", f"make-up working day for {spring}"),
        (27, "suspended", "suspended"),
        (28, "skipped", "Chinese New Year's Eve"),
        (29, "skipped", spring),
    ]
    with translation.override("zh-hans"):
        assert explained(counted)[5].note == "春节"
