"""Records: description lists, journals, chains of custody, letters, files."""

from collections.abc import Iterable
from datetime import date

from django.template import Library
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _

from yiwang.kernel.ui import icons, states
from yiwang.kernel.ui.html import escaped, format_html, format_html_join
from yiwang.kernel.ui.parts import Fact, File, Hop, Moment, Stretch, stretches

from .times import shown_day, shown_instant
from .words import NOTHING

register = Library()


@register.simple_block_tag
def factlist(content: str) -> SafeString:
    """A description list; its content is `{% fact %}` blocks."""
    return format_html('<dl class="facts">{}</dl>', content)


@register.simple_block_tag
def fact(content: str, label: object) -> SafeString:
    """One line of a description list."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", label, content)


@register.simple_tag
def facts(items: Iterable[Fact]) -> SafeString:
    """A description list of `Fact`s."""
    lines = []
    for item in items:
        value = escaped(item.value)
        if item.url:
            value = f'<a href="{escaped(item.url)}">{value}</a>'
        lines.append(f"<div><dt>{escaped(item.label)}</dt><dd>{value}</dd></div>")
    return SafeString(f'<dl class="facts">{"".join(lines)}</dl>')


@register.simple_tag
def timeline(moments: Iterable[Moment], today: date | None = None) -> SafeString:
    """A journal as a time line, with the holder's name on each stretch."""
    today, language, zone = (
        today or timezone.localdate(),
        get_language() or "",
        timezone.get_current_timezone(),
    )

    def moment(one: Moment) -> str:
        at = one.at.astimezone(zone) if timezone.is_aware(one.at) else one.at
        links = " ".join([f'<a href="{escaped(link.url)}">{escaped(link.label)}</a>' for link in one.links])
        words = f'<p class="moment-words">{escaped(one.words)}</p>' if one.words else ""
        return (
            f'<li><div class="moment">{shown_instant(at, today, language)}<strong>{escaped(one.what)}</strong>'
            f'<span class="name muted">{escaped(one.who)}</span>{links}</div>{words}</li>'
        )

    told = []
    for stretch in stretches(moments):
        here = ' class="is-here"' if stretch.is_here else ""
        holder = _holder(stretch) if stretch.holder else ""
        told.append(f"<li{here}>{holder}<ol>{''.join([moment(one) for one in stretch.moments])}</ol></li>")
    return SafeString(f'<ol class="timeline">{"".join(told)}</ol>')


def _holder(stretch: Stretch) -> str:
    now = escaped(_("holds it now")) if stretch.is_here else ""
    return f'<div class="timeline-holder"><span>{escaped(stretch.holder)}</span><span class="span">{now}</span></div>'


@register.simple_tag
def chain(hops: Iterable[Hop], today: date | None = None, label: object = "") -> SafeString:
    """The chain of custody: who held the matter from when to when."""
    today, language = today or timezone.localdate(), get_language() or ""
    links = "".join([_hop(hop, today=today, language=language) for hop in hops])
    name = escaped(label or _("Chain of custody"))
    return SafeString(f'<ol class="chain" aria-label="{name}">{links}</ol>')


def _hop(hop: Hop, *, today: date, language: str) -> str:
    css = ' class="is-here"' if hop.is_here else ' class="is-done"' if hop.to_on else ""
    here = ' aria-current="step"' if hop.is_here else ""
    span = ""
    if hop.from_on:
        begin = shown_day(hop.from_on, today, language)
        if hop.to_on:
            span = f"<span>{begin} – {shown_day(hop.to_on, today, language)}</span>"
        else:
            since = format_html(_("since {day}"), day=begin)
            span = f"<span>{since}</span>"
    number = f"<span>{escaped(hop.number)}</span>" if hop.number else ""
    state = states.state(hop.state, words=hop.state_words) if hop.state_words else ""
    return f"<li{css}{here}><strong>{escaped(hop.unit)}</strong>{number}{span}{state}</li>"


@register.simple_block_tag
def letter(
    content: str,
    office: object,
    number: object = "",
    title: object = "",
    to: object = "",
    signed_by: object = "",
    signed_on: date | None = None,
    is_sealed: object = False,
    language: str = "zh-hans",
) -> SafeString:
    """An official letter as it looks on paper; the content is its paragraphs.

    A letter keeps the language it was written in, whatever the language of the page around it.
    """
    signature = addressee = NOTHING
    with override(language):
        signed = date_format(signed_on, pgettext("day format of another year", "j F Y")) if signed_on else ""
        if to:
            addressee = format_html('<p class="letter-to">{}</p>', _("To %(name)s:") % {"name": to})
    if signed_by or signed_on:
        signature = format_html(
            '<div class="letter-foot"><div class="letter-sign">{}<div>{}</div><div>{}</div></div></div>',
            SafeString('<span class="letter-seal" aria-hidden="true">★</span>') if is_sealed else NOTHING,
            signed_by or office,
            signed,
        )
    return format_html(
        '<article class="letter" lang="{}"><header><div class="letter-head">{}</div><span class="letter-number">{}</span>'
        '<hr class="letter-rule">{}</header>{}<div class="letter-body">{}</div>{}</article>',
        language,
        office,
        number,
        format_html('<h2 class="letter-title">{}</h2>', title) if title else NOTHING,
        addressee,
        content,
        signature,
    )


def say_size(size: int) -> str:
    """A number of bytes as people say it."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


@register.simple_tag
def filelist(files: Iterable[File]) -> SafeString:
    """Files with their names and sizes."""
    return format_html(
        '<ul class="files">{}</ul>',
        format_html_join(
            "",
            '<li>{}<span>{}{}</span><span class="size">{}</span></li>',
            (
                (
                    icons.icon("paperclip"),
                    format_html('<a href="{}">{}</a>', file.url, file.name) if file.url else file.name,
                    format_html('<br><small class="muted">{}</small>', file.note) if file.note else NOTHING,
                    say_size(file.size),
                )
                for file in files
            ),
        ),
    )
