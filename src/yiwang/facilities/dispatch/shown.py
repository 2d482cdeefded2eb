"""How dispatch draws what it knows: clocks to the minute, distances, states, the parts of a cost."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.models import Job

LOOKS = {
    JobState.STUCK: "late",
    JobState.WAITING: "waiting",
    JobState.OFFERED: "soon",
    JobState.ACCEPTED: "info",
    JobState.UNDER_WAY: "info",
    JobState.DONE: "done",
    JobState.WITHDRAWN: "none",
}
"""The shape and colour of each state, as `ui.states` knows them."""


def distance(metres: float) -> str:
    """A distance as people say it."""
    if metres < 950:
        return _("%(number)s m") % {"number": max(10, round(metres / 10) * 10)}
    return _("%(number)s km") % {"number": f"{metres / 1000:.1f}"}


def minutes_left(until: datetime, *, at: datetime) -> str:
    """How long something still stands, in words; the script counts on from `data-until`."""
    seconds = (until - at).total_seconds()
    if seconds <= 0:
        return _("time is up")
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def countdown(until: datetime, *, at: datetime) -> SafeString:
    """A clock that runs down to the second where scripts run, and stands where they don't."""
    css = "countdown is-short" if (until - at).total_seconds() < 120 else "countdown"
    return format_html(
        '<span class="{}" data-until="{}" data-over="{}" role="timer">{}</span>',
        css,
        until.isoformat(),
        _("time is up"),
        minutes_left(until, at=at),
    )


def since(moment: datetime, *, at: datetime) -> str:
    """How long ago something was, in minutes or hours."""
    minutes = max(int((at - moment).total_seconds() // 60), 0)
    if minutes < 90:
        return ngettext("for %(number)s minute", "for %(number)s minutes", minutes) % {"number": minutes}
    hours = round(minutes / 60)
    return ngettext("for %(number)s hour", "for %(number)s hours", hours) % {"number": hours}


def window(job: Job) -> str:
    """When the work may begin and must end: "today 09:00–11:00"."""
    begin, end = timezone.localtime(job.window_from_at), timezone.localtime(job.window_until_at)
    hours = f"{begin:%H:%M}–{end:%H:%M}"
    if begin.date() == timezone.localdate():
        return _("today %(hours)s") % {"hours": hours}
    return f"{date_format(begin, 'MONTH_DAY_FORMAT')} {hours}"


def signed(value: float) -> str:
    """Minutes with their sign, as parts of a sum are read."""
    shown = f"{abs(value):.1f}".rstrip("0").rstrip(".")
    return f"−{shown}" if value < 0 else f"+{shown}" if value > 0 else "0"
