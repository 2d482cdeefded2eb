"""An import can be the first thing that is done to a data directory that doesn't exist."""

import json
from pathlib import Path

import pytest

from tests.site.test_server import Running, running

__all__ = ["running"]
pytestmark = pytest.mark.server

LINE = {
    "id": 1,
    "author": "A1",
    "title": "路灯不亮",
    "submitted_at": "2019-03-04T08:00:00",
    "text": "一个月没亮了",
}


def test_an_import_makes_tables_and_an_office_where_nothing_is(running: Running, tmp_path: Path) -> None:
    file = tmp_path / "messages.jsonl"
    file.write_text(json.dumps(LINE, ensure_ascii=False) + "\n{\n", encoding="utf-8")
    running.data = running.data.parent / "anew"
    first = running.command("import", "messages", str(file), "--json")
    assert first.returncode == 0, first.stderr
    said = json.loads(first.stdout)
    assert [said[key] for key in ("read", "new", "known", "refused")] == [2, 1, 0, 1]
    assert [error["line"] for error in said["errors"]] == [2]
    again = json.loads(running.command("import", "messages", str(file), "--json").stdout)
    assert [again[key] for key in ("read", "new", "known", "refused")] == [2, 0, 1, 1]
    figures = json.loads(running.command("stats", "petitions", "--year", "2019", "--json").stdout)["figures"]
    assert (figures["received"], figures["answered"], figures["late"]) == (1, 0, 1)
