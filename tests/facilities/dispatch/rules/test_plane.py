"""Metres on the county's plane and back."""

import math

from hypothesis import given
from hypothesis import strategies as st

from yiwang.facilities.dispatch.rules.plane import by_line, from_plane, to_plane

ORIGIN = (35.0, 105.0)


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    x, y = to_plane(36.0, 105.0, origin=ORIGIN)
    assert (round(x), round(y)) == (0, 111195)


@given(x=st.floats(-80_000, 80_000), y=st.floats(-80_000, 80_000))
def test_there_and_back_is_the_same_place(x: float, y: float) -> None:
    there = to_plane(*from_plane(x, y, origin=ORIGIN), origin=ORIGIN)
    assert math.dist(there, (x, y)) < 0.001


def test_travel_is_the_line_with_a_detour() -> None:
    assert by_line((0, 0), (0, 4160)) == 13.0
