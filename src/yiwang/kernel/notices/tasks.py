"""By the clock: whose terms end soon, whose have passed; planned announcements, and who has not read yet."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.events import handles
from yiwang.kernel.base.jobs import periodic, task
from yiwang.kernel.calendar.queries import current
from yiwang.kernel.casework.models import Case
from yiwang.kernel.notices.actions import has_its_own_reminders, notify, publish_due, remind
from yiwang.kernel.notices.enums import NoticeKind
from yiwang.kernel.notices.events import AnnouncementPlanned
from yiwang.kernel.notices.handlers import watchers_of
from yiwang.kernel.notices.queries import staff_of

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
    people, holders = set(watchers_of(case.pk)), set(staff_of(case.holder_unit_id))
    people = people - holders if has_its_own_reminders(case.type_key) else people | holders
    return notify(
        people,
        kind,
        key=f"{kind} {case.pk} {case.due_clock} {case.due_on}",
        at=at,
        case=case,
        facts=facts,
    )


@task
def publish_planned() -> None:
    """Tell open pages of the announcements that were planned for now."""
    publish_due(at=timezone.now())


@periodic(cron="* * * * *")
@task(queueing_lock="notices_planned")
def look_for_planned(timestamp: int) -> None:
    """Every minute: tell of planned announcements whose own job was lost."""
    publish_due(at=timezone.now())


@periodic(cron="30 0 * * *")
@task(queueing_lock="notices_of_announcements")
def remind_readers(timestamp: int) -> None:
    """At half past eight in China: remind those who have not read, and tell the heads of those who are late."""
    remind(at=timezone.now())


@handles(AnnouncementPlanned)
def on_announcement_planned(event: AnnouncementPlanned) -> None:
    """Its own job wakes up when it is time."""
    publish_planned.configure(schedule_at=event.publish_at).defer()
