"""Figures and charts: drawn on the server, labelled directly, each with a table behind it. Red is no chart colour."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from django.template import Library
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.kernel.ui.html import format_html, format_html_join
from yiwang.kernel.ui.parts import Bar

from .words import NOTHING

register = Library()

SERIES = 5
"""So many shades a chart can tell apart; a sixth part is better called "others"."""


def say_number(value: float) -> str:
    """A number with its thousands grouped, without needless decimals."""
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.1f}"


def _words(bar: Bar) -> object:
    return bar.words or say_number(bar.value)


def _linked(words: object, url: str) -> object:
    return format_html('<a href="{}">{}</a>', url, words) if url else words


def _caption(title: object, unit: object, period: object) -> SafeString:
    notes = " · ".join(str(note) for note in (unit, period) if note)
    return format_html(
        "<figcaption>{}{}</figcaption>", title, format_html("<small>{}</small>", notes) if notes else NOTHING
    )


def _behind(title: object, rows: Iterable[tuple[object, ...]], heads: Sequence[object]) -> SafeString:
    """The same values as a table, one tap away."""
    return format_html(
        '<details><summary>{}</summary><div class="table-frame" tabindex="0" role="group" aria-label="{}">'
        '<table class="table"><caption class="hidden-words">{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody>'
        "</table></div></details>",
        _("As a table"),
        title,
        title,
        format_html_join("", '<th scope="col">{}</th>', ((head,) for head in heads)),
        format_html_join(
            "",
            '<tr><th scope="row">{}</th>{}</tr>',
            ((row[0], format_html_join("", "<td>{}</td>", ((value,) for value in row[1:]))) for row in rows),
        ),
    )


@register.simple_tag
def stat(
    label: object,
    value: object,
    unit: object = "",
    period: object = "",
    formula: object = "",
    url: str = "",
    note: object = "",
) -> SafeString:
    """One figure: number, unit, period, its formula on a tap, and a link to its rows."""
    shown = say_number(value) if isinstance(value, int | float) else value
    return format_html(
        '<div class="figure"><p class="figure-label">{}</p><p class="figure-number">{}{}</p>{}{}{}</div>',
        label,
        _linked(shown, url),
        format_html("<small>{}</small>", unit) if unit else NOTHING,
        format_html('<p class="figure-note">{}</p>', period) if period else NOTHING,
        format_html('<p class="figure-note">{}</p>', note) if note else NOTHING,
        format_html("<details><summary>{}</summary><p>{}</p></details>", _("How it is counted"), formula)
        if formula
        else NOTHING,
    )


@register.simple_block_tag
def stats(content: str) -> SafeString:
    """A row of figures."""
    return format_html('<div class="figures">{}</div>', content)


@register.simple_tag
def bars(bars: Iterable[Bar], title: object, unit: object = "", period: object = "") -> SafeString:
    """Horizontal bars, one a line; the drawing is itself a table."""
    listed = list(bars)
    most = max((bar.value for bar in listed), default=0) or 1
    rows = format_html_join(
        "",
        '<tr><th scope="row">{}</th><td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="series-1" width="{}" height="10"/></svg></td><td class="number">{}</td></tr>',
        ((_linked(bar.label, bar.url), f"{100 * bar.value / most:.1f}", _words(bar)) for bar in listed),
    )
    return format_html(
        '<figure class="chart">{}<table class="bars"><caption class="hidden-words">{}</caption><tbody>{}</tbody></table></figure>',
        _caption(title, unit, period),
        title,
        rows,
    )


@register.simple_tag
def columns(bars: Iterable[Bar], title: object, unit: object = "", period: object = "") -> SafeString:
    """Columns side by side, such as the months of a year; each says its value."""
    listed = list(bars)
    most = max((bar.value for bar in listed), default=0) or 1
    items = format_html_join(
        "",
        '<li><span>{}</span><svg viewBox="0 0 10 100" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="series-1" x="1" width="8" y="{}" height="{}"/></svg><span class="at">{}</span></li>',
        (
            (
                _words(bar),
                f"{100 - 100 * bar.value / most:.1f}",
                f"{100 * bar.value / most:.1f}",
                _linked(bar.label, bar.url),
            )
            for bar in listed
        ),
    )
    return format_html(
        '<figure class="chart">{}<ol class="columns" tabindex="0" aria-label="{}">{}</ol>{}</figure>',
        _caption(title, unit, period),
        title,
        items,
        _behind(title, ((bar.label, _words(bar)) for bar in listed), (_("Item"), unit or _("Value"))),
    )


def points_of(values: Sequence[float], *, most: float, width: int = 100, height: int = 100) -> str:
    """The corners of a line from left to right, the highest value at the top; the scale starts at nothing."""
    if len(values) < 2:
        values = [*values, *values] if values else [0, 0]
    step = width / (len(values) - 1)
    return " ".join(
        f"{i * step:.1f},{height - height * value / (most or 1):.1f}" for i, value in enumerate(values)
    )


@register.simple_tag
def line(
    bars: Iterable[Bar],
    title: object,
    unit: object = "",
    period: object = "",
    before: Iterable[Bar] = (),
    before_words: object = "",
) -> SafeString:
    """A line over time; `before` is a second, dashed one to compare with, named by `before_words`."""
    listed, earlier = list(bars), list(before)
    most = max((bar.value for bar in [*listed, *earlier]), default=0) or 1
    second = (
        format_html(
            '<polyline class="second" points="{}"/>', points_of([bar.value for bar in earlier], most=most)
        )
        if earlier
        else NOTHING
    )
    plot = format_html(
        '<div class="line-plot"><svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">{}'
        '<polyline points="{}"/></svg><span class="scale"><span>{}</span><span>0</span></span>'
        '<span class="ends"><span>{}</span><span>{} <span class="last">{}</span></span></span></div>',
        second,
        points_of([bar.value for bar in listed], most=most),
        say_number(most),
        listed[0].label if listed else "",
        listed[-1].label if listed else "",
        _words(listed[-1]) if listed else "",
    )
    heads: list[object] = [_("Item"), unit or _("Value")]
    rows: list[tuple[object, ...]] = [(_linked(bar.label, bar.url), _words(bar)) for bar in listed]
    if earlier:
        heads.append(before_words)
        rows = [(*row, _words(old)) for row, old in zip(rows, earlier, strict=False)]
    compared = (
        format_html('<p class="figure-note">{}</p>', _("Dashed: %(words)s") % {"words": before_words})
        if earlier
        else NOTHING
    )
    return format_html(
        '<figure class="chart">{}{}{}{}</figure>',
        _caption(title, unit, period),
        plot,
        compared,
        _behind(title, rows, heads),
    )


@register.simple_tag
def spark(values: Sequence[float], words: object) -> SafeString:
    """A tiny line beside a word; `words` says in a sentence what it shows."""
    return format_html(
        '<svg class="spark" viewBox="0 0 100 20" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<polyline points="{}"/></svg>',
        words,
        points_of(list(values), most=max(values, default=0), height=20),
    )


@register.simple_tag
def share(bars: Iterable[Bar], title: object, unit: object = "", period: object = "") -> SafeString:
    """How a whole divides: one stacked bar with each part named beneath, most five parts."""
    listed = list(bars)
    if len(listed) > SERIES:
        rest = sum(bar.value for bar in listed[SERIES - 1 :])
        listed = [*listed[: SERIES - 1], Bar(_("Others"), rest)]
    total = sum(bar.value for bar in listed) or 1
    at, rects = 0.0, []
    for number, bar in enumerate(listed, start=1):
        width = 100 * bar.value / total
        rects.append((number, f"{at:.2f}", f"{max(width - 0.4, 0):.2f}"))
        at += width
    return format_html(
        '<figure class="chart share">{}<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
        "<ul>{}</ul></figure>",
        _caption(title, unit, period),
        format_html_join("", '<rect class="series-{}" x="{}" width="{}" height="10"/>', rects),
        format_html_join(
            "",
            '<li><svg viewBox="0 0 10 10" aria-hidden="true"><rect class="series-{}" width="10" height="10"/></svg>'
            "{} {} · {} %</li>",
            (
                (number, _linked(bar.label, bar.url), _words(bar), f"{100 * bar.value / total:.0f}")
                for number, bar in enumerate(listed, start=1)
            ),
        ),
    )


@register.simple_tag
def heatmap(
    values: Mapping[date, float], title: object, unit: object = "", period: object = ""
) -> SafeString:
    """Days as squares, weeks side by side, Monday on top; darker means more."""
    days = sorted(values)
    if not days:
        return NOTHING
    start = days[0] - timedelta(days=days[0].weekday())
    most = max(values.values()) or 1
    squares, months = [], []
    for offset in range((days[-1] - start).days + 1):
        on = start + timedelta(days=offset)
        if on < days[0]:
            continue
        value = values.get(on, 0)
        level = 0 if value <= 0 else min(4, 1 + int(4 * value / most - 1e-9))
        x, y = 12 * (offset // 7), 14 + 12 * (offset % 7)
        words = f"{on.isoformat()}: {say_number(value)}"
        squares.append((level, x, y, words))
        if on.day == 1:
            months.append((x, date_format(on, pgettext("short month format", "M"))))
    weeks = (days[-1] - start).days // 7 + 1
    busy = sorted((day for day in days if values[day] > 0), key=lambda day: (-values[day], day))
    return format_html(
        '<figure class="chart">{}<div class="heat" tabindex="0" role="group" aria-label="{}">'
        '<svg viewBox="0 0 {} 98" aria-hidden="true">{}{}</svg></div>{}</figure>',
        _caption(title, unit, period),
        title,
        12 * weeks,
        format_html_join("", '<text x="{}" y="9">{}</text>', months),
        format_html_join(
            "",
            '<rect class="heat-{}" x="{}" y="{}" width="10" height="10" rx="1.5"><title>{}</title></rect>',
            squares,
        ),
        _behind(
            title,
            ((day.isoformat(), say_number(values[day])) for day in busy),
            (_("Item"), unit or _("Value")),
        ),
    )
