"""Buttons, links, icons, states, notices, panels: the small components and the slots."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yiwang.kernel.ui import icons, states
from yiwang.kernel.ui.html import escaped, format_html, format_html_join
from yiwang.kernel.ui.parts import Link

register = Library()

NOTICE_ICONS = {"info": "info", "soon": "clock", "late": "circle-alert", "done": "circle-check"}
NOTHING = SafeString("")


def attributes(pairs: dict[str, object]) -> SafeString:
    """HTML attributes; `_` in a name becomes `-`, False and None leave it out, True gives it no value."""
    parts = []
    for key, value in pairs.items():
        name = escaped(key.rstrip("_").replace("_", "-"))
        if value is True:
            parts.append(f" {name}")
        elif value is not None and value is not False and value != "":
            parts.append(f' {name}="{escaped(value)}"')
    return SafeString("".join(parts))


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """An icon beside a word; with `label` where the word is missing."""
    return icons.icon(name, label=label, size=size)


def _classes(kind: str, size: str) -> str:
    return " ".join(["button", *([f"button-{kind}"] if kind else []), *([f"button-{size}"] if size else [])])


def _face(label: object, icon_name: str, kind: str) -> SafeString:
    if kind == "tool" and icon_name:
        return icons.icon(icon_name)
    mark = icons.icon(icon_name) if icon_name else NOTHING
    return format_html("{}<span>{}</span>", mark, label)


@register.simple_tag
def button(label: object, kind: str = "", icon: str = "", size: str = "", **attrs: object) -> SafeString:
    """A button of a form; `kind` is main, plain or tool; further arguments become attributes."""
    attrs.setdefault("type", "submit")
    if kind == "tool":
        attrs.update(aria_label=label, title=label)
    face = _face(label, icon, kind)
    return SafeString(f'<button class="{_classes(kind, size)}"{attributes(attrs)}>{face}</button>')


@register.simple_tag
def link_button(
    label: object, url: str, kind: str = "", icon: str = "", size: str = "", **attrs: object
) -> SafeString:
    """A link that looks like a button, for going somewhere."""
    if kind == "tool":
        attrs.update(aria_label=label, title=label)
    return format_html(
        '<a class="{}" href="{}"{}>{}</a>',
        _classes(kind, size),
        url,
        attributes(attrs),
        _face(label, icon, kind),
    )


@register.simple_tag(takes_context=True)
def post_button(
    context: Context,
    label: object,
    url: str,
    kind: str = "",
    icon: str = "",
    size: str = "",
    **values: object,
) -> str:
    """A button that posts to an address by itself, with the given hidden values."""
    token = escaped(context.get("csrf_token") or "")
    hidden = "".join(
        [
            f'<input type="hidden" name="{escaped(name)}" value="{escaped(value)}">'
            for name, value in values.items()
        ]
    )
    return SafeString(
        f'<form class="post-button" method="post" action="{escaped(url)}">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{token}">{hidden}'
        f"{button(label, kind, icon, size)}</form>\n"
    )


@register.simple_tag
def state(kind: str, words: object = "") -> SafeString:
    """A state: shape, word and colour in running text or a table cell."""
    return states.state(kind, words=words)


@register.simple_tag
def badge(kind: str, words: object = "") -> SafeString:
    """A state on a tinted ground, for heads of pages."""
    return states.state(kind, words=words, look="badge")


@register.simple_tag
def tag(words: object) -> SafeString:
    """A plain word with a hairline around it: a class, a channel."""
    return format_html('<span class="tag">{}</span>', words)


@register.simple_tag
def kbd(*keys: str) -> SafeString:
    """Keys to press, one after the other."""
    return format_html_join(" ", "<kbd>{}</kbd>", ((key,) for key in keys))


@register.simple_tag
def progress(value: float, most: float, words: object = "") -> SafeString:
    """How far something is, in words and as a bar."""
    return format_html(
        '<label class="progress"><span>{}</span><progress value="{}" max="{}"></progress></label>',
        words or _("%(value)s of %(most)s") % {"value": value, "most": most},
        value,
        most,
    )


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: object = "") -> SafeString:
    """A strip of words above what it concerns; `kind` is info, soon, late or done."""
    return format_html(
        '<div class="notice notice-{}" role="{}">{}<div>{}{}</div></div>',
        kind,
        "alert" if kind == "late" else "status",
        icons.icon(NOTICE_ICONS[kind]),
        format_html("<p><strong>{}</strong></p>", title) if title else NOTHING,
        content,
    )


@register.simple_block_tag
def panel(
    content: str,
    title: object,
    name: str,
    kind: str = "",
    icon: str = "",
    is_open: object = False,
    shortcut: str = "",
) -> SafeString:
    """An action that opens in place; works without JavaScript, open at once when its form has errors."""
    opened = " open" if is_open else ""
    key = f' data-key="{escaped(shortcut)}"' if shortcut else ""
    mark = icons.icon(icon) if icon else ""
    words = escaped(title)
    return SafeString(
        f'<details class="panel" id="panel-{escaped(name)}"{opened}><summary class="{_classes(kind, "")}"'
        f' data-action="{words}"{key}>{mark}<span>{words}</span>{_turning()}</summary>'
        f'<div class="panel-body">{escaped(content)}</div></details>'
    )


@cache
def _turning() -> str:
    return icons.icon("chevron-down").replace('class="icon"', 'class="icon turn"')


@register.simple_block_tag
def panels(content: str) -> SafeString:
    """Several panels whose buttons stand in one row."""
    return format_html('<div class="panels">{}</div>', content)


@register.simple_block_tag
def more(content: str, title: object, is_open: object = False) -> SafeString:
    """Words that open further words: a formula, an article, a list."""
    opened = " open" if is_open else ""
    return SafeString(
        f'<details class="more"{opened}><summary>{escaped(title)}</summary>{escaped(content)}</details>'
    )


@register.simple_tag
def peek_link(words: object, url: str) -> SafeString:
    """A link whose page can be peeked at: with mouse or keyboard, what its `/card` answers shows beside it."""
    return SafeString(f'<a class="peek-link" href="{escaped(url)}" data-peek>{escaped(words)}</a>')


@register.simple_block_tag
def card(content: str, title: object = "", id: str = "") -> SafeString:
    """A box around what is really separate."""
    return format_html(
        '<section class="card"{}>{}{}</section>',
        attributes({"id": id}),
        format_html("<h2>{}</h2>", title) if title else NOTHING,
        content,
    )


@register.simple_block_tag
def empty(content: str, title: object, icon: str = "inbox") -> SafeString:
    """An empty list: why it is empty (`title`) and what to do (the content)."""
    return format_html(
        '<div class="empty">{}<h2>{}</h2>{}</div>', icons.icon(icon, size="large"), title, content
    )


@register.simple_tag
def breadcrumbs(links: Iterable[Link]) -> SafeString:
    """Where this page lies, from the outside in."""
    return format_html(
        '<nav class="crumbs" aria-label="{}"><ol>{}</ol></nav>',
        _("Where this is"),
        format_html_join("", '<li><a href="{}">{}</a></li>', ((link.url, link.label) for link in links)),
    )


def word_links(links: Iterable[Link], *, css: str, label: object, lead: SafeString = NOTHING) -> SafeString:
    """A row of words that lead somewhere, the present one marked, each with its count."""
    return format_html(
        '<nav class="{}" aria-label="{}"><ul>{}{}</ul></nav>',
        css,
        label,
        lead,
        format_html_join(
            "",
            '<li><a href="{}"{}>{}{}</a></li>',
            (
                (
                    link.url,
                    mark_safe(' aria-current="true"') if link.is_current else NOTHING,
                    link.label,
                    NOTHING
                    if link.count is None
                    else format_html('<span class="count">{}</span>', link.count),
                )
                for link in links
            ),
        ),
    )


@register.simple_tag
def filters(links: Iterable[Link], label: object = "") -> SafeString:
    """Filters as words above a list; they live in the address."""
    lead = format_html('<li class="of">{}</li>', label) if label else NOTHING
    return word_links(links, css="filters", label=label or _("Filter"), lead=lead)


@register.simple_tag
def tabs(links: Iterable[Link], label: object = "") -> SafeString:
    """The parts of one thing, each a page of its own."""
    return word_links(links, css="tabs", label=label or _("Parts"))


@register.simple_block_tag
def qr(content: str, words: object = "") -> SafeString:
    """A place for a QR code (an inline SVG as content), with its words beneath."""
    return format_html(
        '<figure><div class="qr">{}</div>{}</figure>',
        content,
        format_html("<figcaption>{}</figcaption>", words) if words else NOTHING,
    )


@register.simple_tag
def toast(words: object, undo_url: str = "", csrf_token: Any = None) -> str:
    """A passing word with a way back."""
    return render_to_string(
        "ui/parts/toast.html", {"words": words, "undo_url": undo_url, "csrf_token": csrf_token}
    )
