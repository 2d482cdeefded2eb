"""Counting by a statement that was built once."""

import pytest
from django.db.models import QuerySet

from tests.builders import an_account
from yiwang.kernel.base import statements
from yiwang.kernel.people.models import Account


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_built", {})


@pytest.mark.django_db
def test_a_query_is_built_once_and_asked_every_time() -> None:
    built = []

    def rows() -> QuerySet[Account, tuple[int]]:
        built.append(1)
        return Account.objects.filter(name="林一").values_list("pk")[:3]

    counts = []
    for name in ("林一", "林一", "王二", "林一", "林一"):
        an_account(name)
        counts.append(statements.count_of(("accounts", "林一"), rows))
    assert (counts, built) == ([1, 2, 2, 3, 3], [1])


@pytest.mark.django_db
def test_no_query_has_no_rows() -> None:
    assert statements.count_of("nothing", lambda: None) == 0
    assert statements.count_of("nothing", lambda: pytest.fail("asked again")) == 0


@pytest.mark.django_db
def test_no_more_than_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "MOST_REMEMBERED", 3)
    for number in range(7):
        assert statements.count_of(number, lambda: Account.objects.none().values_list("pk")[:1]) == 0
        assert len(statements._built) <= 3
