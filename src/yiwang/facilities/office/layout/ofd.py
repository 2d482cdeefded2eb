"""The laid-out document as OFD (GB/T 33190-2016): the same places, in millimetres, with embedded fonts."""

import hashlib
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from xml.sax.saxutils import escape

from yiwang.facilities.office.layout.fonts.faces import Fonts
from yiwang.facilities.office.layout.fonts.sfnt import FontFile
from yiwang.facilities.office.layout.measures import PAGE_HEIGHT, PAGE_WIDTH
from yiwang.facilities.office.layout.sheet import Line, Page, Run, Sheet, Stroke

NAMESPACE = "http://www.ofdspec.org/2016"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
RED = "216 0 0"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, so that the same document gives the same bytes."""


class _Numbers:
    """The object numbers of one document."""

    def __init__(self) -> None:
        self.last = 0

    def __call__(self) -> int:
        self.last += 1
        return self.last


def write_ofd(sheet: Sheet, *, fonts: Fonts, on: date | None = None) -> bytes:
    """Write a laid-out document as OFD; `on` is the document's date for its properties."""
    number = _Numbers()
    subsets = {font: font.subset(needed) for font, needed in fonts.needed(sheet).items()}
    numbers = {font: number() for font in subsets}
    parts: dict[str, str | bytes] = {}
    pages = []
    for place, page in enumerate(sheet.pages):
        own = number()
        layer = number()
        objects = "".join(_objects(page, fonts=fonts, numbers=numbers, number=number))
        parts[f"Doc_0/Pages/Page_{place}/Content.xml"] = (
            f'{HEAD}<ofd:Page xmlns:ofd="{NAMESPACE}"><ofd:Content>'
            f'<ofd:Layer ID="{layer}" Type="Body">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
        )
        pages.append(f'<ofd:Page ID="{own}" BaseLoc="Pages/Page_{place}/Content.xml"/>')
    listed = []
    for place, (font, subset) in enumerate(subsets.items(), 1):
        name = f"font_{place}.{'otf' if subset.is_cff else 'ttf'}"
        parts[f"Doc_0/Res/{name}"] = subset.file
        listed.append(
            f'<ofd:Font ID="{numbers[font]}" FontName="{escape(subset.name)}"'
            f' FamilyName="{escape(subset.name)}"><ofd:FontFile>{name}</ofd:FontFile></ofd:Font>'
        )
    parts["Doc_0/PublicRes.xml"] = (
        f'{HEAD}<ofd:Res xmlns:ofd="{NAMESPACE}" BaseLoc="Res"><ofd:Fonts>{"".join(listed)}</ofd:Fonts></ofd:Res>'
    )
    area = f"<ofd:PhysicalBox>0 0 {PAGE_WIDTH:g} {PAGE_HEIGHT:g}</ofd:PhysicalBox>"
    parts["Doc_0/Document.xml"] = (
        f'{HEAD}<ofd:Document xmlns:ofd="{NAMESPACE}"><ofd:CommonData><ofd:MaxUnitID>{number.last}</ofd:MaxUnitID>'
        f"<ofd:PageArea>{area}</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData>"
        f"<ofd:Pages>{''.join(pages)}</ofd:Pages></ofd:Document>"
    )
    made = f"<ofd:CreationDate>{on.isoformat()}</ofd:CreationDate>" if on else ""
    parts["OFD.xml"] = (
        f'{HEAD}<ofd:OFD xmlns:ofd="{NAMESPACE}" Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>'
        f"<ofd:DocID>{_identity(sheet)}</ofd:DocID><ofd:Title>{escape(sheet.title)}</ofd:Title>{made}"
        "<ofd:Creator>Yiwang</ofd:Creator></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    )
    return packed(parts)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP of parts whose bytes depend on nothing but the parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name in sorted(parts, key=lambda name: (name not in ("OFD.xml", "[Content_Types].xml"), name)):
            body = parts[name]
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, body.encode() if isinstance(body, str) else body)
    return out.getvalue()


def _identity(sheet: Sheet) -> str:
    words = "\f".join("\n".join(page) for page in sheet.line_texts())
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _objects(page: Page, *, fonts: Fonts, numbers: Mapping[FontFile, int], number: _Numbers) -> Iterator[str]:
    for stroke in page.strokes:
        yield _stroke(stroke, number=number())
    for line in sorted(page.lines, key=lambda line: (round(line.top, 1), line.left)):
        for run in line.runs:
            yield from _texts(run, line=line, fonts=fonts, numbers=numbers, number=number)


def _mm(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")


def _stroke(stroke: Stroke, *, number: int) -> str:
    half = stroke.thickness / 2
    if stroke.is_upright:
        box = (stroke.x - half, stroke.y, stroke.thickness, stroke.length)
        path = f"M {_mm(half)} 0 L {_mm(half)} {_mm(stroke.length)}"
    else:
        box = (stroke.x, stroke.y - half, stroke.length, stroke.thickness)
        path = f"M 0 {_mm(half)} L {_mm(stroke.length)} {_mm(half)}"
    colour = RED if stroke.is_red else "0 0 0"
    return (
        f'<ofd:PathObject ID="{number}" Boundary="{" ".join(map(_mm, box))}" LineWidth="{_mm(stroke.thickness)}">'
        f'<ofd:StrokeColor Value="{colour}"/><ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>'
    )


def _texts(
    run: Run, *, line: Line, fonts: Fonts, numbers: Mapping[FontFile, int], number: _Numbers
) -> Iterator[str]:
    for part in fonts.parts(run):
        first, last = part.first, part.first + len(part.text) - 1
        xs = run.xs[first : last + 1]
        width = run.xs[last] + run.widths[last] - xs[0]
        steps = " ".join(_mm(b - a) for a, b in zip(xs, xs[1:], strict=False))
        deltas = f' DeltaX="{steps}"' if steps else ""
        colour = RED if run.is_red else "0 0 0"
        box = f"{_mm(xs[0])} {_mm(line.top)} {_mm(width)} {_mm(run.size)}"
        bold = ' Weight="700"' if part.is_bold else ""
        yield (
            f'<ofd:TextObject ID="{number()}" Boundary="{box}" Font="{numbers[part.font]}" Size="{_mm(run.size)}"{bold}>'
            f'<ofd:FillColor Value="{colour}"/>'
            f'<ofd:TextCode X="0" Y="{_mm(run.size * part.font.ascent)}"{deltas}>{escape(part.text)}</ofd:TextCode>'
            "</ofd:TextObject>"
        )
