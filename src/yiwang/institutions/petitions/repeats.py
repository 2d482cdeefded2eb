"""When is a petition a repeat? Same person and same matter: suggested with reasons, decided by a person.

Practice of the petition offices: the same person is one of whom at least one petitioner, representative or
principal is identical (for anonymous accusations: the same accused); the same matter is one whose facts and
claims are basically the same. The rule speaks of matters; nobody gets a score.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from yiwang.kernel.base.text import N_, fold

SAME_MATTER = 0.42
"""From this share of common two-character pieces on, two texts are taken for the same matter."""

PERHAPS_SAME_MATTER = 0.22
"""From here on the clerk is asked to look."""

BY_IDENTITY = N_("same identity number")
BY_NAME_AND_PHONE = N_("same name and telephone")
BY_NAME_AND_ADDRESS = N_("same name and address")
BY_PHONE = N_("same telephone, other name")
BY_NAME = N_("same name only")
BY_ACCUSED = N_("same person or unit complained of")

CERTAIN = frozenset({BY_IDENTITY, BY_NAME_AND_PHONE, BY_NAME_AND_ADDRESS, BY_ACCUSED})
"""Reasons that make two petitioners the same person for the rule; the others are only shown."""


@dataclass(frozen=True)
class Person:
    """What tells one petitioner from another; all folded for comparison."""

    name: str = ""
    phone: str = ""
    identity_number: str = ""
    address: str = ""


@dataclass(frozen=True)
class EarlierMatter:
    """An earlier petition that shares a person with the new one."""

    case_id: int
    number: str
    title: str
    text: str
    category: str
    received_on: date
    state: str
    people: tuple[Person, ...]
    accused: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Likeness:
    """Why an earlier petition may be the same: by person, by matter, and what the two texts share."""

    matter: EarlierMatter
    person_reason: str
    share: float
    common: tuple[str, ...]
    has_same_category: bool

    @property
    def is_same_person(self) -> bool:
        """Whether the rule takes the petitioners for the same."""
        return self.person_reason in CERTAIN

    @property
    def is_suggested(self) -> bool:
        """Whether the rule takes it for a repeat petition; a person decides."""
        threshold = PERHAPS_SAME_MATTER if self.has_same_category else SAME_MATTER
        return self.is_same_person and self.share >= threshold

    @property
    def percent(self) -> int:
        """The share of common pieces in whole per cent."""
        return round(self.share * 100)


def person_reason(new: Sequence[Person], earlier: Sequence[Person]) -> str:
    """The strongest reason why one of the new petitioners is one of the earlier; empty when none is."""
    found = {_reason(one, other) for one in new for other in earlier}
    order = (BY_IDENTITY, BY_NAME_AND_PHONE, BY_NAME_AND_ADDRESS, BY_PHONE, BY_NAME)
    return next((reason for reason in order if reason in found), "")


def _reason(one: Person, other: Person) -> str:
    if one.identity_number and one.identity_number == other.identity_number:
        return BY_IDENTITY
    has_same_name = bool(one.name) and one.name == other.name
    has_same_phone = bool(one.phone) and one.phone == other.phone
    if has_same_name and has_same_phone:
        return BY_NAME_AND_PHONE
    if has_same_name and one.address and one.address == other.address:
        return BY_NAME_AND_ADDRESS
    if has_same_phone:
        return BY_PHONE
    return BY_NAME if has_same_name else ""


def pieces(text: str) -> frozenset[str]:
    """The two-character pieces of a text, without punctuation."""
    letters = "".join(c if c.isalnum() else " " for c in fold(text))
    return frozenset(
        word[start : start + 2] for word in letters.split() for start in range(max(len(word) - 1, 1))
    )


def likeness(
    *,
    title: str,
    text: str,
    category: str,
    people: Sequence[Person],
    accused: Iterable[str],
    matter: EarlierMatter,
) -> Likeness | None:
    """Compare a new petition with an earlier one; nothing when they share no person."""
    reason = person_reason(people, matter.people)
    if reason not in CERTAIN and frozenset(accused) & matter.accused and not any(p.name for p in people):
        reason = BY_ACCUSED
    if not reason:
        return None
    mine, theirs = pieces(f"{title} {text}"), pieces(f"{matter.title} {matter.text}")
    common = mine & theirs
    share = len(common) / min(len(mine), len(theirs)) if mine and theirs else 0.0
    return Likeness(
        matter=matter,
        person_reason=reason,
        share=share,
        common=_longest_common(f"{title} {text}", f"{matter.title} {matter.text}"),
        has_same_category=bool(category) and category == matter.category,
    )


def _longest_common(one: str, other: str, *, most: int = 4) -> tuple[str, ...]:
    """A few of the longest stretches that both texts share, to be shown to the clerk."""
    folded = fold(other)
    found: list[str] = []
    line = fold(one)
    start = 0
    while start < len(line):
        length = 2
        while start + length <= len(line) and line[start : start + length] in folded:
            length += 1
        stretch = line[start : start + length - 1]
        if len(stretch) >= 4 and stretch.isalnum():
            found.append(stretch[:16])
        start += max(length - 1, 1)
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True)[:most])
