"""What casework does when something happens below it."""

from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.audit.labels import name_purpose
from yiwang.kernel.base import live
from yiwang.kernel.base.events import handles
from yiwang.kernel.calendar.events import CalendarPublished
from yiwang.kernel.calendar.queries import Impact, register_impact
from yiwang.kernel.calendar.rules import WorkingCalendar
from yiwang.kernel.casework import recount
from yiwang.kernel.casework.audience import topics_of, topics_of_units
from yiwang.kernel.casework.enums import ReadPurpose
from yiwang.kernel.casework.events import CaseMoved, TermChosen
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.tasks import recount_type, recount_year
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import register_consequence, tree, unit_name

for _purpose in ReadPurpose:
    name_purpose(_purpose.value, _purpose.label)


@handles(CalendarPublished)
def on_calendar_published(event: CalendarPublished) -> None:
    """Running clocks that touch the year are counted anew in the background."""
    recount_year.defer(year=event.year, at=event.at.isoformat())


@handles(TermChosen)
def on_term_chosen(event: TermChosen) -> None:
    """Running clocks of the case type are counted anew in the background."""
    recount_type.defer(type_key=event.type_key, at=event.at.isoformat())


@register_impact
def clocks_that_would_move(before: WorkingCalendar, after: WorkingCalendar) -> Impact:
    """How many running clocks a publication would move."""
    with acting_as_system():
        return Impact(str(gettext_lazy("running clocks")), recount.would_move(before, after))


@register_consequence
def matters_that_would_go_over(unit: Unit, into: Unit) -> str:
    """How many open matters the successor gets when a unit is merged: a number, and nothing of the matters."""
    inherited = tree().predecessors([unit.pk], on=timezone.localdate())
    with acting_as_system():
        count = Case.objects.filter(holder_unit__in={unit.pk, *inherited}, ended_at__isnull=True).count()
    return ngettext(
        "%(count)s matter in progress goes to %(into)s.",
        "%(count)s matters in progress go to %(into)s.",
        count,
    ) % {"count": count, "into": unit_name(into)}


@handles(CaseMoved)
def on_case_moved(event: CaseMoved) -> None:
    """Open desks of the units concerned hear that something changed; whoever is kept away hears nothing."""
    units = {event.from_unit_id, event.to_unit_id} - {None}
    topics = topics_of(event.case_id, units) if event.is_kept_from_somebody else topics_of_units(units)
    live.tell_soon(topics, "desk")
