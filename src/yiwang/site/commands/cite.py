"""`yiwang cite`: every citation of a statute in a text, and what it means on a day."""

import argparse
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from yiwang.kernel.base.problems import Problem
from yiwang.site import database
from yiwang.site.command import json_flag, report

name = "cite"
help = "find every citation of a statute in a text and say how it stands on a day"
LARGEST = 50_000_000
"""Bytes of a text, and of what a DOCX unpacks to."""
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def arguments(parser: argparse.ArgumentParser) -> None:
    """The text, and the day."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a text, Markdown or DOCX file")
    parser.add_argument(
        "--as-of",
        metavar="DATE",
        type=_day,
        dest="day",
        help="the text's date, as 2024-03-01 (default: today)",
    )
    parser.add_argument("--title", default="", help="the title of the text, where it is itself a statute")
    json_flag(parser)


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{words} is no date; write it as 2024-03-01") from None


def run(options: argparse.Namespace) -> int:
    """Print every citation; 1 when a dead one is among them."""
    text = _text(options.file)
    with database.ready():
        result = _cited(text, options)
    report(result, options=options, lines=lambda: _lines(result))
    return 1 if result["counts"]["dead"] else 0


def _cited(text: str, options: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone, translation

    from yiwang.facilities.lawbook import queries

    day = options.day or timezone.localdate()
    with translation.override("en"):
        rows = [_row(each) for each in queries.citations_of(text, on=day, title=options.title)]
    standings: dict[str, int] = {}
    for row in rows:
        standings[row["standing"]] = standings.get(row["standing"], 0) + 1
    return {
        "file": options.file.name,
        "as_of": day.isoformat(),
        "characters": len(text),
        "counts": {"citations": len(rows), "dead": sum(row["is_dead"] for row in rows), **standings},
        "citations": rows,
    }


def _row(cited: Any) -> dict[str, Any]:
    from yiwang.facilities.lawbook.words import standing_words

    citation, version = cited.citation, cited.version
    place = citation.provision
    return {
        "start": citation.start,
        "end": citation.end,
        "text": cited.text,
        "kind": citation.kind.value,
        "title": citation.title,
        "document_number": citation.number,
        "place": place.eid or place.division,
        "until": citation.until.eid if citation.until else "",
        "standing": cited.bound.standing.value,
        "is_dead": cited.bound.is_dead,
        "sentence": standing_words(cited.bound),
        "work": cited.work.title if cited.work else "",
        "version": str(version.passed_on or "") if version else "",
        "address": cited.url,
    }


def _lines(result: dict[str, Any]) -> list[str]:
    rows = [
        f"{row['start']:>8}–{row['end']:<8} {row['text']}  →  {row['work'] or row['title'] or '–'} "
        f"{row['place']}  {row['sentence']}"
        for row in result["citations"]
    ]
    counts = ", ".join(f"{key.replace('_', ' ')} {count}" for key, count in result["counts"].items())
    return [*rows, f"{counts}; as of {result['as_of']}"]


def _text(file: Path) -> str:
    """The words of a file. Raises `Problem` for what isn't one."""
    try:
        if file.stat().st_size > LARGEST:
            raise Problem(f"{file} is larger than 50 MB.", f"{file} 超过 50 MB。")
        if zipfile.is_zipfile(file):
            return _text_of_word(file)
        return file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Problem(
            f"{file} can't be read: {error.strerror}.", f"无法读取 {file}：{error.strerror}。"
        ) from None
    except UnicodeDecodeError:
        raise Problem(
            f"{file} is neither a DOCX nor a text in UTF-8.", f"{file} 既不是 DOCX，也不是 UTF-8 编码的文本。"
        ) from None


def _text_of_word(file: Path) -> str:
    """The paragraphs of a DOCX, a line each."""
    try:
        with zipfile.ZipFile(file) as archive:
            inside = archive.getinfo("word/document.xml")
            if inside.file_size > LARGEST:
                raise Problem(f"{file} is larger than 50 MB.", f"{file} 超过 50 MB。")
            words = archive.read(inside)
        # Entities could make a small file huge; a word processor writes none.
        if re.search(rb"<!(?:DOCTYPE|ENTITY)", words):
            raise ElementTree.ParseError
        root = ElementTree.fromstring(words)
    except (KeyError, zipfile.BadZipFile, ElementTree.ParseError):
        raise Problem(f"{file} is no sound DOCX.", f"{file} 不是完好的 DOCX 文件。") from None
    paragraphs = root.iter(f"{_WORD}p")
    return "\n".join("".join(run.text or "" for run in each.iter(f"{_WORD}t")) for each in paragraphs)
