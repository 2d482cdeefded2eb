"""Rows of several tables in one message."""

from datetime import datetime

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from tests.builders import NOON, a_county, a_petition
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.insertion import insert_together
from yiwang.kernel.casework.models import Case, JournalEntry, Party


def another_case() -> Case:
    """A case that isn't kept yet, with everything that is hard to write down."""
    with acting_as_system():
        case = Case.objects.get(pk=a_petition(a_county()).case.pk)
    case.pk += 1
    case.number, case.receipt_digest, case.source_key = "X-1", b"\x00\xff\\", None
    case.facts = {"a": ["%s; '", '"\\', None, 1.5, 2**60], "b": {"c": True}}
    case.title, case.text = 'O\'Neil; %s "\\"', "一\n二\t\\u0041 😀"
    case.excluded_units, case.excluded_accounts = [], [2**40, 3]
    return case


@pytest.mark.django_db
def test_rows_of_several_tables_are_written_together() -> None:
    case = another_case()
    parties = [Party(case_id=case.pk, role="petitioner", name=name) for name in ("O'Neil; %s", "$1")]
    entry = JournalEntry(case_id=case.pk, number=1, verb="register", at=NOON, node=0, to_state="registered")
    with acting_as_system():
        insert_together([case, entry, *parties])
        found = Case.objects.get(pk=case.pk)
        for field in Case._meta.concrete_fields:
            kept = getattr(found, field.attname)
            assert (bytes(kept) if isinstance(kept, memoryview) else kept) == getattr(case, field.attname)
        names = Party.objects.filter(case_id=case.pk).order_by("pk").values_list("name", flat=True)
        assert list(names) == ["O'Neil; %s", "$1"]
        written = JournalEntry.objects.get(case_id=case.pk)
    assert (written.recorded_at is not None, written.digest is not None) == (True, True)
    assert not case._state.adding


@pytest.mark.django_db(transaction=True)
def test_what_is_refused_is_refused_whole() -> None:
    case = another_case()
    parties = [Party(case_id=case.pk, role="agent", name="first")]
    with acting_as_system():
        with pytest.raises(IntegrityError):
            insert_together([case, *parties, case])
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_together([case, *parties, case])
        with pytest.raises(DataError):
            insert_together([case, *parties], then=[("SELECT 1 / %s", [0])])
        assert not Case.objects.filter(pk=case.pk).exists()
        assert not Party.objects.filter(name="first").exists()


@pytest.mark.django_db(transaction=True)
def test_statements_that_were_thrown_away_are_prepared_again() -> None:
    case = another_case()
    with acting_as_system():
        insert_together([Party(case_id=case.pk - 1, role="agent", name="first")])
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
        insert_together([Party(case_id=case.pk - 1, role="agent", name="second")])
        assert Party.objects.filter(role="agent").count() == 2


@pytest.mark.django_db
def test_an_instant_without_its_zone_is_refused() -> None:
    case = another_case()
    case.received_at = datetime(2026, 11, 23, 12)  # noqa: DTZ001 - that is the point
    with acting_as_system(), pytest.raises(ValueError, match="received_at"):
        insert_together([case])
