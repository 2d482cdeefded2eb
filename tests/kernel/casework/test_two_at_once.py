"""Two at the same moment: one step wins, the other is told; numbers of letters are given once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from tests.builders import NOON, a_county, a_petition
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.faults import NotPermitted, StalePage
from yiwang.kernel.casework.models import Case, JournalEntry, Letter
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
