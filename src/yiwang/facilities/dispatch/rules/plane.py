"""Where things lie: metres on the county's plane, and how long the way takes."""

import math
from typing import Protocol

EARTH = 6_371_008.8
"""Mean radius of the earth in metres."""

DETOUR = 1.3
"""A way is this much longer than the straight line."""

METRES_A_MINUTE = 416.0
"""25 km/h: a van or an electric bicycle in a county town."""

Point = tuple[float, float]


class TravelTime(Protocol):
    """Minutes from one place to another; a router with a road network may stand in for `by_line`."""

    def __call__(self, start: Point, end: Point) -> float: ...


def metres(start: Point, end: Point) -> float:
    """The straight line between two places."""
    return math.hypot(end[0] - start[0], end[1] - start[1])


def by_line(start: Point, end: Point) -> float:
    """Minutes of travel, from the straight line with a detour."""
    return metres(start, end) * DETOUR / METRES_A_MINUTE


def to_plane(latitude: float, longitude: float, *, origin: Point) -> Point:
    """Metres east and north of the origin (latitude, longitude); right within a county (some 100 km)."""
    middle = math.radians((latitude + origin[0]) / 2)
    east = math.radians(longitude - origin[1]) * EARTH * math.cos(middle)
    return east, math.radians(latitude - origin[0]) * EARTH


def from_plane(x: float, y: float, *, origin: Point) -> Point:
    """Latitude and longitude of a place on the plane."""
    latitude = origin[0] + math.degrees(y / EARTH)
    middle = math.radians((latitude + origin[0]) / 2)
    return latitude, origin[1] + math.degrees(x / (EARTH * math.cos(middle)))
