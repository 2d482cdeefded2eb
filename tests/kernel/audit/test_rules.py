"""The tree against RFC 6962's own recursive definition, and against every small forgery."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.audit.rules import (
    EMPTY_ROOT,
    Frontier,
    Node,
    consistency_proof,
    frontier_of,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    root_of,
)

SIZES = range(1, 40)


def naive_root(data: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, word for word."""
    if not data:
        return sha256(b"").digest()
    if len(data) == 1:
        return sha256(b"\x00" + data[0]).digest()
    k = 1
    while k * 2 < len(data):
        k *= 2
    return sha256(b"\x01" + naive_root(data[:k]) + naive_root(data[k:])).digest()


def entries(size: int) -> list[bytes]:
    return [f"entry {number}".encode() for number in range(size)]


def hashes(data: list[bytes]) -> list[bytes]:
    return [leaf_hash(each) for each in data]


def subtrees(data: list[bytes]):  # type: ignore[no-untyped-def]
    return lambda level, index: naive_root(data[index << level : (index + 1) << level])


def test_the_known_roots_of_the_certificate_transparency_project() -> None:
    data = [
        bytes.fromhex(text)
        for text in (
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        )
    ]
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert (
        root_of(hashes(data[:1])).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    )
    assert (
        root_of(hashes(data[:3])).hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    )
    assert root_of(hashes(data)).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_growing_root_is_the_recursive_one(data: list[bytes]) -> None:
    assert root_of(hashes(data)) == naive_root(data)


@given(st.integers(0, 80), st.integers(0, 80))
def test_a_frontier_taken_up_again_grows_into_the_same_tree(kept: int, added: int) -> None:
    data = entries(kept + added)
    frontier = frontier_of(kept, subtrees(data[:kept]))
    for leaf in hashes(data[kept:]):
        frontier.push(leaf)
    assert (frontier.size, frontier.root()) == (kept + added, naive_root(data))


def test_a_push_tells_the_nodes_that_it_completed() -> None:
    data = entries(8)
    frontier = Frontier()
    completed = [frontier.push(leaf) for leaf in hashes(data)]
    assert [[(node.level, node.index) for node in nodes] for nodes in completed] == [
        [],
        [(1, 0)],
        [],
        [(1, 1), (2, 0)],
        [],
        [(1, 2)],
        [],
        [(1, 3), (2, 1), (3, 0)],
    ]
    assert completed[3] == [Node(1, 1, naive_root(data[2:4])), Node(2, 0, naive_root(data[:4]))]


def test_every_leaf_of_every_small_tree_is_proven() -> None:
    failures = []
    for size in SIZES:
        data = entries(size)
        for position in range(size):
            proof = inclusion_proof(position, size, subtrees(data))
            if not is_included(leaf_hash(data[position]), position, size, naive_root(data), proof):
                failures.append((size, position))
    assert failures == []


def test_a_proof_holds_for_its_leaf_place_size_and_root_only() -> None:
    wrongly_accepted = []
    for size in range(2, 20):
        data = entries(size)
        root = naive_root(data)
        for position in range(size):
            leaf = leaf_hash(data[position])
            proof = inclusion_proof(position, size, subtrees(data))
            forged = [proof[:-1], [*proof, b"\x00" * 32], [*proof[:-1], b"\x00" * 32], proof[::-1]]
            attempts = [
                (leaf_hash(b"altered"), position, size, root, proof),
                (leaf, position, size, naive_root(data[:-1]), proof),
                *((leaf, other, size, root, proof) for other in range(-1, size + 1) if other != position),
                *((leaf, position, size, root, each) for each in forged if each != proof),
            ]
            wrongly_accepted += [attempt for attempt in attempts if is_included(*attempt)]
    assert wrongly_accepted == []


def test_every_older_tree_is_proven_to_stand_in_every_newer_one() -> None:
    failures = []
    for newer in SIZES:
        data = entries(newer)
        for older in range(1, newer + 1):
            proof = consistency_proof(older, newer, subtrees(data))
            if not is_consistent(older, naive_root(data[:older]), newer, naive_root(data), proof):
                failures.append((older, newer))
    assert failures == []


@given(st.integers(2, 40), st.data())
def test_an_altered_removed_or_exchanged_leaf_breaks_consistency(size: int, draw: st.DataObject) -> None:
    data = entries(size)
    older = draw.draw(st.integers(1, size - 1))
    place = draw.draw(st.integers(0, older - 1))
    altered = [*data[:place], b"altered", *data[place + 1 :]]
    removed = [*data[:place], *data[place + 1 :], b"filled up"]
    exchanged = data.copy()
    exchanged[place], exchanged[-1] = exchanged[-1], exchanged[place]
    verdicts = [
        is_consistent(
            older,
            naive_root(data[:older]),
            size,
            naive_root(forged),
            consistency_proof(older, size, subtrees(forged)),
        )
        for forged in (altered, removed, exchanged)
    ]
    assert verdicts == [False, False, False]


def test_a_truncated_tree_has_no_proof() -> None:
    data = entries(5)
    with pytest.raises(IndexError):
        consistency_proof(6, 5, subtrees(data))
    with pytest.raises(IndexError):
        inclusion_proof(5, 5, subtrees(data))
    assert not is_consistent(6, naive_root(entries(6)), 5, naive_root(data), [])
    assert not is_consistent(0, EMPTY_ROOT, 5, naive_root(data), [])


def test_a_tree_is_consistent_with_itself_only() -> None:
    root = naive_root(entries(4))
    assert is_consistent(4, root, 4, root, [])
    assert not is_consistent(4, root, 4, naive_root(entries(5)), [])
    assert not is_consistent(4, root, 4, root, [root])
