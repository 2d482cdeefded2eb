"""Letters on paper: a frozen letter becomes a PDF once, after GB/T 9704, and is served from the store since.

What people wrote goes to the typesetter as data, never as its language. The same letter gives the same bytes.
"""

import json
import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pylopdf_fonts_zh_cn
import segno
import typst
from django.http import HttpRequest, HttpResponseBase

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.config import installation
from yiwang.kernel.casework.glyphs import Coverage, coverage
from yiwang.kernel.casework.models import Case, Letter
from yiwang.kernel.files.actions import store
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.pages.serving import serve
from yiwang.kernel.files.queries import content as content_of

TEMPLATES = Path(__file__).parent / "typeset"
STANDARD: Final = "a-2b"
LARGEST = 32 << 20
OWN_BODY = ("FangSong_GB2312", "FangSong", "STFangsong", "仿宋_GB2312", "仿宋")
OWN_HEADING = ("SimHei", "STHeiti", "黑体")
OWN_TITLE = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "STZhongsong", "方正小标宋简体")
TEXTS = ("title", "to", "remedy", "closing", "unit_name", "contact")

_log = logging.getLogger(__name__)


class NotSet(RuntimeError):
    """The typesetter gave no sound file; a letter that looks wrong is worse than none."""


@dataclass(frozen=True)
class Press:
    """A typesetter with its fonts loaded, and the one thread it works in.

    It keeps what it learnt for each thread that calls it; in one thread its memory stays where it is.
    """

    compiler: typst.Compiler
    fonts: str
    coverage: Coverage
    thread: ThreadPoolExecutor


def font_files() -> list[Path]:
    """The fonts letters are set in: the package's, and what the office laid into `fonts` of its data."""
    own = installation().data / "fonts"
    laid = sorted(p for p in own.glob("*") if p.suffix.lower() in (".ttf", ".otf")) if own.is_dir() else []
    return [*laid, pylopdf_fonts_zh_cn.serif_path(), pylopdf_fonts_zh_cn.sans_path()]


@cache
def press() -> Press:
    """The typesetter of this process, made at the first letter."""
    paths = font_files()
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=sorted({p.parent for p in paths})
    )
    families = list(dict.fromkeys(info.family for info in fonts.fonts()))
    serif, sans = "Noto Serif SC", "Noto Sans SC"
    others = [family for family in families if family not in (serif, sans)]

    def chosen(wanted: tuple[str, ...], last: str) -> list[str]:
        return list(dict.fromkeys([*(name for name in wanted if name in families), last, serif, *others]))

    return Press(
        compiler=typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True),
        fonts=json.dumps(
            {
                "body": chosen(OWN_BODY, serif),
                "heading": chosen(OWN_HEADING, sans),
                "title": chosen(OWN_TITLE, serif),
            }
        ),
        coverage=coverage(paths),
        thread=ThreadPoolExecutor(max_workers=1, thread_name_prefix="letters"),
    )


def pdf_of(letter: Letter) -> bytes:
    """The letter as PDF/A. The first call sets it and keeps it; later ones read what was kept."""
    return content_of(file_of(letter))


def file_of(letter: Letter) -> Blob:
    """The stored PDF of a letter; set and stored at the first call, its hash written to the letter once."""
    kept = Blob.objects.filter(digest=letter.file_digest).first() if letter.file_digest else None
    if kept is not None:
        return kept
    pdf = set_letter(letter.content, number=letter.number, at=letter.issued_at)
    blob = store(
        BytesIO(pdf),
        filename=f"{letter.number}.pdf",
        at=letter.issued_at,
        limit_bytes=LARGEST,
        allowed=("application/pdf",),
    )
    with acting_as_system():
        Letter.objects.filter(pk=letter.pk, file_digest="").update(file_digest=blob.digest)
        letter.refresh_from_db(fields=["file_digest"])
    return Blob.objects.get(digest=letter.file_digest)


def letter_response(request: HttpRequest, letter: Letter, *, inline: bool = True) -> HttpResponseBase:
    """Answer with a letter's PDF, whole or a range. Asks nobody: the page has asked its policy before."""
    title = str(letter.content.get("title", ""))
    return serve(request, file_of(letter), filename=f"{title} {letter.number}.pdf", inline=inline)


def receipt_pdf(case: Case, code: str, *, address: str) -> bytes:
    """The receipt for whoever brought the matter, with its code and a QR of `address`, the receipt's page.

    Not kept: the code must not lie in the store. Raises `Letter.DoesNotExist` for a case without a receipt.
    """
    letter = case.letters.get(kind="receipt")
    return set_letter(letter.content, number=letter.number, at=letter.issued_at, code=code, address=address)


def set_letter(
    content: Mapping[str, Any], *, number: str, at: datetime, code: str = "", address: str = ""
) -> bytes:
    """Set a letter's content as PDF/A-2b; pure but for the fonts. What no font has becomes a box and a note."""
    machine = press()
    letter, missing = _legible(content, machine.coverage)
    if missing:
        _log.warning("letter %s: no font has %s", number, " ".join(missing))
    letter |= {
        "number": number,
        "missing": missing,
        "qr": segno.make(address, error="m").svg_inline(scale=4, border=0) if code else None,
        "code": code,
        "address": address,
    }
    inputs = {"letter": json.dumps(letter, ensure_ascii=False), "fonts": machine.fonts}
    work = partial(
        machine.compiler.compile_with_warnings,
        input=TEMPLATES / "letter.typ",
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=STANDARD,
        timestamp=at.astimezone(UTC).replace(microsecond=0),
    )
    made, warnings = machine.thread.submit(work).result()
    if warnings or not isinstance(made, bytes):
        raise NotSet([warning.message for warning in warnings])
    return made


def _legible(content: Mapping[str, Any], known: Coverage) -> tuple[dict[str, Any], list[str]]:
    """A letter's content with every text made legible, and the characters that no font has."""
    missing: dict[str, None] = {}

    def text(value: Any) -> str:
        shown, lacking = known.legible(str(value))
        missing.update(dict.fromkeys(lacking))
        return _breakable(shown)

    letter: dict[str, Any] = {key: text(content.get(key, "")) for key in TEXTS}
    letter["paragraphs"] = [text(paragraph) for paragraph in content.get("paragraphs", ())]
    letter["sections"] = [
        {"heading": text(section["heading"]), "paragraphs": [text(p) for p in section["paragraphs"]]}
        for section in content.get("sections", ())
    ]
    letter["terms"] = [{key: text(value) for key, value in term.items()} for term in content.get("terms", ())]
    letter["attachments"] = [text(name) for name in content.get("attachments", ())]
    letter["copy_to"] = [text(name) for name in content.get("copy_to", ())]
    day = date.fromisoformat(str(content["day"]))
    letter["day"] = f"{day.year}年{day.month}月{day.day}日"
    return letter, list(missing)


def _breakable(text: str) -> str:
    """Long words without blanks (addresses of pages, rows of digits) with places where a line may end."""
    parts: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if character.isascii() and not character.isspace() else 0
        parts.append(character)
        if run and run % 24 == 0:
            parts.append("\u200b")
    return "".join(parts)
