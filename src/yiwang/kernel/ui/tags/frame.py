"""What the frame is made of: languages, messages, counts in the navigation, key hints."""

from typing import Any

from django.contrib.messages import get_messages
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiwang.kernel.ui import icons
from yiwang.kernel.ui.html import format_html, format_html_join
from yiwang.kernel.ui.messages import undo_of
from yiwang.kernel.ui.places import Door

from .words import NOTHING, NOTICE_ICONS

register = Library()

HERE = SafeString(' aria-current="page"')
LEVELS = {"success": "done", "warning": "soon", "error": "late"}


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> SafeString:
    """The languages, each in its own words; nothing where there is only one."""
    frame = context.get("frame")
    links = frame.languages if frame else []
    if len(links) < 2:
        return NOTHING
    words = [
        format_html('<span aria-current="true" lang="{}">{}</span>', link.lang, link.label)
        if link.is_current
        else format_html(
            '<a href="{}" lang="{}" hreflang="{}">{}</a>', link.url, link.lang, link.lang, link.label
        )
        for link in links
    ]
    return format_html(
        '<nav class="languages" aria-label="{}">{}</nav>',
        _("Language"),
        format_html_join("", "{}", ((word,) for word in words)),
    )


@register.simple_tag(takes_context=True)
def place_list(context: Context) -> SafeString:
    """The places of the navigation, each with how many things wait there."""
    frame = context["frame"]
    counts = frame.place_counts
    return format_html_join(
        "",
        '<li><a href="{}"{}{}>{}<span>{}</span>{}</a></li>',
        (
            (
                door.url,
                HERE if door.is_here else NOTHING,
                _shortcut(door),
                icons.icon(door.icon),
                door.label,
                _count(counts.get(door.key, 0)),
            )
            for door in frame.places
        ),
    )


@register.simple_tag(takes_context=True)
def door_list(context: Context) -> SafeString:
    """Every place that can be gone to, for the palette and the keys; nothing where there is none."""
    frame = context.get("frame")
    doors = frame.doors if frame else []
    if not doors:
        return NOTHING
    entries = ((door.url, _shortcut(door), door.label) for door in doors)
    return format_html(
        "<ul hidden data-doors>{}</ul>", format_html_join("", '<li><a href="{}"{}>{}</a></li>', entries)
    )


def _shortcut(door: Door) -> SafeString:
    return format_html(' data-key="{}"', door.shortcut) if door.shortcut else NOTHING


def _count(number: int) -> SafeString:
    return format_html('<span class="count">{}</span>', number) if number else NOTHING


@register.simple_tag(takes_context=True)
def messages_strip(context: Context) -> SafeString:
    """What the last action said: strips at the top, and passing words with a way back at the foot."""
    request = context.get("request")
    found = list(get_messages(request)) if request is not None and hasattr(request, "_messages") else []
    strips = [_strip(message) for message in found if not undo_of(message)]
    passing = [_passing(message, context) for message in found if undo_of(message)]
    if not passing:
        return format_html_join("", "{}", ((strip,) for strip in strips))
    return format_html(
        '{}<div class="toasts">{}</div>',
        format_html_join("", "{}", ((strip,) for strip in strips)),
        format_html_join("", "{}", ((one,) for one in passing)),
    )


def _strip(message: Any) -> SafeString:
    kind = LEVELS.get(message.level_tag, "info")
    return format_html(
        '<div class="notice notice-{}" role="{}">{}<div><p>{}</p></div></div>',
        kind,
        "alert" if kind == "late" else "status",
        icons.icon(NOTICE_ICONS[kind]),
        message.message,
    )


def _passing(message: Any, context: Context) -> str:
    return render_to_string(
        "ui/parts/toast.html",
        {
            "words": message.message,
            "undo_url": undo_of(message),
            "csrf_token": context.get("csrf_token"),
        },
    )


@register.simple_tag(takes_context=True)
def key_hints(context: Context) -> SafeString:
    """The list of shortcuts: those of every page, and `g` with the letter of each place."""
    hints = [
        (_("Next row, previous row"), ("j", "k")),
        (_("Open the row"), ("Enter",)),
        (_("Choose the row"), ("x",)),
        (_("Search"), ("/",)),
        (_("Go to a place, or do something"), ("Ctrl", "K")),
        (_("This list"), ("?",)),
        (_("Close"), ("Esc",)),
    ]
    frame = context.get("frame")
    for door in frame.doors if frame else []:
        if door.shortcut:
            hints.append((door.label, ("g", door.shortcut)))
    return format_html_join(
        "",
        "<div><dt>{}</dt><dd>{}</dd></div>",
        ((words, format_html_join(" ", "<kbd>{}</kbd>", ((key,) for key in keys))) for words, keys in hints),
    )
