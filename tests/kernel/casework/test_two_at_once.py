"""Two at the same moment: one step wins, the other is told; numbers of letters are given once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection
from pytest_django import DjangoAssertNumQueries

from tests.builders import NOON, a_county, a_petition
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework import actions
from yiwang.kernel.casework.actions import Registered, take
from yiwang.kernel.casework.faults import NotPermitted, StalePage
from yiwang.kernel.casework.models import Case, ClockRecord, CustodyRecord, JournalEntry, Letter
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.casework.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)

AT_ONCE = 8


def together(work: Callable[[int], Any], number: int = AT_ONCE) -> list[Any]:
    """Do the same in several threads that start at one moment; what a thread raises is its result."""
    gate = Barrier(number)

    def one(index: int) -> Any:
        gate.wait(10)
        try:
            return work(index)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


def step(case: Case, verb: str, by: Standing, **arguments: Any) -> JournalEntry:
    with acting_as(by):
        return take(case.pk, verb, by=by, at=NOON, **arguments)


def test_of_eight_who_forward_at_once_one_does() -> None:
    county = a_county()
    case = a_petition(county).case
    clerk = county.standing("office.clerk")
    data = {"unit_id": county.unit("water").pk}
    results = together(lambda index: step(case, "forward", clerk, data=data, request_key=f"key{index}"))
    assert [type(result) for result in results].count(JournalEntry) == 1
    assert {type(result) for result in results} <= {JournalEntry, NotPermitted, NotAllowedNow, StalePage}
    with acting_as_system():
        assert list(JournalEntry.objects.filter(case=case).values_list("number", "verb")) == [
            (1, "register"),
            (2, "forward"),
        ]
        assert verify().shown == []


def test_one_form_sent_eight_times_counts_once() -> None:
    county = a_county()
    case = a_petition(county).case
    clerk = county.standing("office.clerk")
    data = {"text": "已电话联系"}
    results = together(lambda index: step(case, "note", clerk, data=data, request_key="one form").number)
    assert results == [2] * AT_ONCE
    with acting_as_system():
        assert JournalEntry.objects.filter(case=case).count() == 2


def test_eight_letters_at_once_have_eight_numbers() -> None:
    county = a_county()
    cases = [a_petition(county).case for _ in range(AT_ONCE)]
    clerk = county.standing("office.clerk")
    data = {"unit_id": county.unit("water").pk}
    results = together(lambda index: step(cases[index], "forward", clerk, data=data))
    assert {type(result) for result in results} == {JournalEntry}
    with acting_as_system():
        numbers = set(Letter.objects.filter(kind="transfer").values_list("number", flat=True))
        assert numbers == {f"信访局信转〔2026〕{number}号" for number in range(1, AT_ONCE + 1)}
        assert verify().shown == []


def test_of_eight_that_send_one_form_one_is_registered() -> None:
    county = a_county()
    clerk = county.standing("office.clerk")
    results = together(lambda index: a_petition(county, by=clerk, source="counter", source_key="one form"))
    assert [type(result) for result in results].count(Registered) == 1
    assert {type(result) for result in results} == {Registered, IntegrityError}
    with acting_as_system():
        assert Case.objects.count() == JournalEntry.objects.count() == Letter.objects.count() == 1
        assert verify().shown == []


def test_registering_is_all_or_nothing_without_a_transaction_around_it(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    county = a_county()
    clerk = county.standing("office.clerk")
    a_petition(county, by=clerk)
    with acting_as(clerk), django_assert_num_queries(3):  # the number, the rows, the news
        a_petition(county, by=clerk)
    monkeypatch.setattr(actions, "indexing", lambda *_, **__: ("SELECT 1 / 0", []))
    with pytest.raises(DataError):
        a_petition(county, by=clerk)
    with acting_as_system():
        kept = [model.objects.count() for model in (Case, JournalEntry, CustodyRecord, ClockRecord, Letter)]
        assert kept == [2, 2, 2, 2, 2]
        assert verify().shown == []
