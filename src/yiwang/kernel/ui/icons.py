"""The icons: a few drawings of lucide, inlined so that they take the colour of the words beside them."""

import json
from functools import cache
from pathlib import Path

from django.utils.safestring import SafeString, mark_safe

from yiwang.kernel.ui.html import format_html

DRAWINGS = Path(__file__).parent / "static/ui/vendor/lucide.json"


class NoSuchIcon(LookupError):
    """A name that isn't among the vendored icons; add it in `scripts/vendor.py` and run `make vendor`."""


@cache
def drawings() -> dict[str, str]:
    """Every vendored icon: its name and the shapes inside."""
    found: dict[str, str] = json.loads(DRAWINGS.read_text(encoding="utf-8"))
    return found


def icon(name: str, *, label: str = "", size: str = "") -> SafeString:
    """One icon as SVG: silent beside a word, or named by `label` where it stands alone."""
    try:
        shapes = drawings()[name]
    except KeyError:
        raise NoSuchIcon(name) from None
    css = "icon icon-large" if size == "large" else "icon"
    inner = mark_safe(shapes)
    if label:
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>', css, label, inner
        )
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>', css, inner
    )
