"""The report on paper: tables with their formulas, set by typst; texts go in as data, never as markup."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock

import pylopdf_fonts_zh_cn
import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.stats.report import Report
from yiwang.kernel.stats.tables import Cell, sheets_of
from yiwang.kernel.stats.words import comparisons, day_name, number, period_name

TEMPLATES = Path(__file__).parent / "typeset"
FONTS = ["Noto Sans SC", "Noto Serif SC"]

_lock = Lock()


@dataclass(frozen=True)
class Origin:
    """Who made an export, and when."""

    by: str
    at: datetime


class NotSet(RuntimeError):
    """The typesetter gave no file."""


@cache
def _compiler() -> typst.Compiler:
    """The typesetter of this process with its fonts loaded."""
    folders = sorted(
        {Path(pylopdf_fonts_zh_cn.sans_path()).parent, Path(pylopdf_fonts_zh_cn.serif_path()).parent}
    )
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def paper_of(report: Report, *, origin: Origin) -> bytes:
    """The report as PDF, in the language in force. Raises `NotSet`."""
    content = {
        "title": f"{_('Statistics')} · {period_name(report.period)}",
        "made": _("Counted on %(day)s · made at %(at)s by %(by)s · only matters that this person may see")
        % {
            "day": day_name(report.as_of),
            "at": timezone.localtime(origin.at).strftime("%Y-%m-%d %H:%M"),
            "by": origin.by,
        },
        "sentence": comparisons(
            report.period,
            report.figures["received"] or 0,
            report.before["received"] or 0,
            report.year_before["received"] or 0,
        ),
        "tables": [
            {
                "name": sheet.name,
                "formula": sheet.formula,
                "heads": list(sheet.heads),
                "rows": [[_shown(cell) for cell in row] for row in sheet.rows],
                "has_words_last": bool(sheet.rows) and isinstance(sheet.rows[0][-1], str),
            }
            for sheet in sheets_of(report)
        ],
        "fonts": FONTS,
    }
    with _lock:
        made, _warnings = _compiler().compile_with_warnings(
            input=TEMPLATES / "report.typ",
            format="pdf",
            sys_inputs={"report": json.dumps(content, ensure_ascii=False)},
            timestamp=origin.at.astimezone(UTC).replace(microsecond=0),
        )
    if not isinstance(made, bytes):
        raise NotSet(str(report.period))
    return made


def _shown(cell: Cell) -> str:
    return cell if isinstance(cell, str) else number(cell)
