"""The tree as the database keeps it: leaf hashes in the heads, larger subtrees as nodes."""

from functools import lru_cache

from django.db import connection

from yiwang.kernel.audit.rules import HASH_SIZE, Frontier, Subtree, frontier_of, root_of

LOWEST_KEPT = 10
"""Subtrees of 2**10 leaves and more are kept as nodes; smaller ones are computed from the leaves."""


class LeafMissing(Exception):
    """The heads don't hold a leaf that a proof needs: the log has been truncated."""


def stored_tree() -> Subtree:
    """Access to the subtrees of the sealed log, remembering the blocks of leaves it has read."""

    @lru_cache(maxsize=8)
    def block(number: int) -> bytes:
        return leaf_hashes(number << LOWEST_KEPT, (number + 1) << LOWEST_KEPT)

    def subtree(level: int, index: int) -> bytes:
        if level >= LOWEST_KEPT:
            return _node(level, index)
        first = (index << level) % (1 << LOWEST_KEPT)
        held = block((index << level) >> LOWEST_KEPT)[HASH_SIZE * first : HASH_SIZE * (first + (1 << level))]
        if len(held) < HASH_SIZE << level:
            raise LeafMissing(index << level)
        return root_of(held[place : place + HASH_SIZE] for place in range(0, len(held), HASH_SIZE))

    return subtree


def stored_frontier(size: int) -> Frontier:
    """The right edge of the sealed log at a size, ready to grow."""
    return frontier_of(size, stored_tree())


def leaf_hashes(first: int, last: int) -> bytes:
    """The leaf hashes from position `first` up to `last`, end to end; fewer when the log is shorter."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT substr(leaves, (32 * (greatest(%(first)s, previous_size) - previous_size))::int + 1,
                          (32 * (least(%(last)s, size) - greatest(%(first)s, previous_size)))::int)
            FROM audit_head WHERE size > %(first)s AND previous_size < %(last)s ORDER BY size
            """,
            {"first": first, "last": last},
        )
        return b"".join(bytes(row[0]) for row in cursor.fetchall())


def _node(level: int, index: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM audit_node WHERE level = %s AND index = %s", [level, index])
        row = cursor.fetchone()
    if row is None:
        raise LeafMissing(index << level)
    return bytes(row[0])
