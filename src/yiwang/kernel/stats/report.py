"""The report of a month or year: one function behind the leader's page, the exports and the command."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.stats.indicators import (
    ANSWER_FORMULA,
    ANSWER_MEAN,
    ANSWER_MEDIAN,
    DIMENSIONS,
    HOP,
    HOP_FORMULA,
    IN_PARTS,
    INDICATORS,
    RATES,
    TITLES,
)
from yiwang.kernel.stats.queries import Question, tallies_by_month
from yiwang.kernel.stats.rules import Period, Tally, mean, median, percent, total
from yiwang.kernel.stats.wording import wording_of

SECONDS_OF_A_DAY = 86_400


@dataclass(frozen=True)
class Part:
    """One channel, class, unit, month or day: its name, its figures, and the cases behind them."""

    key: str
    label: str
    figures: Mapping[str, float | None]
    question: Question

    @property
    def received(self) -> int:
        """How many matters were received."""
        return int(self.figures["received"] or 0)


@dataclass(frozen=True)
class HopPart:
    """How long a unit had the matters that it gave back."""

    key: str
    label: str
    cases: int
    times: int
    mean_days: float
    question: Question


@dataclass(frozen=True)
class Report:
    """All figures of a period as somebody may see them, on a day."""

    institution: str
    period: Period
    as_of: date
    figures: Mapping[str, float | None]
    before: Mapping[str, float | None]
    year_before: Mapping[str, float | None]
    parts: Mapping[str, tuple[Part, ...]]
    times: tuple[Part, ...]
    hops: tuple[HopPart, ...]
    formulas: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was received."""
        return not self.figures["received"]

    def shown(self, figures: Mapping[str, float | None]) -> dict[str, float | None]:
        """Figures without those that have no meaning for the institution."""
        without = wording_of(self.institution).without
        return {key: value for key, value in figures.items() if key not in without}

    def as_json(self) -> dict[str, Any]:
        """The report in plain types."""
        return {
            "institution": self.institution,
            "period": str(self.period),
            "as_of": self.as_of.isoformat(),
            "figures": self.shown(self.figures),
            "before": {"period": str(self.period.before()), **self.shown(self.before)},
            "year_before": {"period": str(self.period.year_before()), **self.shown(self.year_before)},
            **{
                f"by_{dimension}": [{"key": p.key, "label": p.label, **self.shown(p.figures)} for p in parts]
                for dimension, parts in self.parts.items()
            },
            ("by_day" if self.period.month else "by_month"): [
                {"key": p.key, **self.shown(p.figures)} for p in self.times
            ],
            "hops": [
                {"key": h.key, "label": h.label, "cases": h.cases, "times": h.times, "mean_days": h.mean_days}
                for h in self.hops
            ],
            "formulas": {
                key: words
                for key, words in self.formulas.items()
                if key not in wording_of(self.institution).without
            },
        }


def report_of(standing: Standing, *, institution: str, period: Period, as_of: date) -> Report:
    """The report of a period with the period before and the same one a year earlier beside it.

    Counts only what the standing may see; the caller asks the database as the standing.
    """
    wanted = {month for of in (period, period.before(), period.year_before()) for month in _months_of(of)}
    months = tallies_by_month(standing, institution=institution, months=sorted(wanted, key=str), as_of=as_of)

    def whole(of: Period) -> Tally:
        return total(months[month] for month in _months_of(of) if month in months)

    mine = whole(period)
    return Report(
        institution=institution,
        period=period,
        as_of=as_of,
        figures=figures_of(mine),
        before=figures_of(whole(period.before())),
        year_before=figures_of(whole(period.year_before())),
        parts={d.key: _parts(mine, d.key, period=period) for d in DIMENSIONS},
        times=_months(whole, period) if period.month is None else _days(mine, period),
        hops=_hops(mine, period=period),
        formulas=formulas(institution),
    )


def figures_of(tally: Tally) -> dict[str, float | None]:
    """The figures of a tally: the counts, the shares in per cent, and the days to the answer."""
    figures: dict[str, float | None] = {
        indicator.key: tally.counts[indicator.key] for indicator in INDICATORS
    }
    figures |= {key: percent(tally.counts[part], tally.counts[of]) for key, _, part, of, _ in RATES}
    figures["answer_days_median"] = median(tally.answer_days)
    figures["answer_days_mean"] = mean(tally.answer_days)
    return figures


def formulas(institution: str) -> dict[str, str]:
    """How each figure is counted, in the institution's words and the language in force."""
    found = {indicator.key: gettext(indicator.formula) for indicator in INDICATORS}
    found |= {key: gettext(formula) for key, _, _, _, formula in RATES}
    found |= {f"by_{dimension.key}": gettext(dimension.formula) for dimension in DIMENSIONS}
    answer = gettext(ANSWER_FORMULA)
    found |= {"answer_days_median": answer, "answer_days_mean": answer, "hops": gettext(HOP_FORMULA)}
    return found | {key: gettext(words) for key, words in wording_of(institution).formulas.items()}


def labels(institution: str) -> dict[str, str]:
    """The names of the figures, in the institution's words and the language in force."""
    found = {indicator.key: gettext(indicator.label) for indicator in INDICATORS}
    found |= {key: gettext(label) for key, label, _, _, _ in RATES}
    found |= {f"by_{dimension.key}": gettext(dimension.label) for dimension in DIMENSIONS}
    found |= {f"title_{key}": gettext(title) for key, title in TITLES.items()}
    found |= {
        "answer_days_median": gettext(ANSWER_MEDIAN),
        "answer_days_mean": gettext(ANSWER_MEAN),
        "hops": gettext(HOP),
    }
    found |= {key: gettext(words) for key, words in wording_of(institution).labels.items()}
    return found | {key: f"{found[key]} %" for key, *_rest in RATES}


def label_of(dimension: str, key: str) -> str:
    """The name of a channel, class or unit, in the language in force."""
    if dimension == "channel":
        return str(dict(Channel.choices).get(key, key))
    if dimension in ("unit", "hop"):
        return tree().name(int(key), language=get_language() or "zh-hans") or key
    return key or gettext("Without a class")


def _months_of(period: Period) -> list[Period]:
    return period.months if period.month is None else [period]


def _parts(tally: Tally, dimension: str, *, period: Period) -> tuple[Part, ...]:
    groups = tally.parts.get(dimension, {})
    found = [
        Part(
            key=key,
            label=label_of(dimension, key),
            figures=_few(counts),
            question=Question(period, dimension=dimension, key=key),
        )
        for key, counts in groups.items()
    ]
    return tuple(sorted(found, key=lambda part: (-part.received, part.label)))


def _few(counts: Mapping[str, int]) -> dict[str, float | None]:
    few: dict[str, float | None] = {key: counts.get(key, 0) for key in IN_PARTS}
    return few | {"late_rate": percent(counts.get("late", 0), counts.get("received", 0))}


def _months(whole: Callable[[Period], Tally], period: Period) -> tuple[Part, ...]:
    return tuple(
        Part(str(month), str(month.month), figures_of(whole(month)), Question(month))
        for month in period.months
    )


def _days(tally: Tally, period: Period) -> tuple[Part, ...]:
    days = tally.parts.get("day", {})
    return tuple(
        Part(day.isoformat(), str(day.day), _few(days.get(day.isoformat(), {})), Question(period, day=day))
        for day in period.days
    )


def _hops(tally: Tally, *, period: Period) -> tuple[HopPart, ...]:
    found = [
        HopPart(
            key=unit,
            label=label_of("hop", unit),
            cases=cases,
            times=times,
            mean_days=round(seconds / times / SECONDS_OF_A_DAY, 1),
            question=Question(period, dimension="hop", key=unit),
        )
        for unit, (cases, times, seconds) in tally.hops.items()
    ]
    return tuple(sorted(found, key=lambda hop: (-hop.mean_days, hop.label)))
