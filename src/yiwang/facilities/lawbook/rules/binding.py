"""What a citation means on a day: which version of which statute, and whether the place cited is there.

Works on a shelf of versions, wherever they are kept: each knows from when until when it is in force and the
words of its articles.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yiwang.facilities.lawbook.rules.citations import Citation
from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.lawbook.rules.provisions import Provision
from yiwang.facilities.lawbook.rules.structure import parts_of


class Standing(StrEnum):
    """How a citation stands on a day."""

    IN_FORCE = "in_force"
    NOT_YET = "not_yet"
    REPEALED = "repealed"
    NOT_HELD = "not_held"  # the work is known, not its version of that day
    NO_ARTICLE = "no_article"
    NO_PARAGRAPH = "no_paragraph"
    NO_ITEM = "no_item"
    UNKNOWN_WORK = "unknown_work"
    UNPLACED = "unplaced"  # 本法 or 前款 in a text whose own statute isn't known


DEAD = frozenset(
    {Standing.NOT_YET, Standing.REPEALED, Standing.NO_ARTICLE, Standing.NO_PARAGRAPH, Standing.NO_ITEM}
)
"""The faults for which a document goes back before it is signed: the law doesn't say that on that day."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a statute: `until` is the first day on which it's no longer in force.

    `words` gives an article's lines by its number, or None. `key` is what the caller knows it by.
    """

    title: str
    since: date | None
    until: date | None
    words: Callable[[Number], str | None]
    key: str = ""
    is_ended: bool = False
    """Whether its source says that it is repealed, without a day."""
    is_original: bool = True
    """Whether it is the first text of the statute, so that before it there was none."""

    def is_in_force(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


Shelf = Callable[[str], Sequence[Version]]
"""The versions of a statute by its title as a text gives it; none where it isn't known."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A citation with what it means: `day` is the one that a fault speaks of (in force from, repealed on)."""

    citation: Citation
    standing: Standing
    version: Version | None = None
    day: date | None = None

    @property
    def is_dead(self) -> bool:
        """Whether the law doesn't say that on that day."""
        return self.standing in DEAD


def bind(citations: Iterable[Citation], *, shelf: Shelf, day: date, own: str = "") -> list[Bound]:
    """Each citation bound to the version in force on a day; `own` is the title of the text's own statute."""
    kept: dict[str, Sequence[Version]] = {}
    found = []
    for citation in citations:
        title = citation.title or own
        if not title:
            found.append(Bound(citation, Standing.UNPLACED))
            continue
        if title not in kept:
            kept[title] = shelf(title)
        found.append(_bound(citation, kept[title], day))
    return found


def _bound(citation: Citation, versions: Sequence[Version], day: date) -> Bound:
    if not versions:
        return Bound(citation, Standing.UNKNOWN_WORK)
    if all(each.is_ended for each in versions):
        return Bound(citation, Standing.REPEALED, versions[-1])
    version = next((each for each in versions if each.is_in_force(day)), None)
    if version is None:
        return _out_of_force(citation, versions, day)
    for provision in filter(None, (citation.provision, citation.until)):
        standing = _standing(provision, version)
        if standing is not Standing.IN_FORCE:
            return Bound(citation, standing, version)
    return Bound(citation, Standing.IN_FORCE, version)


def _out_of_force(citation: Citation, versions: Sequence[Version], day: date) -> Bound:
    later = sorted(each.since for each in versions if each.since and each.since > day)
    ended = [each for each in versions if each.until and each.until <= day]
    if ended and not later:
        last = max(ended, key=lambda each: each.until or day)
        return Bound(citation, Standing.REPEALED, last, last.until)
    if later and not ended:
        first = next(each for each in versions if each.since == later[0])
        if first.is_original:
            return Bound(citation, Standing.NOT_YET, first, first.since)
    return Bound(citation, Standing.NOT_HELD)


def _standing(provision: Provision, version: Version) -> Standing:
    """Whether a place is in a version."""
    if not provision.article:
        return Standing.IN_FORCE
    words = version.words(Number(provision.article, provision.branch))
    if words is None:
        return Standing.NO_ARTICLE
    paragraphs = parts_of(words)
    if provision.paragraph > len(paragraphs):
        return Standing.NO_PARAGRAPH
    within = paragraphs[provision.paragraph - 1 : provision.paragraph] if provision.paragraph else paragraphs
    items = {item.number.number for paragraph in within for item in paragraph.children if item.number}
    return Standing.IN_FORCE if not provision.item or provision.item in items else Standing.NO_ITEM
