"""Figures against what can be counted by hand, for each reader, and against the cases that they open."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.builders import (
    ANSWER,
    County,
    a_county,
    a_petition,
    a_post,
    an_account,
    an_answered_petition,
    moved,
)
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.base.pages import PAGES
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.stats import queries, upkeep
from yiwang.kernel.stats.counting import EVERYTHING, Scope, count_days, scope_of
from yiwang.kernel.stats.indicators import DIMENSION, INDICATOR
from yiwang.kernel.stats.models import DayTally, MonthTally
from yiwang.kernel.stats.queries import Question, cases_behind, month_of_days, tallies_by_month
from yiwang.kernel.stats.report import Report, report_of
from yiwang.kernel.stats.rules import Period, total
from yiwang.kernel.stats.tasks import tidy_up_a_busy_day

pytestmark = pytest.mark.django_db

JULY = Period(2026, 7)
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def noon(month: int, day: int) -> datetime:
    """Noon in China on a day of 2026."""
    return datetime(2026, month, day, 4, 0, tzinfo=UTC)


@pytest.fixture
def county() -> County:
    """A July with five matters, a June with one, a July of the year before with two.

    July: A answered after 11 days over water and Chengguan, graded 5 and 3; B waits at the office (late);
    C was forwarded to water in time and accepted late; D is an accusation against water; E came by phone,
    repeats A, was accepted at the office in time and answered after 70 days (late).
    """
    county = a_county()
    office = county.standing("office.clerk")
    a = an_answered_petition(county, at=noon(7, 1))
    receipt = Standing.holder_of_receipt(a.pk)
    moved(a, "evaluate", by=receipt, at=noon(8, 1), grade_office=5, grade_unit=3)
    a_petition(county, at=noon(7, 2), category="")
    c = a_petition(county, at=noon(7, 2), category="交通运输/公路/养护").case
    moved(c, "forward", by=office, at=noon(7, 5), unit_id=county.unit("water").pk)
    moved(c, "accept", by=county.standing("water.clerk"), at=noon(7, 25))
    a_petition(
        county,
        at=noon(7, 31),
        purpose="accusation",
        accused_unit_ids=(county.unit("water").pk,),
        channel="mailbox",
    )
    e = a_petition(county, at=noon(7, 3), channel="phone").case
    moved(e, "accept", by=office, at=noon(7, 3))
    moved(e, "link_repeat", by=office, at=noon(7, 3), earlier_case_id=a.pk, reasons="同一事项")
    moved(e, "answer", by=office, at=noon(7, 3) + 70 * DAY, **ANSWER)
    moved(e, "issue", by=county.standing("office.head"), at=noon(7, 3) + 70 * DAY)
    a_petition(county, at=noon(6, 30))
    for day in (1, 2):
        a_petition(county, at=noon(7, day) - 365 * DAY)
    return county


def july(standing: Standing, *, period: Period = JULY, as_of: date = TODAY) -> Report:
    """The report as somebody sees it."""
    with acting_as(standing):
        return report_of(standing, institution="petitions", period=period, as_of=as_of)


def test_the_month_is_as_counted_by_hand(county: County) -> None:
    found = july(SYSTEM)
    assert found.figures == {
        "received": 5,
        "answered": 2,
        "on_time": 1,
        "late": 4,
        "open_late": 3,
        "repeat": 1,
        "graded_office": 1,
        "satisfied_office": 1,
        "graded_unit": 1,
        "satisfied_unit": 0,
        "to_ask": 0,
        "asked": 0,
        "solved": 0,
        "sent_up": 0,
        "adopted": 0,
        "on_time_rate": 20.0,
        "late_rate": 80.0,
        "answered_rate": 40.0,
        "repeat_rate": 20.0,
        "satisfaction_office": 100.0,
        "satisfaction_unit": 0.0,
        "response_rate": None,
        "solution_rate": None,
        "adoption_rate": None,
        "answer_days_median": 40.5,
        "answer_days_mean": 40.5,
    }
    assert (found.before["received"], found.year_before["received"]) == (1, 2)


def test_channels_classes_and_units_are_as_counted_by_hand(county: County) -> None:
    parts = july(SYSTEM).parts
    assert {p.key: p.received for p in parts["channel"]} == {"web": 3, "mailbox": 1, "phone": 1}
    assert {p.key: (p.received, p.figures["late"]) for p in parts["class"]} == {
        "城乡建设": (3, 2),
        "": (1, 1),
        "交通运输": (1, 1),
    }
    assert {p.label: p.received for p in parts["unit"]} == {"信访局": 3, "城关镇": 1, "水务局": 1}


def test_the_time_at_each_unit_is_that_of_the_chain(county: County) -> None:
    assert [(hop.label, hop.cases, hop.mean_days) for hop in july(SYSTEM).hops] == [
        ("水务局", 1, 9.0),
        ("城关镇", 1, 7.0),
    ]


def test_lateness_is_judged_on_the_day_of_the_report(county: County) -> None:
    """B's fifteen days end on 17 July: late from the 18th on."""
    days = [july(SYSTEM, as_of=date(2026, 7, day)).parts["class"] for day in (17, 18)]
    assert [{p.key: p.figures["late"] for p in parts}[""] for parts in days] == [0, 1]


def test_a_year_is_the_sum_of_its_months(county: County) -> None:
    year = july(SYSTEM, period=Period(2026))
    months = [july(SYSTEM, period=Period(2026, month)) for month in range(1, 13)]
    assert [part.figures for part in year.times] == [month.figures for month in months]
    assert year.figures["received"] == 6
    assert year.before["received"] == 2


READERS = ("county.leader", "office.head", "office.clerk", "water.head", "chengguan.head", "heping.head")


def standings(county: County) -> dict[str, Standing]:
    """Readers of all kinds, among them one with two units, who has no single scope."""
    both = an_account("两处任职")
    a_post(both, county.unit("water"), "head")
    a_post(both, county.unit("chengguan"), "clerk")
    found = {name: county.standing(name) for name in READERS}
    return found | {"both": standing_of(both.pk), "system": SYSTEM}


def test_every_reader_counts_what_they_may_see(county: County) -> None:
    received = {name: july(standing).figures["received"] for name, standing in standings(county).items()}
    assert received == {
        "county.leader": 5,
        "office.head": 5,
        "office.clerk": 5,
        "water.head": 2,
        "chengguan.head": 1,
        "heping.head": 0,
        "both": 2,
        "system": 5,
    }


def test_the_accused_unit_never_counts_the_accusation(county: County) -> None:
    """Even with the accusation in its hands the unit's people can't tell from any figure that it exists."""
    before = july(county.standing("water.head")).as_json()
    with acting_as_system():
        d = Case.objects.get(purpose="accusation")
        d.unit_ids = [*d.unit_ids, county.unit("water").pk]
        d.save()
    assert july(county.standing("water.head")).as_json() == before


def test_somebody_excluded_counts_one_less(county: County) -> None:
    clerk = county.accounts["office.clerk"]
    with acting_as_system():
        case = Case.objects.get(category="交通运输/公路/养护")
    moved(
        case, "recuse", by=county.standing("office.head"), at=noon(9, 1), account_id=clerk.pk, reasons="亲属"
    )
    assert july(county.standing("office.clerk")).figures["received"] == 4
    assert july(county.standing("office.head")).figures["received"] == 5


def questions(report: Report) -> Iterator[tuple[Question, int]]:
    """Every figure of a report with the question that opens its cases."""
    for key in INDICATOR:
        yield Question(report.period, key), int(report.figures[key] or 0)
    for dimension in DIMENSION:
        for part in report.parts[dimension]:
            for key in ("received", "late", "answered"):
                yield Question(report.period, key, dimension, part.key), int(part.figures[key] or 0)
    for part in report.times:
        yield part.question, part.received
    for hop in report.hops:
        yield hop.question, hop.cases


def test_every_figure_opens_as_many_cases_as_it_says(county: County) -> None:
    for name, standing in standings(county).items():
        for period in (JULY, Period(2026)):
            report = july(standing, period=period)
            with acting_as(standing):
                for question, figure in questions(report):
                    listing = cases_behind(question, institution="petitions", as_of=TODAY)
                    rows = Case.objects.filter(visible(standing), *listing.sources).count()
                    assert (name, question, rows) == (name, question, figure)


def test_the_shared_way_counts_like_the_slow_one(county: County) -> None:
    months = [Period(year, month) for year in (2025, 2026) for month in range(1, 13)]
    for name, standing in standings(county).items():
        with acting_as(standing):
            quick = tallies_by_month(standing, institution="petitions", months=months, as_of=TODAY)
            seen = Case.objects.filter(visible(standing), institution="petitions")
            slow = month_of_days(count_days(seen, as_of=TODAY)).tally
        assert (name, total(quick.values()).packed()) == (name, slow.packed())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(3))
def test_whoever_is_kept_from_whatever_the_shared_way_counts_like_the_slow_one(seed: int) -> None:
    chance = random.Random(seed)
    county = a_county()
    readers = standings(county)
    units = [county.unit(name).pk for name in ("water", "office", "chengguan", "heping", "inspection")]
    accounts = [account.pk for account in county.accounts.values()]
    for _ in range(25):
        moved_to = county.unit(chance.choice(("water", "housing"))).pk
        case = a_petition(
            county,
            at=noon(chance.choice((6, 7)), chance.randrange(1, 31)),
            accused_unit_ids=chance.sample(units, chance.choice((0, 0, 1, 2))),
            accused_account_ids=chance.sample(accounts, chance.choice((0, 0, 1))),
            channel=chance.choice(("web", "phone")),
        ).case
        if moved_to not in case.excluded_units and chance.random() < 0.6:
            moved(case, "forward", at=noon(8, 1), unit_id=moved_to)
    months = [Period(2026, 6), JULY]
    with acting_as_system():
        kept_back = Case.objects.exclude(excluded_units=[], excluded_accounts=[]).count()
    assert 0 < kept_back < 25
    for _round in range(2):
        for name, standing in readers.items():
            with acting_as(standing):
                quick = tallies_by_month(standing, institution="petitions", months=months, as_of=TODAY)
                seen = Case.objects.filter(visible(standing), institution="petitions")
                slow = month_of_days(count_days(seen, as_of=TODAY)).tally
            assert (name, total(quick.values()).packed()) == (name, slow.packed())
        with acting_as_system():
            assert upkeep.verify(as_of=TODAY).shown == []
            case = Case.objects.order_by("pk")[0]
            case.excluded_accounts = chance.sample(accounts, 2)
            case.save()


@pytest.mark.django_db(transaction=True)
def test_a_reader_whom_nothing_is_kept_from_is_answered_from_what_is_kept(county: County) -> None:
    leader = county.standing("county.leader")
    before = july(leader).as_json()
    with acting_as(leader), CaptureQueriesContext(connection) as queries:
        tallies_by_month(leader, institution="petitions", months=[JULY], as_of=TODAY)
    assert [q["sql"] for q in queries if 'FROM "casework_' in q["sql"]] == []
    assert july(leader).as_json() == before


def test_scopes_are_found_for_those_who_see_one_whole(county: County) -> None:
    found = {
        name: scope.key if (scope := scope_of(standing)) else None
        for name, standing in standings(county).items()
    }
    assert found["system"] == EVERYTHING.key
    assert found["county.leader"] == f"below:{county.unit('county').pk}"
    assert found["water.head"] == f"unit:{county.unit('water').pk}"
    assert found["both"] is None
    assert upkeep.scope_called(f"unit:{county.unit('water').pk}") == Scope(
        f"unit:{county.unit('water').pk}", frozenset({county.unit("water").pk})
    )


def kept() -> dict[date, Any]:
    """The kept tallies' snapshots by day."""
    return dict(DayTally.objects.filter(scope="all").values_list("day", "snapshot"))


@pytest.mark.django_db(transaction=True)
def test_a_kept_tally_is_believed_until_one_of_its_cases_changes() -> None:
    county = a_county()
    case = a_petition(county, at=noon(7, 2)).case
    a_petition(county, at=noon(7, 3))
    assert july(SYSTEM).figures["answered"] == 0
    before = kept()
    assert july(SYSTEM).figures["answered"] == 0
    assert kept() == before
    moved(case, "decline", by=county.standing("office.head"), at=noon(7, 9), reasons="属诉讼", route="法院")
    assert july(SYSTEM).figures["answered"] == 1
    changed = {day for day, snapshot in kept().items() if snapshot != before[day]}
    assert changed == {date(2026, 7, 2)}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_counts_and_the_other_takes_what_it_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    a_petition(a_county(), at=noon(7, 2))
    counting, may_go_on, put_together = threading.Event(), threading.Event(), []

    def held_up(days: Any) -> Any:
        put_together.append(len(days))
        counting.set()
        assert may_go_on.wait(20)
        return month_of_days(days)

    def received() -> int:
        try:
            with acting_as(SYSTEM):
                found = tallies_by_month(SYSTEM, institution="petitions", months=[JULY], as_of=TODAY)
            return found[JULY].counts["received"]
        finally:
            connection.close()

    monkeypatch.setattr(queries, "month_of_days", held_up)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(received)
        assert counting.wait(20)
        second = pool.submit(received)
        wait_until_somebody_waits()
        may_go_on.set()
        assert (first.result(20), second.result(20), put_together) == (1, 1, [31])


def wait_until_somebody_waits() -> None:
    """Look until a session of this database waits for a turn."""
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
                " WHERE d.datname = current_database() AND locktype = 'advisory' AND NOT granted"
            )
            if cursor.fetchone() == (1,):
                return
        threading.Event().wait(0.05)
    pytest.fail("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_tidying_up_loses_nothing_that_tells_of_a_change() -> None:
    county = a_county()
    case = a_petition(county, at=noon(7, 2)).case
    july(SYSTEM)
    moved(case, "decline", by=county.standing("office.head"), at=noon(7, 9), reasons="属诉讼", route="法院")
    until_no_notes_are_left(upkeep.tidy_up)
    assert july(SYSTEM).figures["answered"] == 1


def notes() -> int:
    """How many notes of change are kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM stats_touched")
        return int(cursor.fetchone()[0])


def until_no_notes_are_left(tidy_up: Callable[[], None]) -> None:
    """Tidy up until it is done: notes stay while any transaction of the server is older, of another database too."""
    for _ in range(400):
        tidy_up()
        if not notes():
            return
        threading.Event().wait(0.05)
    pytest.fail("the notes stay")


@pytest.mark.django_db(transaction=True)
def test_a_busy_day_is_tidied_up_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    county = a_county()
    for day in (2, 3):
        a_petition(county, at=noon(7, day))
    july(SYSTEM)
    tidy_up_a_busy_day(timestamp=0)
    assert notes() == 2
    monkeypatch.setattr(upkeep, "MANY_NOTES", 1)
    until_no_notes_are_left(lambda: tidy_up_a_busy_day(timestamp=0))
    assert july(SYSTEM).figures["received"] == 2


@pytest.mark.django_db(transaction=True)
def test_verification_finds_a_tally_that_lies() -> None:
    county = a_county()
    a_petition(county, at=noon(7, 2))
    a_petition(county, at=noon(7, 3), accused_account_ids=[7])
    july(SYSTEM)
    with acting_as_system():
        assert upkeep.verify(as_of=TODAY).is_sound
        lying = DayTally.objects.get(scope="all", day=date(2026, 7, 2))
        lying.tally["c"]["received"] = 2
        lying.save()
        found = upkeep.verify(as_of=TODAY)
        assert (found.different, found.shown[0].split(":")[0]) == (1, "petitions all 2026-07-02")
        month = MonthTally.objects.get(scope="all", day=date(2026, 7, 1))
        month.tally["c"]["late"] = 7
        month.save()
        assert upkeep.verify(as_of=TODAY).different == 2
        silent = DayTally.objects.get(scope="all", day=date(2026, 7, 3))
        assert silent.kept_back["accounts"] == [7]
        silent.kept_back = {}
        silent.save()
        assert upkeep.verify(as_of=TODAY).different == 3


@pytest.mark.django_db(transaction=True)
def test_counting_ahead_serves_the_next_day(county: County) -> None:
    july(SYSTEM)
    with acting_as_system():
        assert upkeep.refresh(months=[JULY], as_of=TODAY + DAY) == 1
    before = kept()
    july(SYSTEM, as_of=TODAY + DAY)
    assert {d: s for d, s in kept().items() if d.month == 7 and d.year == 2026} == {
        d: s for d, s in before.items() if d.month == 7 and d.year == 2026
    }


def signed_in(county: County, name: str) -> Client:
    """A client that is signed in as one of the county's people."""
    client = Client()
    client.force_login(county.accounts[name], backend="yiwang.kernel.people.backends.AccountBackend")
    return client


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [1, 50])
def test_the_pages_keep_their_budgets(number: int) -> None:
    county = a_county()
    for n in range(number):
        a_petition(county, at=noon(7, 1 + n % 31))
    client = signed_in(county, "county.leader")
    addresses = {
        "stats:month": "/stats/?month=2026-07",
        "stats:cases": "/stats/cases/?month=2026-07&figure=late",
        "stats:spreadsheet": "/stats/report.xlsx?month=2026-07",
        "stats:paper": "/stats/report.pdf?month=2026-07",
    }
    client.get(addresses["stats:month"])
    for name, address in addresses.items():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        assert len(queries) <= PAGES[name].budget, (name, [q["sql"][:90] for q in queries])
