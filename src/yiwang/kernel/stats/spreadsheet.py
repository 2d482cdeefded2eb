"""The report as an Excel workbook: a sheet for each table, with period, formulas, time and author."""

import io
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.stats.paper import Origin
from yiwang.kernel.stats.report import Report
from yiwang.kernel.stats.tables import Sheet, sheets_of
from yiwang.kernel.stats.words import day_name, period_name

LONGEST_SHEET_NAME = 31
WIDEST = 60


def spreadsheet_of(report: Report, *, origin: Origin) -> bytes:
    """The workbook's bytes, in the language in force. Texts are written as texts, never as formulas."""
    # Here and not above: few processes ever write a workbook.
    import xlsxwriter

    target = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": f"{_('Statistics')} {period_name(report.period)}", "author": origin.by})
        styles = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "note": book.add_format({"font_color": "#5a6468"}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"num_format": "#,##0.0;-#,##0.0;0", "valign": "top"}),
            "whole": book.add_format({"num_format": "#,##0", "valign": "top"}),
        }
        for sheet in sheets_of(report):
            _write(book.add_worksheet(_sheet_name(sheet.name)), sheet, report, origin, styles)
    return target.getvalue()


def _sheet_name(name: str) -> str:
    """A name that Excel takes: without its seven forbidden characters, at most 31 long."""
    return "".join(c for c in name if c not in "[]:*?/\\")[:LONGEST_SHEET_NAME]


def _write(page: object, sheet: Sheet, report: Report, origin: Origin, styles: dict[str, object]) -> None:
    write: Any = page
    write.write_string(0, 0, f"{period_name(report.period)} · {sheet.name}", styles["title"])
    write.write_string(1, 0, origin_words(report, origin), styles["note"])
    if sheet.formula:
        write.write_string(2, 0, sheet.formula, styles["note"])
    first = 4
    for column, head in enumerate(sheet.heads):
        write.write_string(first, column, head, styles["head"])
        texts = [row[column] for row in sheet.rows if isinstance(row[column], str)]
        widest = max((_width(str(text)) for text in (head, *texts)), default=0)
        write.set_column(column, column, min(max(widest + 2, 12), WIDEST))
    for number, row in enumerate(sheet.rows, start=first + 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                write.write_string(number, column, value, styles["text"])
            elif value is not None:
                write.write_number(
                    number, column, value, styles["whole" if float(value).is_integer() else "number"]
                )
    write.freeze_panes(first + 1, 1)
    write.set_landscape()
    write.set_paper(9)
    write.fit_to_pages(1, 0)
    write.repeat_rows(first)


def _width(text: str) -> int:
    """The width of a text in columns; a Chinese character takes two."""
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


def origin_words(report: Report, origin: Origin) -> str:
    """By whom and when the report was made, and of which day its figures are."""
    return _("Counted on %(day)s · made at %(at)s by %(by)s · only matters that this person may see") % {
        "day": day_name(report.as_of),
        "at": timezone.localtime(origin.at).strftime("%Y-%m-%d %H:%M"),
        "by": origin.by,
    }
