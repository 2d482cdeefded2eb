"""The front of the catalogue: what is ordered most comes first, and each class says how much it offers."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.institutions.community.builders import a_scene, an_order

pytestmark = pytest.mark.django_db


def classes(page: str) -> list[str]:
    return re.findall(r'href="/community/classes/(\w+)/"', page)


def test_what_is_ordered_most_comes_first() -> None:
    cache.clear()
    scene = a_scene()
    before = classes(Client().get("/community/").content.decode())
    assert before[0] == "plumbing"
    cache.clear()
    an_order(scene, name="普通门锁开锁")
    after = classes(Client().get("/community/").content.decode())
    assert (after[0], sorted(after)) == ("locks", sorted(before))


def test_each_class_says_how_many_services_it_has() -> None:
    cache.clear()
    page = Client().get("/community/", headers={"Accept-Language": "en"}).content.decode()
    assert (len(classes(page)), page.count("<small>8 services</small>")) == (26, 26)
