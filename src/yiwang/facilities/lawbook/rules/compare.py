"""Two versions side by side, article by article, without the noise of punctuation widths, quotes and spaces."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from typing import TypeVar

Key = TypeVar("Key")

_QUOTES = {
    '"': "“",
    "'": "‘",
    "“": "“",
    "”": "“",
    "‘": "‘",
    "’": "‘",
    "「": "“",
    "」": "“",
    "『": "‘",
    "』": "‘",
}
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
ALIKE = 0.45
"""From which share of common pairs of characters on two articles of one number are the same one, changed."""

SHORTEST_KEPT = 2
"""Characters that must have stayed between two changes to be told as the same."""
REWRITTEN = 0.4
"""Below this share of common characters a text counts as written anew."""


def _plain(character: str) -> str:
    if character in _INVISIBLE or character.isspace():
        return ""
    folded = unicodedata.normalize("NFKC", character)
    return _QUOTES.get(folded, _QUOTES.get(character, folded))


def plain(text: str) -> str:
    """A text without what doesn't count as a change."""
    return "".join(map(_plain, text))


def _placed(text: str) -> tuple[str, list[int]]:
    folded, places = [], []
    for place, character in enumerate(text):
        for one in _plain(character):
            folded.append(one)
            places.append(place)
    return "".join(folded), places


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text and whether only this side has it."""

    text: str
    is_changed: bool


def marked(before: str, after: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut into pieces, those marked that the other side doesn't have."""
    (old, old_places), (new, new_places) = _placed(before), _placed(after)
    gone, come = bytearray(len(before)), bytearray(len(after))
    for a, b, c, d in _different(old, new):
        for place in old_places[a:b]:
            gone[place] = 1
        for place in new_places[c:d]:
            come[place] = 1
    return _cut(before, gone), _cut(after, come)


def _different(old: str, new: str) -> Iterator[tuple[int, int, int, int]]:
    """The stretches in which two texts differ; nobody can read a change around a single character that stayed."""
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    same = sum(b - a for tag, a, b, _, _ in steps if tag == "equal")
    if old and new and 2 * same < REWRITTEN * (len(old) + len(new)):
        yield 0, len(old), 0, len(new)
        return
    for index, (tag, a, b, c, d) in enumerate(steps):
        if tag != "equal" or (b - a < SHORTEST_KEPT and 0 < index < len(steps) - 1):
            yield a, b, c, d


def _cut(text: str, flags: bytearray) -> list[Piece]:
    found, begin = [], 0
    for place in range(1, len(text) + 1):
        if place == len(text) or flags[place] != flags[begin]:
            found.append(Piece(text[begin:place], bool(flags[begin])))
            begin = place
    return found


class Change(StrEnum):
    """What became of an article."""

    SAME = "same"
    CHANGED = "changed"
    RENUMBERED = "renumbered"
    ADDED = "added"
    REMOVED = "removed"


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(zip(text, text[1:], strict=False))


def _alike(old: str, new: str) -> float:
    """The share of common pairs of neighbouring characters."""
    pairs_old, pairs_new = _pairs(old), _pairs(new)
    return 2 * len(pairs_old & pairs_new) / max(1, len(pairs_old) + len(pairs_new))


def paired(
    before: Mapping[Key, str], after: Mapping[Key, str]
) -> list[tuple[Key | None, Key | None, Change]]:
    """Which article of the old text is which of the new one, in the order of the new text.

    The number decides. Only where the text under a number is quite another one, and its old text stands under a
    new number, has it been renumbered. What was removed stands where it was.
    """
    old_plain = {key: plain(text) for key, text in before.items()}
    new_plain = {key: plain(text) for key, text in after.items()}
    partner: dict[Key, tuple[Key, Change]] = {}
    taken: set[Key] = set()
    for key, text in new_plain.items():
        if key in old_plain and old_plain[key] == text:
            partner[key] = (key, Change.SAME)
            taken.add(key)
    by_text: dict[str, list[Key]] = {}
    for key, text in old_plain.items():
        if key not in taken:
            by_text.setdefault(text, []).append(key)
    for key, text in new_plain.items():
        if key not in partner and len(by_text.get(text, ())) == 1:
            (old,) = by_text.pop(text)
            partner[key] = (old, Change.RENUMBERED)
            taken.add(old)
    for key, text in new_plain.items():
        if (
            key not in partner
            and key in old_plain
            and key not in taken
            and _alike(old_plain[key], text) >= ALIKE
        ):
            partner[key] = (key, Change.CHANGED)
            taken.add(key)
    _by_likeness(old_plain, new_plain, partner, taken)
    return _in_order(list(before), list(after), partner, taken)


def _by_likeness(
    old: Mapping[Key, str], new: Mapping[Key, str], partner: dict[Key, tuple[Key, Change]], taken: set[Key]
) -> None:
    """An article that was renumbered and changed at once: the most alike of those left, if alike enough."""
    left = [key for key in old if key not in taken]
    for key, text in new.items():
        if key in partner or not left:
            continue
        best = max(left, key=lambda one: _alike(old[one], text))
        if _alike(old[best], text) >= ALIKE + 0.15:
            partner[key] = (best, Change.CHANGED)
            taken.add(best)
            left.remove(best)


def _in_order(
    old: Sequence[Key], new: Sequence[Key], partner: dict[Key, tuple[Key, Change]], taken: set[Key]
) -> list[tuple[Key | None, Key | None, Change]]:
    found: list[tuple[Key | None, Key | None, Change]] = []
    waiting = [key for key in old if key not in taken]
    position = {key: place for place, key in enumerate(old)}
    for key in new:
        match = partner.get(key)
        if match is None:
            found.append((None, key, Change.ADDED))
            continue
        while waiting and position[waiting[0]] < position[match[0]]:
            found.append((waiting.pop(0), None, Change.REMOVED))
        found.append((match[0], key, match[1]))
    found += [(key, None, Change.REMOVED) for key in waiting]
    return found
