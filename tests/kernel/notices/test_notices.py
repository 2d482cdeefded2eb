"""Who is told what, and who is never told."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests.builders import NOON, County, a_county, a_petition, an_answered_petition, moved
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.events import CaseMoved, ClockMoved
from yiwang.kernel.casework.models import Case, Watch
from yiwang.kernel.notices.handlers import on_case_moved, on_clock_moved, on_unit_merged
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.notices.queries import news_of, unread_count
from yiwang.kernel.notices.tasks import tell_terms
from yiwang.kernel.orgs.actions import merge_unit
from yiwang.kernel.orgs.events import UnitMerged

pytestmark = pytest.mark.django_db


@pytest.fixture
def county() -> County:
    return a_county()


def watch(county: County, name: str, case: Case) -> None:
    with acting_as_system():
        Watch.objects.create(case_id=case.pk, account_id=county.accounts[name].pk, since_at=NOON)


def unread(county: County) -> int:
    with county.asking_as("office.head") as standing:
        return unread_count(standing)


def told(county: County, kind: str | None = None) -> set[str]:
    ids = {account.pk: name for name, account in county.accounts.items()}
    found = Notice.objects.all() if kind is None else Notice.objects.filter(kind=kind)
    return {ids[account_id] for account_id in found.values_list("account_id", flat=True)}


def event_of(case: Case, verb: str, number: int, *, frm: int, to: int, by: int | None = None) -> CaseMoved:
    return CaseMoved(case.pk, number, verb, case.type_key, frm, to, by, NOON)


def test_watchers_hear_of_a_step_but_not_whoever_took_it(county: County) -> None:
    case = a_petition(county).case
    watch(county, "office.clerk", case)
    watch(county, "office.head", case)
    office = county.unit("office").pk
    on_case_moved(event_of(case, "note", 2, frm=office, to=office, by=county.accounts["office.clerk"].pk))
    assert told(county) == {"office.head"}


def test_the_same_news_is_told_once(county: County) -> None:
    case = a_petition(county).case
    watch(county, "office.head", case)
    office = county.unit("office").pk
    for _ in range(2):
        on_case_moved(event_of(case, "note", 2, frm=office, to=office))
    assert unread(county) == 1


def test_an_answer_that_comes_up_is_told_to_the_unit_it_reaches(county: County) -> None:
    case = an_answered_petition(county)
    on_case_moved(event_of(case, "answer", 5, frm=county.unit("chengguan").pk, to=county.unit("water").pk))
    assert told(county, "came_back") == {"water.clerk", "water.head"}


def test_the_accused_unit_is_never_told(county: County) -> None:
    case = a_petition(county, purpose="accusation", accused_unit_ids=(county.unit("water").pk,)).case
    watch(county, "water.clerk", case)
    watch(county, "office.clerk", case)
    on_case_moved(event_of(case, "note", 2, frm=county.unit("office").pk, to=county.unit("office").pk))
    on_clock_moved(
        ClockMoved(
            case.pk, "registration", county.unit("office").pk, county.unit("water").pk, None, None, 2027, NOON
        )
    )
    assert told(county) == {"office.clerk", "office.head"}


def test_news_of_a_matter_one_may_no_longer_see_is_not_shown(county: County) -> None:
    case = a_petition(county).case
    watch(county, "office.clerk", case)
    on_case_moved(event_of(case, "note", 2, frm=county.unit("office").pk, to=county.unit("office").pk))
    with county.asking_as("office.clerk") as standing:
        assert [item.number for item in news_of(standing)[0]] == [case.number]
    clerk = county.accounts["office.clerk"].pk
    moved(case, "recuse", by=county.standing("office.head"), account_id=clerk, reasons="近亲属")
    with county.asking_as("office.clerk") as standing:
        assert news_of(standing)[0] == []


def test_an_unhappy_evaluation_is_told_to_the_root(county: County) -> None:
    case = an_answered_petition(county)
    moved(case, "evaluate", by=Standing.holder_of_receipt(case.pk), grade_office=5, grade_unit=1)
    office = county.unit("office").pk
    on_case_moved(event_of(case, "evaluate", 8, frm=office, to=office))
    assert told(county, "unhappy") == {"office.clerk", "office.head"}


def test_terms_that_end_soon_and_have_passed_are_told_once_each(county: County) -> None:
    a_petition(county)
    assert tell_terms(date(2026, 12, 1), at=NOON) == 0
    assert tell_terms(date(2026, 12, 7), at=NOON) == 2
    assert tell_terms(date(2026, 12, 9), at=NOON) == 2
    assert told(county, "due_soon") == {"office.clerk", "office.head"}
    assert Notice.objects.filter(kind="late").count() == 2


def test_a_merger_is_told_to_the_successor(county: County) -> None:
    heping, chengguan = county.unit("heping"), county.unit("chengguan")
    merge_unit(heping, into=chengguan, on=date(2026, 12, 1), by_account_id=None)
    on_unit_merged(UnitMerged(heping.pk, chengguan.pk, date(2026, 12, 1), None))
    assert told(county, "unit_merged") == {"chengguan.clerk", "chengguan.head"}


def test_the_page_lists_and_marks_as_read(county: County) -> None:
    client = Client()
    account = county.accounts["office.head"]
    client.force_login(account, backend="yiwang.kernel.people.backends.AccountBackend")
    assert "还没有通知" in client.get("/notices/").content.decode()
    case = a_petition(county, at=NOON - timedelta(days=14)).case
    tell_terms(date(2026, 11, 23), at=NOON)
    page = client.get("/notices/").content.decode()
    assert case.number in page
    assert unread(county) == 1
    assert client.post("/notices/").status_code == 303
    assert unread(county) == 0
    for before in ("x", "2026-01-01_", "2026-13-45T00:00:00Z_1", "2026-01-01T00:00:00_1", "_9"):
        assert client.get("/notices/", {"before": before}).status_code == 200


def test_a_matter_that_may_not_be_seen_any_more_isnt_counted(county: County) -> None:
    case = a_petition(county).case
    watch(county, "office.head", case)
    office, head = county.unit("office").pk, county.accounts["office.head"]
    on_case_moved(event_of(case, "note", 2, frm=office, to=office))
    assert unread(county) == 1
    moved(case, "recuse", by=county.standing("office.clerk"), account_id=head.pk, reasons="亲属")
    assert unread(county) == 0
