"""`yiwang verify`: sound and not sound, for people and for programs."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection

from yiwang.kernel.audit import actions, notebook, verification
from yiwang.site import database
from yiwang.site.command import main
from yiwang.site.commands.verify import known_checks

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 6, 1, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Stay on the test's own connection, with the checks of this floor and a notebook of one's own.

    The data directory's notebook may hold heads that a served site sealed for a test before this one.
    """

    @contextmanager
    def ready() -> Iterator[None]:
        yield

    monkeypatch.setattr(database, "ready", ready)
    monkeypatch.setattr(verification, "_checks", {})
    monkeypatch.setattr(notebook, "heads_noted", lambda: tmp_path / "heads")


def test_the_checks_of_this_floor_are_found() -> None:
    assert {"audit", "files", "search"} <= set(known_checks())


def test_a_sound_house_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    actions.record("signed_in", at=NOON)
    actions.seal(at=NOON)
    assert main(["verify", "audit", "files", "search", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["is_sound"], list(told["checks"])) == (True, ["audit", "files", "search"])
    assert told["checks"]["audit"]["entries"] == 1


def test_an_altered_entry_fails_the_command(
    capsys: pytest.CaptureFixture[str], as_owner: Callable[[], AbstractContextManager[None]]
) -> None:
    number = actions.record("signed_in", at=NOON)
    actions.seal(at=NOON)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE audit_entry SET actor = 8")
        cursor.execute("SET session_replication_role = DEFAULT")
    assert main(["verify", "audit"]) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "audit: NOT SOUND"
    assert told[-1] == f"  Entry {number}, sealed at position 0, has been altered since."


def test_an_unknown_check_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "nonsense"]) == 1
    assert "There is no check nonsense; there are " in capsys.readouterr().err
