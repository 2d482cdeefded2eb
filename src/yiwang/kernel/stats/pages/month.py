"""The leader's page: a month or a year in a few big figures and charts, each opening its cases."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.stats.addresses import (
    address_of_cases,
    address_of_report,
    institution_for,
    institutions_of,
    period_in,
)
from yiwang.kernel.stats.queries import Question
from yiwang.kernel.stats.report import Part, Report, labels, report_of
from yiwang.kernel.stats.rules import Period
from yiwang.kernel.stats.wording import wording_of
from yiwang.kernel.stats.words import comparisons, day_name, month_name, number, period_name
from yiwang.kernel.ui.parts import Bar, Link

READERS = frozenset({"leader", "head"})
MOST_BARS = 12
"""Bars that a chart shows; the rest is one bar together, and stands in the spreadsheet one by one."""


@dataclass(frozen=True)
class Figure:
    """One big number with what belongs to it."""

    label: str
    value: str
    unit: str
    formula: str
    url: str = ""
    note: str = ""


@page("stats:month", roles=READERS, budget=8)
@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """Show a month, with `?year=` a year, as the reader may see it."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    today = timezone.localdate()
    offered = institutions_of(standing, today=today)
    institution, period = institution_for(request.GET, offered=offered), period_in(request.GET, today=today)
    found = report_of(standing, institution=institution, period=period, as_of=today)
    context = _context(found, today=today) | {
        "institutions": [
            Link(_(name), address_of_report(period, institution=key), is_current=key == institution)
            for key, name in offered.items()
        ]
    }
    return render(request, "stats/month.html", context)


def _context(found: Report, *, today: date) -> dict[str, object]:
    period, institution = found.period, found.institution

    def address(of: Period) -> str:
        return address_of_report(of, institution=institution)

    year = Period(period.year)
    latest = Period(today.year, today.month if period.month else None)
    return {
        "report": found,
        "name": period_name(period),
        "as_of": day_name(found.as_of),
        "sentence": comparisons(
            period,
            found.figures["received"] or 0,
            found.before["received"] or 0,
            found.year_before["received"] or 0,
        ),
        "earlier_url": address(period.before()),
        "later_url": address(period.after()) if period.first_on < latest.first_on else "",
        "picker": [
            Link(_("Whole year"), address(year), is_current=period.month is None),
            *(
                Link(month_name(one), address(one), is_current=one == period)
                for one in year.months
                if one.first_on <= today or one == period
            ),
        ],
        "years": [
            Link(str(n), address(Period(n, period.month)), is_current=n == period.year)
            for n in _years(period.year, this_year=today.year)
        ],
        "figures": _figures(found),
        "times": _bars(_begun(found.times, as_of=found.as_of), institution=institution),
        "times_title": _("By day") if period.month else _("By month"),
        "units": _bars(_first(found.parts["unit"]), institution=institution, note=_note_of(institution)),
        "classes": _bars(_first(found.parts["class"]), institution=institution, note=_note_of(institution)),
        "channels": _bars(found.parts["channel"], institution=institution),
        "others": {key: len(parts) - MOST_BARS for key, parts in found.parts.items()},
        "hops": [
            Bar(
                hop.label,
                hop.mean_days,
                address_of_cases(hop.question, institution=institution),
                _("%(days)s days · %(cases)s") % {"days": number(hop.mean_days), "cases": number(hop.cases)},
            )
            for hop in found.hops[:MOST_BARS]
        ],
        "spreadsheet_url": address_of_report(period, institution=institution, page="stats:spreadsheet"),
        "names": labels(institution),
        "paper_url": address_of_report(period, institution=institution, page="stats:paper"),
    }


def _years(shown: int, *, this_year: int) -> list[int]:
    """The years to choose from: around the one shown, and this one."""
    return sorted({*(n for n in range(shown - 2, shown + 3) if n <= max(this_year, shown)), this_year})


def _begun(times: Sequence[Part], *, as_of: date) -> Sequence[Part]:
    """The days or months that have begun; a day that is still to come has no figure, not even nought."""
    return [part for part in times if part.key <= as_of.isoformat()]


def _first(parts: Sequence[Part]) -> Sequence[Part]:
    return parts[:MOST_BARS]


def _late(part: Part) -> str:
    words = {"received": number(part.received), "late": number(part.figures["late"])}
    return _("%(received)s · %(late)s late") % words


def _adopted(part: Part) -> str:
    words = {"received": number(part.received), "adopted": number(part.figures["adopted"])}
    return _("%(received)s · %(adopted)s adopted") % words


def _note_of(institution: str) -> Callable[[Part], str]:
    """What stands beside a bar: how many were late, or where reports go up, how many were adopted."""
    return _late if "adopted" in wording_of(institution).without else _adopted


def _bars(parts: Sequence[Part], *, institution: str, note: Callable[[Part], str] | None = None) -> list[Bar]:
    return [
        Bar(
            part.label,
            part.received,
            address_of_cases(part.question, institution=institution) if part.received else "",
            note(part) if note is not None else "",
        )
        for part in parts
    ]


def _figures(found: Report) -> list[Figure]:
    matters, days = _("matters"), _("days")
    names, figures, formulas = labels(found.institution), found.figures, found.formulas
    without = wording_of(found.institution).without

    def link(indicator: str) -> str:
        question = Question(found.period, indicator)
        return address_of_cases(question, institution=found.institution) if figures[indicator] else ""

    def count(key: str, *, note: str = "") -> Figure:
        return Figure(names[key], number(figures[key]), matters, formulas[key], link(key), note)

    def rate(key: str, *, part: str, of: str) -> Figure:
        note = _("%(part)s of %(whole)s") % {"part": number(figures[part]), "whole": number(figures[of])}
        value = number(figures[key])
        unit = "%" if figures[key] is not None else ""
        label = names[key].removesuffix(" %")
        formula = f"{formulas[key]} {formulas[part]}"
        return Figure(
            label, value, unit, formula, link(part), note if figures[of] else _("nobody has evaluated yet")
        )

    mean = _("mean %(days)s days") % {"days": number(figures["answer_days_mean"])}
    return [
        count("received"),
        rate("on_time_rate", part="on_time", of="received"),
        count("late", note=_("%(rate)s %% of what was received") % {"rate": number(figures["late_rate"])}),
        count("open_late"),
        rate("answered_rate", part="answered", of="received"),
        Figure(
            names["answer_days_median"],
            number(figures["answer_days_median"]),
            days if figures["answer_days_median"] is not None else "",
            formulas["answer_days_median"],
            link("answered"),
            mean if figures["answer_days_mean"] is not None else _("nothing answered yet"),
        ),
        *(
            []
            if "sent_up" in without
            else [count("sent_up"), rate("adoption_rate", part="adopted", of="sent_up")]
        ),
        *([] if "repeat" in without else [count("repeat")]),
        *(
            rate(key, part=part, of=of)
            for key, part, of in (
                ("satisfaction_office", "satisfied_office", "graded_office"),
                ("satisfaction_unit", "satisfied_unit", "graded_unit"),
            )
            if key not in without
        ),
        *(_followed_up(rate) if figures["to_ask"] else []),
    ]


def _followed_up(rate: Callable[..., Figure]) -> list[Figure]:
    """What follow-ups said, where matters get one."""
    return [
        rate("response_rate", part="asked", of="to_ask"),
        rate("solution_rate", part="solved", of="asked"),
    ]
