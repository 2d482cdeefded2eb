"""The head of the first page in its four forms: name in red, number, who signs, red lines."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.facilities.office.layout.body import Blocks, centred
from yiwang.facilities.office.layout.lines import run_at, width_of
from yiwang.facilities.office.layout.measures import (
    AREA_WIDTH,
    CELL,
    LEFT,
    LETTER_FOOT,
    LETTER_LINE_WIDTH,
    LETTER_LOGO_TOP,
    LOGO_TOP,
    ORDER_LOGO_TOP,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    PITCH,
    RED_LINE_BELOW,
    SIZE_3,
    TOP,
    row_top,
)
from yiwang.facilities.office.layout.sheet import Element, Face, Line, Run, Stroke
from yiwang.facilities.office.layout.slabs import text_top
from yiwang.facilities.office.rules.document import Direction, Form, OfficialDocument, Signer

LOGO_SIZE = 16.0
LETTER_LOGO_SIZE = 11.0
LETTER_STROKES = (0.9, 0.35)
"""The thick and the thin line of a pair, in millimetres."""
PAIR = 1.1


@dataclass(frozen=True)
class Head:
    """What the head prints, and the row on which the title (or the text of an order) begins."""

    lines: tuple[Line, ...]
    strokes: tuple[Stroke, ...]
    next_row: int


def head_of(document: OfficialDocument, *, blocks: Blocks) -> Head:
    """The head in the form of the document."""
    if document.form is Form.LETTER:
        return _letter(document, blocks=blocks)
    if document.form is Form.ORDER:
        return _order(document, blocks=blocks)
    return _general(document, blocks=blocks)


def _marks(document: OfficialDocument, *, blocks: Blocks, top: float) -> list[Line]:
    """份号 and 紧急程度, flush left from the first row down."""
    marks: list[tuple[str, Face, Element]] = []
    if document.copy_number:
        marks.append((f"{document.copy_number:06d}", Face.FANG, Element.COPY_NUMBER))
    if document.urgency:
        marks.append((document.urgency.value, Face.HEI, Element.URGENCY))
    return [
        Line(top + at * PITCH, (run_at(text, x=LEFT, size=SIZE_3, face=face, cell=CELL),), element, blocks())
        for at, (text, face, element) in enumerate(marks)
    ]


def _logo(names: Sequence[str], *, ending: str, top: float, size: float, blocks: Blocks) -> list[Line]:
    """The red name; in a joint document one name a line, evenly wide, the ending in the middle at the right."""
    room = AREA_WIDTH * 0.96
    if len(names) == 1:
        text = f"{names[0]}{ending}"
        size = min(size, room / width_of(text))
        run = centred(text, size=size, face=Face.SONG, is_red=True)
        return [Line(top, (run,), Element.LOGO, blocks(), "center")]
    longest = max(width_of(name) for name in names)
    size = min(size, 11.0, room / (longest + width_of(ending) + 0.5))
    step = size * 1.35
    left = LEFT + (AREA_WIDTH - (longest + (width_of(ending) + 0.5 if ending else 0)) * size) / 2
    number = blocks()
    lines = []
    middle = (len(names) - 1) // 2
    for at, name in enumerate(names):
        runs = [spread(name, x=left, width=longest * size, size=size)]
        if ending and at == middle:
            runs.append(
                run_at(ending, x=left + (longest + 0.5) * size, size=size, face=Face.SONG, is_red=True)
            )
        lines.append(Line(top + at * step, tuple(runs), Element.LOGO, number, "center"))
    return lines


def spread(text: str, *, x: float, width: float, size: float) -> Run:
    """A name drawn out evenly over a width, as names of a joint head are."""
    gap = (width - len(text) * size) / (len(text) - 1) if len(text) > 1 else 0.0
    xs = tuple(round(x + at * (size + gap), 3) for at in range(len(text)))
    return Run(text, xs, (size,) * len(text), Face.SONG, size, True)


def _general(document: OfficialDocument, *, blocks: Blocks) -> Head:
    ending = "文件" if document.has_word_document and document.form is Form.GENERAL else ""
    lines = _marks(document, blocks=blocks, top=text_top(SIZE_3))
    logo = _logo(document.heads, ending=ending, top=TOP + LOGO_TOP, size=LOGO_SIZE, blocks=blocks)
    bottom = logo[-1].top + logo[-1].size
    row = math.ceil((bottom - TOP + 2 * PITCH) / PITCH - 0.05)
    signers = _signers(document.signers) if document.direction is Direction.UP else []
    number = str(document.number or "")
    for at in range(max(1, len(signers))):
        runs: list[Run] = []
        is_last = at == max(1, len(signers)) - 1
        if number and is_last:
            runs.append(_number(number, is_left=bool(signers)))
        if signers:
            runs += signers[at]
        if runs:
            element = Element.NUMBER if number and is_last else Element.SIGNER
            align = "left" if signers else "center"
            lines.append(Line(text_top(SIZE_3, row=row), tuple(runs), element, blocks(), align))
        row += 1
    y = row_top(row - 1) + CELL + RED_LINE_BELOW
    line = Stroke(LEFT, y, AREA_WIDTH, 0.7, is_red=True, element=Element.NUMBER)
    return Head((*lines, *logo), (line,), row + 2)


def _number(text: str, *, is_left: bool) -> Run:
    width = width_of(text) * CELL
    x = LEFT + CELL if is_left else LEFT + (AREA_WIDTH - width) / 2
    return run_at(text, x=x, size=SIZE_3, cell=CELL)


def _signers(signers: Sequence[Signer]) -> list[list[Run]]:
    """签发人 at the right, one character in; two names a row, the names in 楷体."""
    rows: list[list[Run]] = []
    cells = max([3, *(len(signer.name) for signer in signers)])
    per_row = 2 if len(signers) > 1 else 1
    start = LEFT + AREA_WIDTH - (1 + 4 + per_row * (cells + 1) - 1) * CELL
    for at in range(0, len(signers), per_row):
        runs = [run_at("签发人：", x=start, size=SIZE_3, cell=CELL)] if at == 0 else []
        for place, signer in enumerate(signers[at : at + per_row]):
            x = start + (4 + place * (cells + 1)) * CELL
            runs.append(run_at(signer.name, x=x, size=SIZE_3, face=Face.KAI, cell=CELL))
        rows.append(runs)
    return rows


def _letter(document: OfficialDocument, *, blocks: Blocks) -> Head:
    """信函: name 30 mm from the paper's edge, a pair of red lines below it and one at the foot."""
    logo = _logo(document.heads, ending="", top=LETTER_LOGO_TOP, size=LETTER_LOGO_SIZE, blocks=blocks)
    y = logo[-1].top + logo[-1].size + RED_LINE_BELOW
    top = y + PAIR + CELL * 7 / 8
    lines = _marks(document, blocks=blocks, top=top)
    number = str(document.number or "")
    if number:
        width = width_of(number) * CELL
        run = run_at(number, x=LEFT + AREA_WIDTH - width, size=SIZE_3, cell=CELL)
        if lines:
            first = lines[0]
            lines[0] = Line(first.top, (*first.runs, run), first.element, first.block)
        else:
            lines.append(Line(top, (run,), Element.NUMBER, blocks(), "right"))
    last = max([top, *(line.top for line in lines)]) + CELL
    foot = PAGE_HEIGHT - LETTER_FOOT
    strokes = (*_pair(y, thick_first=True), *_pair(foot - PAIR, thick_first=False))
    row = math.ceil((last + 2 * PITCH - TOP) / PITCH - 0.15)
    return Head((*logo, *lines), strokes, row)


def _pair(y: float, *, thick_first: bool) -> tuple[Stroke, Stroke]:
    x = (PAGE_WIDTH - LETTER_LINE_WIDTH) / 2
    thick, thin = LETTER_STROKES
    first, second = (thick, thin) if thick_first else (thin, thick)
    return (
        Stroke(x, y, LETTER_LINE_WIDTH, first, is_red=True, element=Element.LOGO),
        Stroke(x, y + PAIR, LETTER_LINE_WIDTH, second, is_red=True, element=Element.LOGO),
    )


def _order(document: OfficialDocument, *, blocks: Blocks) -> Head:
    """命令（令）: name 20 mm below the edge of the type area, 第×号 two rows below, text two rows further."""
    lines = _marks(document, blocks=blocks, top=text_top(SIZE_3))
    ending = "" if document.heads[0].endswith("令") else "令"
    logo = _logo(document.heads, ending=ending, top=TOP + ORDER_LOGO_TOP, size=LOGO_SIZE, blocks=blocks)
    bottom = logo[-1].top + logo[-1].size
    row = math.ceil((bottom - TOP + 2 * PITCH) / PITCH - 0.05)
    words = f"第{document.order_number}号" if document.order_number else str(document.number or "")
    if words:
        run = _number(words, is_left=False)
        lines.append(Line(text_top(SIZE_3, row=row), (run,), Element.NUMBER, blocks(), "center"))
    return Head((*lines, *logo), (), row + 3)
