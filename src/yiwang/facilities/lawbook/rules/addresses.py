"""Permanent addresses: 刑法@2024-03-01, and behind it the place in the text, art_133.1/para_1/item_2."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from yiwang.facilities.lawbook.rules.numerals import Number, article_number, value
from yiwang.facilities.lawbook.rules.structure import NodeKind

NAME = r"[^/@?#]{1,200}"
DAY = r"\d{4}-\d{2}-\d{2}"
EID = r"(?:a\d{1,2}-)?\d{1,5}(?:\.\d{1,3})?"


@dataclass(frozen=True, slots=True)
class Reference:
    """A work by its name and, where one is meant, the day whose version is asked for."""

    name: str
    on: date | None = None

    def __str__(self) -> str:
        return f"{self.name}@{self.on:%Y-%m-%d}" if self.on else self.name


def reference(text: str) -> Reference:
    """Read 刑法@2024-03-01 or 刑法. Raises ValueError when the day isn't one."""
    name, at, day = text.partition("@")
    return Reference(name, date.fromisoformat(day) if at else None)


@dataclass(frozen=True, slots=True)
class ArticleId:
    """An article of a version: `annex` is 0 for the statute itself."""

    number: Number
    annex: int = 0

    def __str__(self) -> str:
        return f"a{self.annex}-{self.number.eid}" if self.annex else self.number.eid


def article_id(text: str) -> ArticleId:
    """Read `133.1` or `a1-3`. Raises ValueError."""
    annex, dash, number = text.rpartition("-")
    whole, _, branch = number.partition(".")
    return ArticleId(Number(int(whole), int(branch) if branch else 0), int(annex[1:]) if dash else 0)


def anchor(
    kind: str, *, number: Number | None, annex: int = 0, place: int = 0, parts: Sequence[tuple[str, int]] = ()
) -> str:
    """The name of a place in a text: of an article by its number, of other passages by their place."""
    if kind == NodeKind.ARTICLE and number is not None:
        own = f"art_{ArticleId(number, annex)}"
    elif kind == NodeKind.CLAUSE and number is not None:
        own = f"cl_{number.eid}"
    else:
        own = f"p_{place}"
    return "/".join((own, *(f"{name}_{count}" for name, count in parts)))


_ASKED = re.compile(
    r"\s*《?(?P<name>[^\s《》\d]*?(?:（[^）]*）)?)》?\s*"
    r"(?P<article>第?[〇零一二两三四五六七八九十百千\d]+条?(?:(?:之|[.\-])[一二三四五六七八九十\d]+)?条?)\s*"
)


def asked_article(words: str) -> tuple[str, Number] | None:
    """The law and article that somebody typed: 刑法133之一, 民法典 1043, 《刑法》第二百六十四条."""
    found = _ASKED.fullmatch(words)
    if found is None or not found["name"]:
        return None
    bare = found["article"]
    if not bare.startswith("第") and not bare[0].isdecimal():
        return None
    try:
        return found["name"], article_number(bare)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Outlined:
    """A passage as the table of contents sees it."""

    place: int
    kind: str
    depth: int
    number: Number | None
    annex: int
    heading: str
    size: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of passages that are shown on one page; both ends are in it."""

    first: int
    last: int
    size: int


def pieces(outline: Iterable[Outlined], *, most: int, headings: frozenset[NodeKind]) -> list[Piece]:
    """Cut a text into pages of at most so many characters: before a heading if possible, else before an article.

    A heading is never left behind at the end of a page by the article that follows it.
    """
    passages = list(outline)
    if not passages or sum(passage.size for passage in passages) <= most:
        return [_piece(passages)] if passages else []
    found: list[Piece] = []
    run: list[Outlined] = []
    for one in passages:
        size = sum(passage.size for passage in run) + one.size
        is_heading = one.kind in headings
        after_heading = bool(run) and run[-1].kind in headings
        is_full = size > most and not (after_heading and not is_heading)
        # A chapter that begins late on a page begins the next one.
        is_late = is_heading and one.depth == 0 and size - one.size > most // 2
        if run and (is_full or is_late) and not (after_heading and is_heading):
            found.append(_piece(run))
            run = []
        run.append(one)
    if run:
        found.append(_piece(run))
    return found


def _piece(run: list[Outlined]) -> Piece:
    return Piece(run[0].place, run[-1].place, sum(passage.size for passage in run))


def year_month_day(text: str) -> date | None:
    """A day as people type it: 2024-03-01, 2024年3月1日, 20240301; nothing when it's none."""
    digits = re.fullmatch(r"\s*(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))\s*", text)
    if digits is None:
        return None
    year, month, day = digits[1], digits[2] or digits[4], digits[3] or digits[5]
    try:
        return date(value(year), int(month), int(day))
    except ValueError:
        return None
