"""Writing to the log, and sealing what was written."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from yiwang.kernel.audit.queries import SealedHead, latest_head
from yiwang.kernel.audit.rules import Node
from yiwang.kernel.audit.tree import LOWEST_KEPT, stored_frontier

AWAITED_FOR = timedelta(hours=1)
"""How long a missing id is looked for: longer than any transaction that writes to the log may last."""

_LOCK = 0x61756469
"""Key of the advisory lock under which only one sealer works."""


class PurposeMissing(ValueError):
    """Personal data may be read only for a purpose that is named."""


def record(
    action: str,
    *,
    at: datetime,
    actor: int | None = None,
    unit: int | None = None,
    subject_kind: str = "",
    subject_id: int | None = None,
    purpose: str = "",
    details: Mapping[str, Any] | None = None,
) -> int:
    """Write down that something was done and return the entry's number; one INSERT.

    `action` is a key in the past tense, `actor` the number of an account. Works in the transaction under
    way, so that the deed and its entry stand or fall together. Raises `PurposeMissing` for a `….read`
    without a purpose.
    """
    if action.endswith(".read") and not purpose.strip():
        raise PurposeMissing(action)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (at, actor, actor_unit, action, subject_kind, subject_id, purpose, details)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING id",
            [at, actor, unit, action, subject_kind, subject_id, purpose, json.dumps(dict(details or {}))],
        )
        return int(cursor.fetchone()[0])


def record_read(
    subject_kind: str,
    subject_id: int,
    *,
    at: datetime,
    actor: int | None,
    unit: int | None = None,
    purpose: str,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Write down that somebody read personal data, and what for; one INSERT. Raises `PurposeMissing`."""
    return record(
        f"{subject_kind}.read",
        at=at,
        actor=actor,
        unit=unit,
        subject_kind=subject_kind,
        subject_id=subject_id,
        purpose=purpose,
        details=details,
    )


def seal(*, at: datetime, batch: int = 65_536, notebook: Path | None = None) -> SealedHead | None:
    """Make every committed entry that isn't one yet a leaf of the tree, and return the new head.

    Entries get their position here, not when they are written, so that writers never wait for one another.
    One sealer works at a time; another one returns at once. Returns nothing when there was nothing to
    seal. Each head is also noted in the `notebook` file, outside the database's reach.
    """
    newest = None
    while (head := _seal_batch(at=at, batch=batch)) is not None:
        newest = head
        if notebook is not None:
            note(head, notebook=notebook)
        if head.added < batch:
            break
    return newest


def note(head: SealedHead, *, notebook: Path) -> None:
    """Write a head to the end of a file, one line: size, root, time."""
    notebook.parent.mkdir(parents=True, exist_ok=True)
    with notebook.open("a", encoding="ascii") as file:
        file.write(f"{head.size} {head.root.hex()} {head.sealed_at.isoformat()}\n")


@transaction.atomic
def _seal_batch(*, at: datetime, batch: int) -> SealedHead | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return None
        before = latest_head()
        size, next_id = (before.size, before.next_id) if before else (0, 0)
        rows = _unsealed(cursor, size=size, next_id=next_id, batch=batch)
        if not rows:
            return None
        frontier = stored_frontier(size)
        kept: list[Node] = []
        for _, leaf in rows:
            kept += [node for node in frontier.push(bytes(leaf)) if node.level >= LOWEST_KEPT]
        head = SealedHead(
            size=frontier.size,
            previous_size=size,
            root=frontier.root(),
            sealed_at=at,
            next_id=max(next_id, rows[-1][0] + 1),
        )
        _keep(cursor, head, ids=[row[0] for row in rows], leaves=b"".join(bytes(row[1]) for row in rows))
        cursor.executemany(
            "INSERT INTO audit_node (level, index, hash) VALUES (%s, %s, %s)",
            [(node.level, node.index, node.hash) for node in kept],
        )
    return head


def _unsealed(cursor: CursorWrapper, *, size: int, next_id: int, batch: int) -> list[tuple[int, bytes]]:
    """Ids and leaf hashes of entries that no head holds: first the late ones, then the new ones."""
    cursor.execute(
        """
        SELECT late.id, late.leaf
        FROM (SELECT unnest(awaited) AS ids FROM audit_head WHERE size = %s) AS gap,
        LATERAL (SELECT id, audit_leaf(e) AS leaf FROM audit_entry AS e
                 WHERE id >= lower(gap.ids) AND id < upper(gap.ids) ORDER BY id LIMIT %s) AS late
        ORDER BY late.id LIMIT %s
        """,
        [size, batch, batch],
    )
    rows: list[tuple[int, bytes]] = cursor.fetchall()
    cursor.execute(
        "SELECT id, audit_leaf(e) FROM audit_entry AS e WHERE id >= %s ORDER BY id LIMIT %s",
        [next_id, batch - len(rows)],
    )
    rows += cursor.fetchall()
    return rows


def _keep(cursor: CursorWrapper, head: SealedHead, *, ids: list[int], leaves: bytes) -> None:
    """Write a head; ids passed over are awaited, unless they have been for longer than `AWAITED_FOR`."""
    cursor.execute(
        """
        WITH found AS (
          SELECT range_agg(int8range(id, id + 1)) AS ids FROM unnest(%(ids)s::bigint[]) AS id
        ), before AS (
          SELECT next_id, awaited FROM audit_head WHERE size = %(previous)s
        ), given_up AS (
          SELECT coalesce((SELECT awaited FROM audit_head WHERE sealed_at < %(long_ago)s
                           ORDER BY size DESC LIMIT 1), '{}') AS ids
        )
        INSERT INTO audit_head (size, previous_size, root, sealed_at, ids, leaves, next_id, awaited)
        SELECT %(size)s, %(previous)s, %(root)s, %(at)s, found.ids, %(leaves)s, %(next)s,
               coalesce((SELECT awaited FROM before), '{}') - given_up.ids
               + int8multirange(int8range((SELECT coalesce(max(next_id), 1) FROM before), %(next)s))
               - found.ids
        FROM found, given_up
        """,
        {
            "ids": ids,
            "size": head.size,
            "previous": head.previous_size,
            "root": head.root,
            "at": head.sealed_at,
            "leaves": leaves,
            "next": head.next_id,
            "long_ago": head.sealed_at - AWAITED_FOR,
        },
    )
