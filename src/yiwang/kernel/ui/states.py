"""States: a word, a shape and a colour, always the three together."""

from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yiwang.kernel.ui.html import format_html

KINDS = ("none", "info", "waiting", "soon", "late", "done")

SHAPES = {
    "none": '<circle cx="5" cy="5" r="4"/>',
    "info": '<circle cx="5" cy="5" r="4" class="solid"/>',
    "waiting": '<path d="M3 1.5v7M7 1.5v7"/>',
    "soon": '<circle cx="5" cy="5" r="4"/><path d="M5 1a4 4 0 0 1 0 8z" class="solid"/>',
    "late": '<path d="M5 .8 9.4 9H.6z" class="solid"/>',
    "done": '<path d="M1 5.5 4 8.5 9 1.5"/>',
}

WORDS: dict[str, Promise] = {
    "none": _("In time"),
    "info": pgettext_lazy("state of a matter", "Open"),
    "waiting": _("Suspended"),
    "soon": _("Due soon"),
    "late": _("Overdue"),
    "done": _("Done"),
}


class NoSuchState(LookupError):
    """A kind that the design language doesn't know; see `KINDS`."""


def state(kind: str, *, words: object = "", look: str = "") -> SafeString:
    """A state as people see it; `look="badge"` puts it on a tinted ground."""
    if kind not in SHAPES:
        raise NoSuchState(kind)
    css = f"state state-{kind} badge" if look == "badge" else f"state state-{kind}"
    return format_html(
        '<span class="{}"><svg viewBox="0 0 10 10" aria-hidden="true">{}</svg>{}</span>',
        css,
        mark_safe(SHAPES[kind]),
        words or WORDS[kind],
    )
