"""Reading OFD and DOCX packages; both are ZIP files of XML and are opened with care."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree import ElementTree

from yiwang.facilities.office.layout.lines import broken, cells, width_of
from yiwang.facilities.office.layout.measures import POINT
from yiwang.facilities.office.layout.read_pdf import Unreadable
from yiwang.facilities.office.layout.seen import Seen, SeenPage, SeenStroke, SeenText, lines_of
from yiwang.facilities.office.layout.sheet import Face

OFD = "{http://www.ofdspec.org/2016}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LARGEST_PART = 30 << 20
Element = ElementTree.Element


class _Package:
    """A ZIP file whose parts are read with a limit, and never with a document type."""

    def __init__(self, data: bytes) -> None:
        try:
            self.archive = zipfile.ZipFile(BytesIO(data))
        except zipfile.BadZipFile as error:
            raise Unreadable("文件已损坏，不是有效的压缩包") from error

    def xml(self, name: str) -> Element:
        """A part as XML. Raises `Unreadable`."""
        try:
            info = self.archive.getinfo(name)
            if info.file_size > LARGEST_PART:
                raise Unreadable("文件部件过大")
            data = self.archive.read(name)
            if b"<!DOCTYPE" in data[:4096] or b"<!ENTITY" in data:
                raise Unreadable("文件含有文档类型声明，拒绝读取")
            return ElementTree.fromstring(data)
        except (KeyError, ElementTree.ParseError, zipfile.BadZipFile, RuntimeError) as error:
            raise Unreadable(f"文件缺少部件或部件已损坏：{name}") from error

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name in self.archive.namelist()


def read_ofd(data: bytes) -> Seen:
    """See the pages of an OFD. Raises `Unreadable`."""
    package = _Package(data)
    root = (package.xml("OFD.xml").findtext(f".//{OFD}DocRoot") or "Doc_0/Document.xml").lstrip("/")
    folder = root.rpartition("/")[0]
    document = package.xml(root)
    fonts: dict[str, str] = {}
    for place in document.iterfind(f".//{OFD}PublicRes"):
        for font in package.xml(f"{folder}/{place.text}").iter(f"{OFD}Font"):
            fonts[font.attrib["ID"]] = font.attrib.get("FontName", "").split("+")[-1]
    whole = document.findtext(f".//{OFD}PageArea/{OFD}PhysicalBox") or "0 0 210 297"
    pages = []
    for page in document.iterfind(f"{OFD}Pages/{OFD}Page"):
        content = package.xml(f"{folder}/{page.attrib['BaseLoc']}")
        box = [float(each) for each in (content.findtext(f".//{OFD}PhysicalBox") or whole).split()]
        texts = [text for each in content.iter(f"{OFD}TextObject") for text in _ofd_text(each, fonts)]
        strokes = [_ofd_stroke(each) for each in content.iter(f"{OFD}PathObject")]
        pages.append(SeenPage(box[2], box[3], lines_of(texts), tuple(strokes)))
    return Seen("ofd", tuple(pages))


def _is_red(values: str) -> bool:
    numbers = [int(float(each)) for each in values.split()]
    return len(numbers) == 3 and numbers[0] > 150 and numbers[1] < 90 and numbers[2] < 90


def _ofd_text(each: Element, fonts: dict[str, str]) -> Iterator[SeenText]:
    x, y, _, _ = (float(value) for value in each.attrib["Boundary"].split())
    size = float(each.attrib["Size"])
    colour = each.find(f"{OFD}FillColor")
    red = colour is not None and _is_red(colour.attrib.get("Value", "0 0 0"))
    for code in each.iter(f"{OFD}TextCode"):
        words = code.text or ""
        steps = [float(step) for step in code.attrib.get("DeltaX", "").split() if step != "g"]
        start = x + float(code.attrib.get("X", 0))
        top = y + float(code.attrib.get("Y", size * 0.88)) - size * 0.88
        if words.strip():
            right = start + sum(steps) + cells(words[-1]) * size
            yield SeenText(start, top, right, size, words, fonts.get(each.attrib["Font"], ""), red)


def _ofd_stroke(each: Element) -> SeenStroke:
    x, y, width, height = (float(value) for value in each.attrib["Boundary"].split())
    colour = each.find(f"{OFD}StrokeColor")
    red = colour is not None and _is_red(colour.attrib.get("Value", "0 0 0"))
    thick = float(each.attrib.get("LineWidth", 0.353))
    if height > width:
        return SeenStroke(x + width / 2, y, height, thick, red, True)
    return SeenStroke(x, y + height / 2, width, thick, red)


@dataclass
class _Flow:
    """Where the next paragraph of a word processor's file goes."""

    top: float
    left: float
    width: float
    height: float
    bottom: float
    at: float = 0.0
    pages: list[tuple[list[SeenText], list[SeenStroke]]] = field(default_factory=lambda: [([], [])])
    unseen: set[str] = field(default_factory=set)
    tops: list[float] = field(default_factory=list)

    def turn(self) -> None:
        self.pages.append(([], []))
        self.at = self.top


def read_docx(data: bytes) -> Seen:
    """See a DOCX as its own measures place it; what only a word processor knows is told in `unseen`."""
    package = _Package(data)
    body = package.xml("word/document.xml").find(f"{W}body")
    section = body.find(f".//{W}sectPr") if body is not None else None
    if body is None or section is None:
        raise Unreadable("DOCX没有正文或页面设置")
    size, margins = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    if size is None or margins is None:
        raise Unreadable("DOCX没有页面设置")
    height, left = _twips(size, "h"), _twips(margins, "left")
    width = _twips(size, "w") - left - _twips(margins, "right")
    top = _twips(margins, "top")
    flow = _Flow(top, left, width, height, height - _twips(margins, "bottom"), at=top)
    flow.tops = [_twips(each, "top") for each in body.iter(f"{W}pgMar")]
    flow.unseen.add("DOCX的分页以文件中的分页符和固定行距推算，实际版面以打印或转换后的版式文件为准")
    _flow_body(body, flow)
    numbers = [name for name in package.archive.namelist() if re.fullmatch(r"word/footer\d*\.xml", name)]
    if not any("PAGE" in "".join(package.xml(name).itertext()) for name in numbers):
        flow.unseen.add("DOCX页脚中没有页码域")
    pages = tuple(
        SeenPage(_twips(size, "w"), height, lines_of(texts), tuple(strokes)) for texts, strokes in flow.pages
    )
    return Seen("docx", pages, tuple(sorted(flow.unseen)))


def _twips(element: Element | None, name: str, default: float = 0.0) -> float:
    if element is None:
        return default
    value = element.attrib.get(f"{W}{name}", "")
    return float(value) / 20 * POINT if re.fullmatch(r"-?\d+(\.\d+)?", value) else default


def _flow_body(body: Element, flow: _Flow) -> None:
    for child in body:
        if child.tag == f"{W}p":
            _flow_paragraph(child, flow)
            if child.find(f"{W}pPr/{W}sectPr") is not None:
                flow.tops = flow.tops[1:] or flow.tops
                flow.top = flow.tops[0]
                flow.turn()
        elif child.tag == f"{W}tbl":
            for row in child.iter(f"{W}tr"):
                _flow_row(row, flow)


def _flow_row(row: Element, flow: _Flow) -> None:
    heights = [_twips(each, "val") for each in row.iter(f"{W}trHeight")]
    height = heights[0] if heights else 10.44
    if row.find(f".//{W}pageBreakBefore") is not None or flow.at + height > flow.bottom + 1:
        flow.turn()
    texts, strokes = flow.pages[-1]
    x = flow.left
    strokes.append(SeenStroke(x, flow.at, flow.width, 0.25))
    for cell in row.iter(f"{W}tc"):
        words = [
            "".join(
                "\n" if each.tag == f"{W}br" else each.text or ""
                for each in p.iter()
                if each.tag in (f"{W}t", f"{W}br")
            )
            for p in cell.iter(f"{W}p")
        ]
        parts = [part for word in words for part in word.split("\n") if part]
        width = _twips(cell.find(f".//{W}tcW"), "w")
        for place, part in enumerate(parts):
            top = flow.at + (height - len(parts) * 10.44) / 2 + place * 10.44 + 2.7
            start = x + (width - width_of(part) * 4.94) / 2
            texts.append(SeenText(start, top, start + width_of(part) * 4.94, 4.94, part, "仿宋"))
        strokes.append(SeenStroke(x, flow.at, height, 0.25, is_upright=True))
        x += width
    flow.at += height
    strokes.append(SeenStroke(flow.left, flow.at, flow.width, 0.25))


@dataclass
class _Words:
    """Words of a paragraph in one font."""

    text: str
    size: float
    font: str
    is_red: bool
    tab: int = 0


def _flow_paragraph(paragraph: Element, flow: _Flow) -> None:
    """Place a paragraph's lines as its exact line height and indents say."""
    properties = paragraph.find(f"{W}pPr")
    spacing = properties.find(f"{W}spacing") if properties is not None else None
    indent = properties.find(f"{W}ind") if properties is not None else None
    lines = _words_of(paragraph)
    size = max((word.size for line in lines for word in line), default=5.64)
    height = _twips(spacing, "line")
    if spacing is None or spacing.attrib.get(f"{W}lineRule") != "exact" or not height:
        flow.unseen.add("段落行距不是固定值，行的位置只能估计")
        height = max(size * 1.3, 10.44 if size < 7 else size * 1.3)
    if properties is not None and properties.find(f"{W}pageBreakBefore") is not None:
        flow.turn()
    above, below = _border(properties, "top"), _border(properties, "bottom")
    flow.at += _twips(spacing, "before")
    texts, strokes = flow.pages[-1]
    if above:
        strokes.append(
            SeenStroke(flow.left + _twips(indent, "left"), flow.at, _ruled(indent, flow), *above[:2])
        )
    align = properties.find(f"{W}jc") if properties is not None else None
    how = align.attrib.get(f"{W}val", "left") if align is not None else "left"
    stops = [_twips(tab, "pos") for tab in paragraph.iter(f"{W}tab") if f"{W}pos" in tab.attrib]
    sides = [tab.attrib.get(f"{W}val") for tab in paragraph.iter(f"{W}tab") if f"{W}pos" in tab.attrib]
    left, right = _twips(indent, "left"), _twips(indent, "right")
    first = left + _twips(indent, "firstLine") - _twips(indent, "hanging")
    rows = [row for line in lines for row in _wrapped(line, flow, first=first - left)] or [[]]
    for place, row in enumerate(rows):
        if flow.at + height > flow.bottom + 1.5 and height > 1:
            flow.turn()
            texts, strokes = flow.pages[-1]
        start = flow.left + (first if place == 0 else left)
        wide = sum(width_of(word.text) * word.size for word in row)
        if how == "center":
            start = flow.left + left + (flow.width - left - right - wide) / 2
        elif how in ("right", "end"):
            start = flow.left + flow.width - right - wide
        at = start
        for word in row:
            if word.tab and stops:
                stop = min(word.tab, len(stops)) - 1
                at = flow.left + stops[stop]
                if sides[stop] == "right":
                    at -= width_of(word.text) * word.size
            length = width_of(word.text) * word.size
            top = flow.at + (height - word.size) / 2
            if word.text.strip():
                texts.append(SeenText(at, top, at + length, word.size, word.text, word.font, word.is_red))
            at += length
        flow.at += height
    if below:
        y = flow.at + below[2] + below[0] / 2
        flow.at += below[2] + below[0]
        strokes.append(SeenStroke(flow.left + left, y, _ruled(indent, flow), *below[:2]))


def _ruled(indent: Element | None, flow: _Flow) -> float:
    return flow.width - _twips(indent, "left") - _twips(indent, "right")


def _border(properties: Element | None, side: str) -> tuple[float, bool, float] | None:
    border = properties.find(f"{W}pBdr/{W}{side}") if properties is not None else None
    if border is None or border.attrib.get(f"{W}val") in ("nil", "none"):
        return None
    thick = float(border.attrib.get(f"{W}sz", 4)) / 8 * POINT
    space = float(border.attrib.get(f"{W}space", 0)) * POINT
    colour = border.attrib.get(f"{W}color", "auto")
    red = (
        bool(re.fullmatch(r"[0-9A-Fa-f]{6}", colour))
        and int(colour[:2], 16) > 150
        and int(colour[2:4], 16) < 90
    )
    return thick, red, space


def _words_of(paragraph: Element) -> list[list[_Words]]:
    """The words of a paragraph by the lines that it breaks itself; tabs are counted."""
    lines: list[list[_Words]] = [[]]
    tabs = 0
    for run in paragraph.iter(f"{W}r"):
        properties = run.find(f"{W}rPr")
        size = properties.find(f"{W}sz") if properties is not None else None
        fonts = properties.find(f"{W}rFonts") if properties is not None else None
        colour = properties.find(f"{W}color") if properties is not None else None
        half = float(size.attrib.get(f"{W}val", 32)) if size is not None else 32.0
        font = fonts.attrib.get(f"{W}eastAsia", "") if fonts is not None else ""
        value = colour.attrib.get(f"{W}val", "") if colour is not None else ""
        red = (
            bool(re.fullmatch(r"[0-9A-Fa-f]{6}", value))
            and int(value[:2], 16) > 150
            and int(value[2:4], 16) < 90
        )
        for part in run:
            if part.tag == f"{W}t" and part.text:
                lines[-1].append(_Words(part.text, half / 2 * POINT, font, red, tabs))
                tabs = 0
            elif part.tag == f"{W}br":
                lines.append([])
            elif part.tag == f"{W}tab":
                tabs = sum(1 for word in lines[-1] if word.tab) + 1
    return [line for line in lines if line]


def _wrapped(line: list[_Words], flow: _Flow, *, first: float) -> list[list[_Words]]:
    """A line that a word processor would have to break, broken as we would."""
    size = line[0].size
    whole = sum(width_of(word.text) * word.size for word in line)
    if whole <= flow.width + 3 * size or any(word.tab for word in line):
        return [line]
    flow.unseen.add("长段落由文字处理软件自动折行，折行位置只能估计")
    pieces = [("".join(word.text for word in line), Face.FANG)]
    rows = broken(pieces, first=first / size, columns=int(flow.width / size))
    return [[_Words(row.text, size, line[0].font, line[0].is_red)] for row in rows]
