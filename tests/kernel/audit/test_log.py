"""Writing, sealing and proving; and that every forgery is found and named."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.kernel.audit import actions, queries, verification
from yiwang.kernel.audit.actions import PurposeMissing, record, record_read, seal
from yiwang.kernel.audit.models import Entry, Head
from yiwang.kernel.audit.offline import judge
from yiwang.kernel.audit.queries import Looked
from yiwang.kernel.audit.rules import is_consistent, is_included, leaf_hash, root_of
from yiwang.kernel.audit.verification import Finding, verify

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)


def many(count: int, *, actor: int = 7) -> list[int]:
    return [
        record("case.assigned", at=NOON, actor=actor, subject_kind="case", subject_id=n) for n in range(count)
    ]


@contextmanager
def forging() -> Iterator[None]:
    """What somebody could do who owns the server: change the tables behind the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_role")
        (role,) = cursor.fetchone()
        cursor.execute("SET ROLE NONE")
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute(f"SET ROLE {role}")


def kinds() -> list[str]:
    return [finding.kind for finding in verify().findings]


def test_an_entry_keeps_what_it_was_told() -> None:
    number = record(
        "account.granted",
        at=NOON,
        actor=7,
        unit=3,
        subject_kind="account",
        subject_id=9,
        purpose="入职",
        details={"role": "auditor"},
    )
    entry = Entry.objects.get(pk=number)
    assert (entry.at, entry.actor, entry.actor_unit, entry.action) == (NOON, 7, 3, "account.granted")
    assert (entry.subject_kind, entry.subject_id, entry.purpose) == ("account", 9, "入职")
    assert entry.details == {"role": "auditor"}


def test_reading_personal_data_names_its_purpose() -> None:
    number = record_read("case", 5, at=NOON, actor=7, purpose="办理")
    assert Entry.objects.get(pk=number).action == "case.read"
    with pytest.raises(PurposeMissing):
        record_read("case", 5, at=NOON, actor=7, purpose="  ")


def test_the_database_asks_for_the_purpose_too() -> None:
    with pytest.raises(IntegrityError, match="audit_entry_read_has_purpose"), transaction.atomic():
        Entry.objects.create(at=NOON, action="case.read", purpose=" ")


CHANGES = [
    "UPDATE audit_entry SET actor = 8",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry",
    "UPDATE audit_head SET root = root",
    "DELETE FROM audit_head",
    "TRUNCATE audit_head",
    "UPDATE audit_node SET hash = hash",
    "DELETE FROM audit_node",
    "TRUNCATE audit_node",
]


def refusal_of(statement: str) -> str:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(refused.value).splitlines()[0]


@pytest.mark.parametrize("statement", CHANGES)
def test_the_running_site_has_no_right_to_change_the_log(statement: str) -> None:
    assert refusal_of(statement) == f"permission denied for table {re.findall('audit_[a-z]+', statement)[0]}"


@pytest.mark.parametrize("statement", CHANGES)
def test_its_owner_is_refused_too(
    statement: str, as_owner: Callable[[], AbstractContextManager[None]]
) -> None:
    many(2)
    seal(at=NOON)
    with as_owner():
        refusal = refusal_of(statement)
    verb, table = statement.split()[0], re.findall("audit_[a-z]+", statement)[0]
    assert refusal == f"the audit log is append-only: {verb} of {table} is refused"
    assert (Entry.objects.count(), Head.objects.count()) == (2, 1)


def test_the_application_role_may_write_and_read_only() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t, p FROM unnest(ARRAY['audit_entry', 'audit_head', 'audit_node']) AS t,"
            " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS p"
            " WHERE has_table_privilege('yiwang_app', t, p) ORDER BY t, p"
        )
        assert cursor.fetchall() == [
            (table, right)
            for table in ("audit_entry", "audit_head", "audit_node")
            for right in ("INSERT", "SELECT")
        ]


def test_triggers_of_other_modules_write_by_one_function() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_append(7, 3, 'journal.appended', 'case', 5, NULL, '{\"entry\": 2, \"digest\": \"ab\"}')"
        )
        (number,) = cursor.fetchone()
    entry = Entry.objects.get(pk=number)
    assert (entry.action, entry.subject_id, entry.purpose) == ("journal.appended", 5, "")
    assert entry.details == {"entry": 2, "digest": "ab"}


def test_an_empty_log_is_sound_and_has_nothing_to_seal() -> None:
    assert seal(at=NOON) is None
    assert queries.latest_head() is None
    assert verify().is_sound


def test_sealing_takes_every_entry_once() -> None:
    numbers = many(5)
    first = seal(at=NOON)
    assert first is not None
    assert (first.size, first.previous_size, seal(at=NOON)) == (5, 0, None)
    numbers += many(3)
    second = seal(at=NOON + timedelta(seconds=5))
    assert second is not None
    assert (second.size, second.previous_size) == (8, 5)
    assert [queries.position_of(number) for number in numbers] == list(range(8))
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_line(e) FROM audit_entry AS e ORDER BY id")
        lines = [row[0] for row in cursor.fetchall()]
    assert second.root == root_of(leaf_hash(line.encode()) for line in lines)
    assert queries.latest_head() == second
    assert queries.head_at(5) == first


def test_a_batch_after_another_until_nothing_is_left() -> None:
    many(2500)
    head = seal(at=NOON, batch=700)
    assert head is not None
    assert list(Head.objects.order_by("size").values_list("size", flat=True)) == [700, 1400, 2100, 2500]
    result = verify()
    assert (result.is_sound, result.entries, result.heads, result.unsealed) == (True, 2500, 4, 0)
    assert (result.size, result.root) == (2500, head.root.hex())


def put_aside(number: int) -> None:
    """Make an entry look as if its transaction hadn't been committed yet."""
    with forging(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE aside ON COMMIT DROP AS SELECT * FROM audit_entry WHERE id = %s", [number]
        )
        cursor.execute("DELETE FROM audit_entry WHERE id = %s", [number])


def put_back() -> None:
    with forging(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO audit_entry SELECT * FROM aside")


def test_an_entry_that_comes_late_is_sealed_late_and_in_its_own_place() -> None:
    first, late, last = many(3)
    put_aside(late)
    seal(at=NOON)
    put_back()
    (new,) = many(1)
    seal(at=NOON + timedelta(seconds=5))
    assert [queries.position_of(number) for number in (first, last, late, new)] == [0, 1, 2, 3]
    assert verify().is_sound


def test_an_entry_slipped_into_an_old_gap_is_found() -> None:
    first, gone, last = many(3)
    put_aside(gone)
    seal(at=NOON)
    for hours in (1, 2, 3):
        many(1)
        seal(at=NOON + timedelta(hours=hours, seconds=hours))
    put_back()
    many(1)
    seal(at=NOON + timedelta(hours=4))
    assert [(finding.kind, finding.entry_id) for finding in verify().findings] == [
        ("entry_left_behind", gone)
    ]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), st.data())
def test_every_entry_and_every_older_head_is_proven(sizes: list[int], draw: st.DataObject) -> None:
    with transaction.atomic():
        numbers = []
        for each in sizes:
            numbers += many(each)
            seal(at=NOON)
        total = len(numbers)
        place = draw.draw(st.integers(0, total - 1))
        shown = queries.inclusion(numbers[place])
        assert shown is not None
        assert (shown.position, shown.size) == (place, total)
        assert is_included(leaf_hash(shown.line.encode()), place, total, shown.root, shown.proof)
        older = sum(sizes[: draw.draw(st.integers(1, len(sizes)))])
        kept = queries.consistency(older)
        assert kept is not None
        assert is_consistent(older, kept.older_root, total, kept.newer_root, kept.proof)
        transaction.set_rollback(True)


def test_proofs_over_kept_nodes_hold() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (at, action) SELECT %s, 'tried' FROM generate_series(1, 5000) RETURNING id",
            [NOON],
        )
        numbers = sorted(row[0] for row in cursor.fetchall())
    seal(at=NOON, batch=1500)
    verdicts = []
    for place in (0, 1023, 1024, 2047, 3000, 4096, 4999):
        shown = queries.inclusion(numbers[place])
        assert shown is not None
        verdicts.append(judge(json.loads(json.dumps(shown.as_json())))[0])
    for older in (1500, 3000, 4500, 5000):
        kept = queries.consistency(older)
        assert kept is not None
        verdicts.append(judge(json.loads(json.dumps(kept.as_json())))[0])
    assert verdicts == [True] * 11


def test_what_is_not_sealed_has_no_proof_yet() -> None:
    many(1)
    seal(at=NOON)
    (new,) = many(1)
    assert queries.position_of(new) is None
    assert queries.inclusion(new) is None
    assert queries.consistency(99) is None


@pytest.fixture
def sealed() -> list[int]:
    numbers = many(10)
    seal(at=NOON)
    numbers += many(10)
    seal(at=NOON + timedelta(seconds=5))
    return numbers


@pytest.mark.parametrize(
    "column",
    [
        "at = at + interval '1 microsecond'",
        "actor = 8",
        "actor = NULL",
        "actor_unit = 1",
        "action = 'case.accepted'",
        "subject_kind = 'person'",
        "subject_id = 999",
        "purpose = '办理'",
        "details = '{\"a\": 1}'",
    ],
)
def test_an_altered_entry_is_found_and_named(sealed: list[int], column: str) -> None:
    with forging(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_entry SET {column} WHERE id = %s", [sealed[13]])  # noqa: S608
    assert verify().findings == [
        Finding(
            "entry_altered",
            f"Entry {sealed[13]}, sealed at position 13, has been altered since.",
            entry_id=sealed[13],
            position=13,
        )
    ]


@pytest.mark.parametrize("place", [0, 9, 10, 19])
def test_a_removed_entry_is_found_and_named(sealed: list[int], place: int) -> None:
    with forging(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE id = %s", [sealed[place]])
    assert verify().findings == [
        Finding(
            "entry_missing",
            f"Entry {sealed[place]}, sealed at position {place}, has been removed.",
            entry_id=sealed[place],
            position=place,
        )
    ]


def test_two_entries_that_changed_places_are_found(sealed: list[int]) -> None:
    with forging(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_entry SET subject_id = 7 - subject_id WHERE id IN (%s, %s)", [sealed[3], sealed[4]]
        )
    assert kinds() == ["entry_altered", "entry_altered"]


def test_an_entry_altered_with_its_leaf_is_found_by_the_root(sealed: list[int]) -> None:
    with forging(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET actor = 8 WHERE id = %s", [sealed[2]])
        cursor.execute(
            "UPDATE audit_head SET leaves = overlay(leaves PLACING"
            " (SELECT audit_leaf(e) FROM audit_entry AS e WHERE id = %s) FROM 65) WHERE size = 10",
            [sealed[2]],
        )
    assert [(finding.kind, finding.size) for finding in verify().findings] == [
        ("head_forged", 10),
        ("head_forged", 20),
    ]


def test_a_log_cut_off_before_its_last_head_is_found(sealed: list[int]) -> None:
    with forging(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_entry WHERE id >= %s", [sealed[10]])
    assert kinds() == ["entry_missing"] * 10


def test_a_removed_first_head_is_found(sealed: list[int]) -> None:
    with forging(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_head WHERE size = 10")
    assert kinds()[0] == "head_missing"


def test_a_log_cut_off_with_its_heads_is_found_by_the_notebook(tmp_path: Path) -> None:
    notebook = tmp_path / "heads"
    many(3)
    seal(at=NOON, notebook=notebook)
    numbers = many(3)
    seal(at=NOON, notebook=notebook)
    assert verify(notebook=notebook).is_sound
    with forging(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_head WHERE size = 6")
        cursor.execute("DELETE FROM audit_entry WHERE id >= %s", [numbers[0]])
    assert verify().is_sound
    assert [(finding.kind, finding.size) for finding in verify(notebook=notebook).findings] == [
        ("truncated", 6)
    ]


def test_a_log_written_anew_is_found_by_the_notebook(sealed: list[int], tmp_path: Path) -> None:
    notebook = tmp_path / "heads"
    head = queries.latest_head()
    assert head is not None
    actions.note(head, notebook=notebook)
    with notebook.open("a") as file:
        file.write("20 cut off by a cra")
    with forging(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_head")
        cursor.execute("UPDATE audit_entry SET actor = 8 WHERE id = %s", [sealed[2]])
    seal(at=NOON)
    assert verify().is_sound
    assert [(finding.kind, finding.size) for finding in verify(notebook=notebook).findings] == [
        ("head_forged", 20)
    ]


def test_a_forged_node_is_found() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (at, action) SELECT now(), 'tried' FROM generate_series(1, 1024)"
        )
        seal(at=NOON)
        assert verify().is_sound
        with forging():
            cursor.execute("UPDATE audit_node SET hash = sha256('')")
    assert kinds() == ["node_forged"]


def test_the_same_entry_sealed_twice_is_found(sealed: list[int]) -> None:
    with forging(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE audit_head SET ids = (SELECT ids FROM audit_head WHERE size = 10) WHERE size = 20"
        )
    assert "sealed_twice" in kinds()


def test_a_module_above_adds_its_own_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_checks", {})
    verification.register_check(
        "journal", lambda progress: iter([Finding("chain_broken", "Case 5 is broken.")])
    )
    result = verify()
    assert (result.is_sound, result.checks) == (False, {"journal": 1})


def test_findings_beyond_the_limit_are_counted() -> None:
    many(300)
    seal(at=NOON)
    with forging(), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET actor = 8")
    result = verify()
    assert (result.found, len(result.findings)) == (300, verification.MOST_FINDINGS)


def test_checking_tells_how_far_it_is(sealed: list[int]) -> None:
    seen: list[tuple[int, int]] = []
    verify(lambda done, whole: seen.append((done, whole)))
    assert seen == [(10, 20), (20, 20)]


def test_the_auditor_pages_through_what_matches() -> None:
    numbers = [
        record("signed_in", at=NOON - timedelta(days=1), actor=1),
        record("case.assigned", at=NOON, actor=1, subject_kind="case", subject_id=5),
        record_read("case", 5, at=NOON, actor=2, purpose="办理"),
        record_read("case", 6, at=NOON, actor=2, purpose="办理"),
    ]

    def shown(looked: Looked, **page: int) -> list[int]:
        return [numbers.index(entry.id) for entry in queries.entries(looked, **page)]

    assert shown(Looked()) == [3, 2, 1, 0]
    assert shown(Looked(), limit=2) == [3, 2]
    assert shown(Looked(), before=numbers[2]) == [1, 0]
    assert shown(Looked(actor=1)) == [1, 0]
    assert shown(Looked(action="case.read")) == [3, 2]
    assert shown(Looked(subject_kind="case", subject_id=5)) == [2, 1]
    assert shown(Looked(on=date(2026, 5, 31))) == [0]


def test_writing_costs_one_query_and_sealing_a_few(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        record("signed_in", at=NOON, actor=1)


@pytest.mark.django_db(transaction=True)
def test_one_sealer_works_at_a_time() -> None:
    numbers = many(3)
    with transaction.atomic():
        seal(at=NOON)
        other: list[object] = []

        def seal_elsewhere() -> None:
            try:
                other.append(seal(at=NOON))
            finally:
                connection.close()

        thread = threading.Thread(target=seal_elsewhere)
        thread.start()
        thread.join()
    assert other == [None]
    assert [queries.position_of(number) for number in numbers] == [0, 1, 2]
