"""Marks of state secrets (密级): whatever bears one is refused before anything of it is kept."""

import re
import zipfile
from typing import BinaryIO

from yiwang.facilities.office.rules.secrecy import marks_in

MOST = 2 << 20
"""Bytes of a part of a file that are looked at."""
PAGES = 30
"""Pages of a PDF that are looked at: marks stand at the head of a document."""


def mark_in(text: str) -> str:
    """The first mark of secrecy that a text bears, as it stands there; empty when it bears none."""
    found = marks_in(text)
    return found[0].words if found else ""


def words_in(file: BinaryIO) -> str:
    """What can be read of a file before it is kept: the text of a Word file, a PDF or a plain text.

    The file is left as it was found. A scan can't be read: whoever brings it in says that it bears no mark.
    """
    head = file.read(4)
    file.seek(0)
    try:
        if head == b"PK\x03\x04":
            with zipfile.ZipFile(file) as packed:
                names = [
                    name
                    for name in packed.namelist()
                    if re.fullmatch(r"word/(?:document|header\d*|footer\d*)\.xml", name)
                ]
                parts = [packed.read(name)[:MOST].decode("utf-8", "replace") for name in names]
            lines = [re.sub(r"<[^>]*>", "", part.replace("</w:p>", "\n")) for part in parts]
            return "\n".join(lines)
        if head[:4] == b"%PDF":
            return _words_in_pdf(file)
        return file.read(MOST).decode("utf-8", "ignore")
    except (zipfile.BadZipFile, RuntimeError, KeyError):
        return ""
    finally:
        file.seek(0)


def _words_in_pdf(file: BinaryIO) -> str:
    """The text of a PDF; a damaged or locked one gives what could be read of it before."""
    # Here and not above, because it takes fourteen megabytes of every process and few requests read a PDF.
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    words: list[str] = []
    try:
        for page in PdfReader(file).pages[:PAGES]:
            words.append(page.extract_text()[:MOST])
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        pass
    return "\n".join(words)
