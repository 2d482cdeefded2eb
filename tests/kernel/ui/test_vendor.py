"""The vendored files are exactly those that the manifest names."""

import hashlib
import json
from pathlib import Path

from yiwang.kernel.ui.icons import DRAWINGS

FOLDER = DRAWINGS.parent
MANIFEST = json.loads((FOLDER / "MANIFEST.json").read_text(encoding="utf-8"))


def test_every_file_has_the_hash_of_the_manifest():
    found = {
        entry["file"]: hashlib.sha256((FOLDER / entry["file"]).read_bytes()).hexdigest() for entry in MANIFEST
    }
    assert found == {entry["file"]: entry["sha256"] for entry in MANIFEST}


def test_nothing_lies_there_that_the_manifest_does_not_name():
    assert {path.name for path in FOLDER.iterdir()} == {entry["file"] for entry in MANIFEST} | {
        "MANIFEST.json"
    }


def test_every_entry_names_its_version_licence_and_source():
    for entry in MANIFEST:
        assert sorted(entry) == ["file", "licence", "name", "sha256", "source", "version"]
        assert all(entry.values())


def test_nothing_vendored_asks_the_network_for_a_map():
    for path in Path(FOLDER).glob("*.js"):
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8")
