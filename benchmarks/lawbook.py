"""`python -m benchmarks.lawbook`: loading a folder of laws and finding words in it, each beside the bare limit.

    python -m benchmarks.lawbook --laws /where/the/laws/lie --report

The bare limit of loading is a COPY of the same rows into a table without indexes; that of finding is a LIKE over
every text. The database is an embedded one in `--folder`, emptied of laws before each run.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from yiwang.site import database

REPORT = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance-lawbook.md"
LENGTHS = (2, 3, 4, 6, 8)
EMPTY = "TRUNCATE lawbook_articlechange, lawbook_passage, lawbook_version, lawbook_name, lawbook_work, lawbook_load RESTART IDENTITY"


def main() -> None:
    """Measure and say it; write the page with `--report`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lawbook", description=__doc__.splitlines()[0])
    parser.add_argument("--laws", type=Path, required=True, help="folder, archive or database of laws")
    parser.add_argument("--questions", type=int, default=60, help="questions of each length")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/yiwang-benchmarks/lawbook"))
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.name}")
    options = parser.parse_args()
    os.environ["YIWANG_DATA"] = str(options.folder)
    os.environ.pop("DATABASE_URL", None)
    with database.ready(as_owner=True, is_migrating=True):
        from yiwang.site import upgrade

        upgrade.migrate()
        lines = [*loading(options.laws), "", *finding(options.questions)]
    print("\n".join(lines))
    if options.report:
        REPORT.write_text("\n".join([*HEAD, *lines, ""]), encoding="utf-8")


HEAD = [
    "# Performance of the lawbook",
    "",
    "`python -m benchmarks.lawbook --laws FOLDER --report` measures anew and writes this page.",
    "",
]


def loading(laws: Path) -> list[str]:
    """A whole load from the files to the finished word index, a second one, and the COPY of the same rows."""
    from django.db import connection
    from django.utils import timezone

    from yiwang.facilities.lawbook import actions, reading, sources

    with connection.cursor() as cursor:
        cursor.execute(EMPTY)

    def load() -> actions.Summary:
        with sources.opened(laws) as (_number, texts):
            return actions.load(texts, source=laws.name, at=timezone.now())

    summary, wall, cpu = _timed(load)
    again, wall_again, cpu_again = _timed(load)
    with sources.opened(laws) as (_number, texts):
        readings = [one for one in map(reading.read, texts) if isinstance(one, reading.Reading)]
    rows = [(1, *row) for one in readings for row in actions.passage_rows(one)]

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE bare (LIKE lawbook_passage)")
            cursor.execute(
                "ALTER TABLE bare ALTER COLUMN id DROP NOT NULL, ALTER COLUMN tokens DROP NOT NULL"
            )
            names = "version_id, place, kind, depth, annex, number, branch, heading, text"
            with cursor.copy(f"COPY bare ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute("DROP TABLE bare")

    _, wall_bare, _ = _timed(bare)
    return [
        "## Loading",
        "",
        "| | articles | seconds | articles a second | processor seconds of the program |",
        "|---|---|---|---|---|",
        f"| whole load with the word index | {summary.articles:,} | {wall:.1f} | {summary.articles / wall:,.0f} | {cpu:.1f} |",
        f"| the same again ({again.new + again.changed} written) | {summary.articles:,} | {wall_again:.1f} | "
        f"{summary.articles / wall_again:,.0f} | {cpu_again:.1f} |",
        f"| bare COPY of the {len(rows):,} rows | {summary.articles:,} | {wall_bare:.1f} | {summary.articles / wall_bare:,.0f} | |",
        "",
        f"{summary.read:,} texts read, {summary.refused} not taken, {summary.new} versions of {summary.works} works. "
        "Not taken, by reason: "
        + ", ".join(f"{reason} {count}" for reason, count in sorted(actions.tally(summary.findings).items()))
        + ".",
    ]


def finding(number: int) -> list[str]:
    """Questions cut at random out of the texts: what a search finds, against a LIKE over every text."""
    from django.db import connection

    from yiwang.facilities.lawbook import queries

    chance = random.Random(8)
    with connection.cursor() as cursor:
        cursor.execute("SELECT folded FROM lawbook_passage WHERE char_length(text) > 20 ORDER BY id")
        texts = [text for (text,) in cursor.fetchall()]
    lines = [
        "## Finding",
        "",
        "Every version, thirty hits a page, hits counted to 2,000.",
        "",
        "| characters | questions | p50 ms | p95 ms | LIKE p50 ms | LIKE p95 ms | hits that differ |",
        "|---|---|---|---|---|---|---|",
    ]
    for length in LENGTHS:
        asked = [_cut(chance, texts, length) for _ in range(number)]
        own, bare, differing = [], [], 0
        for words in asked:
            found, wall, _ = _timed(lambda words=words: queries.find(words, on=None))
            count, wall_bare, _ = _timed(lambda words=words: _like(words))
            own.append(wall * 1000)
            bare.append(wall_bare * 1000)
            differing += found.count != min(count, queries.MOST_COUNTED)
        lines.append(
            f"| {length} | {number} | {statistics.median(own):.1f} | {_p95(own):.1f} | {statistics.median(bare):.1f} | "
            f"{_p95(bare):.1f} | {differing} |"
        )
    day = date(2024, 3, 1)
    asked = [_cut(chance, texts, 2) for _ in range(number)]
    times = [_timed(lambda words=words: queries.find(words, on=day))[1] * 1000 for words in asked]
    lines += [
        "",
        f"As of a day, two characters: p50 {statistics.median(times):.1f} ms, p95 {_p95(times):.1f} ms.",
    ]
    return lines


def _cut(chance: random.Random, texts: list[str], length: int) -> str:
    while True:
        text = chance.choice(texts)
        start = chance.randrange(max(1, len(text) - length))
        piece = text[start : start + length]
        if len(piece) == length and not any(one.isspace() for one in piece):
            return piece


def _like(words: str) -> int:
    from django.db import connection

    pattern = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lawbook_passage WHERE folded LIKE %s", [f"%{pattern}%"])
        (count,) = cursor.fetchone()
    return int(count)


Result = TypeVar("Result")


def _timed(work: Callable[[], Result]) -> tuple[Result, float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - began, time.process_time() - cpu


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


if __name__ == "__main__":
    sys.exit(main())
