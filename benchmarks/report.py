"""The page `docs/reference/performance.md`: method, table, and which aims were reached."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

REPORT = Path(__file__).resolve().parents[1] / "docs/reference/performance.md"

METHOD = """# Performance

Written by `python -m benchmarks --report` on {day}; nothing here is typed by hand.

Two cores, 24 GiB, PostgreSQL 18 from the package index with its log flushed at every commit. The pages are served as
`yiwang run` serves them (granian in WSGI mode, two workers of two threads). Beside them, on the same database and the
same kind of server, stands a bare Django project (`benchmarks/bare/`): the middleware and database sessions of
`startproject`, tables of its own with the same texts, no checks, no clocks, no log, no search index. Load comes from
`wrk` on the same two cores; product and bare project are measured in turn. Every answer is looked at for a word that
it must bear before it is timed. Everybody is signed in; the clerk of the petition office may see nearly every case.

A round lasts a few seconds; other work ran on the same two cores at the same time (load average up to {load:.0f}), so
absolute figures are low and the spread is wide. Ratios to the bare views of the same run say more: read differences
under a third as equal.

`yiwang demo --cases N` fills a county of N matters over three years, with 6.5 entries and 3.7 letters each; every
fiftieth has a journal of fifteen entries. Registering is the clerk's form at the counter, with clocks, letter, sealed
journal, log and search index.
"""


def written(results: list[dict[str, Any]]) -> str:
    """The whole page from the results of all sizes."""
    head = METHOD.format(day=results[-1]["on"], load=max(one["load"] for one in results))
    return "\n".join(
        [head, *_table(results), "", *_floors(results), "", *_memory(results), "", *_aims(results)]
    )


def _table(results: list[dict[str, Any]]) -> Iterator[str]:
    clients = list(next(iter(results[0]["figures"].values())))
    yield "## What was measured"
    yield ""
    yield (
        "Requests a second, then p50 / p95 in milliseconds; the last column is the ratio to the bare view with"
        " 8 clients."
    )
    yield ""
    yield f"| | cases | {' | '.join(f'{c} client' + ('s' if c != '1' else '') for c in clients)} | of the bare |"
    yield "|---|--:|" + "--:|" * (len(clients) + 1)
    for key, found in _labels(results).items():
        for result in results:
            figures = result["figures"].get(key)
            if figures is None:
                continue
            cells = [
                f"{f['rate']:,.0f}/s · {f['p50']:.1f} / {f['p95']:.1f}"
                + (f" · {f['errors']} errors" if f["errors"] else "")
                for f in (figures[c] for c in clients)
            ]
            label = result["labels"].get(key, found)
            yield f"| {label} | {result['size']:,} | {' | '.join(cells)} | {_ratio_words(result, key)} |"


def _labels(results: list[dict[str, Any]]) -> dict[str, str]:
    return {key: label for result in reversed(results) for key, label in result["labels"].items()}


def ratio(result: dict[str, Any], key: str, *, clients: str = "8") -> float | None:
    """Requests a second as a part of those of the bare view in the same run."""
    limit = result["limits"].get(key)
    figures = result["figures"]
    if not limit or limit not in figures or key not in figures or clients not in figures[key]:
        return None
    return float(figures[key][clients]["rate"]) / float(figures[limit][clients]["rate"])


def _ratio_words(result: dict[str, Any], key: str) -> str:
    found = ratio(result, key)
    return "" if found is None else f"{found:.0%}"


def _floors(results: list[dict[str, Any]]) -> Iterator[str]:
    names = {
        "sql_row": "one row",
        "sql_page": "a case with its history",
        "sql_list": "a list of fifty with its count",
        "sql_insert": "an insertion",
    }
    yield "The bare project's statements straight in PostgreSQL, one connection by psycopg, p50 / p95 in milliseconds:"
    yield ""
    yield f"| cases | {' | '.join(names.values())} |"
    yield "|--:|" + "--:|" * len(names)
    for result in results:
        cells = [f"{result['floors'][k]['p50']:.2f} / {result['floors'][k]['p95']:.2f}" for k in names]
        yield f"| {result['size']:,} | {' | '.join(cells)} |"


def _memory(results: list[dict[str, Any]]) -> Iterator[str]:
    yield "| cases | filled in | memory at rest | after the load | bare project | a million clocks replayed |"
    yield "|--:|--:|--:|--:|--:|--:|"
    for result in results:
        clocks = result["clocks"]
        per_million = f"{clocks['seconds'] / clocks['clocks'] * 1e6:.0f} s" if clocks else ""
        many = clocks and clocks["clocks"] >= 100_000
        yield (
            f"| {result['size']:,} | {result['filled'].get('seconds', 0):,.0f} s | {result['at_rest'][0]:.0f} MiB"
            f" | {result['after'][0]:.0f} MiB | {result['after'][1]:.0f} MiB | {per_million if many else ''} |"
        )
    yield ""
    yield "Memory is what all processes of the product really use (PSS) beside PostgreSQL, the background worker included."


def _aims(results: list[dict[str, Any]]) -> Iterator[str]:
    yield "## Aims"
    yield ""
    yield "| aim | found | |"
    yield "|---|---|---|"
    for aim, found, is_reached in _judged(results):
        yield f"| {aim} | {found} | {'reached' if is_reached else 'not reached'} |"


def _judged(results: list[dict[str, Any]]) -> Iterator[tuple[str, str, bool]]:
    for key, words, least in (
        ("register", "registering: 40 % of the bare insertion", 0.40),
        ("case", "case page: 54 % of the bare page", 0.54),
        ("list", "list: 65 % of the bare list", 0.65),
    ):
        found = [one for one in (ratio(result, key) for result in results) if one is not None]
        yield words, ", ".join(f"{one:.0%}" for one in found), bool(found) and min(found) >= least
    small, large = results[0], results[-1]
    for key, words in (("register", "registering"), ("case", "case page"), ("list", "list")):
        times = [result["figures"][key]["1"]["p50"] for result in (small, large)]
        grown = times[1] / times[0]
        yield f"{words}: {large['size']:,} at most 1.2 times {small['size']:,}", f"{grown:.2f}", grown <= 1.2
    deep = max(
        result["figures"]["list_deep"]["1"]["p50"] / result["figures"]["list"]["1"]["p50"]
        for result in results
    )
    yield "deep page at most 1.2 times the first", f"{deep:.2f}", deep <= 1.2
    for prefix, words, most in (
        ("search_rare", "search for a rare word: p95 50 ms", 50),
        ("search_common", "search for a common word: p95 50 ms", 50),
        ("search_none", "search without a hit: p95 20 ms", 20),
    ):
        slowest = max(
            f["1"]["p95"] for result in results for k, f in result["figures"].items() if k.startswith(prefix)
        )
        yield f"{words}, one client", f"{slowest:.0f} ms", slowest <= most
    month = max(result["figures"]["month"]["1"]["p50"] for result in results)
    yield "month's statistics: 20 ms, one client", f"{month:.0f} ms", month <= 20
    rest = max(result["at_rest"][0] for result in results)
    yield "memory at rest: 180 MiB", f"{rest:.0f} MiB", rest <= 180
    if "32" in large["figures"]["case"]:
        errors = sum(f["32"]["errors"] for result in results for f in result["figures"].values())
        spread = max(
            f["32"]["p95"] / f["32"]["p50"]
            for result in results
            for k, f in result["figures"].items()
            if not k.startswith(("bare", "nothing")) and f["32"]["p50"]
        )
        unanswered = sum(not f["32"]["p50"] for result in results for f in result["figures"].values())
        if unanswered:
            yield "32 clients: every operation answered within its round", f"{unanswered} not", False
        yield "32 clients: no error", str(errors), errors == 0
        yield "32 clients: p95 at most 3 times p50", f"{spread:.1f}", spread <= 3
    clocks = large["clocks"]
    if clocks:
        seconds = clocks["seconds"] / clocks["clocks"] * 1e6
        yield "a million clocks replayed in 60 s", f"{seconds:.0f} s", seconds <= 60
