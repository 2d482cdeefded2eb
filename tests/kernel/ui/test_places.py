"""The navigation: who sees which place, at most seven, and where one stands."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.urls import reverse

from yiwang.kernel.ui import places
from yiwang.kernel.ui.places import MOST, Place, PlaceTwice, doors_for, places_for, register


@pytest.fixture(autouse=True)
def _empty_register(monkeypatch):
    monkeypatch.setattr(places, "_places", {})


def asking(*roles, path="/"):
    request = RequestFactory().get(path)
    request.standing = SimpleNamespace(roles=frozenset(roles))
    return request


def a_place(key="desk", *, roles=("clerk",), order=1, url_name="ui:patterns"):
    return register(Place(key=key, label=key, url_name=url_name, roles=frozenset(roles), order=order))


def test_a_place_is_seen_by_its_roles_only():
    a_place("desk", roles=("clerk",))
    a_place("statistics", roles=("leader",))
    assert [door.key for door in places_for(asking("clerk"))] == ["desk"]
    assert [door.key for door in places_for(asking("leader"))] == ["statistics"]
    assert places_for(asking()) == []


def test_nobody_without_a_standing_sees_anything():
    a_place("desk", roles=("clerk", "signed_in"))
    assert places_for(RequestFactory().get("/")) == []


def test_a_place_for_everybody_signed_in():
    a_place("notices", roles=("signed_in",))
    assert [door.key for door in places_for(asking("auditor"))] == ["notices"]


def test_at_most_seven_in_their_order_and_the_rest_in_the_palette():
    for number in range(9, 0, -1):
        a_place(f"p{number}", order=number)
    assert [door.key for door in places_for(asking("clerk"))] == [
        f"p{number}" for number in range(1, MOST + 1)
    ]
    assert len(doors_for(asking("clerk"))) == 9


def test_the_place_where_one_stands_is_marked():
    a_place("desk")
    below = reverse("ui:patterns") + "further/"
    assert [door.is_here for door in places_for(asking("clerk", path=below))] == [True]
    assert [door.is_here for door in places_for(asking("clerk", path="/elsewhere/"))] == [False]


def test_a_place_whose_page_is_missing_is_left_out():
    a_place("ghost", url_name="nowhere:at-all")
    assert places_for(asking("clerk")) == []


def test_the_same_key_twice_is_refused_but_the_same_place_is_not():
    place = a_place("desk")
    assert register(place) is place
    with pytest.raises(PlaceTwice):
        a_place("desk", order=99)
