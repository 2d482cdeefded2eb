"""A laid-out document: pages of lines, each character with its place in millimetres."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Face(StrEnum):
    """The faces of official documents; 宋体 is for page numbers only."""

    FANG = "仿宋"
    KAI = "楷体"
    HEI = "黑体"
    SONG = "小标宋"
    SUN = "宋体"


class Element(StrEnum):
    """The elements of GB/T 9704-2012 by which a line is known."""

    COPY_NUMBER = "份号"
    URGENCY = "紧急程度"
    LOGO = "发文机关标志"
    NUMBER = "发文字号"
    SIGNER = "签发人"
    TITLE = "标题"
    RECIPIENTS = "主送机关"
    BODY = "正文"
    ATTACHMENT_LIST = "附件说明"
    UNIT = "发文机关署名"
    DATE = "成文日期"
    SEAL = "印章"
    NOTE = "附注"
    ATTENDANCE = "出席"
    ATTACHMENT = "附件"
    COPIES = "抄送机关"
    IMPRINT = "印发机关和印发日期"
    PAGE_NUMBER = "页码"


@dataclass(frozen=True)
class Run:
    """Characters of one face and size: where each begins and how wide its place is."""

    text: str
    xs: tuple[float, ...]
    widths: tuple[float, ...]
    face: Face = Face.FANG
    size: float = 5.54
    is_red: bool = False

    @property
    def right(self) -> float:
        """The right edge of the last character's place."""
        return self.xs[-1] + self.widths[-1]


@dataclass(frozen=True)
class Line:
    """One line of print. `top` is the upper edge of its characters' boxes, from the top of the paper.

    Lines of one `block` on one page belong to one paragraph. `align` is how a word processor shall hold it.
    """

    top: float
    runs: tuple[Run, ...]
    element: Element
    block: int = 0
    align: str = "left"

    @property
    def text(self) -> str:
        """The words of the line."""
        return "".join(run.text for run in self.runs)

    @property
    def left(self) -> float:
        """Where its first character begins."""
        return self.runs[0].xs[0]

    @property
    def size(self) -> float:
        """The size of its first character."""
        return self.runs[0].size

    def moved(self, *, down: float) -> "Line":
        """The same line further down."""
        return replace(self, top=self.top + down)


@dataclass(frozen=True)
class Stroke:
    """A ruled line, level or upright; `thickness` is centred on the given place."""

    x: float
    y: float
    length: float
    thickness: float
    is_red: bool = False
    is_upright: bool = False
    element: Element = Element.BODY


@dataclass(frozen=True)
class SealPlace:
    """Where a seal goes; nothing is ever drawn there."""

    x: float
    y: float
    diameter: float


@dataclass(frozen=True)
class Grid:
    """A table on a page: the left edges of its columns with the right edge last, and its rows' edges.

    The cells' words are lines of the page with `align` "cell" and `block` equal to the grid's.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[tuple[tuple[str, ...], ...], ...]
    block: int


@dataclass(frozen=True)
class Page:
    """One page: its number (nothing when none is printed), lines from top to bottom, rules, seals."""

    lines: tuple[Line, ...]
    strokes: tuple[Stroke, ...] = ()
    seals: tuple[SealPlace, ...] = ()
    grids: tuple[Grid, ...] = ()
    number: int | None = None


@dataclass(frozen=True)
class Sheet:
    """A whole laid-out document."""

    pages: tuple[Page, ...]
    title: str = ""

    def line_texts(self) -> tuple[tuple[str, ...], ...]:
        """The words of each line of each page, as a reader meets them from top to bottom."""
        return tuple(
            tuple(line.text for line in sorted(page.lines, key=lambda line: (round(line.top, 1), line.left)))
            for page in self.pages
        )
