"""`yiwang backup` and `yiwang restore`: what was saved comes back the same, and nothing is restored by halves."""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yiwang.kernel.base.problems import Problem
from yiwang.site import backups

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "0000000500010d0a2db40000000049454e44ae426082"
)
FILL = f"""
from datetime import datetime, UTC
from io import BytesIO
from yiwang.site import database
with database.ready():
    from yiwang.kernel.audit import actions
    from yiwang.kernel.audit.notebook import heads_noted
    from yiwang.kernel.files.actions import store
    at = datetime(2026, 6, 1, tzinfo=UTC)
    print(store(BytesIO({PIXEL!r}), filename="证据.png", at=at, limit_bytes=1000).digest)
    actions.seal(at=at, notebook=heads_noted())
"""
SCHEMA = """
from yiwang.site import database
with database.ready(as_owner=True):
    from yiwang.site import backups
    print(backups._run("pg_dump", "--schema-only"))
"""


class House:
    """One installation with a data directory of its own; nothing of it is served."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        """One command to its end, as a person at a terminal would run it."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("YIWANG_", "DATABASE_", "PYTEST"))}
        return subprocess.run(
            [sys.executable, *arguments],
            input=given,
            env=kept | {"YIWANG_DATA": str(self.data)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def yiwang(self, *arguments: str, given: str = "") -> Any:
        """A reporting command's answer, which must be good."""
        done = self.run("-m", "yiwang.site.command", *arguments, "--json", given=given)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def refusal(self, *arguments: str) -> str:
        """The first sentence of a command that must fail."""
        done = self.run("-m", "yiwang.site.command", *arguments)
        assert done.returncode == 1, done.stdout
        return done.stderr.splitlines()[0]

    def schema(self) -> list[str]:
        """Every table, trigger, row policy and right, without the marks pg_dump makes up each time."""
        lines = self.run("-c", SCHEMA).stdout.splitlines()
        return [line for line in lines if not line.startswith("\\")]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path that the database's system user can reach."""
    made = Path(tempfile.mkdtemp(prefix="yw-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.mark.server
def test_what_was_saved_comes_back_with_every_right_and_trigger(folder: Path) -> None:
    old, new, saved = House(folder / "old"), House(folder / "new"), folder / "saved.tar"
    old.yiwang("migrate")
    old.yiwang("admin", "create", "chief", "--name", "甲", "--county", "云川县", given="a long enough one\n")
    digest = old.run("-c", FILL).stdout.strip()
    written = old.yiwang("backup", str(saved))
    assert (written["files"], written["cases"], written["bytes"]) == (1, 0, saved.stat().st_size)
    assert saved.stat().st_mode & 0o777 == 0o600
    with tarfile.open(saved) as tar:
        assert tar.getnames() == ["audit/heads", "database.dump", f"files/{digest}", "backup.json"]

    restored = new.yiwang("restore", str(saved))
    assert (restored["is_restored"], restored["parts"]) == (True, 3)
    assert new.schema() == old.schema()
    assert len(new.schema()) > 1000
    assert new.yiwang("verify")["is_sound"]
    assert (new.data / "audit/heads").read_bytes() == (old.data / "audit/heads").read_bytes()
    kept = list((new.data / "files").rglob(digest))
    assert [path.read_bytes() for path in kept] == [PIXEL]

    assert new.refusal("restore", str(saved)).startswith("There are data in ")
    assert old.refusal("backup", str(saved)) == f"{saved} is there already; choose another name."


def a_backup(
    folder: Path, *, listed: dict[str, str] | None = None, migrations: list[str] | None = None
) -> Path:
    """A small file of the right shape."""
    contents = {
        "format": 1,
        "release": "0.1.0",
        "made_at": "2026-06-01T00:00:00+00:00",
        "migrations": migrations or [],
        "sha256": listed or {"files/aa": "961b6dd3ede3cb8ecbaacbd68de040cd78eb2ed5889130cceb4c49268ea4d506"},
    }
    path = folder / "saved.tar"
    with tarfile.open(path, "w") as tar:
        for name, content in (("files/aa", b"a"), ("backup.json", json.dumps(contents).encode())):
            content = content if name == "backup.json" else b"aa"
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return path


def refused(path: Path) -> str:
    """What is said about a backup that isn't whole."""
    with pytest.raises(Problem) as problem:
        backups.contents_of(path, told=lambda done, whole: None)
    return problem.value.sentence.removeprefix(f"{path} can't be restored: ")


def test_a_whole_backup_is_read_to_its_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    contents = backups.contents_of(a_backup(tmp_path), told=lambda done, whole: told.append((done, whole)))
    assert contents["release"] == "0.1.0"
    assert [whole for _, whole in told] == [(tmp_path / "saved.tar").stat().st_size] * 2


def test_one_altered_byte_is_found(tmp_path: Path) -> None:
    path = a_backup(tmp_path)
    content = bytearray(path.read_bytes())
    content[512] ^= 1
    path.write_bytes(content)
    assert refused(path) == "files/aa isn't what was saved. Use another copy."


def test_a_missing_and_an_unlisted_part_are_found(tmp_path: Path) -> None:
    assert refused(a_backup(tmp_path, listed={"files/bb": "0"})) == (
        "files/aa isn't what was saved. Use another copy."
    )


@pytest.mark.parametrize("content", [b"", b"a" * 5000, b"\0" * 10240])
def test_another_file_is_no_backup(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.tar"
    path.write_bytes(content)
    assert refused(path) in (
        "it is no backup, or it was cut off. Use another copy.",
        "its list is missing. Use another copy.",
    )


def test_a_backup_that_was_cut_off_is_found(tmp_path: Path) -> None:
    path = a_backup(tmp_path)
    path.write_bytes(path.read_bytes()[:1600])
    assert refused(path) == "it is no backup, or it was cut off. Use another copy."


def test_a_backup_of_a_newer_release_is_refused_before_anything_is_touched(tmp_path: Path) -> None:
    contents = backups.contents_of(
        a_backup(tmp_path, migrations=["casework.9999_later"]), told=lambda done, whole: None
    )
    with pytest.raises(Problem) as problem:
        backups.require_known(contents)
    assert problem.value.sentence == (
        "This backup was made by a newer release (0.1.0, it has casework.9999_later); restore it with that release."
    )


def test_migrations_of_this_release_are_known(tmp_path: Path) -> None:
    backups.require_known({"migrations": ["casework.0001_initial", "elsewhere.0001_initial"], "release": "x"})
