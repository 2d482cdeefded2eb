"""Times: days as people say them, clock bars, and the calendar that answers "why this date?"."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from django.template import Library
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy, pgettext, pgettext_lazy
from django.utils.translation import gettext as _

from yiwang.kernel.ui import states
from yiwang.kernel.ui.days import Cell, Month, clock_face, exact_day, month_grids, say_day
from yiwang.kernel.ui.html import escaped, format_html, format_html_join
from yiwang.kernel.ui.parts import Day

from .words import NOTHING

register = Library()

DAY_WORDS = {
    "start": gettext_lazy("The event; its day is not counted"),
    "counted": gettext_lazy("Counted"),
    "skipped": gettext_lazy("Not counted"),
    "suspended": gettext_lazy("Suspended"),
    "extended": gettext_lazy("Counted in the extension"),
    "due": gettext_lazy("The last day"),
}
SHORT_WEEKDAYS = (
    pgettext_lazy("head of a calendar column", "Mon"),
    pgettext_lazy("head of a calendar column", "Tue"),
    pgettext_lazy("head of a calendar column", "Wed"),
    pgettext_lazy("head of a calendar column", "Thu"),
    pgettext_lazy("head of a calendar column", "Fri"),
    pgettext_lazy("head of a calendar column", "Sat"),
    pgettext_lazy("head of a calendar column", "Sun"),
)


@register.simple_tag
def when(value: date | datetime | None, today: date | None = None) -> SafeString:
    """A day or an instant as people say it, exact on hover."""
    if value is None:
        return NOTHING
    language = get_language() or ""
    today = today or timezone.localdate()
    if not isinstance(value, datetime):
        return shown_day(value, today, language)
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return SafeString(shown_instant(local, today, language))


@lru_cache(maxsize=8192)
def shown_day(day: date, today: date, language: str, /) -> SafeString:
    """A day as people say it in the language that is active, exact on hover; remembered for each today."""
    exact, said = _day_words(day, today, language)
    return SafeString(f'<time datetime="{day.isoformat()}" title="{exact}">{said}</time>')


def shown_instant(local: datetime, today: date, language: str, /) -> str:
    """An instant, told in the zone of the place, as people say it."""
    exact, said = _day_words(local.date(), today, language)
    written = local.isoformat(timespec="seconds")
    clock = written[11:19]
    return f'<time datetime="{written}" title="{exact} {clock}">{said} {clock[:5]}</time>'


@lru_cache(maxsize=8192)
def _day_words(day: date, today: date, language: str, /) -> tuple[str, str]:
    return escaped(exact_day(day)), escaped(say_day(day, today=today))


@register.simple_tag
def clock(
    label: object = "",
    due_on: date | None = None,
    today: date | None = None,
    started_on: date | None = None,
    unit: str = "calendar",
    state: str = "",
    left: int | None = None,
    ended_on: date | None = None,
    size: str = "",
    soon: int = 3,
) -> SafeString:
    """A term as a thin bar and in words: what is left and until when."""
    told = escaped(label) if label else ""
    today = today or timezone.localdate()
    look = (started_on, unit, state, left, ended_on, size, soon)
    return _clock(told, due_on, today, look, get_language() or "")


_Look = tuple[date | None, str, str, int | None, date | None, str, int]


@lru_cache(maxsize=8192)
def _clock(label: str, due_on: date | None, today: date, look: _Look, language: str, /) -> SafeString:
    """A clock in the language that is active; many matters begun on a day have the same."""
    started_on, unit, state, left, ended_on, size, soon = look
    face = clock_face(
        due_on=due_on,
        today=today,
        started_on=started_on,
        left=left,
        unit=unit,
        state=state,
        ended_on=ended_on,
        soon=soon,
    )
    words: str = states.state(face.state, words=face.words)
    if due_on is not None:
        exact = escaped(exact_day(due_on))
        words = f'<time datetime="{due_on.isoformat()}" title="{exact}">{words}</time>'
    large = " clock-large" if size == "large" else ""
    told = f'<span class="clock-label">{label}</span>' if label else ""
    bar = _bar(face.used) if started_on else ""
    return SafeString(f'<span class="clock clock-{face.state}{large}">{told}{bar}{words}</span>')


def _bar(used: int) -> str:
    return (
        '<svg class="clock-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="past" width="100" height="4"/><rect class="run" width="{used}" height="4"/></svg>'
    )


@register.simple_tag
def why_calendar(
    days: Iterable[Day],
    title: object = "",
    summary: object = "",
    article: object = "",
    article_url: str = "",
    today: date | None = None,
    is_open: object = False,
) -> SafeString:
    """ "Why this date?": the months with every day counted or skipped, a legend in words, and the article."""
    listed = list(days)
    return format_html(
        '<details class="why"{}><summary>{}</summary>{}<div class="why-months">{}</div>{}{}{}</details>',
        SafeString(" open") if is_open else NOTHING,
        title or _("Why this date?"),
        format_html("<p>{}</p>", summary) if summary else NOTHING,
        format_html_join("", "{}", ((_month(month),) for month in month_grids(listed, today=today))),
        _legend(listed),
        _notes(listed),
        _article(article, url=article_url) if article else NOTHING,
    )


def _article(words: object, *, url: str) -> SafeString:
    if url:
        return format_html('<p><a href="{}">{}</a></p>', url, words)
    return format_html("<p>{}</p>", words)


def _month(month: Month) -> SafeString:
    return format_html(
        '<table class="month"><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>',
        date_format(month.first, pgettext("month format", "F Y")),
        format_html_join("", '<th scope="col">{}</th>', ((word,) for word in SHORT_WEEKDAYS)),
        format_html_join(
            "",
            "<tr>{}</tr>",
            ((format_html_join("", "{}", ((_cell(cell),) for cell in week)),) for week in month.weeks),
        ),
    )


def _cell(cell: Cell | None) -> SafeString:
    if cell is None:
        return SafeString("<td></td>")
    today = " day-today" if cell.is_today else ""
    if cell.day is None:
        return format_html('<td><span class="day{}">{}</span></td>', today, cell.on.day)
    words = str(cell.day.note or DAY_WORDS[cell.day.kind])
    if cell.number:
        words = _("%(words)s, day %(n)s") % {"words": words, "n": cell.number}
    return format_html(
        '<td><span class="day day-{}{}" title="{}">{}</span><span class="hidden-words">{}</span></td>',
        cell.day.kind,
        today,
        words,
        cell.on.day,
        words,
    )


def _legend(days: list[Day]) -> SafeString:
    kinds = [kind for kind in DAY_WORDS if any(day.kind == kind for day in days)]
    return format_html(
        '<ul class="legend">{}</ul>',
        format_html_join(
            "",
            '<li><span class="day day-{}" aria-hidden="true">{}</span>{}</li>',
            ((kind, next(day.on.day for day in days if day.kind == kind), DAY_WORDS[kind]) for kind in kinds),
        ),
    )


def _notes(days: list[Day]) -> SafeString:
    """The days that need a reason: those with a note that weren't simply counted."""
    told = [day for day in days if day.note and day.kind != "counted"]
    if not told:
        return NOTHING
    groups: dict[tuple[str, str], list[Day]] = {}
    for day in told:
        groups.setdefault((day.kind, str(day.note)), []).append(day)
    lines = []
    for (_kind, note), members in groups.items():
        first, last = members[0].on, members[-1].on
        span = (
            exact_day(first)
            if first == last
            else _("%(first)s to %(last)s")
            % {
                "first": exact_day(first),
                "last": exact_day(last),
            }
        )
        if (last - first).days + 1 != len(members) and first != last:
            span = _("%(n)s days from %(first)s to %(last)s") % {
                "n": len(members),
                "first": exact_day(first),
                "last": exact_day(last),
            }
        lines.append((span, note))
    said = ((_("%(days)s: %(reason)s") % {"days": span, "reason": note},) for span, note in lines)
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", said))
