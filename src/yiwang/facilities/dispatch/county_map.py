"""The map of the board: the county's towns and river, teams and work as marks, drawn on the server as SVG.

The shapes are those of the invented county; an installation of its own gets marks and a scale only.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.kernel.base.config import installation

SHAPES = Path(__file__).parent / "static" / "dispatch" / "yunchuan.geojson"
EXTENT = 20_500
"""Metres from the middle to each edge; the map never moves, whatever moves on it."""


@dataclass(frozen=True)
class Mark:
    """Something at a place: `kind` is its shape (`team`, `job`), `state` its look, `words` what it says."""

    kind: str
    state: str
    x: float
    y: float
    words: str
    url: str = ""


@cache
def _shapes() -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(SHAPES.read_text(encoding="utf-8"))["features"]
    return features


def draw(marks: Iterable[Mark], *, label: str) -> SafeString:
    """The whole map; what lies beyond its edge is drawn at the edge."""
    return format_html(
        '<svg class="county" viewBox="{0} {0} {1} {1}" role="group" aria-label="{2}">{3}{4}{5}</svg>',
        -EXTENT,
        2 * EXTENT,
        label,
        _land(get_language() or "") if installation().is_demo else mark_safe(""),
        _scale(),
        format_html_join("", "{}", ((_mark(mark),) for mark in marks)),
    )


@cache
def _land(language: str) -> SafeString:
    key = "name_en" if language.startswith("en") else "name"
    parts = []
    for feature in _shapes():
        points = feature["geometry"]["coordinates"]
        if feature["properties"]["kind"] == "river":
            parts.append(format_html('<path class="river" d="{}"/>', _line(points)))
            continue
        ring: Sequence[Sequence[float]] = points[0]
        x, y = (sum(point[axis] for point in ring) / len(ring) for axis in (0, 1))
        shape = format_html('<path class="town" d="{}Z"/>', _line(ring))
        name = feature["properties"][key]
        parts.append(format_html('{}<text x="{}" y="{}">{}</text>', shape, round(x), round(-y), name))
    return format_html('<g class="land">{}</g>', mark_safe("".join(parts)))


def _line(points: Sequence[Sequence[float]]) -> str:
    return "M" + "L".join(f"{x} {-y}" for x, y in points)


def _scale() -> SafeString:
    low = EXTENT - 700
    return format_html(
        '<g class="scale"><path d="M{} {}h5000"/><text x="{}" y="{}">{}</text></g>',
        -low,
        low,
        -low,
        low - 350,
        _("5 km"),
    )


def _mark(mark: Mark) -> SafeString:
    """A team is a circle, work a diamond; the words are its title for whoever points or listens."""
    x, y = (round(max(-EXTENT + 500, min(EXTENT - 500, value))) for value in (mark.x, -mark.y))
    shape = '<circle r="420"/>' if mark.kind == "team" else '<path d="M0-620 620 0 0 620-620 0Z"/>'
    drawn = format_html(
        '<g class="mark {} is-{}" transform="translate({} {})"><title>{}</title>{}</g>',
        mark.kind,
        mark.state,
        x,
        y,
        mark.words,
        mark_safe(shape),
    )
    return format_html('<a href="{}">{}</a>', mark.url, drawn) if mark.url else drawn
