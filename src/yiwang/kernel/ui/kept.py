"""The parts of the frame that look the same on many pages: drawn once, then kept in this process.

Whatever such a part shows stands in what it is kept by (`TopBar`, `Doors`, …) or is put into its gaps
afterwards: words searched for, the number of unread notices, the way back, the form's token. So nobody can
be shown what was drawn for another person, another language or an earlier post.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from yiwang.kernel.ui.html import format_html, format_html_join
from yiwang.kernel.ui.icons import icon
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.places import Door, Doors

KEPT = 512
"""How many drawings of a part are kept; a county's network has a few hundred people at work at once."""

NOTHING = SafeString("")
HERE = SafeString(' aria-current="page"')


@dataclass(frozen=True)
class TopBar:
    """All that the bar at the top shows, but for its gaps."""

    language: str
    title: str
    home_url: str
    search_url: str = ""
    is_signed_in: bool = False
    notices_url: str = ""
    person: str = ""
    post: str = ""
    person_links: tuple[tuple[str, str], ...] = ()
    languages: tuple[Link, ...] = ()
    sign_in_url: str = ""
    sign_out_url: str = ""


GAPS = ("search_words", "unread", "hidden", "way_back", "csrf_token")


class Drawing:
    """HTML with gaps for what differs from page to page."""

    def __init__(self, text: str) -> None:
        self._pieces = re.split("\0([a-z_]+)\0", text)
        self._gaps = list(enumerate(self._pieces))[1::2]

    def filled(self, **values: str) -> SafeString:
        """The HTML with safe texts in its gaps; raises `KeyError` when one is left open."""
        pieces = self._pieces.copy()
        for place, name in self._gaps:
            pieces[place] = values[name]
        return SafeString("".join(pieces))


@lru_cache(maxsize=KEPT)
def top_bar(bar: TopBar) -> Drawing:
    """The bar at the top of staff pages, in the language of the moment, which is the bar's."""
    gaps = {name: mark_safe(f"\0{name}\0") for name in GAPS}
    languages = [replace(link, url=f"{link.url}?{gaps['way_back']}") for link in bar.languages]
    shown = {"bar": bar, "languages": languages, "language_nav": language_nav(languages), **gaps}
    return Drawing(render_to_string("ui/parts/top.html", shown))


def language_nav(links: Sequence[Link]) -> SafeString:
    """The languages, each in its own words; nothing where there is only one."""
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
        '<nav class="languages" aria-label="{}">{}</nav>', _("Language"), SafeString("".join(words))
    )


@lru_cache(maxsize=KEPT)
def navigation(doors: Doors, counts: tuple[object, ...], language: str) -> SafeString:
    """The places, each with how many things wait there; `counts` in the order of the places."""
    entries = (
        (
            door.url,
            HERE if door.is_here else NOTHING,
            _shortcut(door),
            icon(door.icon),
            door.label,
            format_html('<span class="count">{}</span>', count) if count else NOTHING,
        )
        for door, count in zip(doors.shown, counts, strict=True)
    )
    return format_html(
        '<nav class="places" aria-label="{}"><ul>{}</ul></nav>',
        _("Places"),
        format_html_join("", '<li><a href="{}"{}{}>{}<span>{}</span>{}</a></li>', entries),
    )


@lru_cache(maxsize=KEPT)
def floats(doors: Doors, language: str) -> str:
    """What lies hidden on every staff page: the command palette, the keys, every place that can be gone to."""
    entries = ((door.url, _shortcut(door), door.label) for door in doors.every)
    listed = (
        format_html(
            "<ul hidden data-doors>{}</ul>", format_html_join("", '<li><a href="{}"{}>{}</a></li>', entries)
        )
        if doors.every
        else NOTHING
    )
    return render_to_string("ui/parts/floats.html", {"key_hints": _key_hints(doors), "doors": listed})


@lru_cache(maxsize=KEPT)
def words_for_scripts(live_url: str, language: str) -> SafeString:
    """What the scripts read from the body: where live news comes from, and the words that they say."""
    return format_html(
        '{} data-words-left="{}" data-words-over="{}" data-words-draft="{}" data-words-leave="{}"',
        format_html(' data-live="{}"', live_url) if live_url else NOTHING,
        _("{n} characters left"),
        _("{n} characters too many"),
        _("What you had typed here has been put back."),
        _("Remove"),
    )


def _shortcut(door: Door) -> SafeString:
    return format_html(' data-key="{}"', door.shortcut) if door.shortcut else NOTHING


def _key_hints(doors: Doors) -> SafeString:
    """The shortcuts of every page, and `g` with the letter of each place."""
    hints = [
        (_("Next row, previous row"), ("j", "k")),
        (_("Open the row"), ("Enter",)),
        (_("Choose the row"), ("x",)),
        (_("Search"), ("/",)),
        (_("Go to a place, or do something"), ("Ctrl", "K")),
        (_("This list"), ("?",)),
        (_("Close"), ("Esc",)),
        *((door.label, ("g", door.shortcut)) for door in doors.every if door.shortcut),
    ]
    return format_html_join(
        "",
        "<div><dt>{}</dt><dd>{}</dd></div>",
        ((words, format_html_join(" ", "<kbd>{}</kbd>", ((key,) for key in keys))) for words, keys in hints),
    )
