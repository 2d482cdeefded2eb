"""The text of a statute as a tree: 编 分编 章 节 条 款 项 目, each with its number, words and place in the text.

`parse` reads Markdown (headings with `#`) and plain text (one line a paragraph) alike. An article is known by
its number, never by its position. What doesn't look like a statute is named in `faults`, with its reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from yiwang.facilities.lawbook.rules.numerals import NUMERAL, Number, value


class NodeKind(StrEnum):
    """What a piece of a statute is."""

    PART = "part"  # 编
    SUBPART = "subpart"  # 分编
    CHAPTER = "chapter"  # 章
    SECTION = "section"  # 节
    ARTICLE = "article"  # 条
    PARAGRAPH = "paragraph"  # 款
    ITEM = "item"  # 项
    SUBITEM = "subitem"  # 目
    CLAUSE = "clause"  # 一、二、三、 of a decision, an amendment or a work without articles
    HEADING = "heading"  # without a number: 序言, 附则
    ANNEX = "annex"  # 附件
    TEXT = "text"  # words outside the articles: a preamble, a note


UNITS = {"编": NodeKind.PART, "分编": NodeKind.SUBPART, "章": NodeKind.CHAPTER, "节": NodeKind.SECTION}
_DEPTH = {NodeKind.PART: 1, NodeKind.SUBPART: 2, NodeKind.CHAPTER: 3, NodeKind.SECTION: 4}
HEADINGS = frozenset((*_DEPTH, NodeKind.HEADING, NodeKind.ANNEX))


class Fault(StrEnum):
    """Why a text, or a place in it, can't be read as a statute."""

    EMPTY = "empty"
    NO_TITLE = "no_title"
    NO_TEXT = "no_text"
    ARTICLE_MISSING = "article_missing"
    ARTICLE_TWICE = "article_twice"


FATAL = frozenset({Fault.EMPTY, Fault.NO_TITLE, Fault.NO_TEXT})


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault at a place: the number or words that it's about, and where in the cleaned text it stands."""

    fault: Fault
    about: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a statute. `text` is its own words (lines parted by a newline), without number and heading.

    `start` and `end` are offsets into `Statute.source`. `annex` is 0 in the statute itself and counts the
    numberings that begin anew behind it. An article's paragraphs aren't children: `parts_of` gives them.
    """

    kind: NodeKind
    number: Number | None
    heading: str
    text: str
    start: int
    end: int
    annex: int = 0
    children: tuple["Node", ...] = ()

    def walk(self) -> Iterator["Node"]:
        """This node and all beneath it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Statute:
    """A statute's text: its title, the lines that stand before it (who passed it, and when), and its nodes."""

    title: str
    part: str
    preliminaries: tuple[str, ...]
    nodes: tuple[Node, ...]
    source: str
    findings: tuple[Finding, ...] = ()

    @property
    def is_readable(self) -> bool:
        """Whether there's a title and a text."""
        return not any(finding.fault in FATAL for finding in self.findings)

    def walk(self) -> Iterator[Node]:
        """Every node down to the articles, in the order of the text."""
        for node in self.nodes:
            yield from node.walk()

    def articles(self) -> Iterator[Node]:
        """The articles in the order of the text, those of annexes with their own numbering included."""
        return (node for node in self.walk() if node.kind is NodeKind.ARTICLE)


_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\r"))
_BLANK = " \t\u00a0\u2002\u2003\u2009\u3000"
END_OF_PRELIMINARIES = "<!-- INFO END -->"
_STRUCTURE = re.compile(
    rf"(?P<marks>#+)?[{_BLANK}*]*第(?P<number>{NUMERAL})(?P<unit>分编|编|章|节|条)(?:之(?P<branch>{NUMERAL}))?"
    rf"(?P<gap>[{_BLANK}*]+|$)?(?P<rest>.*)"
)
_CLAUSE = re.compile(rf"(?P<marks>#+)?[{_BLANK}]*(?P<number>[一二三四五六七八九十百]+)、(?P<rest>.*)")
_ANNEX = re.compile(r"附[件录表图]?[一二三四五六七八九十\d]*(?:[:：\s（(].{0,48}|)")
_RUN_ON = re.compile(rf"(?<=[。；：])[{_BLANK}]+(?=第{NUMERAL}条(?:之{NUMERAL})?[{_BLANK}])")
_RUN_ON_LINE = re.compile(rf"(?<=[。；：])[{_BLANK}]+")
_FRONT_MATTER = re.compile(r"---\n.*?\n---\n?", re.DOTALL)


def cleaned(text: str) -> str:
    """A text without characters that nobody sees (zero-width spaces, byte-order marks)."""
    return text.translate(_INVISIBLE)


def parse(text: str, *, title: str = "") -> Statute:
    """Read a statute in Markdown or plain text; `title` stands in where the text itself begins with none.

    Never raises for a text's content: see `findings`.
    """
    source = cleaned(text)
    front = _FRONT_MATTER.match(source)
    begin = front.end() if front else 0
    if not source[begin:].strip():
        return Statute(title, "", (), (), source, (Finding(Fault.EMPTY),))
    titles, preliminaries, begin = _beginning(source, begin, title)
    reading = _Reading(source)
    reading.read(begin)
    findings = [] if titles else [Finding(Fault.NO_TITLE)]
    if not reading.root.children:
        findings.append(Finding(Fault.NO_TEXT))
    return Statute(
        titles[0] if titles else "",
        titles[1] if len(titles) > 1 else "",
        tuple(preliminaries),
        tuple(child.frozen() for child in reading.root.children),
        source,
        (*findings, *reading.findings),
    )


def _beginning(source: str, begin: int, title: str) -> tuple[list[str], list[str], int]:
    """The titles (`# …`), the lines before the text, and where the text begins."""
    end = source.find(END_OF_PRELIMINARIES, begin)
    titles, preliminaries = [], []
    place = begin
    for start, line in _lines(source, begin):
        if 0 <= end <= start:
            break
        bare = line.strip(_BLANK)
        if bare.startswith("# ") and not _STRUCTURE.match(bare):
            titles.append(bare[2:].strip(_BLANK))
        elif end < 0 and (titles or title) and not _is_preliminary(bare):
            break
        elif end < 0 and not titles and not title:
            titles.append(bare.lstrip("# "))
        elif bare:
            preliminaries.append(bare)
        place = start + len(line) + 1
    return (
        titles or ([title] if title else []),
        preliminaries,
        end + len(END_OF_PRELIMINARIES) if end >= 0 else place,
    )


def _is_preliminary(line: str) -> bool:
    return bool(re.match(r"[（(]?\d{4}年\d{1,2}月\d{1,2}日", line)) or not line


def _lines(source: str, begin: int) -> Iterator[tuple[int, str]]:
    """Each line that isn't blank, with the place where it begins."""
    for match in re.compile(r"[^\n]+").finditer(source, begin):
        if not match[0].isspace():
            yield match.start(), match[0]


@dataclass(slots=True)
class _Open:
    """A node that is still being read."""

    kind: NodeKind
    number: Number | None
    heading: str
    depth: int
    start: int
    end: int
    annex: int = 0
    lines: list[str] = field(default_factory=list)
    children: list["_Open"] = field(default_factory=list)

    def frozen(self) -> Node:
        """The node as others see it."""
        return Node(
            self.kind,
            self.number,
            self.heading,
            "\n".join(self.lines),
            self.start,
            self.end,
            self.annex,
            tuple(child.frozen() for child in self.children),
        )


class _Reading:
    """Reads line by line and keeps the headings that are open, and the article to which more lines belong."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.root = _Open(NodeKind.TEXT, None, "", 0, 0, len(source))
        self.open = [self.root]
        self.leaf: _Open | None = None
        self.last = Number(0)
        self.clause = 0
        self.annex = 0
        self.is_annex = False
        self.has_articles = False
        self.is_quoting = False
        self.findings: list[Finding] = []

    def read(self, begin: int) -> None:
        """Read everything from a place on."""
        for start, line in _lines(self.source, begin):
            # Some texts come with a whole chapter on one line.
            if len(line) > 200 and _RUN_ON.search(line):
                for piece_start, piece in _pieces(start, line):
                    self.take(piece_start, piece)
            else:
                self.take(start, line)

    def take(self, start: int, line: str) -> None:
        """Read one line: a heading, the beginning of an article or clause, or more of what is open."""
        bare = line.strip(_BLANK)
        start += len(line) - len(line.lstrip(_BLANK))
        first = bare[:1]
        if first == "<" and bare.startswith("<!--"):
            return
        if first in "#第*" and (found := _STRUCTURE.match(bare)) and self._structure(start, bare, found):
            return
        if first == "#":
            self._marked(start, bare)
            return
        if first == "附" and self.has_articles and self._behind(start, bare):
            return
        if (
            first in "一二三四五六七八九十"
            and (found := _CLAUSE.match(bare))
            and self._clause(start, bare, found)
        ):
            return
        self._more(start, bare)

    def _structure(self, start: int, bare: str, found: re.Match[str]) -> bool:
        unit, gap, marks = found["unit"], found["gap"], found["marks"]
        if unit == "条":
            if not gap and not marks and "*" not in bare[:2]:
                return False
            number = Number(value(found["number"]), value(found["branch"]) if found["branch"] else 0)
            return self._article(start, bare, number, found["rest"].strip(_BLANK))
        rest = found["rest"].strip(_BLANK)
        if not marks and (not gap or len(rest) > 40 or rest.endswith(("。", "；"))):
            return False
        if not marks and self._is_inner():
            return False
        number = Number(value(found["number"]), value(found["branch"]) if found["branch"] else 0)
        kind = UNITS[unit]
        self._heading(start, bare, kind, number, _unspaced(rest), _DEPTH[kind])
        return True

    def _is_inner(self) -> bool:
        """Whether the article before announced words to be quoted: 内容如下："""
        return self.leaf is not None and bool(self.leaf.lines) and self.leaf.lines[-1].endswith(("：", ":"))

    def _article(self, start: int, bare: str, number: Number, rest: str) -> bool:
        last = self.last
        follows = number in ((last.number + 1, 0), (last.number, last.branch + 1))
        if self.is_quoting and not follows:
            return False
        if self.has_articles and not follows:
            if number.number - last.number > 5 and self._announced():
                self.is_quoting = True
                return False
            if number <= last:
                if not self.is_annex and number != Number(1):
                    self.findings.append(Finding(Fault.ARTICLE_TWICE, number.label(), start))
                self.annex += 1
            elif number.number - last.number > 1:
                missing = Number(last.number + 1).label()
                until = Number(number.number - 1).label()
                self.findings.append(
                    Finding(
                        Fault.ARTICLE_MISSING, missing if missing == until else f"{missing}至{until}", start
                    )
                )
        self.is_quoting = False
        self.has_articles = True
        self.last = number
        self._leaf(NodeKind.ARTICLE, number, start, bare, rest)
        return True

    def _announced(self) -> bool:
        return self.leaf is not None and any(line.endswith(("：", ":")) for line in self.leaf.lines[-2:])

    def _clause(self, start: int, bare: str, found: re.Match[str]) -> bool:
        number = value(found["number"])
        if self.has_articles or number != self.clause + 1:
            return False
        self.clause = number
        self._leaf(NodeKind.CLAUSE, Number(number), start, bare, found["rest"].strip(_BLANK))
        return True

    def _marked(self, start: int, bare: str) -> None:
        words = bare.lstrip("#").strip(_BLANK)
        if not words:
            return
        found = _CLAUSE.match(bare)
        if found and not self.has_articles and value(found["number"]) == self.clause + 1:
            self.clause += 1
            self._leaf(NodeKind.CLAUSE, Number(self.clause), start, bare, "")
            assert self.leaf is not None
            self.leaf.heading = found["rest"].strip(_BLANK)
        elif not self._behind(start, words):
            self._heading(
                start, bare, NodeKind.HEADING, None, _unspaced(words), len(bare) - len(bare.lstrip("#"))
            )

    def _behind(self, start: int, words: str) -> bool:
        """What stands behind the articles: 附则 goes on with them, an annex doesn't."""
        plain = _unspaced(words)
        if plain == "附则":
            self._heading(start, words, NodeKind.HEADING, None, plain, 1)
            return True
        if not self.has_articles or words.endswith(("。", "；")) or not _ANNEX.fullmatch(words):
            return False
        self.is_annex = True
        self._heading(start, words, NodeKind.ANNEX, None, words.rstrip("：:"), 1)
        return True

    def _heading(
        self, start: int, bare: str, kind: NodeKind, number: Number | None, heading: str, depth: int
    ) -> None:
        while self.open[-1].depth >= depth:
            self.open.pop()
        node = _Open(kind, number, heading, depth, start, start + len(bare), self.annex)
        self.open[-1].children.append(node)
        self.open.append(node)
        self.leaf = None

    def _leaf(self, kind: NodeKind, number: Number | None, start: int, bare: str, rest: str) -> None:
        self.leaf = _Open(kind, number, "", 9, start, start + len(bare), self.annex, [rest] if rest else [])
        self.open[-1].children.append(self.leaf)

    def _more(self, start: int, bare: str) -> None:
        is_note = bare[0] in "①②③④⑤⑥⑦⑧⑨⑩" and self.leaf is not None and self.leaf.kind is NodeKind.ARTICLE
        if self.leaf is None or is_note:
            self._leaf(NodeKind.TEXT, None, start, bare, bare)
            return
        self.leaf.lines.append(bare)
        self.leaf.end = start + len(bare)


def _pieces(start: int, line: str) -> Iterator[tuple[int, str]]:
    """The articles, paragraphs and items of a line that runs through a whole chapter."""
    place = 0
    for match in _RUN_ON_LINE.finditer(line):
        yield start + place, line[place : match.start()]
        place = match.end()
    yield start + place, line[place:]


def _unspaced(words: str) -> str:
    """A heading without the spaces that only stretch it: 总　则 is 总则."""
    joined = re.sub(rf"(?<=[\u4e00-\u9fff])[{_BLANK}]+(?=[\u4e00-\u9fff])", "", words)
    return joined.strip("*" + _BLANK)


_ITEM = re.compile(rf"[（(](?P<number>{NUMERAL})[）)][{_BLANK}]*(?P<rest>.*)")
_SUBITEM = re.compile(rf"(?P<number>\d+)[.．、](?!\d)[{_BLANK}]*(?P<rest>.*)")


def parts_of(node: Node | str) -> tuple[Node, ...]:
    """The paragraphs (款) of an article, with their items (项) and sub-items (目).

    Offsets are into the article's own text. A line that begins with （一） belongs to the paragraph before it,
    one that begins with 1. to the item before it; every other line is a paragraph of its own.
    """
    text = node if isinstance(node, str) else node.text
    paragraphs: list[_Open] = []
    item: _Open | None = None
    place = 0
    for line in text.split("\n"):
        start, end = place, place + len(line)
        place = end + 1
        if not line:
            continue
        if paragraphs and (found := _ITEM.match(line)) and not found["number"].isdecimal():
            item = _part(NodeKind.ITEM, found, line, start)
            paragraphs[-1].children.append(item)
        elif paragraphs and (found := _SUBITEM.match(line) or _ITEM.match(line)):
            (item or paragraphs[-1]).children.append(_part(NodeKind.SUBITEM, found, line, start))
        else:
            number = Number(len(paragraphs) + 1)
            paragraphs.append(_Open(NodeKind.PARAGRAPH, number, "", 0, start, end, 0, [line]))
            item = None
    return tuple(paragraph.frozen() for paragraph in paragraphs)


def _part(kind: NodeKind, found: re.Match[str], line: str, start: int) -> _Open:
    return _Open(kind, Number(value(found["number"])), "", 0, start, start + len(line), 0, [found["rest"]])
