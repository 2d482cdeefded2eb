"""The deadline calculator: a first day and a term in, the last day and every day on the way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.calendar.enums import CountUnit, Mark, RollOver
from yiwang.kernel.calendar.forms import CountForm
from yiwang.kernel.calendar.queries import current, explained
from yiwang.kernel.calendar.rules import Counted, OutsideCalendar, count_term

PASSED_OVER = (Mark.SKIPPED_REST, Mark.ROLLED_OVER)
LONGEST_EXPLANATION = 400
"""Days beyond which the explanation day by day is left out."""


@page("calendar:count", roles=EVERYBODY, budget=4)
def count(request: HttpRequest) -> HttpResponse:
    """Count a term; what was asked stands in the address, so that the answer can be handed on."""
    asked = "start_on" in request.GET
    initial = {
        "start_on": timezone.localdate(),
        "term": 15,
        "unit": CountUnit.CALENDAR_DAY.value,
        "roll_over": RollOver.NEXT_WORKING_DAY.value,
    }
    form = CountForm(request.GET) if asked else CountForm(initial=initial)
    counted = _counted(form) if asked and form.is_valid() else None
    explanation = counted.days if counted and form.cleaned_data["term"] <= LONGEST_EXPLANATION else ()
    context = {
        "form": form,
        "counted": counted,
        "days": explained(counted) if counted and explanation else [],
        "skipped": sum(1 for day in explanation if day.mark in PASSED_OVER),
    }
    return render(
        request, "calendar/count.html", context, status=422 if asked and not form.is_valid() else 200
    )


def _counted(form: CountForm) -> Counted | None:
    """The term as asked, or nothing, with a sentence in the form, when it ends beyond every calendar."""
    asked = form.cleaned_data
    try:
        return count_term(
            asked["start_on"],
            term=asked["term"],
            unit=CountUnit(asked["unit"]),
            roll_over=RollOver(asked["roll_over"]),
            calendar=current(),
        )
    except OutsideCalendar:
        form.add_error("term", _("This term ends too far away for any calendar; choose a shorter one."))
        return None
