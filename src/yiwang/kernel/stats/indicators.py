"""The indicators: each declared once, so that its figure, its formula and its rows can't disagree."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, F, Func, Q, Value, When, expressions
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from yiwang.kernel.base.text import N_
from yiwang.kernel.casework.models import CustodyRecord
from yiwang.kernel.stats.wording import counted_where_they_came_in

GOOD_GRADE = 4
"""Of five grades the two best count as satisfied."""

TOLD = ("solved", "partly", "unsolved")
"""Results of a follow-up that reached somebody."""


@dataclass(frozen=True)
class Indicator:
    """A number of cases of a period: its name, its formula in words, and which cases it counts.

    `cases` gives the condition on a day; the same condition counts the figure and lists its rows.
    """

    key: str
    label: str
    formula: str
    cases: Callable[[date], Q]


@dataclass(frozen=True)
class Dimension:
    """A way of dividing the cases of a period: an expression over the case whose value is the key."""

    key: str
    label: str
    formula: str
    expression: Callable[[], Combinable]

    def cases(self, value: str) -> Q:
        """The condition for the cases of one key."""
        return Q(Exact(self.expression(), Value(value)))


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "received",
        N_("Matters received"),
        N_("Matters whose day of receipt lies in the period, whatever became of them."),
        lambda on: Q(),
    ),
    Indicator(
        "answered",
        N_("Answered"),
        N_(
            "Of the matters received in the period those that had a written answer or a refusal by the day of the report."
        ),
        lambda on: Q(answered_at__isnull=False),
    ),
    Indicator(
        "on_time",
        N_("On time"),
        N_(
            "Of the matters received in the period those in which no duty with a term was missed by the day of the report: each was done by its last day, or its last day is still to come."
        ),
        lambda on: Q(breach_on__isnull=True) | Q(breach_on__gte=on),
    ),
    Indicator(
        "late",
        N_("Late matters"),
        N_(
            "Of the matters received in the period those in which a duty with a term (registering, notice of receipt, feedback, handling opinion) was done after its last day or is still open after it."
        ),
        lambda on: Q(breach_on__lt=on),
    ),
    Indicator(
        "open_late",
        N_("Late and still open"),
        N_("Late matters without an answer or a refusal by the day of the report."),
        lambda on: Q(breach_on__lt=on, answered_at__isnull=True, ended_at__isnull=True),
    ),
    Indicator(
        "repeat",
        N_("Repeat petitions"),
        N_("Of the matters received in the period those that somebody marked as a repeat of an earlier one."),
        lambda on: Q(is_repeat=True),
    ),
    Indicator(
        "graded_office",
        N_("Evaluated: petition office"),
        N_(
            "Of the matters received in the period those in which the petitioner evaluated the petition office."
        ),
        lambda on: Q(grade_office__isnull=False),
    ),
    Indicator(
        "satisfied_office",
        N_("Satisfied with the petition office"),
        N_("Evaluated matters with one of the two best of five grades for the petition office."),
        lambda on: Q(grade_office__gte=GOOD_GRADE),
    ),
    Indicator(
        "graded_unit",
        N_("Evaluated: handling unit"),
        N_(
            "Of the matters received in the period those in which the petitioner evaluated the handling unit."
        ),
        lambda on: Q(grade_unit__isnull=False),
    ),
    Indicator(
        "satisfied_unit",
        N_("Satisfied with the handling unit"),
        N_("Evaluated matters with one of the two best of five grades for the handling unit."),
        lambda on: Q(grade_unit__gte=GOOD_GRADE),
    ),
    Indicator(
        "to_ask",
        N_("Work done"),
        N_("Of the orders received in the period those whose work was done, each of which gets a follow-up."),
        lambda on: Q(state="done") | Q(outcome__in=(*TOLD, "unreached")),
    ),
    Indicator(
        "asked",
        N_("Followed up"),
        N_("Orders whose resident was reached and said whether the work was done well."),
        lambda on: Q(outcome__in=TOLD),
    ),
    Indicator(
        "solved",
        N_("Done well"),
        N_("Orders whose resident said at the last follow-up that the work was done well."),
        lambda on: Q(outcome="solved"),
    ),
    Indicator(
        "sent_up",
        N_("Sent up"),
        N_(
            "Of the reports written in the period those that were sent up and not returned to be written anew."
        ),
        lambda on: Q(state__in=("sent_up", "adopted", "not_adopted")),
    ),
    Indicator(
        "adopted",
        N_("Adopted"),
        N_("Reports that were adopted by the day of the report, each once, however often it was adopted."),
        lambda on: Q(state="adopted"),
    ),
)

INDICATOR = {indicator.key: indicator for indicator in INDICATORS}

IN_PARTS = ("received", "answered", "late", "sent_up", "adopted")
"""The indicators that are also counted for each channel, class and unit."""

LAST_OF_CHAIN = "(%(expressions)s)[array_length(%(expressions)s, 1)]"


def _unit_counted() -> Combinable:
    """The last unit of the chain; where an institution says so, the first."""
    last = Cast(Func(F("unit_ids"), template=LAST_OF_CHAIN, output_field=CharField()), CharField())
    where_it_came_in = counted_where_they_came_in()
    if not where_it_came_in:
        return last
    first = Cast(F("root_unit_id"), CharField())
    return expressions.Case(When(institution__in=where_it_came_in, then=first), default=last)


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        "channel",
        N_("Channel"),
        N_("The way by which the matter came in."),
        lambda: Cast(F("channel"), CharField()),
    ),
    Dimension(
        "class",
        N_("Content class"),
        N_("The first level of the content class; matters without a class are counted as such."),
        lambda: Func(F("category"), Value("/"), Value(1), function="split_part", output_field=CharField()),
    ),
    Dimension(
        "unit",
        N_("Handling unit"),
        N_(
            "The unit to which the matter was handed on last; the one that registered it when it was not handed on."
        ),
        _unit_counted,
    ),
)

DIMENSION = {dimension.key: dimension for dimension in DIMENSIONS}

TITLES = {"unit": N_("By handling unit"), "class": N_("By content class"), "channel": N_("By channel")}
"""The titles of the tables of parts, by dimension."""

RATES: tuple[tuple[str, str, str, str, str], ...] = (
    ("on_time_rate", N_("On time"), "on_time", "received", N_("On time ÷ received × 100.")),
    ("late_rate", N_("Late matters"), "late", "received", N_("Late ÷ received × 100.")),
    ("answered_rate", N_("Answered"), "answered", "received", N_("Answered ÷ received × 100.")),
    ("repeat_rate", N_("Repeat petitions"), "repeat", "received", N_("Repeat ÷ received × 100.")),
    (
        "satisfaction_office",
        N_("Satisfied with the petition office"),
        "satisfied_office",
        "graded_office",
        N_("Matters with one of the two best of five grades ÷ evaluated matters × 100."),
    ),
    (
        "satisfaction_unit",
        N_("Satisfied with the handling unit"),
        "satisfied_unit",
        "graded_unit",
        N_("Matters with one of the two best of five grades ÷ evaluated matters × 100."),
    ),
    ("response_rate", N_("Followed up"), "asked", "to_ask", N_("Followed up ÷ work done × 100.")),
    ("solution_rate", N_("Done well"), "solved", "asked", N_("Done well ÷ followed up × 100.")),
    ("adoption_rate", N_("Adopted"), "adopted", "sent_up", N_("Adopted ÷ sent up × 100.")),
)
"""Shares in per cent: key, name, part, whole, formula."""

ANSWER_MEDIAN = N_("Days to the answer, median")
ANSWER_MEAN = N_("Days to the answer, mean")
ANSWER_FORMULA = N_(
    "For every answered matter received in the period the calendar days from the day of receipt to the day of the answer; half of the matters took no longer than the median."
)
HOP = N_("Days at each unit")
HOP_FORMULA = N_(
    "For every matter received in the period and each unit it was handed on to: the time from when the unit got it until the unit gave it back, mean in days."
)


def in_hop(unit_id: int) -> Q:
    """The cases that a unit was given by another and has given back."""
    given_back = CustodyRecord.objects.filter(
        unit_id=unit_id, parent_node__isnull=False, until_at__isnull=False
    )
    return Q(pk__in=given_back.values("case_id"))
