"""Statements that were built once: asked, counted, written together."""

from weakref import WeakKeyDictionary

import pytest
from django.db import DataError, connection, transaction
from django.db.models import BigIntegerField, CharField, QuerySet
from pytest_django import DjangoAssertNumQueries

from tests.builders import a_county, a_petition, an_account
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base import statements
from yiwang.kernel.casework.models import Case
from yiwang.kernel.people.models import Account


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_kept", {})


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
def test_without_a_key_a_query_is_built_each_time() -> None:
    an_account("林一")
    counts = [
        statements.count_of(None, lambda: Account.objects.filter(name=name).values_list("pk"))  # noqa: B023
        for name in ("林一", "王二")
    ]
    assert (counts, statements._kept) == ([1, 0], {})


@pytest.mark.django_db
def test_no_query_has_no_rows() -> None:
    assert statements.count_of("nothing", lambda: None) == 0
    assert statements.count_of("nothing", lambda: pytest.fail("asked again")) == 0


@pytest.mark.django_db
def test_no_more_than_so_many_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "MOST_REMEMBERED", 3)
    for number in range(7):
        assert statements.count_of(number, lambda: Account.objects.none().values_list("pk")[:1]) == 0
        assert len(statements._kept) <= 3


@pytest.mark.django_db
def test_a_value_is_given_each_time() -> None:
    numbers = [an_account(name).pk for name in ("林一", "王二", "林一", "李三")]
    built = []

    def named() -> QuerySet[Account, tuple[int]]:
        built.append(1)
        wanted = statements.Given("name", of=CharField())
        return Account.objects.filter(name=wanted).order_by("pk").values_list("pk")

    found = [statements.rows_of("named", named, name=name) for name in ("林一", "无", "王二", "李三", "林一")]
    first, second, third, fourth = numbers
    assert found == [[(first,), (third,)], [], [(second,)], [(fourth,)], [(first,), (third,)]]
    assert built == [1]


@pytest.mark.django_db
def test_however_many_numbers_are_given() -> None:
    first, second, third = (an_account(name).pk for name in ("林一", "王二", "李三"))

    def chosen() -> QuerySet[Account, tuple[str]]:
        return Account.objects.filter(statements.is_any_of("pk", "ids")).order_by("pk").values_list("name")

    found = [
        statements.rows_of("chosen", chosen, ids=ids)
        for ids in ([], [second], [third, first], [third, 99_999_999_999], [first, second, third])
    ]
    assert found == [
        [],
        [("王二",)],
        [("林一",), ("李三",)],
        [("李三",)],
        [("林一",), ("王二",), ("李三",)],
    ]


@pytest.mark.django_db
def test_cells_come_as_the_models_have_them() -> None:
    case = a_petition(a_county()).case
    columns = ("facts", "unit_ids", "received_on", "received_at", "receipt_digest", "number")

    def read() -> QuerySet[Case, tuple[object, ...]]:
        return Case.objects.filter(pk=statements.Given("case", of=BigIntegerField())).values_list(*columns)

    with acting_as_system():
        asked = [statements.rows_of("read", read, case=case.pk) for _ in range(4)]
        known = Case.objects.get(pk=case.pk)
    assert asked == [[tuple(getattr(known, column) for column in columns)]] * 4


@pytest.mark.django_db
def test_a_query_that_finds_nothing_isnt_sent(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert statements.rows_of("none", lambda: Account.objects.none().values_list("pk")) == []


@pytest.mark.django_db
def test_what_is_asked_often_is_counted_often(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(5):
        for _ in range(5):
            statements.count_of("accounts", lambda: Account.objects.values_list("pk")[:3])


@pytest.mark.django_db
def test_the_database_keeps_no_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "MOST_PREPARED", 3)
    monkeypatch.setattr(statements, "_prepared", WeakKeyDictionary())
    said = [
        statements.sent(f"SELECT %s::int + {number}, 'half %%'", [10]) for number in (1, 2, 3, 4, 5, 1, 5, 5)
    ]
    assert said == [[(10 + number, "half %")] for number in (1, 2, 3, 4, 5, 1, 5, 5)]
    assert [len(names) for names in statements._prepared.values()] == [3]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE statement LIKE '%%half %%'")
        kept = {name for (name,) in cursor.fetchall()}
    assert kept == {name for names in statements._prepared.values() for name in names.values()}


@pytest.mark.django_db
def test_a_statement_that_failed_can_be_sent_again() -> None:
    for _ in range(2):
        with pytest.raises(DataError), transaction.atomic():
            statements.sent("SELECT 1 / %s::int", [0])
    assert [statements.sent("SELECT 4 / %s::int", [part]) for part in (2, 1)] == [[(2,)], [(4,)]]
