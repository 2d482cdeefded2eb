"""`python -m benchmarks.documents`: what a page of an official document costs in each format, and line equality.

Processor time, beside fpdf2 writing the same lines as bare text with the same font (where fpdf2 is installed).
`--report` writes docs/reference/performance-documents.md. Where LibreOffice and poppler are on the machine, the DOCX
files are also rendered and compared line by line with the PDF.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn

from tests.facilities.office.corpus import documents
from tests.facilities.office.test_same_lines import lines_of_docx, lines_of_ofd, lines_of_pdf
from yiwang.facilities.office.layout.compose import lay_out
from yiwang.facilities.office.layout.docx import write_docx
from yiwang.facilities.office.layout.fonts.faces import Fonts, fonts_in
from yiwang.facilities.office.layout.ofd import write_ofd
from yiwang.facilities.office.layout.pdf import write_pdf
from yiwang.facilities.office.layout.verifying import verify
from yiwang.facilities.office.rules.document import OfficialDocument

REPORT = Path(__file__).resolve().parents[1] / "docs/reference/performance-documents.md"
ROUNDS = 5

HEAD = """# Performance of official documents

Written by `python -m benchmarks.documents --report` on {day}; nothing here is typed by hand.

Forty invented documents of every kind and form, {pages} pages. Processor time of one Python process on two cores that
other work shared. Cold: the first PDF of a process, fonts read and cut; OFD and
DOCX follow it and find the fonts cut. Warm: the mean of {rounds} rounds over
all forty, each document laid out and written anew; characters cut once are kept, cut fonts of the last documents too.
Bare: fpdf2 writing the same lines as plain text in the same font, without grid, faces or rules.

| what | cold, first document | warm, a page |
|---|--:|--:|
"""


def spent(work: Callable[[], Any]) -> float:
    """Processor time of some work in milliseconds."""
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000


def bare(document: OfficialDocument) -> bytes | None:
    """The document's lines as bare text by fpdf2; nothing where it isn't installed."""
    try:
        from fpdf import FPDF
    except ImportError:
        return None
    pdf = FPDF(format="A4")
    pdf.add_font("serif", fname=str(pylopdf_fonts_zh_cn.serif_path()))
    pdf.set_font("serif", size=16)
    for page in lay_out(document).line_texts():
        pdf.add_page()
        for place, line in enumerate(page):
            pdf.text(28, 40 + place * 10, line)
    return bytes(pdf.output())


def main() -> None:
    """Measure, compare, print, and write the page when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--report", action="store_true", help="write the page of the documentation")
    options = parser.parse_args()
    all_documents = documents()
    first = all_documents[0]
    cold = {"PDF/A": spent(lambda: write_pdf(lay_out(first), fonts=fonts_in()))}
    fonts = fonts_in()
    writers: dict[str, Callable[[OfficialDocument], bytes]] = {
        "PDF/A": lambda each: write_pdf(lay_out(each), fonts=fonts),
        "OFD": lambda each: write_ofd(lay_out(each), fonts=fonts),
        "DOCX": lambda each: write_docx(lay_out(each)),
    }
    cold |= {
        name: spent(lambda write=write: write(first)) for name, write in writers.items() if name != "PDF/A"
    }
    pages = sum(len(lay_out(each).pages) for each in all_documents)
    rows = [("layout alone", None, spent(lambda: [lay_out(each) for each in all_documents]) / pages)]
    for name, write in writers.items():
        took = spent(lambda write=write: [write(each) for _ in range(ROUNDS) for each in all_documents])
        rows.append((name, cold[name], took / pages / ROUNDS))
    files = [write_pdf(lay_out(each), fonts=fonts) for each in all_documents]
    rows.append(("verifying a PDF", None, spent(lambda: [verify(data) for data in files]) / pages))
    if bare(first) is not None:
        some = all_documents[:5]
        some_pages = sum(len(lay_out(each).pages) for each in some)
        rows.append(
            (
                "bare text by fpdf2",
                spent(lambda: bare(first)),
                spent(lambda: [bare(each) for each in some]) / some_pages,
            )
        )
    text = HEAD.format(day=date.today(), pages=pages, rounds=ROUNDS)  # noqa: DTZ011
    for name, once, page in rows:
        text += f"| {name} | {f'{once:.0f} ms' if once is not None else ''} | {page:.1f} ms |\n"
    text += f"\n{equality(all_documents, fonts)}\n"
    text += f"\n{rendered(all_documents, files)}\n"
    print(text)
    if options.report:
        REPORT.write_text(text, encoding="utf-8")


def equality(all_documents: list[OfficialDocument], fonts: Fonts) -> str:
    """How many of the documents have the same lines on the same pages in the three formats, read back."""
    same = 0
    for each in all_documents:
        sheet = lay_out(each)
        one = lines_of_pdf(write_pdf(sheet, fonts=fonts))
        same += one == lines_of_ofd(write_ofd(sheet, fonts=fonts)) == lines_of_docx(write_docx(sheet))
    return f"Same lines on the same pages, read back from PDF, OFD and DOCX: {same} of {len(all_documents)}."


def rendered(all_documents: list[OfficialDocument], files: list[bytes]) -> str:
    """How many of the DOCX files LibreOffice renders with the lines and pages of the PDF."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if not office or not reader:
        return "DOCX as LibreOffice renders it: not measured, LibreOffice or poppler isn't on this machine."
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "out").mkdir()
        for place, each in enumerate(all_documents):
            (folder / f"{place}.docx").write_bytes(write_docx(lay_out(each)))
            (folder / f"{place}.pdf").write_bytes(files[place])
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        made = [str(path) for path in folder.glob("*.docx")]
        subprocess.run(
            [office, profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder / "out"), *made],
            check=True,
            capture_output=True,
            timeout=600,
        )
        same = sum(
            _read(reader, folder / f"{place}.pdf") == _read(reader, folder / "out" / f"{place}.pdf")
            for place in range(len(all_documents))
        )
    return f"DOCX as LibreOffice renders it, lines and pages compared with the PDF: {same} of {len(all_documents)} the same."


def _read(reader: str, path: Path) -> list[list[str]]:
    done = subprocess.run([reader, "-layout", str(path), "-"], check=True, capture_output=True, text=True)
    return [
        ["".join(line.split()) for line in page.splitlines() if line.strip()]
        for page in done.stdout.split("\f")
    ]


if __name__ == "__main__":
    sys.exit(main())
