"""The catalogue (归档文件目录) on paper and as a workbook; texts go in as data, never as markup or formulas."""

import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock

import pylopdf_fonts_zh_cn
import typst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.facilities.archive.models import FileUnit, Fonds
from yiwang.facilities.archive.shown import number_of

TEMPLATES = Path(__file__).parent / "typeset"
_lock = Lock()


class NotSet(RuntimeError):
    """The typesetter gave no file."""


def heads() -> list[str]:
    """The columns of DA/T 22-2015."""
    return [
        pgettext("archive", "No."),
        _("Archive number"),
        pgettext("archive", "Document number"),
        pgettext("archive", "Author"),
        pgettext("archive", "Title"),
        pgettext("archive", "Date"),
        _("Classification"),
        pgettext("archive", "Pages"),
        pgettext("archive", "Remark"),
    ]


def lines(units: Iterable[FileUnit]) -> list[list[str]]:
    """The rows of the catalogue. Classification is always empty: what is classified is refused."""
    rows = []
    for number, found in enumerate(units, start=1):
        remark = found.remark if found.disposed_at is None else _("disposed of")
        rows.append(
            [
                str(number),
                number_of(found),
                found.document_number,
                found.author,
                found.title,
                found.dated_on.strftime("%Y%m%d"),
                "",
                str(found.pages or ""),
                remark,
            ]
        )
    return rows


@cache
def _compiler() -> typst.Compiler:
    folders = sorted(
        {Path(pylopdf_fonts_zh_cn.sans_path()).parent, Path(pylopdf_fonts_zh_cn.serif_path()).parent}
    )
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def catalogue_pdf(fonds: Fonds, units: Sequence[FileUnit], *, at: datetime) -> bytes:
    """The catalogue as PDF, in the language in force. Raises `NotSet`."""
    content = {
        "title": _("Catalogue of archived files"),
        "fonds": f"{fonds.number} {fonds.name}",
        "heads": heads(),
        "rows": lines(units),
        "fonts": ["Noto Sans SC", "Noto Serif SC"],
    }
    with _lock:
        made, _warnings = _compiler().compile_with_warnings(
            input=TEMPLATES / "catalogue.typ",
            format="pdf",
            sys_inputs={"catalogue": json.dumps(content, ensure_ascii=False)},
            timestamp=at.astimezone(UTC).replace(microsecond=0),
        )
    if not isinstance(made, bytes):
        raise NotSet(fonds.number)
    return made


def catalogue_sheet(fonds: Fonds, units: Sequence[FileUnit]) -> bytes:
    """The catalogue as a workbook."""
    # Here and not above: few processes ever write a workbook.
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        sheet = book.add_worksheet(fonds.number[:31])
        bold, wrapped = (
            book.add_format({"bold": True, "bottom": 1}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        sheet.write_string(0, 0, f"{_('Catalogue of archived files')} {fonds.number} {fonds.name}", bold)
        for column, head in enumerate(heads()):
            sheet.write_string(2, column, head, bold)
        for number, row in enumerate(lines(units), start=3):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, wrapped)
        for column, width in enumerate((6, 30, 22, 26, 48, 11, 8, 8, 20)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(3, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
    return target.getvalue()
