"""A county's GeoJSON becomes shapes on the plane, or a sentence that says what is wrong with it."""

import json
from typing import Any

import pytest

from yiwang.facilities.dispatch.rules.shapes import shapes_of
from yiwang.kernel.base.problems import Problem

ORIGIN = (35.0, 105.0)
SQUARE = [[105.0, 35.0], [105.1, 35.0], [105.1, 35.1], [105.0, 35.0]]


def geojson(*features: dict[str, Any]) -> str:
    """A collection of features."""
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    """A feature of a kind."""
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def test_areas_and_rivers_lie_on_the_plane_and_points_are_left_out() -> None:
    found = shapes_of(
        geojson(
            feature("Polygon", [SQUARE], name="东镇", name_en="East", code="east"),
            feature("LineString", SQUARE[:2]),
            feature("Point", SQUARE[0]),
        ),
        origin=ORIGIN,
    )
    assert [one["properties"]["kind"] for one in found.features] == ["town", "river"]
    assert found.features[0]["properties"]["name_en"] == "East"
    assert found.features[0]["geometry"]["coordinates"][0][:2] == [[0, 0], [9109, 0]]
    assert (found.points, found.left_out) == (6, 1)


def test_of_an_area_in_parts_one_bears_the_name() -> None:
    found = shapes_of(geojson(feature("MultiPolygon", [[SQUARE], [SQUARE]], name="两岸")), origin=ORIGIN)
    assert [one["properties"]["name"] for one in found.features] == ["两岸", ""]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[", "isn't JSON"),
        ("[" * 100_000, "isn't JSON"),
        ("{}", "FeatureCollection"),
        ("[1]", "FeatureCollection"),
        (geojson(), "FeatureCollection"),
        (geojson(feature("Point", [105, 35])), "no area"),
        (geojson(feature("Polygon", [SQUARE])), "no `name`"),
        (geojson(feature("Polygon", [], name="空")), "aren't longitude"),
        (geojson(feature("Polygon", [[["a", 1]]], name="字")), "aren't longitude"),
        (geojson(feature("Polygon", [[[500000, 4000000]] * 4], name="米")), "aren't longitude"),
        (geojson(feature("Polygon", [[[y, x] for x, y in SQUARE]], name="反")), "aren't longitude"),
        (geojson(feature("Polygon", [[[x + 9, y] for x, y in SQUARE]], name="远")), "300 km"),
        (geojson(*[feature("Polygon", [SQUARE], name="多")] * 401), "401 features"),
    ],
)
def test_a_bad_file_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence) as problem:
        shapes_of(text, origin=ORIGIN)
    assert problem.value.chinese != ""
