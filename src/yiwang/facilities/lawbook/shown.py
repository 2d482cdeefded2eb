"""What the pages of the lawbook share: the version that an address means, its pages, and its text as blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.facilities.lawbook import queries, words
from yiwang.facilities.lawbook.linking import linked
from yiwang.facilities.lawbook.models import Passage, Version, Work
from yiwang.facilities.lawbook.rules.addresses import (
    ArticleId,
    Outlined,
    Piece,
    Reference,
    anchor,
    pieces,
)
from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.lawbook.rules.structure import HEADINGS, NodeKind, parts_of
from yiwang.kernel.ui.parts import Link

MOST_ON_A_PAGE = 12_000
"""Characters; with its frame such a page stays under 100 KB for an old machine."""
_UNITS = {NodeKind.PART: "编", NodeKind.SUBPART: "分编", NodeKind.CHAPTER: "章", NodeKind.SECTION: "节"}


@dataclass(frozen=True)
class Opened:
    """What an address means: the work, all its versions, the one meant, and the day on which one looks."""

    work: Work
    versions: list[Version]
    version: Version
    on: date
    is_dated: bool

    @property
    def reference(self) -> Reference:
        """The permanent name of this version, with a day on which it holds."""
        return reference_of(self.work, self.version)


def reference_of(work: Work, version: Version) -> Reference:
    """The permanent name of a version: the first day on which it holds, else the day it was passed."""
    return Reference(work.short_title, version.force_on or version.passed_on)


def opened(ref: Reference, *, today: date) -> Opened:
    """The version that an address means: in force on its day, or without one today. Raises Http404.

    Where none holds on the day, the next one to come, else the last one; its status then says so.
    """
    work = queries.work_named(ref.name)
    if work is None:
        raise Http404(_("No law of this name is in the lawbook."))
    versions = queries.versions_of(work)
    on = ref.on or today
    version = queries.version_on(versions, on) or _nearest(versions, on)
    if version is None:
        raise Http404(_("No text of this law is in the lawbook."))
    return Opened(work, versions, version, on, ref.on is not None)


def _nearest(versions: Sequence[Version], on: date) -> Version | None:
    days = [version for version in versions if version.force_on or version.passed_on]
    before = [version for version in days if (version.force_on or version.passed_on or on) <= on]
    return before[0] if before else days[-1] if days else next(iter(versions), None)


def crumbs(*links: Link) -> list[Link]:
    """The way back to the lawbook's front."""
    return [Link(_("Laws and regulations"), reverse("lawbook:shelf")), *links]


def cut(outline: Sequence[Outlined]) -> list[Piece]:
    """The pages of a text."""
    return pieces(outline, most=MOST_ON_A_PAGE, headings=HEADINGS)


def piece_with(cuts: Sequence[Piece], place: int) -> Piece:
    """The page on which a place stands."""
    return next((piece for piece in cuts if piece.first <= place <= piece.last), cuts[0])


@dataclass(frozen=True)
class Entry:
    """A line of the table of contents."""

    depth: int
    words: str
    url: str
    articles: str
    is_here: bool


def contents(
    outline: Sequence[Outlined], cuts: Sequence[Piece], *, ref: Reference, here: Piece | None
) -> list[Entry]:
    """The headings of a text, each leading to its page and place, with the articles below it."""
    found = []
    for index, one in enumerate(outline):
        if one.kind not in HEADINGS:
            continue
        piece = piece_with(cuts, one.place)
        own = f"#{anchor(one.kind, number=one.number, place=one.place)}"
        is_here = here is not None and piece == here
        found.append(
            Entry(
                min(one.depth, 3),
                heading_words(one.kind, one.number, one.heading),
                own if is_here and len(cuts) == 1 else page_url(ref, piece, cuts) + own,
                _articles_below(outline, index),
                is_here,
            )
        )
    return found


def page_url(ref: Reference, piece: Piece, cuts: Sequence[Piece]) -> str:
    """The address of a page of a text; a text of one page is its statute's."""
    if len(cuts) == 1:
        return reverse("lawbook:statute", args=[ref])
    return reverse("lawbook:piece", args=[ref, piece.first])


def _articles_below(outline: Sequence[Outlined], index: int) -> str:
    depth = outline[index].depth
    numbers: list[Number] = []
    for one in outline[index + 1 :]:
        if one.kind in HEADINGS and one.depth <= depth:
            break
        if one.kind == NodeKind.ARTICLE and one.number is not None:
            numbers.append(one.number)
    if not numbers:
        return ""
    return numbers[0].eid if len(numbers) == 1 else f"{numbers[0].eid}–{numbers[-1].eid}"


def heading_words(kind: str, number: Number | None, heading: str) -> str:
    """A heading as the text has it: 第一章　总则."""
    unit = _UNITS.get(NodeKind(kind))
    if number is None or unit is None:
        return heading
    return f"{number.label(unit)}　{heading}".strip()


@dataclass(frozen=True)
class Line:
    """A paragraph, item or sub-item with its anchor."""

    anchor: str
    text: str
    lines: tuple["Line", ...] = ()

    def texts(self) -> Iterator[str]:
        """Its words, then those of the lines below it."""
        yield self.text
        for below in self.lines:
            yield from below.texts()


@dataclass(frozen=True)
class Block:
    """A passage as it is shown: a heading with its level, or an article with its lines."""

    anchor: str
    kind: str
    level: int
    label: str
    heading: str
    lines: tuple[Line, ...]
    eid: str
    has_history: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether it's a heading."""
        return self.kind in HEADINGS


def block(passage: Passage, *, lifted: int = 0) -> Block:
    """A passage as it is shown."""
    number = None if passage.number is None else Number(passage.number, passage.branch)
    own = anchor(passage.kind, number=number, annex=passage.annex, place=passage.place)
    kind = NodeKind(passage.kind)
    if kind in HEADINGS:
        words_of_heading = heading_words(passage.kind, number, passage.heading)
        return Block(own, passage.kind, min(2 + passage.depth - lifted, 5), "", words_of_heading, (), "")
    label, eid = "", ""
    if number is not None:
        label = number.label() if kind is NodeKind.ARTICLE else f"{number.label('')[1:]}、"
        eid = str(ArticleId(number, passage.annex)) if kind is NodeKind.ARTICLE else ""
    return Block(own, passage.kind, 0, label, passage.heading, _lines(passage.text, own), eid)


def with_histories(blocks: Sequence[Block], found: Opened) -> list[Block]:
    """Passages that tell which of them changed: all that may have where there are several versions."""
    changed = {str(ArticleId(number)) for number in queries.changed_articles(found.work)}
    is_any = len(found.versions) > 1
    return [replace(one, has_history=bool(one.eid) and (is_any or one.eid in changed)) for one in blocks]


def with_links(blocks: Sequence[Block], *, on: date, title: str) -> list[Block]:
    """Passages of the statute of that title, the citations in their words as links to what they mean on a day."""
    texts = iter(
        linked([text for one in blocks for line in one.lines for text in line.texts()], on, title=title)
    )
    return [replace(one, lines=tuple(_linked(line, texts) for line in one.lines)) for one in blocks]


def _linked(line: Line, texts: Iterator[str]) -> Line:
    return Line(line.anchor, next(texts), tuple(_linked(below, texts) for below in line.lines))


def _lines(text: str, own: str) -> tuple[Line, ...]:
    """The paragraphs of an article with their items and sub-items, each with its words as the text has them."""
    found = []
    for paragraph in parts_of(text):
        name = f"{own}/para_{paragraph.number.number if paragraph.number else 0}"
        items = []
        for item in paragraph.children:
            count = item.number.number if item.number else 0
            below = f"{name}/{'item' if item.kind is NodeKind.ITEM else 'sub'}_{count}"
            subs = tuple(
                Line(f"{below}/sub_{sub.number.number if sub.number else 0}", text[sub.start : sub.end])
                for sub in item.children
            )
            items.append(Line(below, text[item.start : item.end], subs))
        found.append(Line(name, paragraph.text, tuple(items)))
    return tuple(found)


@dataclass(frozen=True)
class VersionLine:
    """A version on the list of versions."""

    url: str
    words: str
    look: str
    status: str
    basis: str
    is_here: bool
    compare_url: str


def version_lines(found: Opened, *, today: date) -> list[VersionLine]:
    """Every version, the newest first, with its status today and the way to compare it with the one before."""
    lines = []
    for index, version in enumerate(found.versions):
        look, told = words.status(version, work=found.work, on=today)
        before = found.versions[index + 1] if index + 1 < len(found.versions) else None
        lines.append(
            VersionLine(
                reverse("lawbook:statute", args=[reference_of(found.work, version)]),
                f"{version.passed_on:%Y-%m-%d}" if version.passed_on else "–",
                look,
                told,
                words.basis_words(version.force_basis),
                version.pk == found.version.pk,
                compare_url(found.work, before, version) if before else "",
            )
        )
    return lines


def compare_url(work: Work, before: Version, after: Version) -> str:
    """The page that puts two versions side by side."""
    base = reverse("lawbook:compare", args=[Reference(work.short_title)])
    return f"{base}?from={before.pk}&to={after.pk}"
