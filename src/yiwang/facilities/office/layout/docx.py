"""The laid-out document as DOCX: paragraphs of exact height, every line and page ended where the layout ends it.

A word processor may lay its own fonts, so each line gets more room than it needs and is broken by us.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from yiwang.facilities.office.layout.docx_parts import (
    CONTENT_TYPES,
    FONTS,
    MAIN,
    RELATIONS,
    ROOT_RELATIONS,
    SETTINGS,
    STYLES,
    core,
)
from yiwang.facilities.office.layout.measures import (
    AREA_WIDTH,
    CELL,
    LEFT,
    LETTER_FOOT,
    LETTER_LINE_WIDTH,
    PAGE_HEIGHT,
    PAGE_NUMBER_BELOW,
    PAGE_WIDTH,
    POINT,
    RIGHT,
    SIZE_1,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SOFTWARE,
    TOP,
)
from yiwang.facilities.office.layout.ofd import packed
from yiwang.facilities.office.layout.sheet import Element, Grid, Line, Page, Run, Sheet, Stroke

SLACK = 700
"""Room to the right of every line, in twentieths of a point, so that no word processor breaks it anew."""
HALF_POINTS = {SIZE_1: 52, SIZE_2: 44, SIZE_3: 32, SIZE_4: 28}


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres / POINT * 20)


EASE = 50
"""What a word processor gets beyond 22 rows (0.9 mm), since it rounds each row by itself."""
LEEWAY = 150
LINE = 592
"""The height of a row in twentieths of a point: 29.6 pt, 22 of which fit between the margins."""


FOOT = PAGE_HEIGHT - TOP - 225 - PAGE_NUMBER_BELOW - SIZE_4 / 2
"""From the foot of the page number to the lower edge of the paper: its dashes are 7 mm below the type area."""


def write_docx(sheet: Sheet) -> bytes:
    """Write a laid-out document as DOCX; the same document gives the same bytes."""
    body = "".join(_body(sheet))
    first = sheet.pages[0]
    has_foot = any(stroke.y > PAGE_HEIGHT - 30 for stroke in first.strokes)
    return packed(
        {
            "[Content_Types].xml": CONTENT_TYPES,
            "_rels/.rels": ROOT_RELATIONS,
            "docProps/core.xml": core(sheet.title),
            "word/_rels/document.xml.rels": RELATIONS,
            "word/settings.xml": SETTINGS,
            "word/styles.xml": STYLES,
            "word/fontTable.xml": FONTS,
            "word/footer1.xml": _footer(is_left=False),
            "word/footer2.xml": _footer(is_left=True),
            "word/footer3.xml": _foot_of_letter() if has_foot else _empty_footer(),
            "word/document.xml": f"{MAIN}<w:body>{body}</w:body></w:document>",
        }
    )


@dataclass(frozen=True)
class Borders:
    """The borders of a paragraph, and what they add to its height above and below and to its width."""

    xml: str = ""
    above: int = 0
    below: int = 0
    out: int = 0


def _body(sheet: Sheet) -> Iterator[str]:
    """The pages in their sections: a section ends where page numbers end or a letter's first page does."""
    pages = sheet.pages
    is_letter = pages[0].number is None
    start = 0
    for place, page in enumerate(pages):
        is_last = place + 1 == len(pages)
        turns_number = not is_last and (page.number is None) != (pages[place + 1].number is None)
        top = LETTER_TOP if is_letter and place == 0 else SOFTWARE.top
        foot = LETTER_FOOT - 1 if is_letter and place == 0 else FOOT
        section = _section(is_numbered=page.number is not None, top=top, foot=foot)
        parts = list(_page(page, breaks=place > start, top=top))
        if turns_number or (is_letter and place == 0 and not is_last):
            parts.append(f"<w:p><w:pPr>{_TINY}{section}</w:pPr></w:p>")
            start = place + 1
        yield from parts
        if is_last:
            yield section


LETTER_TOP = 28.0
"""The upper margin of a letter's first page, above which the head of 30 mm couldn't begin."""
_TINY = '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'


def _section(*, is_numbered: bool, top: float, foot: float = FOOT) -> str:
    odd, even = ("rIdOdd", "rIdEven") if is_numbered else ("rIdNone", "rIdNone")
    return (
        f'<w:sectPr><w:footerReference w:type="default" r:id="{odd}"/>'
        f'<w:footerReference w:type="even" r:id="{even}"/><w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{twips(PAGE_WIDTH)}" w:h="{twips(PAGE_HEIGHT)}"/>'
        f'<w:pgMar w:top="{twips(top)}" w:right="{twips(RIGHT)}"'
        f' w:bottom="{twips(SOFTWARE.bottom) - EASE}"'
        f' w:left="{twips(LEFT)}" w:header="851" w:footer="{twips(foot)}" w:gutter="0"/>'
        f'<w:docGrid w:linePitch="{LINE}"/></w:sectPr>'
    )


def _page(page: Page, *, breaks: bool, top: float) -> Iterator[str]:
    """The paragraphs of one page from top to bottom; what lies between them becomes blank rows and space."""
    at = float(twips(top))
    is_first = True
    done: set[int] = set()
    lines = sorted(
        (line for line in page.lines if line.element is not Element.PAGE_NUMBER),
        key=lambda line: (round(line.top, 1), line.left),
    )
    for place, line in enumerate(lines):
        if line.block in done:
            continue
        together = [each for each in lines[place:] if each.block == line.block]
        if line.align == "cell":
            done.add(line.block)
            grids = [grid for grid in page.grids if grid.block == line.block]
            if is_first and breaks:
                yield f"<w:p><w:pPr><w:pageBreakBefore/>{_TINY}</w:pPr></w:p>"
            yield from _blank_rows(twips(grids[0].ys[0]) - at, breaks=False)
            yield _table(grids)
            at = max(at, twips(grids[0].ys[0])) + sum(_row_height(grid) for grid in grids)
            is_first = False
            continue
        for each in _stacks(together):
            height = _height(each[0])
            borders = _borders(each, page.strokes)
            start = twips(each[0].top) - (height - twips(each[0].size)) / 2 - borders.above
            before = max(0.0, start - at)
            rows = int((before + LEEWAY) // LINE)
            rest = round(before - rows * LINE)
            for blank in range(rows):
                # What a border took is given back by the blank row below it.
                yield _blank(breaks=breaks and is_first, height=LINE + (min(0, rest) if blank == 0 else 0))
                is_first = False
            rest = rest if rest > 40 else 0
            yield _paragraph(each, borders=borders, before=rest, height=height, breaks=breaks and is_first)
            is_first = False
            at += before + height * len(each) + borders.above + borders.below
        done.add(line.block)
    if is_first:
        yield _blank(breaks=breaks)


def _stacks(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines of a block that follow each other at the height of a row, together."""
    found: list[list[Line]] = []
    for line in lines:
        if (
            line.align != "imprint"
            and found
            and abs(line.top - found[-1][-1].top - _height(line) * POINT / 20) < 0.2
        ):
            found[-1].append(line)
        else:
            found.append([line])
    return found


def _height(line: Line) -> int:
    if line.align == "imprint":
        return twips(8.2)
    if line.element is Element.LOGO:
        return twips(line.size * 1.35)
    return LINE


def _blank_rows(room: float, *, breaks: bool) -> Iterator[str]:
    for place in range(max(0, int((room + 30) // LINE))):
        yield _blank(breaks=breaks and place == 0)


def _blank(*, breaks: bool, height: int = LINE) -> str:
    turn = "<w:pageBreakBefore/>" if breaks else ""
    spacing = f'<w:spacing w:before="0" w:after="0" w:line="{height}" w:lineRule="exact"/>'
    return f"<w:p><w:pPr>{turn}{spacing}</w:pPr></w:p>"


def _paragraph(lines: Sequence[Line], *, borders: Borders, before: int, height: int, breaks: bool) -> str:
    turn = "<w:pageBreakBefore/>" if breaks else ""
    spacing = f'<w:spacing w:before="{before}" w:after="0" w:line="{height}" w:lineRule="exact"/>'
    if lines[0].align == "center" and len(lines[0].runs) == 1:
        out = borders.out if borders.xml else 400
        place = f'<w:ind w:left="-{out}" w:right="-{out}"/><w:jc w:val="center"/>'
        tabs, texts = "", [_runs(line.runs) for line in lines]
    elif lines[0].align == "right":
        place, tabs = '<w:ind w:left="0" w:right="0"/><w:jc w:val="right"/>', ""
        texts = [_runs(line.runs) for line in lines]
    else:
        is_ruled = bool(borders.xml) or lines[0].align == "imprint"
        tabs, place, texts = _left(lines, is_ruled=is_ruled)
    joined = "<w:r><w:br/></w:r>".join(texts)
    return f"<w:p><w:pPr>{turn}{borders.xml}{tabs}{spacing}{place}</w:pPr>{joined}</w:p>"


def _left(lines: Sequence[Line], *, is_ruled: bool) -> tuple[str, str, list[str]]:
    """Indents from where the lines begin, and tab stops where a line has parts that stand apart.

    A paragraph between rules is as wide as the type area, since its borders are.
    """
    first = twips(lines[0].left - LEFT)
    rest = 0 if is_ruled else twips(lines[1].left - LEFT) if len(lines) > 1 else first
    stops: list[tuple[int, str]] = []
    texts = []
    for line in lines:
        text = ""
        right = None
        for run in line.runs:
            if right is not None and run.xs[0] - right > CELL * 0.6:
                is_right = line.align == "imprint"
                stop = twips((run.right if is_right else run.xs[0]) - LEFT)
                stops.append((stop, "right" if is_right else "left"))
                text += "<w:r><w:tab/></w:r>"
            text += _runs((run,))
            right = run.right
        texts.append(text)
    tabs = "".join(f'<w:tab w:val="{side}" w:pos="{stop}"/>' for stop, side in sorted(set(stops)))
    indent = f'w:left="{rest}" ' + (
        f'w:firstLine="{first - rest}"' if first >= rest else f'w:hanging="{rest - first}"'
    )
    return (
        f"<w:tabs>{tabs}</w:tabs>" if tabs else "",
        f'<w:ind {indent} w:right="{0 if is_ruled else -SLACK}"/><w:jc w:val="left"/>',
        texts,
    )


def _runs(runs: Sequence[Run]) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    size = HALF_POINTS.get(run.size) or round(run.size / POINT * 2)
    colour = '<w:color w:val="D80000"/>' if run.is_red else ""
    gap = 0
    if len(run.text) > 1 and run.widths[0] > 0:
        natural = size / 2 * 20
        steps = [b - a for a, b in zip(run.xs, run.xs[1:], strict=False)]
        wide = [step for step, width in zip(steps, run.widths, strict=False) if width >= run.size * 0.9]
        gap = round(min(wide) / POINT * 20 - natural) if wide else 0
    spacing = f'<w:spacing w:val="{gap}"/>' if gap else ""
    fonts = f'<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{FACE_NAMES[run.face.value]}" w:hint="eastAsia"/>'
    return (
        f'<w:r><w:rPr>{fonts}{colour}{spacing}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(run.text)}</w:t></w:r>'
    )


FACE_NAMES = {
    "仿宋": "仿宋_GB2312",
    "楷体": "楷体_GB2312",
    "黑体": "黑体",
    "小标宋": "方正小标宋简体",
    "宋体": "宋体",
}


def _borders(lines: Sequence[Line], strokes: Sequence[Stroke]) -> Borders:
    """Rules of the layout that touch a paragraph become its borders."""
    top, bottom = lines[0].top, lines[-1].top + lines[-1].size
    element = lines[0].element
    is_number = element in (Element.NUMBER, Element.SIGNER)
    if is_number and any(each.is_red and abs(each.y - bottom - 4) < 0.3 for each in strokes):
        return Borders(_border(("bottom", 16, 4, "D80000")), below=120)
    if element is Element.LOGO and any(each.is_red and 3 < each.y - bottom < 6 for each in strokes):
        out = twips((LETTER_LINE_WIDTH - AREA_WIDTH) / 2)
        border = _border(("bottom", 36, 4, "D80000"), kind="thickThinSmallGap")
        return Borders(border, below=180, out=out)
    if lines[0].align == "imprint":
        near = [each for each in strokes if each.element is Element.IMPRINT]
        sides = [("top", each) for each in near if 0 <= top - each.y < 4]
        sides += [("bottom", each) for each in near if 0 <= each.y - bottom < 4]
        last = max((each.y for each in near), default=0)
        sides = [(side, each) for side, each in sides if side == "top" or each.y == last]
        xml = _border(*((side, 8 if each.thickness > 0.3 else 6, 0, "000000") for side, each in sides))
        return Borders(xml)
    return Borders()


def _border(*sides: tuple[str, int, int, str], kind: str = "single") -> str:
    if not sides:
        return ""
    parts = "".join(
        f'<w:{side} w:val="{kind}" w:sz="{size}" w:space="{space}" w:color="{colour}"/>'
        for side, size, space, colour in sides
    )
    return f"<w:pBdr>{parts}</w:pBdr>"


def _row_height(grid: Grid) -> int:
    return LINE * max(1, *(len(cell) for cell in grid.cells[0]))


def _table(grids: Sequence[Grid]) -> str:
    """A table with the columns and row heights of the layout, each cell's lines broken by us."""
    widths = [twips(b - a) for a, b in zip(grids[0].xs, grids[0].xs[1:], strict=False)]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    rows = []
    for place, grid in enumerate(grids):
        face = "黑体" if place == 0 else "仿宋_GB2312"
        cells = []
        for width, words in zip(widths, grid.cells[0], strict=True):
            properties = (
                f'<w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="{face}"'
                f' w:hint="eastAsia"/><w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr>'
            )
            text = "<w:r><w:br/></w:r>".join(
                f'<w:r>{properties}<w:t xml:space="preserve">{escape(word)}</w:t></w:r>' for word in words
            )
            cells.append(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
                f'<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="{LINE}" w:lineRule="exact"/>'
                f'<w:ind w:left="-200" w:right="-200"/><w:jc w:val="center"/></w:pPr>{text}</w:p></w:tc>'
            )
        rows.append(
            f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{_row_height(grid)}" w:hRule="exact"/></w:trPr>'
            f"{''.join(cells)}</w:tr>"
        )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips(AREA_WIDTH)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _footer(*, is_left: bool) -> str:
    size = '<w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/></w:rPr>'
    field = (
        f'<w:r>{size}<w:fldChar w:fldCharType="begin"/></w:r><w:r>{size}<w:instrText>PAGE</w:instrText></w:r>'
        f'<w:r>{size}<w:fldChar w:fldCharType="separate"/></w:r><w:r>{size}<w:t>1</w:t></w:r>'
        f'<w:r>{size}<w:fldChar w:fldCharType="end"/></w:r>'
    )
    side = (
        '<w:ind w:left="280"/><w:jc w:val="left"/>'
        if is_left
        else '<w:ind w:right="280"/><w:jc w:val="right"/>'
    )
    dash = f'<w:r>{size}<w:t xml:space="preserve">{{}}</w:t></w:r>'
    return (
        f"{MAIN.replace('w:document', 'w:ftr')}"
        f'<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="280" w:lineRule="exact"/>{side}</w:pPr>'
        f"{dash.format('— ')}{field}{dash.format(' —')}</w:p></w:ftr>"
    )


def _empty_footer() -> str:
    return f"{MAIN.replace('w:document', 'w:ftr')}<w:p/></w:ftr>"


def _foot_of_letter() -> str:
    """The pair of red lines 20 mm above the paper's lower edge, 170 mm wide."""
    out = twips((LETTER_LINE_WIDTH - AREA_WIDTH) / 2)
    border = '<w:pBdr><w:top w:val="thinThickSmallGap" w:sz="24" w:space="0" w:color="D80000"/></w:pBdr>'
    return (
        f"{MAIN.replace('w:document', 'w:ftr')}<w:p><w:pPr>{border}"
        f'<w:spacing w:before="0" w:after="0" w:line="{twips(1)}" w:lineRule="exact"/>'
        f'<w:ind w:left="-{out}" w:right="-{out}"/></w:pPr></w:p></w:ftr>'
    )
