"""How reports going up are counted and spoken of: by the unit that wrote them, sent up and adopted."""

from yiwang.facilities.office.casetypes.report_2026 import INSTITUTION
from yiwang.kernel.base.text import N_
from yiwang.kernel.stats.wording import Wording, register_wording

LABELS = {
    "received": N_("Reports written"),
    "answered": N_("Judged"),
    "answered_rate": N_("Judged"),
    "late": N_("Judged late"),
    "late_rate": N_("Judged late"),
    "on_time_rate": N_("Judged on time"),
    "answer_days_median": N_("Days to the mark, median"),
    "answer_days_mean": N_("Days to the mark, mean"),
    "by_unit": N_("Unit that wrote them"),
    "title_unit": N_("By unit that wrote them"),
    "by_class": N_("What they are about"),
    "title_class": N_("By what they are about"),
}

FORMULAS = {
    "received": N_("Reports written in the period, whatever became of them."),
    "answered": N_(
        "Of the reports written in the period those that were adopted or not adopted by the day of the report."
    ),
    "on_time": N_(
        "Of the reports written in the period those for whose mark the term wasn't missed by the day of the report."
    ),
    "late": N_(
        "Of the reports written in the period those that got their mark after its last day, or still have none after it."
    ),
    "open_late": N_("Reports whose mark is late and still missing."),
    "answered_rate": N_("Judged ÷ written × 100."),
    "answer_days_median": N_(
        "For every report of the period with a mark the calendar days from its writing to the mark; half of the reports took no longer than the median."
    ),
    "answer_days_mean": N_(
        "For every report of the period with a mark the calendar days from its writing to the mark; half of the reports took no longer than the median."
    ),
    "by_unit": N_("The unit in which the report was written."),
    "by_class": N_("What the writer said that the report is about."),
}

WITHOUT = frozenset(
    {"repeat", "repeat_rate", "graded_office", "satisfied_office", "satisfaction_office", "graded_unit"}
    | {"satisfied_unit", "satisfaction_unit", "to_ask", "asked", "solved", "response_rate", "solution_rate"}
)

register_wording(
    Wording(INSTITUTION, labels=LABELS, formulas=FORMULAS, without=WITHOUT, counts_where_it_came_in=True)
)
