"""Every morning: whose terms end soon, whose have passed."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.jobs import periodic, task
from yiwang.kernel.calendar.queries import current
from yiwang.kernel.casework.models import Case
from yiwang.kernel.notices.actions import notify
from yiwang.kernel.notices.enums import NoticeKind
from yiwang.kernel.notices.handlers import staff_of, watchers_of

SOON_WORKING_DAYS = 3


@periodic(cron="30 0 * * *")
@task(queueing_lock="notices_of_terms")
def tell_of_terms(timestamp: int) -> None:
    """At half past eight in China: tell the holders whose terms end within three working days or passed yesterday."""
    now = timezone.now()
    tell_terms(timezone.localdate(now), at=now)


def tell_terms(today: date, *, at: datetime) -> int:
    """Tell each holder once about each term that ends soon and each that has just passed."""
    # Free days after the third working day still count as three working days away.
    soon = current().add_working_days(today, SOON_WORKING_DAYS + 1) - timedelta(days=1)
    found = Case.objects.filter(
        ended_at__isnull=True, due_on__gte=today - timedelta(days=3), due_on__lte=soon
    )
    with acting_as_system():
        return sum(_tell_of(case, today, at=at) for case in found.iterator())


def _tell_of(case: Case, today: date, *, at: datetime) -> int:
    kind = NoticeKind.LATE if case.due_on is not None and case.due_on < today else NoticeKind.DUE_SOON
    facts = {
        "clock": case.due_clock,
        "type": case.type_key,
        "version": case.type_version,
        "due": str(case.due_on),
    }
    people = {*staff_of(case.holder_unit_id), *watchers_of(case.pk)}
    return notify(
        people,
        kind,
        key=f"{kind} {case.pk} {case.due_clock} {case.due_on}",
        at=at,
        case=case,
        facts=facts,
    )
