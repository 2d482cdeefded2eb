"""The transfer package: there and back again without a difference, and every damage named."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
from django.db import connection

from tests.builders import NOON, a_county
from tests.facilities.archive.test_archive import numbered
from yiwang.facilities.archive import actions, package
from yiwang.facilities.archive.models import FileUnit, Fonds
from yiwang.facilities.archive.package import writing
from yiwang.facilities.archive.queries import for_package
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.base.problems import Problem
from yiwang.kernel.files.storage import storage

pytestmark = pytest.mark.django_db
TABLES = ("archive_filepart", "archive_hold", "archive_fileunit", "archive_itemcounter", "archive_fonds")


@pytest.fixture
def fonds() -> Fonds:
    """A fonds with two numbered file units."""
    county = a_county()
    found = actions.found_fonds(county.unit("office"), number="J001", by=SYSTEM, at=NOON)
    numbered(county, found)
    numbered(county, found, at=NOON - timedelta(days=80), title="路灯<不亮>&\u2028第二行")
    return found


def written(fonds: Fonds, to: Path) -> Path:
    with acting_as_system():
        package.write(fonds, for_package(fonds), to=to, at=NOON)
    return to


def contents(root: Path) -> dict[str, bytes]:
    """Every file of a package by its name."""
    if root.suffix == ".zip":
        with zipfile.ZipFile(root) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["package", "package.zip"])
def test_there_and_back_again_is_the_same_to_the_last_byte(
    name: str, fonds: Fonds, tmp_path: Path, as_owner: Callable[[], AbstractContextManager[None]]
) -> None:
    first, unit = written(fonds, tmp_path / name), fonds.unit
    verdict = package.verify(first)
    assert (verdict.is_sound, verdict.units) == (True, 2)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        cursor.execute("SET LOCAL session_replication_role = origin")
    with acting_as_system():
        assert FileUnit.objects.count() == 0
        assert package.load(first, unit=unit, at=NOON) == (2, 0)
        assert package.load(first, unit=None, at=NOON) == (0, 2)
        again = written(Fonds.objects.get(), tmp_path / f"again-{name}")
    assert contents(again) == contents(first)
    if first.suffix == ".zip":
        assert again.read_bytes() == first.read_bytes()


def test_it_isn_t_taken_over_what_says_something_else(fonds: Fonds, tmp_path: Path) -> None:
    made = written(fonds, tmp_path / "package")
    with acting_as_system():
        FileUnit.objects.filter(item_number=1).update(remark="别的")
        with pytest.raises(Problem, match="says something else"):
            package.load(made, unit=None, at=NOON)


def a_blob(made: Path) -> Path:
    return sorted((made / "bytes").rglob("*/*"))[0]


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _metadata(made: Path) -> Path:
    return sorted(made.glob("units/*/metadata.json"))[0]


DAMAGES: dict[str, tuple[Callable[[Path], object], tuple[str, str]]] = {
    "a changed byte": (lambda made: _flip(a_blob(made)), ("authenticity", "altered")),
    "a missing file": (lambda made: a_blob(made).unlink(), ("integrity", "missing")),
    "a file too many": (lambda made: (made / "bytes/x").write_bytes(b"x"), ("authenticity", "unlisted")),
    "changed metadata": (lambda made: _flip(_metadata(made)), ("authenticity", "altered")),
    "a broken manifest": (
        lambda made: (made / "manifest.json").write_text("{"),
        ("integrity", "unreadable"),
    ),
    "no manifest": (lambda made: (made / "manifest.json").unlink(), ("integrity", "unreadable")),
    "no seal": (lambda made: (made / "manifest.sha256").unlink(), ("authenticity", "seal")),
    "a rewritten manifest": (
        lambda made: (made / "manifest.json").write_text(
            (made / "manifest.json").read_text().replace("信访局", "信坊局")
        ),
        ("authenticity", "seal"),
    ),
    "a manifest of a later version": (
        lambda made: (made / "manifest.json").write_text(
            (made / "manifest.json").read_text().replace('"version": 1', '"version": 9')
        ),
        ("usability", "format"),
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_every_damage_is_named(damage: str, fonds: Fonds, tmp_path: Path) -> None:
    made = written(fonds, tmp_path / "package")
    spoil, expected = DAMAGES[damage]
    spoil(made)
    verdict = package.verify(made)
    assert expected in {(one.property, one.kind) for one in verdict.findings}
    assert not verdict.as_json()["is_sound"]
    assert all(one.sentence and one.chinese for one in verdict.findings)


def test_a_path_that_leads_out_is_refused(fonds: Fonds, tmp_path: Path) -> None:
    made = written(fonds, tmp_path / "package")
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["files"].append({"path": "../outside", "size": 1, "blake3": "", "sha256": ""})
    (made / "manifest.json").write_text(json.dumps(manifest))
    assert ("safety", "path") in {(one.property, one.kind) for one in package.verify(made).findings}


def test_neither_folder_nor_zip(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"no zip")
    for path in (tmp_path / "x.zip", tmp_path / "nowhere", tmp_path):
        assert [one.kind for one in package.verify(path).findings] == ["unreadable"]


def test_nothing_stays_when_the_disk_is_full(
    fonds: Fonds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: IO[bytes]) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_settle", full)
    for name in ("package", "package.zip"):
        with pytest.raises(OSError, match="No space"):
            written(fonds, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_altered_in_the_store_isnt_handed_over(fonds: Fonds, tmp_path: Path) -> None:
    with acting_as_system():
        digest = for_package(fonds)[0].parts.all()[0].digest
    path = storage().path(digest)
    kept = path.read_bytes()
    try:
        _flip(path)
        with pytest.raises(Problem, match="was altered"):
            written(fonds, tmp_path / "package")
        path.unlink()
        with pytest.raises(Problem, match="is missing"):
            written(fonds, tmp_path / "package")
    finally:
        path.write_bytes(kept)
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, sys
from pathlib import Path
beside = Path(sys.argv[1])
beside.mkdir()
(beside / "manifest.json").write_text("{")
os.kill(os.getpid(), 9)
"""


def test_what_a_killed_export_left_is_taken_away_by_the_next(fonds: Fonds, tmp_path: Path) -> None:
    beside = tmp_path / ".package.unfinished"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(beside)], check=False)
    assert (killed.returncode, beside.exists()) == (-signal.SIGKILL, True)
    assert not (tmp_path / "package").exists()
    made = written(fonds, tmp_path / "package")
    assert package.verify(made).is_sound
    assert os.listdir(tmp_path) == ["package"]
    with pytest.raises(Problem, match="exists already"):
        written(fonds, made)
