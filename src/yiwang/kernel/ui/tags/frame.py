"""What the frame is made of: the bar at the top, the places, the languages, what the last action said."""

from functools import lru_cache
from typing import Any

from django.contrib.messages import get_messages
from django.template import Context, Library
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from yiwang.kernel.ui import icons, kept
from yiwang.kernel.ui.context import Frame, way_back
from yiwang.kernel.ui.html import escaped, format_html, format_html_join
from yiwang.kernel.ui.messages import undo_of
from yiwang.kernel.ui.parts import NewsLine

from .words import NOTHING, NOTICE_ICONS, post_button

register = Library()

LEVELS = {"success": "done", "warning": "soon", "error": "late"}


@register.simple_tag
def language_code() -> str:
    """The language of the page, as browsers want to know it."""
    return get_language() or ""


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> SafeString:
    """The languages, each in its own words; nothing where there is only one."""
    frame: Frame | None = context.get("frame")
    return kept.language_nav(frame.languages if frame else [])


@register.simple_tag(takes_context=True)
def top_bar(context: Context) -> SafeString:
    """The bar at the top of staff pages: whose office, the search, the bell, one's own menu."""
    frame: Frame = context["frame"]
    unread = frame.unread
    return kept.top_bar(frame.top_bar).filled(
        search_words=escaped(context.get("search_words") or ""),
        unread=str(unread),
        hidden="" if unread else " hidden",
        way_back=way_back(frame.request),
        csrf_token=escaped(context.get("csrf_token") or ""),
    )


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> SafeString:
    """The places of the navigation, each with how many things wait there; nothing where there is none."""
    frame: Frame = context["frame"]
    if not frame.places:
        return NOTHING
    counts = frame.place_counts
    return kept.navigation(
        frame.open_doors, tuple([counts.get(door.key, 0) for door in frame.places]), frame.language
    )


@register.simple_tag(takes_context=True)
def news_line(context: Context) -> SafeString:
    """One calm line below the bar: what must be read, or what is new; open pages are told of more without reloading."""
    frame: Frame = context["frame"]
    if not frame.is_signed_in:
        return NOTHING
    line = frame.news_line
    if line is None:
        return format_html(
            '<aside data-news-line data-words-must="{}" aria-label="{}" hidden>{}</aside>',
            _("Please read and note:"),
            _("Notice board"),
            SafeString('<p aria-live="polite"></p>'),
        )
    return format_html(
        '<aside class="notice" data-news-line data-words-must="{}" aria-label="{}"><p aria-live="polite">{}'
        '<a href="{}">{}</a></p>{}{}</aside>',
        _("Please read and note:"),
        _("Notice board"),
        format_html("<strong>{}</strong> ", _("Please read and note:")) if line.must_be_read else NOTHING,
        line.url,
        line.words,
        format_html('<a class="more" href="{}">{}</a>', line.more_url, _more(line.more))
        if line.more
        else NOTHING,
        _set_aside(line, context),
    )


def _more(number: int) -> str:
    return ngettext("and %(n)s more", "and %(n)s more", number) % {"n": number}


def _set_aside(line: NewsLine, context: Context) -> SafeString:
    """A button for what may be set aside here; what must be read is noted on its own page, below its words."""
    if not line.noted_url or line.must_be_read:
        return NOTHING
    return SafeString(
        post_button(context, _("Noted"), line.noted_url, "plain", "check", "small", version=line.noted_as)
    )


@register.simple_tag(takes_context=True)
def floats(context: Context) -> str:
    """What lies hidden on every staff page: the command palette, the keys, the places."""
    frame: Frame = context["frame"]
    return kept.floats(frame.open_doors, frame.language)


@register.simple_tag(takes_context=True)
def words_for_scripts(context: Context) -> SafeString:
    """What the scripts read from the body of a staff page."""
    frame: Frame = context["frame"]
    return kept.words_for_scripts(frame.live_url, frame.language)


@register.simple_tag
def asset(path: str) -> str:
    """The address of a file of the design language, as `static` gives it."""
    return _asset(path, get_script_prefix())


@lru_cache(maxsize=64)
def _asset(path: str, prefix: str) -> str:
    return escaped(static(path))


@register.simple_tag(takes_context=True)
def messages_strip(context: Context) -> SafeString:
    """What the last action said: strips at the top, and passing words with a way back at the foot."""
    request = context.get("request")
    found = list(get_messages(request)) if request is not None and hasattr(request, "_messages") else []
    if not found:
        return NOTHING
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
