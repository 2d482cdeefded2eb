"""Reading a PDF as it is rendered: where each word stands, how large, in which font and colour."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from yiwang.facilities.office.layout.lines import cells
from yiwang.facilities.office.layout.measures import POINT
from yiwang.facilities.office.layout.seen import Seen, SeenPage, SeenStroke, SeenText, lines_of

if TYPE_CHECKING:
    from pypdf import PdfReader

Matrix = tuple[float, float, float, float, float, float]
ASCENT = 0.88
MOST_PAGES = 300


class Unreadable(ValueError):
    """The file can't be read as what it claims to be."""


@dataclass
class _State:
    """What the page's drawing state is at one moment."""

    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    fill: tuple[float, ...] = (0.0,)
    stroke: tuple[float, ...] = (0.0,)
    width: float = 1.0
    font: Any = None
    size: float = 12.0
    spacing: float = 0.0


@dataclass
class _Font:
    """A font's name, what its codes mean and how wide they are."""

    name: str
    meanings: dict[int, str]
    widths: dict[int, float]
    default: float
    is_wide: bool


@dataclass
class _Page:
    """What was found on a page so far."""

    texts: list[SeenText] = field(default_factory=list)
    strokes: list[SeenStroke] = field(default_factory=list)


def read_pdf(data: bytes) -> Seen:
    """See the pages of a PDF. Raises `Unreadable`."""
    # Here and not above, because it takes fourteen megabytes of every process and few requests read a PDF.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted:
            raise Unreadable("PDF已加密，无法读取")
        pages = [_page(reader, page) for page in reader.pages[:MOST_PAGES]]
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, RecursionError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("PDF已损坏，无法读取") from error
    unseen = []
    if not any(page.lines for page in pages):
        unseen.append("页面上没有文字（可能是扫描图像），未作核验")
    return Seen("pdf", tuple(pages), tuple(unseen))


def _page(reader: "PdfReader", page: Any) -> SeenPage:
    box = page.mediabox
    height = float(box.height)
    found = _Page()
    contents = page.get_contents()
    if contents is not None:
        start = _State(matrix=(1, 0, 0, 1, -float(box.left), -float(box.bottom)))
        _Walk(reader, found, height).run(contents, page.get("/Resources", {}), start, depth=0)
    return SeenPage(
        round(float(box.width) * POINT, 2),
        round(height * POINT, 2),
        lines_of(text for text in found.texts if text.text.strip()),
        tuple(found.strokes),
    )


class _Walk:
    """One walk through a page's drawing operators."""

    def __init__(self, reader: "PdfReader", found: _Page, height: float) -> None:
        self.reader, self.found, self.height = reader, found, height
        self.fonts: dict[Any, _Font] = {}

    def run(self, contents: Any, resources: Any, state: _State, *, depth: int) -> None:
        """Follow the operators; a form within the page is followed too."""
        from pypdf.generic import ContentStream

        stack: list[_State] = []
        text: Matrix = (1, 0, 0, 1, 0, 0)
        line = text
        leading = 0.0
        path: list[tuple[float, float]] = []
        for operands, operator in ContentStream(contents, self.reader).operations:
            name = operator.decode("latin-1")
            if name == "q":
                stack.append(replace(state))
            elif name == "Q":
                state = stack.pop() if stack else state
            elif name == "cm":
                state.matrix = _times(_matrix(operands), state.matrix)
            elif name in ("g", "rg", "k", "sc", "scn"):
                state.fill = _numbers(operands)
            elif name in ("G", "RG", "K", "SC", "SCN"):
                state.stroke = _numbers(operands)
            elif name == "w":
                state.width = float(operands[0])
            elif name == "BT":
                text = line = (1, 0, 0, 1, 0, 0)
            elif name == "Tf":
                state.font, state.size = self.font(operands[0], resources), float(operands[1])
            elif name == "Tc":
                state.spacing = float(operands[0])
            elif name == "TL":
                leading = float(operands[0])
            elif name == "Tm":
                text = line = _matrix(operands)
            elif name in ("Td", "TD"):
                leading = -float(operands[1]) if name == "TD" else leading
                text = line = _times((1, 0, 0, 1, float(operands[0]), float(operands[1])), line)
            elif name == "T*":
                text = line = _times((1, 0, 0, 1, 0, -leading), line)
            elif name in ("Tj", "TJ", "'", '"'):
                if name in ("'", '"'):
                    text = line = _times((1, 0, 0, 1, 0, -leading), line)
                shown = operands[0] if name == "TJ" else [operands[-1]]
                text = self.show(shown, text, state)
            elif name in ("m", "l"):
                path.append(_at(float(operands[0]), float(operands[1]), state.matrix))
            elif name == "re":
                x, y, width, height = map(float, operands)
                self.box(_at(x, y, state.matrix), _at(x + width, y + height, state.matrix), state.fill)
            elif name in ("S", "s", "f", "F", "f*", "B", "n"):
                if name in ("S", "s") and len(path) == 2:
                    self.rule(path[0], path[1], state.width * _scale(state.matrix), state.stroke)
                path = []
            elif name == "Do" and depth < 5:
                form = resources.get("/XObject", {}).get(operands[0])
                form = form.get_object() if form is not None else None
                if form is not None and form.get("/Subtype") == "/Form":
                    inner = replace(
                        state, matrix=_times(_matrix(form.get("/Matrix", (1, 0, 0, 1, 0, 0))), state.matrix)
                    )
                    self.run(form, form.get("/Resources", resources), inner, depth=depth + 1)

    def font(self, name: str, resources: Any) -> _Font:
        """A font of the page, read once."""
        raw = resources["/Font"][name].get_object()
        key = id(raw)
        if key not in self.fonts:
            self.fonts[key] = _font(raw)
        return self.fonts[key]

    def show(self, parts: Sequence[Any], text: Matrix, state: _State) -> Matrix:
        """Note the words of one operator and return where the next would stand."""
        font: _Font = state.font
        if font is None:
            return text
        words, first, last = "", None, 0.0
        at = 0.0
        for part in parts:
            if isinstance(part, (int, float)):
                at -= float(part) / 1000 * state.size
                continue
            raw = part.original_bytes if hasattr(part, "original_bytes") else bytes(part)
            step = 2 if font.is_wide else 1
            for place in range(0, len(raw) - step + 1, step):
                code = int.from_bytes(raw[place : place + step], "big")
                meaning = font.meanings.get(code, chr(code) if not font.is_wide and code > 31 else "")
                if meaning.strip() and first is None:
                    first = at
                width = font.widths.get(code, font.default) / 1000 * state.size
                at += width + state.spacing
                words += meaning
                if meaning.strip():
                    # A letter squeezed into half a cell ends where its place does.
                    last = at - width - state.spacing + min(width, cells(meaning[0]) * state.size)
        if first is not None:
            whole = _times(text, state.matrix)
            size = state.size * _scale(whole) * POINT
            x, y = _at(first, 0, whole)
            right, _ = _at(last, 0, whole)
            top = (self.height - y) * POINT - ASCENT * size
            self.found.texts.append(
                SeenText(x * POINT, top, right * POINT, size, words.strip(), font.name, _is_red(state.fill))
            )
        return _times((1, 0, 0, 1, at, 0), text)

    def rule(
        self, one: tuple[float, float], other: tuple[float, float], width: float, colour: tuple[float, ...]
    ) -> None:
        """Note a drawn line that is level or upright."""
        (x, y), (u, v) = sorted((one, other))
        red, thick = _is_red(colour), width * POINT
        if abs(y - v) < 0.5:
            self.found.strokes.append(
                SeenStroke(x * POINT, (self.height - y) * POINT, (u - x) * POINT, thick, red)
            )
        elif abs(x - u) < 0.5:
            top = (self.height - max(y, v)) * POINT
            self.found.strokes.append(SeenStroke(x * POINT, top, abs(v - y) * POINT, thick, red, True))

    def box(self, one: tuple[float, float], other: tuple[float, float], colour: tuple[float, ...]) -> None:
        """Note a box that is so thin that it is a line."""
        width, height = abs(one[0] - other[0]), abs(one[1] - other[1])
        y = (one[1] + other[1]) / 2
        if height < 4 < width:
            self.rule((one[0], y), (other[0], y), height, colour)


def _font(raw: Any) -> _Font:
    child = raw["/DescendantFonts"][0].get_object() if "/DescendantFonts" in raw else raw
    widths: dict[int, float] = {}
    if "/W" in child:
        listed = list(child["/W"].get_object() if hasattr(child["/W"], "get_object") else child["/W"])
        while listed:
            first, second = int(listed.pop(0)), listed.pop(0)
            second = second.get_object() if hasattr(second, "get_object") else second
            if isinstance(second, list):
                widths |= {first + place: float(width) for place, width in enumerate(second)}
            else:
                width = float(listed.pop(0))
                widths |= dict.fromkeys(range(first, min(int(second), first + 65535) + 1), width)
    elif "/Widths" in raw:
        start = int(raw.get("/FirstChar", 0))
        widths = {start + place: float(width) for place, width in enumerate(raw["/Widths"])}
    meanings = _meanings(raw["/ToUnicode"].get_object().get_data()) if "/ToUnicode" in raw else {}
    name = str(raw.get("/BaseFont", "")).lstrip("/").split("+")[-1]
    is_wide = raw.get("/Subtype") == "/Type0"
    return _Font(name, meanings, widths, float(child.get("/DW", 1000 if is_wide else 500)), is_wide)


def _meanings(data: bytes) -> dict[int, str]:
    text = data.decode("latin-1")
    found: dict[int, str] = {}
    for part in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, meaning in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", part):
            found[int(code, 16)] = _unicode(meaning)
    for part in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
        for low, high, start in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", part):
            base = _unicode(start)
            for place, code in enumerate(range(int(low, 16), min(int(high, 16), int(low, 16) + 65535) + 1)):
                found[code] = base[:-1] + chr(ord(base[-1]) + place) if base else ""
        for low, listed in re.findall(r"<([0-9A-Fa-f]+)>\s*<[0-9A-Fa-f]+>\s*\[(.*?)\]", part, re.DOTALL):
            for place, meaning in enumerate(re.findall(r"<([0-9A-Fa-f]+)>", listed)):
                found[int(low, 16) + place] = _unicode(meaning)
    return found


def _unicode(digits: str) -> str:
    return bytes.fromhex(digits.zfill(len(digits) + len(digits) % 2)).decode("utf-16-be", "replace")


def _numbers(operands: Sequence[Any]) -> tuple[float, ...]:
    return tuple(float(each) for each in operands if isinstance(each, (int, float)))


def _is_red(colour: tuple[float, ...]) -> bool:
    if len(colour) == 3:
        return colour[0] > 0.6 and colour[1] < 0.35 and colour[2] < 0.35
    return len(colour) == 4 and colour[1] > 0.6 and colour[2] > 0.6 and colour[0] < 0.4


def _matrix(operands: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(each) for each in operands)
    return a, b, c, d, e, f


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = other
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _at(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _scale(matrix: Matrix) -> float:
    return math.hypot(matrix[2], matrix[3])
