"""Nothing but the one door writes a case, a journal, a chain, a clock or a letter: read from the source itself.

The database holds the rest: the journal is changed by nobody, a letter never, a dossier loses nothing.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

import yiwang
from tests.builders import NOON, County, a_county, an_answered_petition
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Case, JournalEntry, Letter

SOURCE = Path(yiwang.__file__).parent
GUARDED = {
    "Case",
    "JournalEntry",
    "CustodyRecord",
    "ClockRecord",
    "Letter",
    "LetterCounter",
    "Party",
    "Attachment",
}
TABLES = tuple(f"casework_{name.lower()}" for name in GUARDED)
WRITING = {
    "save",
    "create",
    "bulk_create",
    "bulk_update",
    "update",
    "delete",
    "get_or_create",
    "update_or_create",
}
DOOR = {
    "kernel/casework/actions.py": "registers a case and takes its steps",
    "kernel/casework/records.py": "brings the caches up to the journal",
    "kernel/casework/held.py": "reads a case under its lock, and writes of its caches what changed",
    "kernel/casework/recount.py": "counts running clocks anew after the calendar changed",
    "kernel/casework/letters.py": "writes the letter of a step, and numbers it",
    "kernel/casework/typeset.py": "notes the hash of a letter's PDF, once",
    "kernel/casework/verification.py": "mends the caches from the journal",
    "site/demo/bulk.py": "fills a demo county past the door; `yiwang verify` proves the same invariants",
    "site/demo/bulk_lives.py": "thinks out the lives of that county's cases",
    "site/demo/bulk_rows.py": "and writes them down as lines",
}
"""Who may write, and what for."""


def written(tree: ast.AST) -> Iterator[str]:
    """The guarded models that a module makes, or writes by their manager or by SQL."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            if name in GUARDED:
                yield name
            if isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
                inner: ast.AST = node.func.value
                while isinstance(inner, ast.Attribute | ast.Call):
                    inner = inner.value if isinstance(inner, ast.Attribute) else inner.func
                if isinstance(inner, ast.Name) and inner.id in {*GUARDED, "case"}:
                    yield f"{inner.id}.{node.func.attr}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = " ".join(node.value.split()).lower()
            for table in TABLES:
                for start in ("insert into ", "update ", "delete from ", "truncate ", "copy "):
                    if start + table in words:
                        yield f"{start}{table}"


def test_only_the_door_writes_cases() -> None:
    found = {
        str(path.relative_to(SOURCE)): sorted(set(written(ast.parse(path.read_text()))))
        for path in SOURCE.rglob("*.py")
        if "migrations" not in path.parts
    }
    assert {path: what for path, what in found.items() if what and path not in DOOR} == {}


@pytest.mark.parametrize(
    "source",
    [
        "Case.objects.filter(pk=1).update(state='x')",
        "Case(title='x')",
        "case.save()",
        "cursor.execute('UPDATE casework_case SET state = 1')",
        "JournalEntry.objects.all().delete()",
    ],
)
def test_a_back_door_is_noticed(source: str) -> None:
    assert list(written(ast.parse(source)))


@pytest.fixture
def answered(db: None) -> Case:
    """A matter that went all the way and has letters."""
    with acting_as_system():
        county: County = a_county()
        return an_answered_petition(county, at=NOON - timedelta(days=30))


FORBIDDEN = (
    "UPDATE casework_journalentry SET verb = 'note'",
    "DELETE FROM casework_journalentry",
    "TRUNCATE casework_journalentry",
    "UPDATE casework_letter SET content = '{}'",
    "UPDATE casework_letter SET is_for_petitioner = NOT is_for_petitioner",
    "UPDATE casework_letter SET to_unit_id = unit_id WHERE to_unit_id IS DISTINCT FROM unit_id",
    "DELETE FROM casework_letter",
    "TRUNCATE casework_letter",
)
"""What neither the application role nor the owner may do."""

FORBIDDEN_TO_THE_APPLICATION = (
    "DELETE FROM casework_case",
    "DELETE FROM casework_party",
    "UPDATE casework_party SET name = ''",
    "DELETE FROM casework_attachment",
    "UPDATE casework_attachment SET digest = ''",
    "ALTER TABLE casework_journalentry DISABLE TRIGGER ALL",
    "ALTER TABLE casework_case DISABLE ROW LEVEL SECURITY",
    "DROP POLICY casework_case_seen ON casework_case",
    "SET session_replication_role = replica",
)


def refused(statement: str) -> bool:
    """Whether the database refuses a statement of whoever asks."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize("statement", [*FORBIDDEN, *FORBIDDEN_TO_THE_APPLICATION])
def test_the_application_cannot(statement: str, answered: Case) -> None:
    with acting_as_system():
        before = (JournalEntry.objects.count(), Letter.objects.count())
        assert min(before) > 0
        assert refused(statement)
        assert (JournalEntry.objects.count(), Letter.objects.count()) == before


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_owner_cannot_either(
    statement: str, answered: Case, as_owner: Callable[[], AbstractContextManager[None]]
) -> None:
    with as_owner():
        assert refused(statement)
