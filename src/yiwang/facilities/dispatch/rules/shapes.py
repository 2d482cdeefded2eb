"""A county's GeoJSON made into shapes for the map: checked, brought onto the plane, thinned."""

import json
from dataclasses import dataclass
from typing import Any

from yiwang.facilities.dispatch.rules.plane import Point, to_plane
from yiwang.kernel.base.problems import Problem

MOST_FEATURES, MOST_POINTS = 400, 200_000
FARTHEST = 300_000.0
THIN = 20.0
"""Points that lie nearer than so many metres to the one before are left out; nobody sees them."""


@dataclass(frozen=True)
class Shapes:
    """Features for the map, each with code, name, name_en, kind and geometry in metres; and what was left out."""

    features: list[dict[str, Any]]
    points: int
    left_out: int


def shapes_of(text: str, *, origin: Point) -> Shapes:
    """The areas (towns) and lines (rivers) of a GeoJSON in WGS 84 (RFC 7946).

    Points of interest and features without a shape are left out. Raises `Problem` with a sentence for a file that
    isn't a map of this county.
    """
    collection = _collection(text)
    features: list[dict[str, Any]] = []
    points = left_out = 0
    for number, feature in enumerate(collection, 1):
        made = _made(feature, number=number, origin=origin)
        if not made:
            left_out += 1
        for one in made:
            features.append(one)
            rings = one["geometry"]["coordinates"]
            points += sum(len(ring) for ring in rings) if one["properties"]["kind"] == "town" else len(rings)
    if not any(one["properties"]["kind"] == "town" for one in features):
        raise Problem(
            "The file has no area (Polygon or MultiPolygon).", "文件中没有区域（Polygon 或 MultiPolygon）。"
        )
    if points > MOST_POINTS:
        raise Problem(
            f"The map has {points} points; at most {MOST_POINTS} are drawn. Simplify it first.",
            f"地图共有 {points} 个点，最多 {MOST_POINTS} 个，请先简化。",
        )
    return Shapes(features, points, left_out)


def _collection(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Problem("The file isn't JSON.", "文件不是 JSON 格式。") from None
    features = found.get("features") if isinstance(found, dict) else None
    if not isinstance(features, list) or found.get("type") != "FeatureCollection" or not features:
        raise Problem(
            "The file isn't a GeoJSON FeatureCollection with features.",
            "文件不是含有要素的 GeoJSON FeatureCollection。",
        )
    if len(features) > MOST_FEATURES:
        raise Problem(
            f"The file has {len(features)} features; at most {MOST_FEATURES} are drawn.",
            f"文件有 {len(features)} 个要素，最多 {MOST_FEATURES} 个。",
        )
    return features


def _made(feature: Any, *, number: int, origin: Point) -> list[dict[str, Any]]:
    """One shape for each area or line of a feature."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    if not isinstance(geometry, dict):
        return []
    kind = geometry.get("type")
    coordinates: Any = geometry.get("coordinates")
    given = feature.get("properties")
    given = given if isinstance(given, dict) else {}
    name = str(given.get("name") or "")[:40]
    try:
        if kind in ("Polygon", "MultiPolygon"):
            parts = [coordinates] if kind == "Polygon" else coordinates
            rings = [_line(part[0], origin=origin) for part in parts]
            # The largest part bears the name.
            rings.sort(key=len, reverse=True)
            if not name:
                raise Problem(f"Area {number} has no `name`.", f"第 {number} 个区域缺少 name。")
            if any(len(ring) < 3 for ring in rings):
                raise ValueError
            return [
                _feature(given, name if not place else "", f"{number}", "town", [ring])
                for place, ring in enumerate(rings)
            ]
        if kind in ("LineString", "MultiLineString"):
            lines = [coordinates] if kind == "LineString" else coordinates
            return [_feature(given, name, f"{number}", "river", _line(line, origin=origin)) for line in lines]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        raise Problem(
            f"Feature {number} ({name or 'without a name'}) has coordinates that aren't longitude and latitude.",
            f"第 {number} 个要素（{name or '无名称'}）的坐标不是经纬度。",
        ) from None
    return []


def _feature(given: dict[str, Any], name: str, number: str, kind: str, coordinates: Any) -> dict[str, Any]:
    return {
        "properties": {
            "code": str(given.get("code") or number)[:40],
            "name": name,
            "name_en": str(given.get("name_en") or name)[:60] if name else "",
            "kind": kind,
        },
        "geometry": {"coordinates": coordinates},
    }


def _line(points: Any, *, origin: Point) -> list[list[int]]:
    """Points on the plane in whole metres, without those nobody would see. Raises `ValueError` and `Problem`."""
    line: list[list[int]] = []
    for point in points:
        longitude, latitude = float(point[0]), float(point[1])
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ValueError
        x, y = to_plane(latitude, longitude, origin=origin)
        if max(abs(x), abs(y)) > FARTHEST:
            raise Problem(
                "The map lies more than 300 km from the county's offices; see whether YIWANG_ORIGIN is right "
                "and coordinates are longitude before latitude.",
                "地图距县政府所在地超过 300 公里；请核对 YIWANG_ORIGIN，以及坐标是否经度在前、纬度在后。",
            )
        if not line or max(abs(x - line[-1][0]), abs(y - line[-1][1])) >= THIN:
            line.append([round(x), round(y)])
    return line
