"""The second lock: what PostgreSQL shows to each who asks, when Python forgets to."""

from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from tests.builders import County, a_county, a_petition
from yiwang.kernel.access import locks
from yiwang.kernel.access.locks import acting_as, acting_as_system
from yiwang.kernel.access.rules import NOBODY, SYSTEM, Standing
from yiwang.kernel.casework.models import Case

pytestmark = pytest.mark.django_db
GUARDED = {
    "casework_case",
    "casework_journalentry",
    "casework_letter",
    "casework_party",
    "casework_attachment",
}
"""Tables with policies: they hold what people wrote and who they are."""

SETTINGS = ("yiwang.mode", "yiwang.accounts", "yiwang.units", "yiwang.members", "yiwang.case")


@pytest.fixture
def cases(county: County) -> list[Case]:
    """One matter for everybody at the office, one that is kept from its clerk."""
    kept = county.accounts["office.clerk"].pk
    return [
        a_petition(county).case,
        a_petition(county, purpose="accusation", accused_account_ids=(kept,)).case,
    ]


@pytest.fixture
def county() -> Iterator[County]:
    """A small county."""
    with acting_as_system():
        yield a_county()


def shown() -> list[int]:
    """The cases that a raw query shows."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM casework_case ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_every_table_with_people_s_words_has_a_policy() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity AND relname LIKE 'casework%%'")
        assert {name for (name,) in cursor.fetchall()} == GUARDED


def test_each_mode_shows_its_own(cases: list[Case], county: County) -> None:
    plain, kept = (case.pk for case in cases)
    asked = {
        "system": SYSTEM,
        "head": county.standing("office.head"),
        "kept away": county.standing("office.clerk"),
        "elsewhere": county.standing("heping.clerk"),
        "administrator": county.standing("admin"),
        "receipt": Standing.holder_of_receipt(kept),
        "nobody": NOBODY,
    }
    found = {}
    for who, standing in asked.items():
        with acting_as(standing):
            found[who] = shown()
    assert found == {
        "system": [plain, kept],
        "head": [plain, kept],
        "kept away": [plain],
        "elsewhere": [],
        "administrator": [],
        "receipt": [kept],
        "nobody": [],
    }


@pytest.mark.parametrize(
    "mode", ["", "staff", "receipt", "System", "SYSTEM", "system ", "owner", "system'--"]
)
def test_a_setting_that_is_missing_or_forged_shows_nothing(mode: str, cases: list[Case]) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for name in SETTINGS:
                cursor.execute("SELECT set_config(%s, '', false)", [name])
            cursor.execute("SELECT set_config('yiwang.mode', %s, false)", [mode])
            found = shown()
    except DatabaseError:
        found = []
    finally:
        locks.forget()
    assert found == []


@pytest.mark.parametrize("missing", ["yiwang.accounts", "yiwang.units", "yiwang.members"])
def test_a_half_turned_lock_stays_shut(missing: str, cases: list[Case], county: County) -> None:
    locks.turn(county.standing("office.clerk"))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, NULL, false)", [missing])
            found = shown()
    except DatabaseError:
        found = []
    finally:
        locks.forget()
    assert found == []


def test_nobody_writes_into_a_case_they_may_not_see(cases: list[Case], county: County) -> None:
    kept = cases[1]
    with acting_as(county.standing("office.clerk")), connection.cursor() as cursor:
        cursor.execute("UPDATE casework_case SET excluded_accounts = '{}' WHERE id = %s", [kept.pk])
        assert cursor.rowcount == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(
                "INSERT INTO casework_party (case_id, role, name, name_key, phone, phone_key, identity_number,"
                " address, is_anonymous) VALUES (%s, 'agent', '', '', '', '', '', '', false)",
                [kept.pk],
            )


def test_a_rollback_leaves_nobody_the_standing_of_the_house(county: County, cases: list[Case]) -> None:
    standing = county.standing("heping.clerk")
    with acting_as(standing):
        with pytest.raises(ZeroDivisionError), transaction.atomic(), acting_as_system():
            raise ZeroDivisionError
        assert shown() == []
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            acting_as_system(),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT 1 / 0")
        assert shown() == []
