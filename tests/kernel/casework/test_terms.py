"""An office tightens a term of the law; it can't loosen one; running clocks follow."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.test import Client

from tests.builders import NOON, County, a_county, a_petition, moved
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.audit.models import Entry
from yiwang.kernel.calendar.rules import RollOver
from yiwang.kernel.casework import recount
from yiwang.kernel.casework.models import ClockRecord, TermChoice
from yiwang.kernel.casework.registry import case_type_on
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.casework.terms import choose_term, forget_terms
from yiwang.kernel.casework.verification import verify

pytestmark = pytest.mark.django_db
PETITION = case_type_on("petition", date(2026, 11, 23))


@pytest.fixture(autouse=True)
def _law_s_terms() -> Iterator[None]:
    forget_terms()
    yield
    forget_terms()


@pytest.fixture
def county() -> County:
    return a_county()


def choose(key: str, *, term: int | None = None, roll_over: RollOver | None = None) -> None:
    choose_term(PETITION, key, term=term, roll_over=roll_over, by=1, at=NOON)


def due(case_id: int, key: str) -> date | None:
    with acting_as_system():
        return ClockRecord.objects.get(case_id=case_id, key=key).due_on


def test_a_shorter_term_moves_running_clocks_and_is_logged(county: County) -> None:
    case = a_petition(county).case
    assert due(case.pk, "registration") == date(2026, 12, 8)
    choose("registration", term=10)
    with acting_as_system():
        assert recount.recount_type("petition", at=NOON) == 1
        assert verify().shown == []
    assert due(case.pk, "registration") == date(2026, 12, 3)
    assert due(a_petition(county).case.pk, "registration") == date(2026, 12, 3)
    assert Entry.objects.filter(action="term.chosen").count() == 1


def test_a_roll_over_is_chosen_where_the_law_gives_a_basis(county: County) -> None:
    friday = NOON - timedelta(days=3)
    case = a_petition(county, at=friday).case
    assert due(case.pk, "registration") == date(2026, 12, 5)
    choose("registration", roll_over=RollOver.NEXT_WORKING_DAY)
    with acting_as_system():
        recount.recount_type("petition", at=NOON)
    assert due(case.pk, "registration") == date(2026, 12, 7)


def test_the_law_s_term_is_never_lengthened(county: County) -> None:
    with pytest.raises(BadData):
        choose("registration", term=16)
    with pytest.raises(BadData):
        choose("handling", term=0)
    with pytest.raises(KeyError):
        choose("review", term=10)
    with pytest.raises(KeyError):
        choose("nonsense", term=10)
    with pytest.raises(KeyError):
        choose("feedback", term=10)
    assert not TermChoice.objects.exists()


def test_taking_a_choice_back_restores_the_law_s_term(county: County) -> None:
    choose("registration", term=10)
    choose("registration")
    assert not TermChoice.objects.exists()
    assert due(a_petition(county).case.pk, "registration") == date(2026, 12, 8)


def test_extensions_come_on_top_of_the_office_s_own_term(county: County) -> None:
    choose("handling", term=40)
    case = a_petition(county).case
    moved(case, "accept", by=county.standing("office.clerk"))
    moved(case, "request_extension", by=county.standing("office.clerk"), days=30, reasons="需鉴定")
    moved(case, "extend", by=county.standing("office.head"), days=30, reasons="需鉴定")
    assert due(case.pk, "handling") == (NOON + timedelta(days=70)).date()


def test_the_administrator_s_page_saves_and_says_what_is_wrong(county: County) -> None:
    client = Client()
    client.force_login(county.accounts["admin"], backend="yiwang.kernel.people.backends.AccountBackend")
    sent = {"clock": "petition/registration", "registration-term": "12", "registration-roll_over": "none"}
    assert client.post("/terms/", sent).status_code == 303
    assert TermChoice.objects.get().term == 12
    too_long = client.post("/terms/", sent | {"registration-term": "99"})
    assert too_long.status_code == 422
    assert "99" in too_long.content.decode()
    assert TermChoice.objects.get().term == 12
    assert client.post("/terms/", sent | {"clock": "petition/review"}).status_code == 404
    client.force_login(county.accounts["office.head"], backend="yiwang.kernel.people.backends.AccountBackend")
    assert client.post("/terms/", sent).status_code == 403
