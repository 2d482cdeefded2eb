"""The Merkle tree of RFC 6962, pure: hashes, roots, proofs and their verification.

A tree is given by a function `subtree(level, index)` that returns the hash of the complete subtree over the
leaves `index << level` up to `(index + 1) << level`. Proofs ask for about log2(size) of them.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

Subtree = Callable[[int, int], bytes]


@dataclass(frozen=True)
class Node:
    """The hash of a complete subtree: 2**level leaves beginning at index * 2**level."""

    level: int
    index: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf; the prefix keeps it from ever being taken for an inner node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


@dataclass
class Frontier:
    """A tree that grows at its right edge, remembered by its peaks: one hash for each bit of its size."""

    size: int = 0
    peaks: list[bytes] = field(default_factory=list)

    def push(self, leaf: bytes) -> list[Node]:
        """Add one leaf hash; return the inner nodes that it completed, the lowest first."""
        completed: list[Node] = []
        hash_, level, bits = leaf, 0, self.size
        while bits & 1:
            hash_ = node_hash(self.peaks.pop(), hash_)
            level += 1
            bits >>= 1
            completed.append(Node(level, bits, hash_))
        self.peaks.append(hash_)
        self.size += 1
        return completed

    def root(self) -> bytes:
        """The root over everything pushed so far."""
        if not self.peaks:
            return EMPTY_ROOT
        hash_ = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            hash_ = node_hash(peak, hash_)
        return hash_


def frontier_of(size: int, subtree: Subtree) -> Frontier:
    """The frontier of a tree of this size that is kept somewhere."""
    peaks = []
    start = 0
    for level in range(size.bit_length() - 1, -1, -1):
        if size >> level & 1:
            peaks.append(subtree(level, start >> level))
            start += 1 << level
    return Frontier(size, peaks)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.push(leaf)
    return frontier.root()


def inclusion_proof(position: int, size: int, subtree: Subtree) -> list[bytes]:
    """The hashes that lead from the leaf at `position` to the root over the first `size` leaves.

    Raises `IndexError` when there is no such leaf.
    """
    if not 0 <= position < size:
        raise IndexError(position)
    path: list[bytes] = []
    first, last = 0, size
    while last - first > 1:
        middle = first + _split(last - first)
        if position < middle:
            path.append(_hash_over(middle, last, subtree))
            last = middle
        else:
            path.append(_hash_over(first, middle, subtree))
            first = middle
    return path[::-1]


def consistency_proof(older: int, newer: int, subtree: Subtree) -> list[bytes]:
    """The hashes that show that the first `older` leaves still stand in the tree of `newer` leaves.

    Raises `IndexError` when the older tree is empty or larger than the newer one.
    """
    if not 0 < older <= newer:
        raise IndexError(older)
    path: list[bytes] = []
    first, last, is_whole = 0, newer, True
    while older < last:
        middle = first + _split(last - first)
        if older <= middle:
            path.append(_hash_over(middle, last, subtree))
            last = middle
        else:
            path.append(_hash_over(first, middle, subtree))
            first, is_whole = middle, False
    if not is_whole:
        path.append(_hash_over(first, last, subtree))
    return path[::-1]


def is_included(leaf: bytes, position: int, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof leads from a leaf hash at a position to the root of a tree of this size."""
    if not 0 <= position < size:
        return False
    here, last, hash_ = position, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            hash_ = node_hash(step, hash_)
            while not here & 1 and here:
                here >>= 1
                last >>= 1
        else:
            hash_ = node_hash(hash_, step)
        here >>= 1
        last >>= 1
    return last == 0 and hash_ == root


def is_consistent(
    older: int, older_root: bytes, newer: int, newer_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a proof shows that nothing in the older tree was changed or removed in the newer one."""
    if not 0 < older <= newer:
        return False
    if older == newer:
        return not proof and older_root == newer_root
    steps = list(proof)
    if older & (older - 1) == 0:
        steps.insert(0, older_root)
    if not steps:
        return False
    here, last = older - 1, newer - 1
    while here & 1:
        here >>= 1
        last >>= 1
    old_hash = new_hash = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            old_hash, new_hash = node_hash(step, old_hash), node_hash(step, new_hash)
            while not here & 1 and here:
                here >>= 1
                last >>= 1
        else:
            new_hash = node_hash(new_hash, step)
        here >>= 1
        last >>= 1
    return last == 0 and old_hash == older_root and new_hash == newer_root


def _split(size: int) -> int:
    """The largest power of two below a size of two or more."""
    return 1 << ((size - 1).bit_length() - 1)


def _hash_over(first: int, last: int, subtree: Subtree) -> bytes:
    """The hash over the leaves from `first` up to `last`; `first` is where a subtree begins."""
    size = last - first
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return subtree(level, first >> level)
    middle = first + _split(size)
    return node_hash(_hash_over(first, middle, subtree), _hash_over(middle, last, subtree))
