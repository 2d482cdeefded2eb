"""Bringing in the county's own map."""

from datetime import datetime

from yiwang.facilities.dispatch.models import MapShapes
from yiwang.facilities.dispatch.origin import origin
from yiwang.facilities.dispatch.rules.shapes import Shapes, shapes_of


def change_map(text: str, *, at: datetime) -> Shapes:
    """Draw the shapes of a GeoJSON from now on, in place of those before. Raises `Problem` for what can't be drawn."""
    shapes = shapes_of(text, origin=origin())
    MapShapes.objects.update_or_create(pk=1, defaults={"features": shapes.features, "changed_at": at})
    return shapes
