"""How a case looks in a list: its state, its clock, its title, where it is; cells drawn without templates."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.calendar.queries import current as current_calendar
from yiwang.kernel.calendar.rules import OutsideCalendar
from yiwang.kernel.casework.lists import Row
from yiwang.kernel.casework.registry import case_type_of
from yiwang.kernel.casework.rules.casetype import Stage
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui import states
from yiwang.kernel.ui.html import format_html, format_html_join
from yiwang.kernel.ui.tables import Column
from yiwang.kernel.ui.tags.times import clock, when
from yiwang.kernel.ui.tags.words import tag

STAGE_STATES = {Stage.WAITING: "none", Stage.WORKING: "info", Stage.ANSWERED: "done", Stage.ENDED: "done"}
"""The shape and colour of a stage; being late is told by the clock alone."""

SAID_IN_WORKING_DAYS = 5
"""With at most so many working days left a clock counts them; further away people think in days."""


def state_badge(type_key: str, type_version: str, state: str, *, look: str = "") -> SafeString:
    """The state of a case as a word and a shape."""
    definition = case_type_of(type_key, type_version).state(state)
    return states.state(STAGE_STATES[definition.stage], words=gettext(definition.label), look=look)


def days_left(due_on: date, *, today: date) -> tuple[int, str]:
    """How many days are left, and of which kind: working days when it is near, else calendar days."""
    calendar_days = (due_on - today).days
    if calendar_days <= 0:
        return calendar_days, "calendar"
    try:
        working = current_calendar().working_days_between(today, due_on)
    except OutsideCalendar:
        return calendar_days, "calendar"
    return (working, "working") if 0 < working <= SAID_IN_WORKING_DAYS else (calendar_days, "calendar")


def due_clock(due_on: date | None, from_on: date | None, *, today: date) -> SafeString:
    """What is left of a term, as a bar and in words; nothing while no term runs."""
    if due_on is None:
        return format_html('<span class="muted">{}</span>', gettext("no term running"))
    left, unit = days_left(due_on, today=today)
    return clock(due_on=due_on, started_on=from_on, left=left, unit=unit, today=today)


def last_segment(category: str) -> str:
    """The narrowest class of a category, which is a path."""
    return category.rpartition("/")[2]


def title_of(row: Row) -> SafeString | str:
    """The title in the person's own words, with what must not be overlooked."""
    if not (row.is_confidential or row.is_repeat):
        return row.title
    marks = [gettext("confidential")] if row.is_confidential else []
    marks += [gettext("repeat")] if row.is_repeat else []
    return format_html("{} {}", row.title, format_html_join(" ", "{}", ((tag(mark),) for mark in marks)))


def bringer_words(rows: Iterable[Row]) -> str:
    """What whoever brought these matters is called: as their procedure says, or a neutral word when they differ."""
    kinds = {(row.type_key, row.type_version) for row in rows}
    words = {case_type_of(*kind).bringer or "Petitioner" for kind in kinds}
    return gettext(words.pop()) if len(words) == 1 else gettext("Who")


def columns(
    petitioners: Mapping[int, str], *, rows: Iterable[Row], today: date, is_newest_first: bool = False
) -> list[Column]:
    """The columns of a list of these cases."""
    units, language = tree(), get_language() or ""
    # Neighbours in a list sorted by clock look alike; each look is drawn once a page.
    places: dict[tuple[int, str, str, str], SafeString] = {}
    terms: dict[tuple[date | None, date | None], SafeString] = {}

    def place(row: Row) -> SafeString:
        look = (row.holder_unit_id, row.type_key, row.type_version, row.state)
        if look not in places:
            name = units.name(row.holder_unit_id, language=language)
            places[look] = format_html("{}<br>{}", name, state_badge(*look[1:]))
        return places[look]

    def term(row: Row) -> SafeString:
        if row.ended_at is not None:
            ended_on = timezone.localdate(row.ended_at)
            words = format_html(gettext("ended {}"), when(ended_on, today=today))
            return format_html('<span class="muted">{}</span>', words)
        look = (row.due_on, row.due_from_on)
        if look not in terms:
            terms[look] = due_clock(*look, today=today)
        return terms[look]

    found = [
        Column(_("Number"), lambda row: row.number, kind="code"),
        Column(_("Matter"), title_of, is_main=True),
        Column(bringer_words(rows), lambda row: petitioners.get(row.id) or gettext("not named")),
        Column(_("Class"), lambda row: last_segment(row.category)),
        Column(_("Where it is"), place),
        Column(_("Time left"), term),
    ]
    if is_newest_first:
        found.insert(4, Column(_("Received"), lambda row: when(row.received_on, today=today)))
    return found
