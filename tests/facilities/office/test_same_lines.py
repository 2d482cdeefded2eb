"""The same lines on the same pages in PDF, DOCX and OFD, read back from the files by code that wrote none of them."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from tests.facilities.office.corpus import documents
from yiwang.facilities.office.layout.compose import lay_out
from yiwang.facilities.office.layout.docx import write_docx
from yiwang.facilities.office.layout.fonts.faces import fonts_in
from yiwang.facilities.office.layout.ofd import write_ofd
from yiwang.facilities.office.layout.pdf import write_pdf
from yiwang.facilities.office.rules.document import Form, Kind

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
OFD = "{http://www.ofdspec.org/2016}"
Pages = list[list[str]]
Placed = tuple[float, float, str]


def rows(pieces: Iterable[Placed]) -> list[str]:
    """Pieces of text by height and place → what stands on each line, without blanks and page numbers."""
    found: list[tuple[float, list[Placed]]] = []
    for piece in sorted(pieces):
        if found and abs(piece[0] - found[-1][0]) < 1.2:
            found[-1][1].append(piece)
        else:
            found.append((piece[0], [piece]))
    texts = ["".join(p[2] for p in sorted(each, key=lambda p: p[1])) for _, each in found]
    plain = [re.sub(r"\s", "", text) for text in texts]
    return [text for text in plain if text and not re.fullmatch(r"—\d+—", text)]


def lines_of_pdf(data: bytes) -> Pages:
    pages = []
    for page in PdfReader(BytesIO(data)).pages:
        pieces: list[Placed] = []

        def see(text: str, cm: list[float], tm: list[float], font: object, size: float, into=pieces) -> None:  # type: ignore[no-untyped-def]
            if text.strip():
                # Baselines of different sizes on one row differ by a part of the size.
                into.append((-(tm[5] + 0.37 * size) * 25.4 / 72, tm[4], text.strip("\n")))

        page.extract_text(visitor_text=see)
        pages.append(rows(pieces))
    return pages


def lines_of_ofd(data: bytes) -> Pages:
    pages = []
    with zipfile.ZipFile(BytesIO(data)) as archive:
        root = ElementTree.fromstring(archive.read("Doc_0/Document.xml"))
        for page in root.iter(f"{OFD}Page"):
            content = ElementTree.fromstring(archive.read(f"Doc_0/{page.attrib['BaseLoc']}"))
            pieces = []
            for text in content.iter(f"{OFD}TextObject"):
                x, y, _, height = map(float, text.attrib["Boundary"].split())
                words = "".join(code.text or "" for code in text.iter(f"{OFD}TextCode"))
                pieces.append((y + height / 2, x, words))
            pages.append(rows(pieces))
    return pages


def lines_of_docx(data: bytes) -> Pages:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))[0]
    pages: Pages = [[]]
    turns = False
    for child in body:
        if child.tag == f"{W}sectPr":
            continue
        if child.find(f".//{W}pageBreakBefore") is not None or turns:
            pages.append([])
        turns = child.find(f"{W}pPr/{W}sectPr") is not None
        if turns:
            continue
        pages[-1] += list(_table(child)) if child.tag == f"{W}tbl" else list(_broken(child))
    return pages


def _broken(paragraph: ElementTree.Element) -> Iterator[str]:
    text = "".join(
        "\n" if each.tag == f"{W}br" else each.text or ""
        for each in paragraph.iter()
        if each.tag in (f"{W}t", f"{W}br")
    )
    yield from (plain for line in text.split("\n") if (plain := re.sub(r"\s", "", line)))


def _table(table: ElementTree.Element) -> Iterator[str]:
    for row in table.iter(f"{W}tr"):
        cells = [list(_broken(cell)) for cell in row.iter(f"{W}tc")]
        tallest = max(map(len, cells))
        pieces = [
            ((tallest - len(cell)) * 5 + at * 10.0, float(place), line)
            for place, cell in enumerate(cells)
            for at, line in enumerate(cell)
        ]
        yield from rows(pieces)


DOCUMENTS = documents()


def test_the_forty_are_of_every_kind_and_form() -> None:
    assert len(DOCUMENTS) == 40
    assert {each.kind for each in DOCUMENTS} == set(Kind)
    assert {each.form for each in DOCUMENTS} == set(Form)


@pytest.mark.parametrize("place", range(40))
def test_the_three_formats_have_the_same_lines_on_the_same_pages(place: int) -> None:
    sheet = lay_out(DOCUMENTS[place])
    fonts = fonts_in()
    expected = [
        rows((line.top + line.size / 2, run.xs[0], run.text) for line in page.lines for run in line.runs)
        for page in sheet.pages
    ]
    assert sum(map(len, expected)) > 5
    assert lines_of_pdf(write_pdf(sheet, fonts=fonts)) == expected
    assert lines_of_ofd(write_ofd(sheet, fonts=fonts)) == expected
    assert lines_of_docx(write_docx(sheet)) == expected


def test_the_same_document_gives_the_same_bytes() -> None:
    fonts = fonts_in()
    for each in DOCUMENTS[:3]:
        first, second = lay_out(each), lay_out(each)
        assert write_pdf(first, fonts=fonts) == write_pdf(second, fonts=fonts)
        assert write_ofd(first, fonts=fonts) == write_ofd(second, fonts=fonts)
        assert write_docx(first) == write_docx(second)


def test_no_line_leaves_the_type_area_and_no_page_has_more_than_22_rows() -> None:
    for each in DOCUMENTS:
        for page in lay_out(each).pages:
            body = [line for line in page.lines if line.runs[0].size == 5.54]
            assert len({round(line.top, 1) for line in body}) <= 22
            # A hanging comma or full stop may stand in the margin, nothing else.
            over = [
                line.text
                for line in body
                if line.runs[-1].right > 184.3 and line.text[-1] not in "，。、；："
            ]
            assert over == []
