"""Breaking text into lines on the grid: what may not begin or end a line, and figures kept together."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.facilities.office.layout.measures import CELL, COLUMNS, LEFT, SIZE_3
from yiwang.facilities.office.layout.sheet import Face, Run

NOT_FIRST = frozenset("，。、；：？！）》〉」』”’〕】〗％℃…—·,.;:?!)%]}")
NOT_LAST = frozenset("（《〈「『“‘〔【〖([{￥")
HANGING = frozenset("，。、；：")
TOGETHER = frozenset("—…")

_NARROW = frozenset("iljtfrI.,:;'!|()[]{}-/ `")
_WIDE = frozenset("mwMWO@%&QGDHNUCAVXYZKRB")

Piece = tuple[str, Face]


@dataclass(frozen=True)
class Unit:
    """What a line break never divides: one Chinese character, or a run of letters and figures; in cells."""

    text: str
    face: Face
    width: float
    widths: tuple[float, ...]


@dataclass(frozen=True)
class SetLine:
    """One broken line: its units, where it begins (in cells), and whether the paragraph ends with it."""

    units: tuple[Unit, ...]
    indent: float
    is_last: bool

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(unit.text for unit in self.units)

    @property
    def width(self) -> float:
        """What its units take, in cells."""
        return sum(unit.width for unit in self.units)


def is_narrow(character: str) -> bool:
    """Whether a character belongs to a run of letters and figures rather than to the grid."""
    return character < "\u2e80" and unicodedata.east_asian_width(character) not in "WFA"


def cells(character: str) -> float:
    """How many cells a character takes: one, or about half of one for letters and figures."""
    if not is_narrow(character):
        return 1.0
    if character in _NARROW and character not in " -":
        return 0.35
    return 0.7 if character in _WIDE else 0.5


def width_of(text: str) -> float:
    """How many cells a text takes when it is not broken."""
    return sum(unit.width for unit in units_of([(text, Face.FANG)]))


def units_of(pieces: Sequence[Piece]) -> list[Unit]:
    """Divide pieces into units; a run of letters fills whole halves of cells, so that the grid goes on."""
    found: list[Unit] = []
    for text, face in pieces:
        run = ""
        for character in text:
            if is_narrow(character) and character != " ":
                run += character
                continue
            found += _runs(run, face)
            run = ""
            width = cells(character)
            found.append(Unit(character, face, width, (width,)))
        found += _runs(run, face)
    return found


def _runs(run: str, face: Face) -> list[Unit]:
    if not run:
        return []
    widths = [cells(character) for character in run]
    natural = sum(widths)
    if natural > COLUMNS - 4:
        return [Unit(character, face, width, (width,)) for character, width in zip(run, widths, strict=True)]
    whole = math.ceil(natural * 2 - 1e-9) / 2
    stretched = tuple(width * whole / natural for width in widths)
    return [Unit(run, face, whole, stretched)]


def broken(
    pieces: Sequence[Piece], *, first: float = 2, rest: float = 0, columns: float = COLUMNS
) -> list[SetLine]:
    """Break pieces into lines of `columns` cells; `first` and `rest` are the indents in cells.

    A comma or full stop that finds no room hangs in the margin; any other sign that must not begin a line
    draws the character before it down with it.
    """
    units = units_of(pieces)
    lines: list[SetLine] = []
    start, indent = 0, first
    while start < len(units):
        end = _end_of_line(units, start=start, room=columns - indent)
        taken = units[start:end]
        while len(taken) > 1 and taken[-1].text == " ":
            taken.pop()
        start = end
        while start < len(units) and units[start].text == " ":
            start += 1
        lines.append(SetLine(tuple(taken), indent, start >= len(units)))
        indent = rest
    return lines


def _end_of_line(units: Sequence[Unit], *, start: int, room: float) -> int:
    used = 0.0
    place = start
    while place < len(units) and used + units[place].width <= room + 1e-6:
        used += units[place].width
        place += 1
    if place >= len(units):
        return place
    if units[place].text in HANGING and used <= room:
        following = place + 1
        if following >= len(units) or _may_break(units, following):
            return following
    back = place
    while back > start + 1 and not _may_break(units, back):
        back -= 1
    return back if _may_break(units, back) else max(place, start + 1)


def _may_break(units: Sequence[Unit], place: int) -> bool:
    before, after = units[place - 1], units[place]
    if after.text[0] in NOT_FIRST or before.text[-1] in NOT_LAST:
        return False
    return not (before.text in TOGETHER and after.text == before.text)


def placed(
    line: SetLine,
    *,
    size: float = SIZE_3,
    cell: float = CELL,
    left: float = LEFT,
    columns: float = COLUMNS,
    is_justified: bool = True,
    is_red: bool = False,
) -> tuple[Run, ...]:
    """Give each character of a line its place in millimetres; what is left of a full line is spread."""
    slack = columns - line.indent - line.width
    gaps = len(line.units) - 1
    spread = slack / gaps if is_justified and not line.is_last and gaps and 0 < slack <= 3 else 0.0
    inset = (cell - size) / 2
    runs: list[Run] = []
    at = line.indent
    text, face = "", Face.FANG
    xs: list[float] = []
    widths: list[float] = []

    def close() -> None:
        if text:
            runs.append(Run(text, tuple(xs), tuple(widths), face, size, is_red))

    for unit in line.units:
        if unit.face != face or not text:
            close()
            text, xs, widths, face = "", [], [], unit.face
        for character, width in zip(unit.text, unit.widths, strict=True):
            text += character
            xs.append(round(left + at * cell + (inset if width == 1 else 0), 3))
            widths.append(round(width * cell, 3))
            at += width
        at += spread
    close()
    return tuple(runs)


def run_at(
    text: str,
    *,
    x: float,
    size: float,
    face: Face = Face.FANG,
    cell: float = 0.0,
    is_red: bool = False,
) -> Run:
    """One unbroken run that begins at a place; `cell` is the width of a character, its size if not given."""
    cell = cell or size
    xs: list[float] = []
    widths: list[float] = []
    at = x
    for unit in units_of([(text, face)]):
        for width in unit.widths:
            xs.append(round(at, 3))
            widths.append(round(width * cell, 3))
            at += width * cell
    return Run(
        "".join(unit.text for unit in units_of([(text, face)])), tuple(xs), tuple(widths), face, size, is_red
    )
