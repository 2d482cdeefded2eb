"""A great many matters at once: lives told by several processes and copied in one transaction.

The tables hold what the one door would have written: journals with their chain of digests, the log's entry
for each line, chains of custody, clocks, people, letters with their numbers, and the search index.
"""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from multiprocessing.pool import AsyncResult
from typing import Any

from django.db import connection, connections, transaction
from django.utils import timezone

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.audit.actions import seal
from yiwang.kernel.audit.notebook import heads_noted
from yiwang.kernel.base.problems import Problem
from yiwang.kernel.calendar.queries import in_database
from yiwang.kernel.casework.models import Case, JournalEntry, LetterCounter
from yiwang.kernel.casework.registry import case_type_on
from yiwang.kernel.casework.terms import term_settings
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import forget_tree, tree
from yiwang.kernel.people.models import Account
from yiwang.kernel.search.actions import bulk_load
from yiwang.site.demo.bulk_lives import Ground
from yiwang.site.demo.bulk_rows import COLUMNS, Chunk, LetterKey, Writer
from yiwang.site.demo.bulk_words import MORE_UNITS
from yiwang.site.demo.county import UNITS
from yiwang.site.demo.people import employ, populate

CHUNK = 500
AHEAD = 3
"""Chunks that each process may be ahead of the loading, which bounds the memory."""

Told = Callable[[str, int, int], None]
"""Hears what is being done, how much of it, and how much there is."""


@dataclass(frozen=True)
class Filled:
    """How much was brought in."""

    cases: int
    entries: int
    letters: int


def fill_many(*, number: int, at: datetime, seed: int = 8, processes: int = 2, told: Told) -> Filled:
    """Bring `number` matters of the three years before `at` into the demo county, all or none of them.

    Works as the owner of the tables, on an empty database or on one that holds the demo county. Locks the
    tables of casework while it works. Raises `Problem` where there are units of a real county.
    """
    with acting_as_system():
        found_more(at=at)
        ground = ground_of(number=number, at=at, seed=seed)
    # The processes must not inherit an open connection.
    connections.close_all()
    pool = multiprocessing.get_context("fork").Pool(processes, _begin, [ground])
    with pool, acting_as_system():
        filled = load(ground, _chunks(pool, number, ahead=AHEAD * processes), told=told)
        _tidy(told)
        told("sealing the log", 0, filled.entries)
        seal(at=timezone.now(), notebook=heads_noted())
    return filled


def found_more(*, at: datetime) -> None:
    """Found the county if nothing is there, and the further departments if they aren't."""
    known = set(Unit.objects.values_list("code", flat=True))
    wanted = {unit.code for unit in UNITS}
    if known and not (wanted <= known <= wanted | {unit.code for unit in MORE_UNITS}):
        raise Problem(
            "This database holds units that aren't the demo county's; invented matters are not mixed in.",
            "这个数据库里有演示县以外的单位,不填充虚构的事项。",
        )
    with transaction.atomic():
        if not known:
            populate(at=at)
        employ((unit for unit in MORE_UNITS if unit.code not in known), at=at)
    forget_tree()


def ground_of(*, number: int, at: datetime, seed: int) -> Ground:
    """What lives in the demo county stand on, as it is in the database now."""
    units = {unit.code: unit for unit in Unit.objects.filter(valid_until_on=None)}
    clerks = dict(Account.objects.values_list("username", "pk"))
    codes = [unit.code for unit in (*UNITS, *MORE_UNITS) if unit.code in units]
    handling = [c for c in codes if units[c].kind in (UnitKind.DEPARTMENT, UnitKind.TOWNSHIP) and c in clerks]
    return Ground(
        units={code: unit.pk for code, unit in units.items()},
        clerks=clerks,
        tree=tree(),
        departments=tuple(handling),
        townships=tuple(c for c in handling if units[c].kind == UnitKind.TOWNSHIP),
        places=tuple(c for c in codes if units[c].kind == UnitKind.VILLAGE),
        case_type=case_type_on("petition", at.date()),
        calendar=in_database(),
        settings=term_settings("petition"),
        end_at=at,
        first_id=(Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1,
        number=number,
        seed=seed,
    )


_writer: Writer | None = None


def _begin(ground: Ground) -> None:
    global _writer  # one for each process, told once
    _writer = Writer(ground)


def _chunk(numbers: range) -> Chunk:
    assert _writer is not None
    return _writer.chunk(numbers)


def load(ground: Ground, chunks: Iterable[Chunk], *, told: Told) -> Filled:
    """Copy chunks of lives into the tables in one transaction, with all that the triggers would have written.

    Works as the owner of the tables. Where most of the cases are new, indexes are built anew at the end.
    """
    writer = Writer(ground)
    numbered: Counter[LetterKey] = Counter(
        {(c.unit_id, c.mark, c.year): c.last for c in LetterCounter.objects.all()}
    )
    cases = entries = letters = 0
    with ExitStack() as stack:
        stack.enter_context(transaction.atomic())
        is_large = ground.number >= 5000 and ground.number * 2 > ground.first_id
        if is_large:
            stack.enter_context(bulk_load())
            stack.enter_context(_without_indexes(told))
        stack.enter_context(_without_triggers(JournalEntry._meta.db_table))
        for chunk in chunks:
            _copy(chunk, writer, numbered)
            cases, entries, letters = (
                cases + chunk.lives,
                entries + chunk.entries,
                letters + len(chunk.letters),
            )
            told("matters", cases, ground.number)
        _finish(ground, numbered)
    return Filled(cases, entries, letters)


def _chunks(pool: Any, number: int, *, ahead: int) -> Iterator[Chunk]:
    """The chunks in order; only a few are told ahead."""
    ranges = (range(start, min(start + CHUNK, number)) for start in range(0, number, CHUNK))
    waiting: list[AsyncResult[Chunk]] = [pool.apply_async(_chunk, [one]) for one in islice(ranges, ahead)]
    while waiting:
        chunk = waiting.pop(0).get()
        waiting += [pool.apply_async(_chunk, [one]) for one in islice(ranges, 1)]
        yield chunk


def _copy(chunk: Chunk, writer: Writer, numbered: Counter[LetterKey]) -> None:
    letters = chunk.lines["casework_letter"]
    for key, begin, end in chunk.letters:
        if key is None:
            letters.append(begin)
            continue
        numbered[key] += 1
        letters.append(f"{begin}{writer.number_of(key, numbered[key])}{end}")
    for table, lines in chunk.lines.items():
        names = ", ".join(COLUMNS[table])
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            copy.write("\n".join([*lines, ""]))


def _finish(ground: Ground, numbered: Counter[LetterKey]) -> None:
    """The numbers given so far, and the log's entry for every line of the new journals."""
    LetterCounter.objects.bulk_create(
        (
            LetterCounter(unit_id=u, mark=mark, year=year, last=last)
            for (u, mark, year), last in numbered.items()
        ),
        update_conflicts=True,
        unique_fields=["unit", "mark", "year"],
        update_fields=["last"],
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('casework_case', 'id'), %s)",
            [ground.first_id + ground.number - 1],
        )
        # What the journal's trigger writes for each line, in the same words.
        cursor.execute(
            """
            INSERT INTO audit_entry (at, actor, actor_unit, action, subject_kind, subject_id, details)
            SELECT clock_timestamp(), account_id, unit_id, 'journal.appended', 'case', case_id,
                   jsonb_build_object('entry', number, 'digest', encode(digest, 'hex'))
            FROM casework_journalentry WHERE case_id >= %s
            """,
            [ground.first_id],
        )


@contextmanager
def _without_triggers(table: str) -> Iterator[None]:
    """Leave out a table's triggers; what they write must be written otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come can't be altered
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@contextmanager
def _without_indexes(told: Told) -> Iterator[None]:
    """Build the indexes and check the references once at the end instead of at every row."""
    tables = [table for table in COLUMNS if table != "search_document"] + ["audit_entry"]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
                   format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                          pg_get_constraintdef(oid))
            FROM pg_constraint WHERE conrelid = ANY (%(tables)s::regclass[]) AND contype IN ('u', 'f')
            ORDER BY contype DESC
            """,
            {"tables": tables},
        )
        constraints = cursor.fetchall()
        cursor.execute(
            """
            SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
            FROM pg_index WHERE indrelid = ANY (%(tables)s::regclass[])
              AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
            """,
            {"tables": tables},
        )
        indexes = cursor.fetchall()
        _run(cursor, [drop for drop, _ in (*constraints, *indexes)])
        yield
        cursor.execute("SELECT set_config('maintenance_work_mem', '512MB', true)")
        rebuilt = [make for _, make in (*indexes, *constraints)]
        for place, make in enumerate(rebuilt):
            told("indexes", place, len(rebuilt))
            cursor.execute(make)
        told("word index", 0, 1)


def _run(cursor: Any, statements: Iterable[str]) -> None:
    for statement in statements:
        cursor.execute(statement)


def _tidy(told: Told) -> None:
    """Let the planner know what is there, and index-only scans skip the tables."""
    tables = [*COLUMNS, "audit_entry"]
    with connection.cursor() as cursor:
        for place, table in enumerate(tables):
            told("vacuum", place, len(tables))
            cursor.execute(f"VACUUM (ANALYZE) {table}")
