"""The parts of a case's page, drawn without templates: panels, the form of a step, clocks, letters, sections."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.kernel.base.addresses import address
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.sections import Section
from yiwang.kernel.casework.story import ClockLine, LetterLine
from yiwang.kernel.ui import icons
from yiwang.kernel.ui.html import escaped
from yiwang.kernel.ui.tags import words
from yiwang.kernel.ui.tags.times import when

if TYPE_CHECKING:
    from yiwang.kernel.casework.step_panel import Panel


def panel_row(panels: Iterable["Panel"]) -> SafeString:
    """Several steps whose buttons stand in one row."""
    drawn = [
        words.panel(
            _left_out(panel) if panel.body is None else panel.body,
            panel.label,
            panel.name,
            kind=panel.kind,
            icon=panel.icon,
            is_open=panel.is_open,
            shortcut=panel.shortcut,
        )
        for panel in panels
    ]
    return words.panels(SafeString("".join(drawn)))


def _left_out(panel: "Panel") -> SafeString:
    """What stands in a panel until somebody opens it."""
    name, label = escaped(panel.name), escaped(gettext("Open the form"))
    link = f'<p><a href="?step={name}#panel-{name}">{label}</a></p>'
    return _fetched(panel.url, link, trigger="intersect once")


def _fetched(url: str, meanwhile: str, *, trigger: str) -> SafeString:
    """A place that is filled from an address; a link stands there meanwhile and without JavaScript."""
    return SafeString(
        f'<div hx-get="{escaped(url)}" hx-trigger="{trigger}" hx-swap="innerHTML">{meanwhile}</div>'
    )


def clock_part(running: Sequence[ClockLine], over: Sequence[ClockLine]) -> SafeString:
    """The clocks that run, and those that are over behind a word."""
    title, link = gettext("Why this date?"), escaped(gettext("Day by day"))

    def lines(clocks: Sequence[ClockLine]) -> str:
        told = []
        for line in clocks:
            why = _fetched(
                line.why_url, f'<a href="{escaped(line.why_url)}">{link}</a>', trigger="intersect once"
            )
            told.append(
                f'<div>{line.face}<p class="small muted">{escaped(line.unit)}</p>{words.more(why, title)}</div>'
            )
        return f'<div class="clocks">{"".join(told)}</div>'

    none, heading = gettext("No term is running."), gettext("Clocks")
    now = lines(running) if running else f'<p class="muted">{escaped(none)}</p>'
    before = words.more(SafeString(lines(over)), gettext("Terms that are over")) if over else ""
    return SafeString(f"<section><h2>{escaped(heading)}</h2>{now}{before}</section>")


def letter_list(letters: Sequence[LetterLine], case: Case, *, today: date) -> SafeString:
    """The letters of the dossier, each with its number and day."""
    scroll = icons.icon("scroll-text")
    lines = [
        f'<li>{scroll}<span><a href="{address("casework:letter", case_id=case.pk, letter_id=letter.pk)}">'
        f'{escaped(letter.title)}</a><br><small class="muted">{escaped(letter.number)}</small></span>'
        f'<span class="size">{when(letter.issued_at, today=today)}</span></li>'
        for letter in letters
    ]
    return SafeString(f'<ul class="files">{"".join(lines)}</ul>')


def section_part(sections: Iterable[Section], case: Case) -> SafeString:
    """What institutions add to the page, fetched after it."""
    drawn = []
    for section in sections:
        url, label = address(section.url_name, case_id=case.pk), escaped(section.label)
        place = _fetched(url, f'<p><a href="{escaped(url)}">{label}</a></p>', trigger="load")
        drawn.append(f"<section><h2>{label}</h2>{place}</section>")
    return SafeString("".join(drawn))
