"""The report as plain tables, for the spreadsheet and for paper."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiwang.kernel.stats.indicators import IN_PARTS
from yiwang.kernel.stats.report import Part, Report, labels
from yiwang.kernel.stats.wording import wording_of
from yiwang.kernel.stats.words import period_name

Cell = str | float | None


@dataclass(frozen=True)
class Sheet:
    """One table: its name, its column headings, its rows, and how it is counted."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    formula: str = ""


def sheets_of(report: Report) -> list[Sheet]:
    """Every table of a report in its order; an empty one is left out."""
    names = labels(report.institution)
    found = [_figures(report, names)]
    for dimension in ("unit", "class", "channel"):
        title, head = names[f"title_{dimension}"], names[f"by_{dimension}"]
        formula = report.formulas[f"by_{dimension}"]
        by_part = [(part.label, part) for part in report.parts[dimension]]
        found.append(_table(report, title, head, by_part, names, formula))
    title, head = (_("By day"), _("Day")) if report.period.month else (_("By month"), _("Month"))
    by_time = [(part.key, part) for part in report.times]
    found.append(_table(report, title, head, by_time, names, report.formulas["received"]))
    found.append(
        Sheet(
            _("How long it stays where"),
            (_("Unit"), _("Matters"), _("Times given back"), _("Days, mean")),
            tuple((hop.label, hop.cases, hop.times, hop.mean_days) for hop in report.hops),
            report.formulas["hops"],
        )
    )
    return [sheet for sheet in found if sheet.rows]


def _figures(report: Report, names: dict[str, str]) -> Sheet:
    period = report.period
    earlier_periods = [period.before()] if period.month is None else [period.before(), period.year_before()]
    heads = (_("Figure"), *map(period_name, [period, *earlier_periods]), _("Way of counting"))
    rows = []
    for key, value in report.shown(report.figures).items():
        earlier = (
            (report.before[key],) if period.month is None else (report.before[key], report.year_before[key])
        )
        rows.append((names[key], value, *earlier, report.formulas[key]))
    return Sheet(_("Main figures"), heads, tuple(rows))


def _table(
    report: Report,
    title: str,
    head: str,
    parts: Sequence[tuple[str, Part]],
    names: dict[str, str],
    formula: str,
) -> Sheet:
    without = wording_of(report.institution).without
    keys = [key for key in (*IN_PARTS, "late_rate") if key not in without]
    return Sheet(
        title,
        (head, *(names[key] for key in keys)),
        tuple((label, *(part.figures[key] for key in keys)) for label, part in parts),
        formula,
    )
