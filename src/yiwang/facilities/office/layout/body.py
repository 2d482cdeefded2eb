"""The running parts: title, addressees, body with its four levels, tables, list of attachments, notes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from yiwang.facilities.office.layout.lines import Piece, broken, placed, run_at, width_of
from yiwang.facilities.office.layout.measures import (
    AREA_WIDTH,
    GAP,
    LEFT,
    PITCH,
    ROWS,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    THIN,
    TOP,
)
from yiwang.facilities.office.layout.sheet import Element, Face, Grid, Line, Run, Stroke
from yiwang.facilities.office.layout.slabs import BLANK, Slab, text_top
from yiwang.facilities.office.layout.titles import title_lines
from yiwang.facilities.office.rules.document import (
    Attachment,
    Attendance,
    OfficialDocument,
    Paragraph,
    Table,
    blocks,
)

FACES = {0: Face.FANG, 1: Face.HEI, 2: Face.KAI, 3: Face.FANG, 4: Face.FANG}


class Blocks:
    """Hands out the numbers that hold the lines of a paragraph together."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(self) -> int:
        return next(self._numbers)


def set_text(
    pieces: Sequence[Piece], *, element: Element, blocks: Blocks, first: float = 2, rest: float = 0
) -> list[Slab]:
    """A paragraph on the grid, one slab a line."""
    number = blocks()
    return [
        Slab(
            lines=(Line(text_top(SIZE_3), placed(line), element, number),),
            is_text=element in (Element.BODY, Element.ATTACHMENT),
        )
        for line in broken(pieces, first=first, rest=rest)
    ]


def set_title(title: str, *, element: Element, blocks: Blocks) -> list[Slab]:
    """The title: second size, centred, broken by its meaning."""
    number = blocks()
    return [
        Slab(
            lines=(
                Line(
                    text_top(SIZE_2),
                    (centred(line, size=SIZE_2, face=Face.SONG),),
                    element,
                    number,
                    "center",
                ),
            )
        )
        for line in title_lines(title)
    ]


def centred(
    text: str, *, size: float, face: Face, is_red: bool = False, middle: float = LEFT + AREA_WIDTH / 2
) -> Run:
    """One run in the middle of the type area."""
    width = width_of(text) * size
    return run_at(text, x=middle - width / 2, size=size, face=face, is_red=is_red)


def set_recipients(names: Sequence[str], *, blocks: Blocks) -> list[Slab]:
    """The addressees: flush left, a full-width colon after the last."""
    if not names:
        return []
    return set_text(
        [(f"{join_names(names)}：", Face.FANG)], element=Element.RECIPIENTS, blocks=blocks, first=0
    )


def join_names(names: Sequence[str]) -> str:
    """Units of one class are parted by 、, classes by ，; a name that brings its sign keeps it."""
    text = ""
    for name in names:
        text += name if not text or text[-1] in "，、" else f"、{name}"
    return text


def set_body(body: str, *, element: Element, blocks_of: Blocks) -> Iterator[Slab]:
    """The body: paragraphs two characters in, headings in the faces of their levels, tables."""
    for part in blocks(body):
        if isinstance(part, Table):
            yield from set_table(part, blocks=blocks_of)
        else:
            is_heading = 0 < part.heading == len(part.text)
            for slab in set_text(_pieces(part), element=element, blocks=blocks_of):
                yield replace(slab, is_heading=is_heading)


def _pieces(part: Paragraph) -> list[Piece]:
    heading, rest = part.text[: part.heading], part.text[part.heading :]
    return [piece for piece in ((heading, FACES[part.level]), (rest, Face.FANG)) if piece[0]]


def set_table(table: Table, *, blocks: Blocks) -> Iterator[Slab]:
    """A table as wide as the type area, each row a slab; cells in the fourth size, in the middle."""
    columns = len(table.rows[0])
    widest = [max(width_of(row[at]) for row in table.rows) + 1.2 for at in range(columns)]
    least = [min(6.2, width) for width in widest]
    spare = AREA_WIDTH / SIZE_4 - sum(least)
    more = [min(width, 18.0) - low + 0.5 for width, low in zip(widest, least, strict=True)]
    xs = [LEFT]
    for low, share in zip(least, more, strict=True):
        cells = low + spare * share / sum(more)
        xs.append(round(xs[-1] + cells * SIZE_4, 3))
    number = blocks()
    yield BLANK
    for place, row in enumerate(table.rows):
        yield _table_row(row, xs=tuple(xs), face=Face.HEI if place == 0 else Face.FANG, number=number)
    yield BLANK


def _table_row(row: Sequence[str], *, xs: tuple[float, ...], face: Face, number: int) -> Slab:
    cells = [
        broken([(cell, face)], first=0, columns=max(2.0, (right - left) / SIZE_4 - 0.6)) if cell else []
        for cell, left, right in zip(row, xs, xs[1:], strict=False)
    ]
    rows = min(ROWS, max(1, *(len(cell) for cell in cells)))
    top = TOP - GAP / 2
    bottom = top + rows * PITCH
    lines = []
    for cell, left, right in zip(cells, xs, xs[1:], strict=False):
        for place, line in enumerate(cell[:rows]):
            down = (rows - len(cell)) * PITCH / 2 + place * PITCH
            width = line.width * SIZE_4
            run = placed(
                replace(line, indent=0),
                size=SIZE_4,
                cell=SIZE_4,
                left=(left + right - width) / 2,
                is_justified=False,
            )
            lines.append(Line(text_top(SIZE_4) + down, run, Element.BODY, number, "cell"))
    strokes = [Stroke(xs[0], y, xs[-1] - xs[0], THIN) for y in (top, bottom)]
    strokes += [Stroke(x, top, bottom - top, THIN, is_upright=True) for x in xs]
    words = tuple(tuple(line.text for line in cell[:rows]) for cell in cells)
    grid = Grid(xs, (top, bottom), (words,), number)
    return Slab(rows, tuple(lines), tuple(strokes), grids=(grid,), is_text=True)


def set_attachment_list(attachments: Sequence[Attachment], *, blocks: Blocks) -> list[Slab]:
    """附件说明: a blank row below the text, two characters in; names without a sign at their end."""
    if not attachments:
        return []
    found = [BLANK]
    for place, each in enumerate(attachments, 1):
        mark = f"{place}. " if len(attachments) > 1 else ""
        lead = "附件：" if place == 1 else ""
        first = 2.0 if place == 1 else 5.0
        hang = 2 + 3 + width_of(mark)
        found += set_text(
            [(f"{lead}{mark}{each.title}", Face.FANG)],
            element=Element.ATTACHMENT_LIST,
            blocks=blocks,
            first=first,
            rest=hang,
        )
    return found


def set_note(note: str, *, blocks: Blocks) -> list[Slab]:
    """附注: two characters in, in round brackets, on the row below the date."""
    if not note:
        return []
    text = note if note.startswith("（") else f"（{note}）"
    return set_text([(text, Face.FANG)], element=Element.NOTE, blocks=blocks, first=2, rest=2)


def set_attendance(lists: Sequence[Attendance], *, blocks: Blocks) -> list[Slab]:
    """Who attended, under minutes: the label in 黑体, further lines below the first name."""
    found: list[Slab] = []
    for each in lists:
        label = f"{each.label}："
        if not found:
            found.append(BLANK)
        found += set_text(
            [(label, Face.HEI), ("、".join(each.names), Face.FANG)],
            element=Element.ATTENDANCE,
            blocks=blocks,
            first=2,
            rest=2 + len(label),
        )
    return found


def set_attachments(document: OfficialDocument, *, blocks: Blocks) -> Iterator[Slab]:
    """Each attachment on a page of its own: its number in 黑体 at the first row, its title at the third."""
    several = len(document.attachments) > 1
    for place, each in enumerate(document.attachments, 1):
        if not each.body.strip():
            continue
        words = f"附件{place}" if several else "附件"
        mark = set_text([(words, Face.HEI)], element=Element.ATTACHMENT, blocks=blocks, first=0)[0]
        yield replace(mark, begins_page=True, is_text=False)
        yield BLANK
        yield from set_title(each.title, element=Element.ATTACHMENT, blocks=blocks)
        yield BLANK
        yield from set_body(each.body, element=Element.ATTACHMENT, blocks_of=blocks)
