"""What casework does when something happens below it."""

from django.utils.translation import gettext_lazy

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base import live
from yiwang.kernel.base.events import handles
from yiwang.kernel.calendar.events import CalendarPublished
from yiwang.kernel.calendar.queries import Impact, register_impact
from yiwang.kernel.calendar.rules import WorkingCalendar
from yiwang.kernel.casework import recount
from yiwang.kernel.casework.audience import topics_of
from yiwang.kernel.casework.events import CaseMoved
from yiwang.kernel.casework.tasks import recount_year


@handles(CalendarPublished)
def on_calendar_published(event: CalendarPublished) -> None:
    """Running clocks that touch the year are counted anew in the background."""
    recount_year.defer(year=event.year, at=event.at.isoformat())


@register_impact
def clocks_that_would_move(before: WorkingCalendar, after: WorkingCalendar) -> Impact:
    """How many running clocks a publication would move."""
    with acting_as_system():
        return Impact(str(gettext_lazy("running clocks")), recount.would_move(before, after))


@handles(CaseMoved)
def on_case_moved(event: CaseMoved) -> None:
    """Open desks of the units concerned hear that something changed; whoever is kept away hears nothing."""
    live.tell(topics_of(event.case_id, {event.from_unit_id, event.to_unit_id} - {None}), "desk")
