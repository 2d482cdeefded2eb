"""How a document ends: units and date with or without room for seals, and the imprint."""

from collections.abc import Sequence

from yiwang.facilities.office.layout.body import Blocks, join_names
from yiwang.facilities.office.layout.lines import broken, placed, run_at, width_of
from yiwang.facilities.office.layout.measures import (
    AREA_HEIGHT,
    AREA_WIDTH,
    CELL,
    COLUMNS,
    IMPRINT_LINE,
    LEFT,
    PITCH,
    SEAL_DIAMETER,
    SIZE_3,
    SIZE_4,
    THICK,
    THIN,
    TOP,
    row_top,
)
from yiwang.facilities.office.layout.sheet import Element, Face, Line, Run, SealPlace, Stroke
from yiwang.facilities.office.layout.slabs import BLANK, Slab, text_top
from yiwang.facilities.office.rules.document import Form, OfficialDocument, Sealing, in_words

RIGHT_EDGE = LEFT + AREA_WIDTH
SEALS_A_ROW = 3
SEAL_ROWS = 4


def set_end(document: OfficialDocument, *, blocks: Blocks) -> list[Slab]:
    """Units and date as 7.3.5 places them; minutes have neither."""
    if document.form is Form.MINUTES or document.signed_on is None:
        return []
    if document.sealing is Sealing.SIGNATURE:
        return [BLANK, BLANK, _with_signature(document, blocks=blocks)]
    if document.sealing is Sealing.NONE:
        return [BLANK, _without_seal(document, blocks=blocks)]
    if len(document.units) == 1:
        return [BLANK, BLANK, _with_seal(document, blocks=blocks)]
    return [BLANK, _with_seals(document, blocks=blocks)]


def _run(text: str, *, x: float, face: Face = Face.FANG) -> Run:
    return run_at(text, x=x, size=SIZE_3, face=face, cell=CELL)


def _line(run: Run, *, row: int, element: Element, blocks: Blocks) -> Line:
    return Line(text_top(SIZE_3, row=row), (run,), element, blocks(), "place")


def _date(document: OfficialDocument, *, right: float, row: int, blocks: Blocks) -> Line:
    """The date so many characters from the right edge."""
    assert document.signed_on is not None
    words = in_words(document.signed_on)
    x = RIGHT_EDGE - (right + width_of(words)) * CELL
    return _line(_run(words, x=x), row=row, element=Element.DATE, blocks=blocks)


def _middle(line: Line) -> float:
    return (line.left + line.runs[-1].right) / 2


def _with_seal(document: OfficialDocument, *, blocks: Blocks) -> Slab:
    """One unit with its seal (7.3.5.1): the name in the middle above the date, the date four characters in."""
    name = document.units[0]
    # A long name centred above the date must not leave the type area: the date moves in with it.
    right = max(4.0, (width_of(name) - width_of(in_words_of(document))) / 2)
    date = _date(document, right=right, row=1, blocks=blocks)
    x = _middle(date) - width_of(name) * CELL / 2
    unit = _line(_run(name, x=x), row=0, element=Element.UNIT, blocks=blocks)
    bottom = row_top(1) + CELL + 1.5
    seal = SealPlace(_middle(date) - SEAL_DIAMETER / 2, bottom - SEAL_DIAMETER, SEAL_DIAMETER)
    return Slab(2, (unit, date), seals=(seal,), needs_company=True)


def in_words_of(document: OfficialDocument) -> str:
    """The date of signing in words."""
    return in_words(document.signed_on) if document.signed_on else ""


def _with_seals(document: OfficialDocument, *, blocks: Blocks) -> Slab:
    """Several units with their seals (7.3.5.1): three a row at most, seals not touching, the date at the end."""
    lines: list[Line] = []
    seals: list[SealPlace] = []
    row = 0
    for names in _seal_rows(document.units):
        widths = [width_of(name) * CELL for name in names]
        gap = (AREA_WIDTH - sum(widths)) / (len(names) + 1)
        x = LEFT + gap
        runs = []
        for name, width in zip(names, widths, strict=True):
            runs.append(run_at(name, x=x, size=SIZE_3, cell=CELL))
            top = row_top(row + 2) + CELL / 2 - SEAL_DIAMETER / 2
            seals.append(SealPlace(x + width / 2 - SEAL_DIAMETER / 2, top, SEAL_DIAMETER))
            x += width + gap
        lines.append(Line(text_top(SIZE_3, row=row + 2), tuple(runs), Element.UNIT, blocks(), "place"))
        row += SEAL_ROWS
    date = _date(document, right=4, row=row - 1, blocks=blocks)
    return Slab(row, (*lines, date), seals=tuple(seals), needs_company=True)


def _seal_rows(names: Sequence[str]) -> list[list[str]]:
    """Three names a row at most, fewer when they are too long to stand beside each other."""
    found: list[list[str]] = [[]]
    for name in names:
        row = found[-1]
        if row and (
            len(row) == SEALS_A_ROW or sum(map(width_of, row)) + width_of(name) + len(row) + 2 > COLUMNS
        ):
            found.append([])
        found[-1].append(name)
    return found


def _without_seal(document: OfficialDocument, *, blocks: Blocks) -> Slab:
    """No seal (7.3.5.2): the name two characters in from the right, the date two right of its first character."""
    words = width_of(in_words_of(document))
    longest = max(width_of(name) for name in document.units)
    right = 2.0
    if longest - 2 < words:
        right = 2 + (words + 2 - longest)
    start = RIGHT_EDGE - (right + longest) * CELL
    lines = [
        _line(
            _run(name, x=start + (longest - width_of(name)) * CELL / 2),
            row=row,
            element=Element.UNIT,
            blocks=blocks,
        )
        for row, name in enumerate(document.units)
    ]
    date = _run(in_words_of(document), x=start + 2 * CELL)
    lines.append(_line(date, row=len(lines), element=Element.DATE, blocks=blocks))
    return Slab(len(lines), tuple(lines), needs_company=True)


def _with_signature(document: OfficialDocument, *, blocks: Blocks) -> Slab:
    """A signature seal (7.3.5.3): the office held two characters left of it, the date a blank row below."""
    lines: list[Line] = []
    seals: list[SealPlace] = []
    row = 0
    for signer in document.signers:
        width, height = 7 * CELL, 2 * PITCH
        x = RIGHT_EDGE - 4 * CELL - width
        seals.append(SealPlace(x, row_top(row) + CELL / 2 - height / 2, height))
        words = signer.post
        left = x - (2 + width_of(words)) * CELL
        lines.append(_line(_run(words, x=left), row=row, element=Element.UNIT, blocks=blocks))
        row += 2
    date = _date(document, right=4, row=row, blocks=blocks)
    return Slab(row + 1, (*lines, date), seals=tuple(seals), needs_company=True)


def set_imprint(
    document: OfficialDocument, *, blocks: Blocks
) -> tuple[tuple[Line, ...], tuple[Stroke, ...], float]:
    """版记 at the bottom of the type area: copies, who printed it and when, between lines; and its height.

    A letter's imprint has the copies alone, without lines (10.1).
    """
    parts: list[list[tuple[tuple[Run, ...], Element]]] = []
    if document.copies:
        parts.append([(runs, Element.COPIES) for runs in _copies(document.copies)])
    if document.form is not Form.LETTER and document.printed_by:
        parts.append([(_printed(document), Element.IMPRINT)])
    count = sum(len(part) for part in parts)
    if not count:
        return (), (), 0.0
    top = TOP + AREA_HEIGHT - count * IMPRINT_LINE
    lines: list[Line] = []
    edges = [top]
    y = top
    for part in parts:
        number = blocks()
        for runs, element in part:
            lines.append(Line(y + (IMPRINT_LINE - SIZE_4) / 2, runs, element, number, "imprint"))
            y += IMPRINT_LINE
        edges.append(y)
    strokes: tuple[Stroke, ...] = ()
    if document.form is not Form.LETTER:
        strokes = tuple(
            Stroke(
                LEFT,
                edge,
                AREA_WIDTH,
                THICK if at in (0, len(edges) - 1) else THIN,
                element=Element.IMPRINT,
            )
            for at, edge in enumerate(edges)
        )
    return tuple(lines), strokes, count * IMPRINT_LINE


def _copies(names: Sequence[str]) -> list[tuple[Run, ...]]:
    """抄送: one character in at both sides, further lines below the first name, a full stop at the end."""
    columns = AREA_WIDTH / SIZE_4
    lines = broken(
        [(f"抄送：{join_names(names)}。", Face.FANG)],
        first=1,
        rest=4,
        columns=columns - 1,
    )
    return [placed(line, size=SIZE_4, cell=SIZE_4, columns=columns - 1, is_justified=False) for line in lines]


def _printed(document: OfficialDocument) -> tuple[Run, ...]:
    left = run_at(document.printed_by, x=LEFT + SIZE_4, size=SIZE_4)
    if document.printed_on is None:
        return (left,)
    words = f"{in_words(document.printed_on)}印发"
    right = run_at(words, x=RIGHT_EDGE - (1 + width_of(words)) * SIZE_4, size=SIZE_4)
    return left, right
