"""Recomputing the whole log and saying exactly what is wrong with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from yiwang.kernel.audit.rules import HASH_SIZE, Frontier
from yiwang.kernel.audit.tree import LOWEST_KEPT

MOST_FINDINGS = 200
"""Findings listed in full; beyond them only the number is kept."""

Progress = Callable[[int, int], None]
"""Called with how much is done and how much there is."""


@dataclass(frozen=True)
class Finding:
    """One thing that isn't as it was sealed: a key for programs, a sentence for people."""

    kind: str
    sentence: str
    entry_id: int | None = None
    position: int | None = None
    size: int | None = None


@dataclass
class Verification:
    """The result of a check: what was looked at, and what was found."""

    entries: int = 0
    heads: int = 0
    unsealed: int = 0
    size: int = 0
    root: str = ""
    sealed_at: datetime | None = None
    findings: list[Finding] = field(default_factory=list)
    found: int = 0
    checks: dict[str, int] = field(default_factory=dict)

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return self.found == 0

    def add(self, finding: Finding) -> None:
        """Take up a finding; only the first ones are kept in full."""
        self.found += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


Check = Callable[[Progress | None], Iterator[Finding]]

_checks: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """Let a module above add a check of its own to `verify`, such as the chain of each case's journal."""
    _checks[name] = check


def verify(progress: Progress | None = None, *, notebook: Path | None = None) -> Verification:
    """Recompute every leaf, node and head from the entries and compare; reads the log once, as a stream.

    `notebook` is the file outside the database in which the heads were noted: a log cut off together with
    its last heads is found by it. Memory doesn't grow with the log.
    """
    result = Verification()
    with transaction.atomic():
        _verify_heads(result, progress)
        _verify_rest(result)
    if notebook is not None:
        _verify_notebook(result, notebook)
    for name, check in _checks.items():
        before = result.found
        for finding in check(progress):
            result.add(finding)
        result.checks[name] = result.found - before
    return result


def _verify_heads(result: Verification, progress: Progress | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(size), 0), count(*) FROM audit_head")
        total, result.heads = cursor.fetchone()
    frontier = Frontier()
    previous = 0
    for head in _stream(
        "SELECT size, previous_size, root, sealed_at, leaves FROM audit_head ORDER BY size", [], page=20
    ):
        size, claimed_previous, root, sealed_at, leaves = head
        if claimed_previous != previous:
            result.add(
                Finding(
                    "head_missing",
                    f"A sealing between sizes {previous} and {size} has been removed.",
                    position=previous,
                    size=size,
                )
            )
            frontier = Frontier()  # nothing above the gap can be computed any more
        is_gapless = frontier.size == claimed_previous
        _verify_head(result, size, bytes(leaves), frontier)
        if is_gapless and frontier.root() != bytes(root):
            result.add(
                Finding(
                    "head_forged",
                    f"The root sealed at size {size} isn't the root of the leaves that stand before it.",
                    size=size,
                )
            )
        previous = size
        result.size, result.root, result.sealed_at = size, bytes(root).hex(), sealed_at
        if progress is not None:
            progress(size, total)


def _verify_head(result: Verification, size: int, leaves: bytes, frontier: Frontier) -> None:
    """Hold the entries of one sealing to its leaves, then let the tree grow by those leaves."""
    kept = _kept_nodes(size - len(leaves) // HASH_SIZE, size)
    rows = _stream(
        """
        SELECT wanted.id, e.id IS NULL, CASE WHEN e.id IS NOT NULL THEN audit_leaf(e) END
        FROM audit_head AS h, unnest(h.ids) AS run,
             generate_series(lower(run), upper(run) - 1) AS wanted (id)
        LEFT JOIN audit_entry AS e ON e.id = wanted.id
        WHERE h.size = %s ORDER BY wanted.id
        """,
        [size],
        page=5000,
    )
    position = size - len(leaves) // HASH_SIZE
    start = position
    for entry_id, is_missing, leaf in rows:
        place = HASH_SIZE * (position - start)
        sealed = leaves[place : place + HASH_SIZE]
        if is_missing:
            result.add(
                Finding(
                    "entry_missing",
                    f"Entry {entry_id}, sealed at position {position}, has been removed.",
                    entry_id=entry_id,
                    position=position,
                )
            )
        elif bytes(leaf) != sealed:
            result.add(
                Finding(
                    "entry_altered",
                    f"Entry {entry_id}, sealed at position {position}, has been altered since.",
                    entry_id=entry_id,
                    position=position,
                )
            )
        result.entries += 0 if is_missing else 1
        position += 1
    if position != size:
        result.add(
            Finding(
                "head_forged",
                f"The sealing at size {size} names {position - start} entries but holds {size - start} leaves.",
                size=size,
            )
        )
    for place in range(0, len(leaves), HASH_SIZE):
        for node in frontier.push(leaves[place : place + HASH_SIZE]):
            if (
                node.level >= LOWEST_KEPT
                and frontier.size
                and kept.get((node.level, node.index)) != node.hash
            ):
                result.add(
                    Finding(
                        "node_forged",
                        f"The node {node.index} of level {node.level} isn't the hash of its leaves.",
                        position=node.index << node.level,
                    )
                )


def _kept_nodes(first: int, last: int) -> dict[tuple[int, int], bytes]:
    """The nodes that were completed by the leaves from `first` up to `last`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT level, index, hash FROM audit_node"
            " WHERE (index + 1) << level > %s AND (index + 1) << level <= %s",
            [first, last],
        )
        return {(level, index): bytes(hash_) for level, index, hash_ in cursor.fetchall()}


def _verify_rest(result: Verification) -> None:
    """Entries that no sealing holds: new ones are counted, old ones and those sealed twice are findings."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT e.id, e.id < (SELECT max(next_id) FROM audit_head)
                         AND NOT e.id <@ (SELECT awaited FROM audit_head ORDER BY size DESC LIMIT 1)
            FROM audit_entry AS e
            WHERE NOT e.id <@ (SELECT coalesce(range_agg(ids), '{}') FROM audit_head) ORDER BY e.id
            """
        )
        for entry_id, is_left_behind in cursor:
            result.unsealed += 1
            if is_left_behind:
                result.add(
                    Finding(
                        "entry_left_behind",
                        f"Entry {entry_id} was written long after its number was given out, or slipped in.",
                        entry_id=entry_id,
                    )
                )
        cursor.execute(
            """
            SELECT a.size, b.size FROM audit_head AS a JOIN audit_head AS b ON a.size < b.size AND a.ids && b.ids
            """
        )
        for one, other in cursor.fetchall():
            result.add(
                Finding(
                    "sealed_twice",
                    f"The sealings at sizes {one} and {other} hold the same entry.",
                    size=other,
                )
            )


def _verify_notebook(result: Verification, notebook: Path) -> None:
    """Every head that was noted outside the database must still stand in it."""
    if not notebook.exists():
        return
    with notebook.open(encoding="ascii", errors="replace") as file, connection.cursor() as cursor:
        for number, line in enumerate(file, start=1):
            words = line.split()
            if not line.endswith("\n") or len(words) != 3 or not words[0].isdigit():
                continue  # a line cut short by a crash says nothing
            cursor.execute("SELECT encode(root, 'hex') FROM audit_head WHERE size = %s", [int(words[0])])
            row = cursor.fetchone()
            if row is None:
                result.add(
                    Finding(
                        "truncated",
                        f"The sealing at size {words[0]} was noted outside (line {number}) and is gone.",
                        size=int(words[0]),
                    )
                )
            elif row[0] != words[1]:
                result.add(
                    Finding(
                        "head_forged",
                        f"The sealing at size {words[0]} has another root than was noted outside (line {number}).",
                        size=int(words[0]),
                    )
                )


def _stream(query: str, values: list[Any], *, page: int) -> Iterator[tuple[Any, ...]]:
    """Rows of a query through a cursor of the server, a page at a time; inside a transaction."""
    with connection.connection.cursor(name=f"verify_{id(values)}") as cursor:
        cursor.itersize = page
        cursor.execute(query, values)
        yield from cursor
