"""When is a petition a repeat? Same person and same matter: suggested with reasons, decided by a person.

Practice of the petition offices: the same person is one of whom at least one petitioner, representative or
principal is identical (for anonymous accusations: the same accused); the same matter is one whose facts and
claims are basically the same. Between agent and principal the principal decides. The rule speaks of matters;
nobody gets a score.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from yiwang.kernel.base.text import N_

SAME_MATTER = 0.42
"""From this share of common two-character pieces on, two texts are taken for the same matter."""

PERHAPS_SAME_MATTER = 0.22
"""From here on the clerk is asked to look."""

FEWEST_PIECES = 8
"""A text with fewer two-character pieces says too little to be compared: a title of three words fits anything."""

COMPARED = 4000
"""Characters of a text that are compared; what a letter wants stands in them."""

QUOTED = 1200
"""Characters of a text in which common stretches are looked for, to be shown."""

BY_IDENTITY = N_("same identity number")
BY_NAME_AND_PHONE = N_("same name and telephone")
BY_NAME_AND_ADDRESS = N_("same name and address")
BY_PHONE = N_("same telephone, other name")
BY_NAME = N_("same name only")
BY_ACCUSED = N_("same person or unit complained of")
BY_AGENT = N_("same agent, other principal")

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
class NewMatter:
    """What somebody is telling now, complete or not; `people` are petitioners and representatives."""

    title: str = ""
    text: str = ""
    category: str = ""
    people: tuple[Person, ...] = ()
    agents: tuple[Person, ...] = ()
    accused: frozenset[str] = frozenset()

    @cached_property
    def words(self) -> str:
        """Title and text together, as they are compared."""
        return f"{self.title} {self.text}"[:COMPARED]

    @cached_property
    def pieces(self) -> frozenset[str]:
        """The pieces of its words."""
        return pieces(self.words)

    @property
    def is_unsigned(self) -> bool:
        """Whether nobody put a name to it."""
        return not any(person.name for person in (*self.people, *self.agents))


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
    agents: tuple[Person, ...] = ()
    accused: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """Title and text together, as they are compared."""
        return f"{self.title} {self.text}"[:COMPARED]


@dataclass(frozen=True)
class Likeness:
    """Why an earlier petition may be the same: by person, by matter, and how much the two texts share."""

    matter: EarlierMatter
    person_reason: str
    share: float
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
    are_two = bool(one.identity_number and other.identity_number)
    if has_same_name and has_same_phone and not are_two:
        return BY_NAME_AND_PHONE
    if has_same_name and not are_two and one.address and one.address == other.address:
        return BY_NAME_AND_ADDRESS
    if has_same_phone:
        return BY_PHONE
    return BY_NAME if has_same_name else ""


def pieces(text: str) -> frozenset[str]:
    """The two-character pieces of a text, without punctuation."""
    return frozenset(run[start : start + 2] for run in _runs(text) for start in range(max(len(run) - 1, 1)))


def _runs(text: str) -> list[str]:
    """The stretches between punctuation marks and blanks, folded."""
    line = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c if c.isalnum() else " " for c in line).split()


def likeness(new: NewMatter, matter: EarlierMatter) -> Likeness | None:
    """Compare a new petition with an earlier one; nothing when they share no person."""
    reason = _shared_person(new, matter)
    if not reason:
        return None
    theirs = pieces(matter.words)
    shorter = min(len(new.pieces), len(theirs))
    share = len(new.pieces & theirs) / shorter if shorter >= FEWEST_PIECES else 0.0
    has_same_category = bool(new.category) and new.category == matter.category
    return Likeness(matter, reason, share, has_same_category)


def _shared_person(new: NewMatter, matter: EarlierMatter) -> str:
    reason = person_reason(new.people, matter.people)
    if reason in CERTAIN:
        return reason
    if new.is_unsigned and new.accused & matter.accused:
        return BY_ACCUSED
    return reason or (BY_AGENT if person_reason(new.agents, matter.agents) in CERTAIN else "")


def strongest_first(found: Iterable[Likeness]) -> list[Likeness]:
    """Suggested repeats before the rest, the same person before a namesake, the likest text first, then the newest."""
    return sorted(
        found,
        key=lambda one: (
            not one.is_suggested,
            not one.is_same_person,
            -round(one.share, 2),
            -one.matter.case_id,
        ),
    )


def common_stretches(new: NewMatter, matter: EarlierMatter) -> tuple[str, ...]:
    """A few of the longest stretches that both texts share, to be shown to the clerk."""
    return _longest_common(new.words[:QUOTED], matter.words[:COMPARED])


def _longest_common(one: str, other: str, *, most: int = 4) -> tuple[str, ...]:
    theirs = " ".join(_runs(other))
    found: list[str] = []
    for run in _runs(one):
        start = 0
        while start < len(run):
            length = 2
            while start + length <= len(run) and run[start : start + length] in theirs:
                length += 1
            if length > 4:
                found.append(run[start : start + length - 1][:16])
            start += max(length - 1, 1)
    return tuple(sorted(dict.fromkeys(found), key=len, reverse=True)[:most])
