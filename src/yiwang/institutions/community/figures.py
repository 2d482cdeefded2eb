"""How the centre speaks of its figures: orders, teams and companies, and no repeats."""

from yiwang.kernel.base.text import N_
from yiwang.kernel.stats.wording import REPORTS, Wording, register_wording

LABELS = {
    "received": N_("Orders received"),
    "answered": N_("Done or refused"),
    "late": N_("Late orders"),
    "late_rate": N_("Late orders"),
    "answered_rate": N_("Done or refused"),
    "graded_office": N_("Evaluated: service centre"),
    "satisfied_office": N_("Satisfied with the service centre"),
    "satisfaction_office": N_("Satisfied with the service centre"),
    "graded_unit": N_("Evaluated: team"),
    "satisfied_unit": N_("Satisfied with the team"),
    "satisfaction_unit": N_("Satisfied with the team"),
    "answer_days_median": N_("Days to the work, median"),
    "answer_days_mean": N_("Days to the work, mean"),
    "by_unit": N_("Company"),
    "title_unit": N_("By company"),
    "by_class": N_("Class of services"),
    "title_class": N_("By class of services"),
}

FORMULAS = {
    "received": N_("Orders whose day of receipt lies in the period, whatever became of them."),
    "answered": N_(
        "Of the orders received in the period those whose work was done, or that were refused with reasons, by the day of the report."
    ),
    "on_time": N_(
        "Of the orders received in the period those in which no term was missed by the day of the report: each was kept, or its last day is still to come."
    ),
    "late": N_(
        "Of the orders received in the period those in which a term (verifying, the agreed day, the follow-up, a decision) was missed or is still open after its last day."
    ),
    "open_late": N_("Late orders whose work is neither done nor refused by the day of the report."),
    "graded_office": N_("Of the orders received in the period those whose resident evaluated the centre."),
    "satisfied_office": N_("Evaluated orders with one of the two best of five grades for the centre."),
    "graded_unit": N_("Of the orders received in the period those whose resident evaluated the team."),
    "satisfied_unit": N_("Evaluated orders with one of the two best of five grades for the team."),
    "satisfaction_office": N_("Orders with one of the two best of five grades ÷ evaluated orders × 100."),
    "satisfaction_unit": N_("Orders with one of the two best of five grades ÷ evaluated orders × 100."),
    "answered_rate": N_("Done or refused ÷ received × 100."),
    "answer_days_median": N_(
        "For every order received in the period whose work was done or that was refused, the calendar days until then; half of the orders took no longer than the median."
    ),
    "answer_days_mean": N_(
        "For every order received in the period whose work was done or that was refused, the calendar days until then; half of the orders took no longer than the median."
    ),
    "by_unit": N_("The company to which the order was given last; the centre while no team has taken it on."),
    "by_class": N_("The class of the catalogue to which the service belongs."),
}

register_wording(
    Wording("community", labels=LABELS, formulas=FORMULAS, without=REPORTS | {"repeat", "repeat_rate"})
)
