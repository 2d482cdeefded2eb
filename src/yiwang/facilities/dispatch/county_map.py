"""The map of the board: the county's towns and river, teams and work as marks, drawn on the server as SVG.

The shapes are those that `yiwang import map` brought in, else in demo mode those of the invented county; an
installation without a map gets marks and a scale.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.facilities.dispatch.models import MapShapes
from yiwang.kernel.base.config import installation
from yiwang.kernel.base.remembering import Remembered

SHAPES = Path(__file__).parent / "static" / "dispatch" / "yunchuan.geojson"
EXTENT = 20_500
"""Metres from the middle to each edge; the map never moves, whatever moves on it."""
MARGIN = 1.06
"""How much more than a town is shown with it."""
SCALES = (100_000, 50_000, 20_000, 10_000, 5000, 2000, 1000)
"""What the scale may say, in metres: the longest that fits into an eighth of the map."""
MOST_VIEWS = 40
"""So many towns can be looked at by themselves; beyond that the words above the map would hide it."""
LETTER, LINE = 1_000, 1_200
"""How large the names of towns are drawn, and the line one takes."""
MOST_LATIN = 0x2E7F
ASIDE = tuple(step * LINE // 2 * side for step in range(12) for side in (-1, 1))
"""How far above and below the middle of its town a name is tried, until no mark lies on it."""
ROOM = 1_000
"""So far marks of the usual size lie from one another on the drawing."""
TURNS, GOLDEN = 80, 2.399963
"""How often a free place is looked for around the true one, and by how much it turns each time."""


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
def _invented() -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(SHAPES.read_text(encoding="utf-8"))["features"]
    return features


_own: Remembered[str, MapShapes | None] = Remembered()


def _shapes() -> tuple[str, list[dict[str, Any]]]:
    """The shapes that were brought in, else those of the invented county in demo mode; and which they are."""
    row = _own.get("map", lambda: MapShapes.objects.first())
    if row is not None:
        return row.changed_at.isoformat(), row.features
    return ("invented", _invented()) if installation().is_demo else ("none", [])


@dataclass(frozen=True)
class View:
    """A square part of the county: its middle and how far it reaches; marks and words keep their size."""

    key: str
    words: str
    x: float = 0.0
    y: float = 0.0
    reach: float = EXTENT

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole county."""
        return not self.key

    @property
    def size(self) -> float:
        """How large marks are drawn: larger on a part, which is looked at from afar."""
        return 1.0 if self.is_whole else 1.7

    def placed(self, x: float, y: float) -> tuple[float, float]:
        """Where a place lies on the drawing, whose y goes down."""
        return (x - self.x) * EXTENT / self.reach, (self.y - y) * EXTENT / self.reach


def views() -> list[View]:
    """What of the county can be looked at: all of it, and each town whose shape is known."""
    which, features = _shapes()
    language = get_language() or ""
    towns = [one for one in features if one["properties"]["kind"] == "town" and one["properties"]["name"]]
    return [_whole(which, features), *(_around(feature, language) for feature in towns[:MOST_VIEWS])]


def _whole(which: str, features: Sequence[dict[str, Any]]) -> View:
    """All of the county: the invented one lies around the origin, another one where its shapes do."""
    words = _("Whole county")
    rings = [one["geometry"]["coordinates"][0] for one in features if one["properties"]["kind"] == "town"]
    if which == "invented" or not rings:
        return View("", words)
    (west, east), (south, north) = (
        (
            min(point[axis] for ring in rings for point in ring),
            max(point[axis] for ring in rings for point in ring),
        )
        for axis in (0, 1)
    )
    reach = max(east - west, north - south, 2000) / 2 * MARGIN
    return View("", words, (west + east) / 2, (south + north) / 2, reach)


def view_of(key: str) -> View:
    """The view of that key; the whole county for one that isn't known."""
    every = views()
    return next((view for view in every if view.key == key), every[0])


def _around(feature: dict[str, Any], language: str) -> View:
    ring = feature["geometry"]["coordinates"][0]
    (west, east), (south, north) = (
        (min(point[axis] for point in ring), max(point[axis] for point in ring)) for axis in (0, 1)
    )
    reach = max(east - west, north - south) / 2 * MARGIN
    name = feature["properties"][_name_key(language)]
    return View(feature["properties"]["code"], name, (west + east) / 2, (south + north) / 2, reach)


def draw(marks: Iterable[Mark], *, label: str, view: View | None = None) -> SafeString:
    """The map of a view; beyond the edge of the whole county things are drawn at the edge, of a part left out."""
    view = view or views()[0]
    placed = list(_apart(marks, view))
    return format_html(
        '<svg class="county" viewBox="{0} {0} {1} {1}" role="group" aria-label="{2}">{3}{4}{5}{6}</svg>',
        -EXTENT,
        2 * EXTENT,
        label,
        land(view),
        _scale(view),
        _names(view, [place for _each, place in placed]),
        format_html_join("", "{}", ((_mark(mark, place, view.size),) for mark, place in placed)),
    )


def _name_key(language: str) -> str:
    return "name_en" if language.startswith("en") else "name"


def land(view: View) -> SafeString:
    """The towns and rivers of a view, beneath whatever is drawn on them."""
    return _land(_shapes()[0], view)


@lru_cache(maxsize=200)
def _land(which: str, view: View) -> SafeString:
    parts = []
    for feature in _shapes()[1]:
        points = feature["geometry"]["coordinates"]
        if feature["properties"]["kind"] == "river":
            parts.append(format_html('<path class="river" d="{}"/>', _line(points, view)))
            continue
        parts.append(format_html('<path class="town" d="{}Z"/>', _line(points[0], view)))
    return format_html('<g class="land">{}</g>', mark_safe("".join(parts)))


@lru_cache(maxsize=200)
def _towns(which: str, language: str, view: View) -> list[tuple[str, float, float]]:
    """The name of each town, and where its middle lies on the drawing."""
    found = []
    for feature in _shapes()[1]:
        if feature["properties"]["kind"] == "town":
            ring: Sequence[Sequence[float]] = feature["geometry"]["coordinates"][0]
            middle = view.placed(*(sum(point[axis] for point in ring) / len(ring) for axis in (0, 1)))
            found.append((feature["properties"][_name_key(language)], *middle))
    return found


def _names(view: View, taken: Sequence[tuple[int, int]]) -> SafeString:
    """The towns' names, each as near to the middle of its town as the marks let it be read."""
    drawn = []
    for name, x, y in _towns(_shapes()[0], get_language() or "", view):
        half = sum(LETTER if ord(letter) > MOST_LATIN else LETTER * 0.55 for letter in name) / 2
        down = next((one for one in ASIDE if not _is_covered(x, y + one, half, taken, view.size)), 0)
        drawn.append((round(x), round(y + down), name))
    return format_html(
        '<g class="names">{}</g>', format_html_join("", '<text x="{}" y="{}">{}</text>', drawn)
    )


def _is_covered(x: float, y: float, half: float, taken: Sequence[tuple[int, int]], size: float) -> bool:
    """Whether a mark would lie on a name whose foot is at a place."""
    reach = 620 * size
    return any(
        abs(across - x) < half + reach and y - LETTER - reach < down < y + reach / 2 for across, down in taken
    )


def _line(points: Sequence[Sequence[float]], view: View) -> str:
    placed = (view.placed(point[0], point[1]) for point in points)
    return "M" + "L".join(f"{round(x)} {round(y)}" for x, y in placed)


def _scale(view: View) -> SafeString:
    low = EXTENT - 700
    metres = next((one for one in SCALES if one <= view.reach / 4), SCALES[-1])
    words = _("%(number)s km") % {"number": metres // 1000}
    return format_html(
        '<g class="scale"><path d="M{} {}h{}"/><text x="{}" y="{}">{}</text></g>',
        -low,
        low,
        round(metres * EXTENT / view.reach),
        -low,
        low - 350,
        words,
    )


def _apart(marks: Iterable[Mark], view: View) -> Iterator[tuple[Mark, tuple[int, int]]]:
    """Each mark with its place on the drawing; one that would lie on another is moved a little aside."""
    taken: dict[tuple[int, int], list[tuple[int, int]]] = {}
    room = round(ROOM * view.size)
    for mark in marks:
        x, y = view.placed(mark.x, mark.y)
        if not view.is_whole and max(abs(x), abs(y)) > EXTENT:
            continue
        for turn in range(TURNS):
            away, angle = room * 0.6 * math.sqrt(turn), turn * GOLDEN
            place = _within(x + away * math.cos(angle)), _within(y + away * math.sin(angle))
            if _is_free(place, taken, room):
                break
        else:
            place = _within(x), _within(y)
        taken.setdefault((place[0] // room, place[1] // room), []).append(place)
        yield mark, place


def _is_free(place: tuple[int, int], taken: dict[tuple[int, int], list[tuple[int, int]]], room: int) -> bool:
    """Whether no mark is nearer than there is room; only the squares around are looked at."""
    column, row = place[0] // room, place[1] // room
    return all(
        math.dist(place, other) >= room
        for beside in (-1, 0, 1)
        for above in (-1, 0, 1)
        for other in taken.get((column + beside, row + above), ())
    )


def _within(value: float) -> int:
    return round(max(-EXTENT + 500, min(EXTENT - 500, value)))


def _mark(mark: Mark, place: tuple[int, int], size: float) -> SafeString:
    """A team is a circle, work a diamond; the words are its title for whoever points or listens."""
    shape = '<circle r="420"/>' if mark.kind == "team" else '<path d="M0-620 620 0 0 620-620 0Z"/>'
    drawn = format_html(
        '<g class="mark {} is-{}" transform="translate({} {}){}"><title>{}</title>{}</g>',
        mark.kind,
        mark.state,
        place[0],
        place[1],
        "" if size == 1 else f" scale({size})",
        mark.words,
        mark_safe(shape),
    )
    return format_html('<a href="{}">{}</a>', mark.url, drawn) if mark.url else drawn
