"""Measure the search index beside a plain LIKE, in a database of its own.

    .venv/bin/python -m benchmarks.search --documents 100000 --server "host=… user=…"

Fills that many made-up documents of about 350 characters, checks that every question finds what LIKE finds,
and only then times it. The database is dropped at the end unless `--keep` is given.
"""

import argparse
import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

import psycopg
from psycopg import sql

MIGRATIONS = Path(__file__).resolve().parents[1] / "src/yiwang/kernel/search/migrations"
SCHEMA = ("search.sql", "windows.sql", "joined_windows.sql", "one_pass.sql")
"""In the order in which they came."""
PAGE = "SELECT object_id, at, number FROM search_page(%s, 'case', %s, %s, %s, 50, %s)"
DATABASE = "yiwang_search_benchmark"
BEGINNING = datetime(2019, 1, 1, tzinfo=UTC)
UNITS = 40
PLANTED = {
    "噪音": 0.25,
    "施工噪音": 0.12,
    "月嫂": 0.003,
    "月嫂预约": 0.0029,
    "窨井": 0.0003,
    "窨井移位": 0.0001,
}
EVERYTHING = "true"
A_LARGE_UNIT = (
    "institution_id = 1 AND unit_ids && '{1}' AND NOT excluded_accounts && '{7}' AND NOT is_restricted"
)
A_SMALL_UNIT = (
    "institution_id = 1 AND unit_ids && '{33}' AND NOT excluded_accounts && '{7}' AND NOT is_restricted"
)
SCOPES = {"everything": EVERYTHING, "a unit of 10 %": A_LARGE_UNIT, "a unit of 1 %": A_SMALL_UNIT}
QUESTIONS = {
    "common, 2 characters": "噪音",
    "common, 4 characters": "施工噪音",
    "rare, 2 characters": "月嫂",
    "rare, 4 characters": "月嫂预约",
    "very rare, 2 characters": "窨井",
    "very rare, 4 characters": "窨井移位",
    "one character, common": "噪",
    "one character, rare": "窨",
    "two words": "噪音 月嫂",
    "no hit, 2 characters": "鱻麤",
    "no hit, 4 characters": "施工月嫂",
    "a number": "20190012345",
}


def sentences(dice: random.Random, count: int) -> list[str]:
    """Made-up sentences over 2,500 characters, the frequent ones frequent as in real text."""
    alphabet = [chr(0x4E00 + 8 * place) for place in range(2500)]
    letters = list(accumulate(1 / (rank + 8) for rank in range(2500)))
    lengths = (1, 2, 2, 2, 3, 4)
    words = [
        "".join(dice.choices(alphabet, cum_weights=letters, k=dice.choice(lengths))) for _ in range(30000)
    ]
    ranks = list(accumulate(1 / (rank + 20) for rank in range(len(words))))
    return [
        "".join(dice.choices(words, cum_weights=ranks, k=dice.randint(4, 14))) + dice.choice("，。。！")
        for _ in range(count)
    ]


def documents(count: int) -> Iterator[tuple[object, ...]]:
    """One row for each document: planted words at known rates, units skewed like real ones."""
    dice = random.Random(20)
    stock = sentences(dice, 40000)
    unit_weights = [1 / (rank + 2) ** 1.35 for rank in range(UNITS)]
    for number in range(count):
        parts = dice.choices(stock, k=15)
        for word, rate in PLANTED.items():
            if dice.random() < rate:
                parts.insert(dice.randrange(len(parts)), f"这里有{word}问题，")
        parts.append(f"编号YC-{20190000000 + number}，电话1{dice.randrange(10**10):010d}。")
        unit = dice.choices(range(1, UNITS + 1), unit_weights)[0]
        yield (
            number,
            BEGINNING + timedelta(seconds=97 * number),
            [unit, 100 + unit],
            [7] if number % 50 == 0 else [],
            number % 40 == 0,
            "".join(parts),
        )


def fill(connection: psycopg.Connection, count: int) -> None:
    """Load the documents in bulk and index them afterwards, as the bulk path does."""
    connection.execute("DROP INDEX search_document_tokens, search_document_newest")
    connection.execute(
        "CREATE TEMP TABLE coming (id bigint, at timestamptz, units bigint[], without bigint[], hidden bool, text text)"
    )
    started = time.perf_counter()
    with connection.cursor().copy("COPY coming FROM STDIN") as copy:
        for row in documents(count):
            copy.write_row(row)
    print(f"made in {time.perf_counter() - started:.1f} s", flush=True)
    started = time.perf_counter()
    connection.execute(
        "INSERT INTO search_document (kind, object_id, at, text, unit_ids, institution_id, excluded_accounts, is_restricted)"
        " SELECT 'case', id, at, search_normalise(text), units, 1, without, hidden FROM coming"
    )
    print(f"filled in {time.perf_counter() - started:.1f} s", flush=True)
    started = time.perf_counter()
    connection.execute("SET maintenance_work_mem = '1GB'")
    connection.execute(
        "CREATE INDEX search_document_newest ON search_document (kind, at DESC, object_id DESC)"
    )
    connection.execute(
        "CREATE INDEX search_document_tokens ON search_document USING gin (search_tokens(text), unit_ids)"
        " WITH (fastupdate = on, gin_pending_list_limit = 4096)"
    )
    print(f"indexed in {time.perf_counter() - started:.1f} s", flush=True)
    started = time.perf_counter()
    connection.execute("VACUUM ANALYZE search_document")
    print(f"analysed in {time.perf_counter() - started:.1f} s", flush=True)
    sizes = connection.execute(
        "SELECT pg_size_pretty(pg_table_size('search_document')), pg_size_pretty(pg_relation_size('search_document_tokens')),"
        " (SELECT avg(length(text)) FROM search_document)::int"
    ).fetchone()
    assert sizes
    print(f"table {sizes[0]}, index {sizes[1]}, {sizes[2]} characters a document", flush=True)


def found(connection: psycopg.Connection, question: str, scope: str) -> tuple[list[int], int]:
    """The ids on the first page of hits, and how many there are, counted to one more than a thousand."""
    rows = connection.execute(PAGE, (question, scope, None, None, 1000)).fetchall()
    return [row[0] for row in rows], rows[0][2] if rows else 0


def check(connection: psycopg.Connection, question: str, scope: str) -> tuple[int, float]:
    """Hold the page and the count to LIKE; the number of hits and the seconds that LIKE took."""
    words = question.lower().split()
    condition = " AND ".join("text LIKE %s" for _ in words)
    started = time.perf_counter()
    rows = connection.execute(
        f"SELECT object_id FROM search_document WHERE kind = 'case' AND {condition} AND ({scope})"  # noqa: S608
        " ORDER BY at DESC, object_id DESC",
        [f"%{word}%" for word in words],
    ).fetchall()
    elapsed = time.perf_counter() - started
    expected = [row[0] for row in rows]
    page, number = found(connection, question, scope)
    if page != expected[:50]:
        raise SystemExit(f"search and LIKE differ: {question!r} in {scope!r}")
    if number != min(len(expected), 1001):
        raise SystemExit(f"count and LIKE differ: {question!r} in {scope!r}: {number} for {len(expected)}")
    return len(expected), elapsed


def timings(
    connection: psycopg.Connection, statement: str, values: tuple[object, ...], rounds: int
) -> tuple[float, float]:
    """Median and 95th percentile of a statement, in milliseconds."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        connection.execute(statement, values).fetchall()
        taken.append(1000 * (time.perf_counter() - started))
    taken.sort()
    return statistics.median(taken), taken[int(0.95 * (len(taken) - 1))]


def measure(connection: psycopg.Connection, rounds: int, *, halfway: datetime) -> None:
    """Print one line for each question and scope; the first page comes with its number; `deep` is half-way down."""
    print(
        "| question | scope | hits | LIKE ms | page p50 | page p95 | deep p95 |\n|---|---|--:|--:|--:|--:|--:|"
    )
    for title, question in QUESTIONS.items():
        for scope_title, scope in SCOPES.items():
            hits, like = check(connection, question, scope)
            page = timings(connection, PAGE, (question, scope, None, None, 1000), rounds)
            deep = timings(connection, PAGE, (question, scope, halfway, 0, None), rounds)
            print(
                f"| {title}: {question} | {scope_title} | {hits:,} | {1000 * like:.0f} | {page[0]:.1f} | {page[1]:.1f}"
                f" | {deep[1]:.1f} |",
                flush=True,
            )


def main() -> None:
    """Make the database, fill it, check, measure, drop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument(
        "--server", required=True, help="how to reach a PostgreSQL where a database may be made"
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the filled database and use it the next time"
    )
    options = parser.parse_args()
    with psycopg.connect(options.server, dbname="postgres", autocommit=True) as server:
        is_there = (
            server.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone() is not None
        )
        if not is_there:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(DATABASE)))
    with psycopg.connect(options.server, dbname=DATABASE, autocommit=True) as connection:
        if not is_there:
            for name in SCHEMA:
                connection.execute((MIGRATIONS / name).read_text())
            fill(connection, options.documents)
        measure(
            connection, options.rounds, halfway=BEGINNING + timedelta(seconds=97 * options.documents // 2)
        )
    if not options.keep:
        with psycopg.connect(options.server, dbname="postgres", autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(DATABASE)))


if __name__ == "__main__":
    main()
