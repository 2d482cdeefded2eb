"""Where the county's plane begins: the place whose metres are nought, told by `YIWANG_ORIGIN`."""

import os
from functools import cache

from yiwang.facilities.dispatch.rules.plane import Point

INVENTED = "35.0,105.0"
"""Where the invented county lies when nobody says otherwise."""


@cache
def origin() -> Point:
    """Latitude and longitude of the origin (the county's offices)."""
    latitude, longitude = os.environ.get("YIWANG_ORIGIN", INVENTED).split(",")
    return float(latitude), float(longitude)
