"""What a reader sees on the pages of a file: words with their places, sizes and fonts, and ruled lines."""

from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.facilities.office.layout.sheet import Face

SAME_ROW = 1.3
"""Words whose middles are no further apart than this stand on one line, in millimetres."""

_FACES = (
    (Face.FANG, ("仿宋", "fangsong", "fang")),
    (Face.KAI, ("楷", "kaiti", "kai")),
    (Face.SONG, ("小标宋", "xiaobiaosong", "fzxbs")),
    (Face.HEI, ("黑体", "simhei", "heiti", "sanssc", "sanscjk")),
    (Face.SUN, ("宋体", "simsun")),
)


def face_of(font: str) -> Face | None:
    """The face that a font's name tells; nothing for a font that stands in for another."""
    plain = font.lower().replace(" ", "").replace("-", "").replace("_", "")
    return next((face for face, words in _FACES if any(word in plain for word in words)), None)


@dataclass(frozen=True)
class SeenText:
    """Words in one font on one line; millimetres from the left and the top of the paper."""

    x: float
    top: float
    right: float
    size: float
    text: str
    font: str = ""
    is_red: bool = False


@dataclass(frozen=True)
class SeenStroke:
    """A ruled line."""

    x: float
    y: float
    length: float
    thickness: float
    is_red: bool = False
    is_upright: bool = False


@dataclass(frozen=True)
class SeenLine:
    """The words that stand on one line, from left to right."""

    texts: tuple[SeenText, ...]

    @property
    def text(self) -> str:
        """All its words without blanks at the ends."""
        return "".join(each.text for each in self.texts).strip()

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.texts[0].x

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(each.right for each in self.texts)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return min(each.top for each in self.texts)

    @property
    def size(self) -> float:
        """The size of most of its words."""
        return max(self.texts, key=lambda each: len(each.text)).size

    @property
    def bottom(self) -> float:
        """The lower edge of its characters."""
        return self.top + self.size

    @property
    def middle(self) -> float:
        """Half way between its ends."""
        return (self.left + self.right) / 2

    @property
    def is_red(self) -> bool:
        """Whether it is printed in red."""
        return self.texts[0].is_red

    @property
    def face(self) -> Face | None:
        """The face of its first words."""
        return face_of(self.texts[0].font)


@dataclass(frozen=True)
class SeenPage:
    """One page."""

    width: float
    height: float
    lines: tuple[SeenLine, ...]
    strokes: tuple[SeenStroke, ...] = ()


@dataclass(frozen=True)
class Seen:
    """A file as it was read; `unseen` names what could not be seen in it."""

    kind: str
    pages: tuple[SeenPage, ...]
    unseen: tuple[str, ...] = ()


def lines_of(texts: Iterable[SeenText]) -> tuple[SeenLine, ...]:
    """Bring words together into lines, from top to bottom."""
    rows: list[list[SeenText]] = []
    for text in sorted(texts, key=lambda each: (each.top + each.size / 2, each.x)):
        middle = text.top + text.size / 2
        if rows and abs(middle - rows[-1][0].top - rows[-1][0].size / 2) < SAME_ROW:
            rows[-1].append(text)
        else:
            rows.append([text])
    return tuple(SeenLine(tuple(sorted(row, key=lambda each: each.x))) for row in rows)
