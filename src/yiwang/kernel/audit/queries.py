"""Reading the log: its head, proofs for those who want to check, and pages for the auditor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from yiwang.kernel.audit.models import Entry
from yiwang.kernel.audit.rules import consistency_proof, inclusion_proof
from yiwang.kernel.audit.tree import stored_tree


@dataclass(frozen=True)
class SealedHead:
    """The tree at one sealing: its size and root are what a receipt carries."""

    size: int
    previous_size: int
    root: bytes
    sealed_at: datetime
    next_id: int

    @property
    def added(self) -> int:
        """How many entries this sealing added."""
        return self.size - self.previous_size


@dataclass(frozen=True)
class Inclusion:
    """What somebody needs to check, without us, that an entry stands in the log."""

    line: str
    position: int
    size: int
    root: bytes
    proof: list[bytes]

    def as_json(self) -> dict[str, Any]:
        """The same for `offline.py` and for receipts; hashes in hexadecimal."""
        return {
            "kind": "inclusion",
            "line": self.line,
            "position": self.position,
            "size": self.size,
            "root": self.root.hex(),
            "proof": [step.hex() for step in self.proof],
        }


@dataclass(frozen=True)
class Consistency:
    """What somebody needs to check that an earlier head still stands in a later one."""

    older: int
    older_root: bytes
    newer: int
    newer_root: bytes
    proof: list[bytes]

    def as_json(self) -> dict[str, Any]:
        """The same for `offline.py`; hashes in hexadecimal."""
        return {
            "kind": "consistency",
            "older": self.older,
            "older_root": self.older_root.hex(),
            "newer": self.newer,
            "newer_root": self.newer_root.hex(),
            "proof": [step.hex() for step in self.proof],
        }


@dataclass(frozen=True)
class Looked:
    """What an auditor looks for; nothing set means everything."""

    actor: int | None = None
    action: str = ""
    subject_kind: str = ""
    subject_id: int | None = None
    on: date | None = None


def latest_head() -> SealedHead | None:
    """The newest sealing, or nothing when nothing has been sealed yet; one query."""
    return _head("ORDER BY size DESC LIMIT 1", [])


def head_at(size: int) -> SealedHead | None:
    """The sealing after which the tree had this size; one query."""
    return _head("WHERE size = %s", [size])


def position_of(entry_id: int) -> int | None:
    """The place of an entry in the tree, or nothing while it isn't sealed; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT previous_size + (
                SELECT sum(least(upper(run), %(id)s) - lower(run)) FROM unnest(ids) AS run WHERE lower(run) <= %(id)s)
            FROM audit_head WHERE ids @> %(id)s::bigint
            """,
            {"id": entry_id},
        )
        row = cursor.fetchone()
    return None if row is None else int(row[0])


def inclusion(entry_id: int, *, size: int | None = None) -> Inclusion | None:
    """The proof that an entry stands in the tree of a head (the newest one unless a size is given).

    Nothing while the entry isn't sealed. Raises `IndexError` when that head is older than the entry.
    """
    position = position_of(entry_id)
    head = latest_head() if size is None else head_at(size)
    if position is None or head is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_line(e) FROM audit_entry AS e WHERE id = %s", [entry_id])
        row = cursor.fetchone()
    if row is None:
        return None
    proof = inclusion_proof(position, head.size, stored_tree())
    return Inclusion(row[0], position, head.size, head.root, proof)


def consistency(older: int, newer: int | None = None) -> Consistency | None:
    """The proof that the head of an older size still stands in a newer one (the newest unless given).

    Nothing when there is no such head. Raises `IndexError` when `older` is the larger one.
    """
    first, second = head_at(older), latest_head() if newer is None else head_at(newer)
    if first is None or second is None:
        return None
    proof = consistency_proof(first.size, second.size, stored_tree())
    return Consistency(first.size, first.root, second.size, second.root, proof)


def entries(
    looked: Looked, *, before: int | None = None, after: int | None = None, limit: int = 50
) -> Sequence[Entry]:
    """A page of entries, newest first; one query.

    `before` asks for those older than the entry of this number, `after` for the next newer ones.
    """
    rows = Entry.objects.order_by("-id" if after is None else "id")
    if looked.actor is not None:
        rows = rows.filter(actor=looked.actor)
    if looked.action:
        rows = rows.filter(action=looked.action)
    if looked.subject_kind:
        rows = rows.filter(subject_kind=looked.subject_kind)
    if looked.subject_id is not None:
        rows = rows.filter(subject_id=looked.subject_id)
    if looked.on is not None:
        begins = timezone.make_aware(datetime.combine(looked.on, time.min))
        rows = rows.filter(at__gte=begins, at__lt=begins + timedelta(days=1))
    if before is not None:
        rows = rows.filter(id__lt=before)
    if after is not None:
        return list(rows.filter(id__gt=after)[:limit])[::-1]
    return list(rows[:limit])


def _head(condition: str, values: list[Any]) -> SealedHead | None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT size, previous_size, root, sealed_at, next_id FROM audit_head {condition}",  # noqa: S608
            values,
        )
        row = cursor.fetchone()
    return None if row is None else SealedHead(row[0], row[1], bytes(row[2]), row[3], row[4])
