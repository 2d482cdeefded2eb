"""Counting by a statement that was built once."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tests.builders import NOON, a_county, a_petition, an_account
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base import statements
from yiwang.kernel.casework.models import Case, JournalEntry, Party
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


@pytest.mark.django_db
def test_rows_of_several_tables_are_written_together() -> None:
    county = a_county()
    before = a_petition(county).case
    with acting_as_system():
        case = Case.objects.get(pk=before.pk)
    case.pk, case.number, case.receipt_digest, case.facts = (
        before.pk + 1,
        "X-1",
        b"\x00\xff",
        {"a": ["%s; '"]},
    )
    party = Party(case_id=case.pk, role="petitioner", name="O'Neil; %s")
    entry = JournalEntry(case_id=case.pk, number=1, verb="register", at=NOON, node=0, to_state="registered")
    with acting_as_system():
        statements.insert_together([case, entry, party])
        found = Case.objects.get(pk=case.pk)
        assert (found.number, bytes(found.receipt_digest or b""), found.facts, found.unit_ids) == (
            "X-1",
            b"\x00\xff",
            {"a": ["%s; '"]},
            before.unit_ids,
        )
        assert [one.name for one in Party.objects.filter(case_id=case.pk)] == ["O'Neil; %s"]
        written = JournalEntry.objects.get(case_id=case.pk)
    assert written.recorded_at is not None
    assert written.digest is not None
    assert not case._state.adding


@pytest.mark.django_db
def test_what_is_refused_is_refused_whole() -> None:
    county = a_county()
    number = a_petition(county).case.pk
    with acting_as_system():
        case = Case.objects.get(pk=number)
    with acting_as_system(), pytest.raises(IntegrityError), transaction.atomic():
        statements.insert_together([Party(case_id=case.pk, role="agent", name="first"), case])
    with acting_as_system():
        assert not Party.objects.filter(name="first").exists()
