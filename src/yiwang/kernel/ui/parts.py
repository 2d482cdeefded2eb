"""What pages hand to components: small frozen records without any look of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Link:
    """A word that leads somewhere, perhaps with how many things are there."""

    label: Words
    url: str
    is_current: bool = False
    count: int | None = None
    lang: str = ""


@dataclass(frozen=True)
class NewsLine:
    """What stands in one calm line at the top of every page: its words, where they lead, how it is set aside."""

    words: Words
    url: str
    must_be_read: bool = False
    more: int = 0
    more_url: str = ""
    noted_url: str = ""
    noted_as: str = ""


@dataclass(frozen=True)
class Fact:
    """One line of a description list; `url` makes the value a link."""

    label: Words
    value: object
    url: str = ""


@dataclass(frozen=True)
class Moment:
    """One line of a journal: when, who, what, and the words that were written."""

    at: datetime
    who: Words
    what: Words
    holder: Words = ""
    words: str = ""
    links: Sequence[Link] = ()


@dataclass(frozen=True)
class Stretch:
    """The moments while one unit held the matter."""

    holder: Words
    moments: tuple[Moment, ...]
    is_here: bool = False

    @property
    def from_at(self) -> datetime:
        """When this holder's first moment was."""
        return self.moments[0].at


def stretches(moments: Iterable[Moment]) -> list[Stretch]:
    """Gather consecutive moments by their holder, in the order given; the last stretch is where it is now."""
    groups = [
        (holder, tuple(group)) for holder, group in groupby(moments, key=lambda moment: str(moment.holder))
    ]
    last = len(groups) - 1
    return [Stretch(holder, group, is_here=place == last) for place, (holder, group) in enumerate(groups)]


@dataclass(frozen=True)
class Hop:
    """One link in the chain of custody."""

    unit: Words
    number: str = ""
    from_on: date | None = None
    to_on: date | None = None
    state: str = "none"
    state_words: Words = ""
    is_here: bool = False


@dataclass(frozen=True)
class Day:
    """One day of a "why this date": how it was counted, and why if it wasn't.

    `kind` is one of start, counted, skipped, suspended, extended, due.
    """

    on: date
    kind: str
    note: Words = ""


@dataclass(frozen=True)
class Bar:
    """One value of a chart, with its word and perhaps the rows it opens."""

    label: Words
    value: float
    url: str = ""
    words: Words = ""
    """The value as people read it; the plain number when empty."""


@dataclass(frozen=True)
class File:
    """A file as a list shows it."""

    name: str
    size: int
    url: str = ""
    note: Words = ""
