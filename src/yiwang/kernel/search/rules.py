"""Questions, scopes and the marking of hits; pure, without a database."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

LONGEST_QUESTION = 1000
"""Characters; a longer question is refused, never cut."""


class QuestionTooLong(ValueError):
    """The question has more characters than are looked for."""


@dataclass(frozen=True)
class Scope:
    """Which documents a person may find: a condition over the columns of `search_document`.

    `where` is SQL and goes into the query as it stands. Build it with the class methods, which take only
    numbers; or write it in a module's `policies`, never from what somebody typed.
    """

    where: str

    @classmethod
    def everything(cls) -> "Scope":
        """Every document; for checks and jobs."""
        return cls("true")

    @classmethod
    def nothing(cls) -> "Scope":
        """No document."""
        return cls("false")

    @classmethod
    def of(
        cls,
        *,
        units: Iterable[int] = (),
        institutions: Iterable[int] = (),
        accounts: Iterable[int] = (),
        member_units: Iterable[int] = (),
        restricted_units: Iterable[int] = (),
    ) -> "Scope":
        """What somebody finds who sees these units and institutions.

        `member_units` and `accounts` are held against the document's exclusions. A restricted document is
        found only by way of `restricted_units`.
        """
        ways = []
        unit_list, institution_list = _numbers(units), _numbers(institutions)
        if unit_list:
            ways.append(f"unit_ids && {_array(unit_list)}")
        if institution_list:
            ways.append(f"institution_id = ANY ({_array(institution_list)})")
        if not ways:
            return cls.nothing()
        conditions = [ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"]
        members, restricted = _numbers(member_units), _numbers(restricted_units)
        if members:
            conditions.append(f"NOT excluded_units && {_array(members)}")
        if account_list := _numbers(accounts):
            conditions.append(f"NOT excluded_accounts && {_array(account_list)}")
        if restricted:
            conditions.append(f"(NOT is_restricted OR unit_ids && {_array(restricted)})")
        else:
            conditions.append("NOT is_restricted")
        return cls(" AND ".join(conditions))

    def __and__(self, other: "Scope") -> "Scope":
        """Only what both scopes let through."""
        return Scope(f"({self.where}) AND ({other.where})")

    def __or__(self, other: "Scope") -> "Scope":
        """What either scope lets through."""
        return Scope(f"({self.where}) OR ({other.where})")


@dataclass(frozen=True)
class Segment:
    """A piece of text to show, and whether it's what was looked for."""

    text: str
    is_hit: bool


_NOT_KEEPABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_CONTROL_TO_BLANK = dict.fromkeys([*range(0x00, 0x09), *range(0x0E, 0x20), *range(0x7F, 0xA0)], " ")


def keepable(text: str) -> str:
    """Text that PostgreSQL can hold and parts as Python does.

    Control characters become blanks (PostgreSQL takes none at all of NUL, and doesn't part words at the
    newer ones), an unpaired surrogate the replacement character.
    """
    if not _NOT_KEEPABLE.search(text):
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.translate(_CONTROL_TO_BLANK)


def question(text: str) -> str:
    """A question as the database is asked it. Raises `QuestionTooLong`."""
    if len(text) > LONGEST_QUESTION:
        raise QuestionTooLong(len(text))
    return keepable(text)


def words_of(text: str) -> list[str]:
    """The words of a question, folded like the texts."""
    folded, _ = _folded(keepable(text))
    return sorted(set(folded.split()), key=lambda word: (-len(word), word))


def marked(text: str, words: Iterable[str], *, width: int | None = None) -> list[Segment]:
    """A text cut into segments, with every place where one of the words stands marked as a hit.

    With a `width` only about so many characters around a hit are returned, the first one that is written just as
    it was asked for or else the first, an ellipsis standing for what was left out. Segments are text, not HTML:
    the template escapes them.
    """
    text = keepable(text)
    if width is not None and len(text) > width:
        words = list(words)
        return _cutting(text, words, width=width)
    is_marked = _marks(text, words)
    return _segments(text, is_marked, 0, len(text))


def _cutting(text: str, words: Sequence[str], *, width: int) -> list[Segment]:
    """About so many characters around a hit, a quarter of them before it."""
    written = [place for word in words if word and (place := text.find(word)) >= 0]
    if not written:
        is_marked = _marks(text, words)
        first = _start(is_marked.find(1), len(text), width=width)
        return _segments(text, is_marked, first, first + width)
    # Folding a whole text costs more than all the rest; around a hit that is found without it a little is enough.
    first = _start(min(written), len(text), width=width)
    longest = max(map(len, words))
    begin, end = max(0, first - longest), min(len(text), first + width + longest)
    is_marked = bytearray(len(text))
    is_marked[begin:end] = _marks(text[begin:end], words)
    return _segments(text, is_marked, first, first + width)


def _start(hit: int, length: int, *, width: int) -> int:
    return max(0, min(hit - width // 4, length - width))


def _marks(text: str, words: Iterable[str]) -> bytearray:
    """For each character whether it belongs to one of the words."""
    folded, places = _folded(text)
    is_marked = bytearray(len(text))
    for word in words:
        start = folded.find(word) if word else -1
        while start >= 0:
            for place in range(places[start], places[start + len(word) - 1] + 1):
                is_marked[place] = 1
            start = folded.find(word, start + 1)
    return is_marked


def _segments(text: str, is_marked: bytearray, first: int, last: int) -> list[Segment]:
    """The stretch of a text in pieces, each a hit or none."""
    segments: list[Segment] = []
    begin = first
    while begin < last:
        other = is_marked.find(0 if is_marked[begin] else 1, begin, last)
        end = other if other >= 0 else last
        segments.append(Segment(text[begin:end], bool(is_marked[begin])))
        begin = end
    if first > 0:
        segments.insert(0, Segment("…", is_hit=False))
    if last < len(text):
        segments.append(Segment("…", is_hit=False))
    return segments


class _Folding(dict[int, str]):
    """Each character in NFKC and small letters, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        piece = unicodedata.normalize("NFKC", chr(code)).lower()
        if len(self) < MOST_CHARACTERS_KEPT:
            self[code] = piece
        return piece


MOST_CHARACTERS_KEPT = 20_000
_FOLDING = _Folding()


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """The text character by character in NFKC and small letters, and where each came from."""
    folded = text.translate(_FOLDING)
    if len(folded) == len(text):  # no piece is empty, so each is one character
        return folded, range(len(text))
    places: list[int] = []
    for place, character in enumerate(text):
        places.extend([place] * len(_FOLDING[ord(character)]))
    return folded, places


def _numbers(ids: Iterable[int]) -> list[int]:
    return sorted({int(number) for number in ids})


def _array(numbers: list[int]) -> str:
    return "'{" + ",".join(map(str, numbers)) + "}'::bigint[]"
