"""What the office does by itself: go up the ladder for tasks near their last day or past it."""

from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from yiwang.facilities.office.casetypes import task_2026
from yiwang.facilities.office.models import Task
from yiwang.facilities.office.queries import heads_above, people_of_task
from yiwang.facilities.office.rules.ladder import FURTHEST_BEFORE, Rung, Tells, rungs_reached
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.jobs import periodic, task
from yiwang.kernel.base.text import N_
from yiwang.kernel.calendar.queries import current
from yiwang.kernel.notices.actions import notify
from yiwang.kernel.notices.enums import NoticeKind

WORDS = {
    "soon": N_("A task of yours must be done by tomorrow's working day."),
    "late": N_("A task of yours is overdue."),
    "giver": N_("A task that you gave is overdue."),
    "head": N_("A task that somebody of your unit gave is long overdue."),
}


@periodic(cron="30 0 * * *")
@task(queueing_lock="office_task_ladder")
def remind_of_tasks(timestamp: int) -> None:
    """At half past eight in China: remind holders, then tell givers, then their heads; each once."""
    climb(at=timezone.now())


def climb(*, at: datetime) -> None:
    """Go up the ladder for every task that is being done; the same rung tells nobody twice for the same last day."""
    today = timezone.localdate(at)
    until = current().add_working_days(today, FURTHEST_BEFORE)
    with acting_as_system():
        found = Task.objects.filter(case__state=task_2026.WORKING, case__due_on__lte=until)
        for one in found.select_related("case").iterator():
            due_on = one.case.due_on
            assert due_on is not None
            for rung in rungs_reached(due_on, today, calendar=current()):
                _tell(one, rung, at=at)


def _tell(one: Task, rung: Rung, *, at: datetime) -> None:
    if rung.tells is Tells.HOLDER:
        people = people_of_task(one)
    elif rung.tells is Tells.GIVER:
        people = [one.given_by]
    else:
        people = heads_above(one, unit_id=one.case.root_unit_id, on=timezone.localdate(at))
    notify(
        people,
        NoticeKind.WAITS,
        key=f"task {one.case_id} {rung.key} {one.case.due_on}",
        at=at,
        case=one.case,
        facts={"what": WORDS[rung.key], "url": reverse("casework:case", args=[one.case_id])},
    )
