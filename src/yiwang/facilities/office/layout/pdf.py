"""The laid-out document as PDF/A-2b: each character at its place, fonts cut down and embedded."""

import hashlib
import zlib
from collections.abc import Mapping
from xml.sax.saxutils import escape

from yiwang.facilities.office.layout.colour import srgb_profile
from yiwang.facilities.office.layout.fonts.faces import Fonts
from yiwang.facilities.office.layout.fonts.sfnt import FontFile, Subset
from yiwang.facilities.office.layout.measures import PAGE_HEIGHT, PAGE_WIDTH, POINT
from yiwang.facilities.office.layout.sheet import Line, Page, Run, Sheet, Stroke

RED = "0.85 0 0"
BOLD = 0.028
"""How much wider strokes get where a lighter font stands in for 小标宋, in parts of the size."""


class _Objects:
    """The numbered objects of a PDF file."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def reserve(self) -> int:
        self.bodies.append(b"")
        return len(self.bodies)

    def add(self, body: str | bytes, *, at: int | None = None) -> int:
        number = at or self.reserve()
        self.bodies[number - 1] = body.encode() if isinstance(body, str) else body
        return number

    def stream(self, data: bytes, extra: str = "", *, is_packed: bool = True) -> int:
        packed = zlib.compress(data, 6) if is_packed else data
        filtered = "/Filter/FlateDecode" if is_packed else ""
        head = f"<<{extra}{filtered}/Length {len(packed)}>>stream\n".encode()
        return self.add(head + packed + b"\nendstream")

    def file(self, *, root: int) -> bytes:
        out = bytearray(b"%PDF-1.7\n%\xe5\x85\xac\xe6\x96\x87\n")
        places = []
        for number, body in enumerate(self.bodies, 1):
            places.append(len(out))
            out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
        start = len(out)
        digest = hashlib.sha256(out).hexdigest()[:32]
        out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        out += b"".join(b"%010d 00000 n \n" % place for place in places)
        trailer = f"<</Size {len(places) + 1}/Root {root} 0 R/ID[<{digest}><{digest}>]>>"
        out += f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode()
        return bytes(out)


def write_pdf(sheet: Sheet, *, fonts: Fonts) -> bytes:
    """Write a laid-out document as PDF; the same document and fonts give the same bytes."""
    objects = _Objects()
    root, tree = objects.reserve(), objects.reserve()
    subsets = {font: font.subset(needed) for font, needed in fonts.needed(sheet).items()}
    names = {font: f"F{place}" for place, font in enumerate(subsets, 1)}
    numbers = {font: _font(objects, subset, font=font) for font, subset in subsets.items()}
    listed = "".join(f"/{names[font]} {number} 0 R" for font, number in numbers.items())
    pages = []
    for page in sheet.pages:
        content = objects.stream(_content(page, fonts=fonts, subsets=subsets, names=names))
        box = f"[0 0 {_points(PAGE_WIDTH)} {_points(PAGE_HEIGHT)}]"
        pages.append(
            objects.add(
                f"<</Type/Page/Parent {tree} 0 R/MediaBox{box}/Resources<</Font<<{listed}>>>>"
                f"/Contents {content} 0 R>>"
            )
        )
    kids = " ".join(f"{number} 0 R" for number in pages)
    objects.add(f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>", at=tree)
    profile = objects.stream(srgb_profile(), "/N 3")
    intent = (
        "<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB)"
        f"/DestOutputProfile {profile} 0 R>>"
    )
    told = objects.stream(_metadata(sheet.title), "/Type/Metadata/Subtype/XML", is_packed=False)
    objects.add(
        f"<</Type/Catalog/Pages {tree} 0 R/Metadata {told} 0 R/OutputIntents[{intent}]"
        "/Lang(zh-CN)/ViewerPreferences<</DisplayDocTitle true>>>>",
        at=root,
    )
    return objects.file(root=root)


def _points(value: float) -> str:
    return f"{value / POINT:.3f}".rstrip("0").rstrip(".")


def _content(
    page: Page, *, fonts: Fonts, subsets: Mapping[FontFile, Subset], names: Mapping[FontFile, str]
) -> bytes:
    out = [_stroke(stroke) for stroke in page.strokes]
    for line in sorted(page.lines, key=_place):
        for run in line.runs:
            out += _run(run, line=line, fonts=fonts, subsets=subsets, names=names)
    return "\n".join(out).encode()


def _place(line: Line) -> tuple[float, float]:
    return round(line.top, 1), line.left


def _stroke(stroke: Stroke) -> str:
    x, y = _points(stroke.x), _points(PAGE_HEIGHT - stroke.y)
    if stroke.is_upright:
        end = f"{x} {_points(PAGE_HEIGHT - stroke.y - stroke.length)}"
    else:
        end = f"{_points(stroke.x + stroke.length)} {y}"
    colour = RED if stroke.is_red else "0 0 0"
    return f"q {colour} RG {_points(stroke.thickness)} w {x} {y} m {end} l S Q"


def _run(
    run: Run,
    *,
    line: Line,
    fonts: Fonts,
    subsets: Mapping[FontFile, Subset],
    names: Mapping[FontFile, str],
) -> list[str]:
    size = run.size / POINT
    out = []
    for part in fonts.parts(run):
        subset = subsets[part.font]
        baseline = PAGE_HEIGHT - line.top - run.size * part.font.ascent
        shown = []
        for place, character in enumerate(part.text):
            glyph = subset.numbers[character]
            shown.append(f"<{glyph:04X}>")
            at = part.first + place
            if place + 1 < len(part.text):
                step = (run.xs[at + 1] - run.xs[at]) / POINT
                adjust = round(subset.widths[glyph] - step * 1000 / size)
                if adjust:
                    shown.append(str(adjust))
        colour = RED if run.is_red else "0 0 0"
        mode = f" 2 Tr {size * BOLD:.3f} w {colour} RG" if part.is_bold else ""
        out.append(
            f"q BT /{names[part.font]} {size:.3f} Tf {colour} rg{mode} 1 0 0 1 "
            f"{_points(run.xs[part.first])} {_points(baseline)} Tm [{''.join(shown)}] TJ ET Q"
        )
    return out


def _font(objects: _Objects, subset: Subset, *, font: FontFile) -> int:
    kind = "/Subtype/CIDFontType0C" if subset.is_cff else f"/Length1 {len(subset.program)}"
    program = objects.stream(subset.program, kind)
    key = "FontFile3" if subset.is_cff else "FontFile2"
    up = round(font.ascent * 1000)
    descriptor = objects.add(
        f"<</Type/FontDescriptor/FontName/{subset.name}/Flags 4/FontBBox[-200 -300 1200 1000]/ItalicAngle 0"
        f"/Ascent {up}/Descent {up - 1000}/CapHeight 700/StemV 80/{key} {program} 0 R>>"
    )
    widths = " ".join(str(width) for width in subset.widths)
    system = "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
    type_ = "0" if subset.is_cff else "2/CIDToGIDMap/Identity"
    child = objects.add(
        f"<</Type/Font/Subtype/CIDFontType{type_}/BaseFont/{subset.name}{system}"
        f"/FontDescriptor {descriptor} 0 R/DW 1000/W[0[{widths}]]>>"
    )
    unicode = objects.stream(_to_unicode(subset))
    return objects.add(
        f"<</Type/Font/Subtype/Type0/BaseFont/{subset.name}/Encoding/Identity-H"
        f"/DescendantFonts[{child} 0 R]/ToUnicode {unicode} 0 R>>"
    )


def _to_unicode(subset: Subset) -> bytes:
    pairs = [
        f"<{glyph:04X}> <{character.encode('utf-16-be').hex().upper()}>"
        for character, glyph in sorted(subset.numbers.items(), key=lambda pair: pair[1])
    ]
    parts = [
        f"{len(pairs[at : at + 100])} beginbfchar\n" + "\n".join(pairs[at : at + 100]) + "\nendbfchar"
        for at in range(0, len(pairs), 100)
    ]
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        + "\n".join(parts)
        + "\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    ).encode()


def _metadata(title: str) -> bytes:
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
