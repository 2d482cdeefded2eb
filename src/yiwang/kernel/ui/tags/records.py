"""Records: description lists, journals, chains of custody, letters, files."""

from collections.abc import Iterable
from datetime import date

from django.template import Library
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from yiwang.kernel.ui import icons, states
from yiwang.kernel.ui.html import format_html, format_html_join
from yiwang.kernel.ui.parts import Fact, File, Hop, Moment, Stretch, stretches

from .times import when
from .words import NOTHING, attributes

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
    return format_html(
        '<dl class="facts">{}</dl>',
        format_html_join(
            "",
            "<div><dt>{}</dt><dd>{}</dd></div>",
            (
                (
                    item.label,
                    format_html('<a href="{}">{}</a>', item.url, item.value) if item.url else item.value,
                )
                for item in items
            ),
        ),
    )


@register.simple_tag
def timeline(moments: Iterable[Moment], today: date | None = None) -> SafeString:
    """A journal as a time line, with the holder's name on each stretch."""
    today = today or timezone.localdate()
    return format_html(
        '<ol class="timeline">{}</ol>',
        format_html_join("", "{}", ((_stretch(stretch, today=today),) for stretch in stretches(moments))),
    )


def _stretch(stretch: Stretch, *, today: date) -> SafeString:
    return format_html(
        "<li{}>{}<ol>{}</ol></li>",
        SafeString(' class="is-here"') if stretch.is_here else NOTHING,
        format_html(
            '<div class="timeline-holder"><span>{}</span><span class="span">{}</span></div>',
            stretch.holder,
            _("holds it now") if stretch.is_here else "",
        )
        if stretch.holder
        else NOTHING,
        format_html_join("", "<li>{}</li>", ((_moment(moment, today=today),) for moment in stretch.moments)),
    )


def _moment(moment: Moment, *, today: date) -> SafeString:
    return format_html(
        '<div class="moment">{}<strong>{}</strong><span class="name muted">{}</span>{}</div>{}',
        when(moment.at, today=today),
        moment.what,
        moment.who,
        format_html_join(" ", '<a href="{}">{}</a>', ((link.url, link.label) for link in moment.links)),
        format_html('<p class="moment-words">{}</p>', moment.words) if moment.words else NOTHING,
    )


@register.simple_tag
def chain(hops: Iterable[Hop], today: date | None = None, label: object = "") -> SafeString:
    """The chain of custody: who held the matter from when to when."""
    today = today or timezone.localdate()
    return format_html(
        '<ol class="chain" aria-label="{}">{}</ol>',
        label or _("Chain of custody"),
        format_html_join("", "{}", ((_hop(hop, today=today),) for hop in hops)),
    )


def _hop(hop: Hop, *, today: date) -> SafeString:
    css = "is-here" if hop.is_here else "is-done" if hop.to_on else ""
    span = NOTHING
    if hop.from_on and hop.to_on:
        span = format_html(
            "<span>{} – {}</span>", when(hop.from_on, today=today), when(hop.to_on, today=today)
        )
    elif hop.from_on:
        span = format_html(
            "<span>{}</span>", format_html(_("since {day}"), day=when(hop.from_on, today=today))
        )
    return format_html(
        "<li{}{}><strong>{}</strong>{}{}{}</li>",
        attributes({"class": css}),
        SafeString(' aria-current="step"') if hop.is_here else NOTHING,
        hop.unit,
        format_html("<span>{}</span>", hop.number) if hop.number else NOTHING,
        span,
        states.state(hop.state, words=hop.state_words) if hop.state_words else NOTHING,
    )


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
