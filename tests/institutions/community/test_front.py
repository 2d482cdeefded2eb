"""The front of the county's portal leads to the centre's services."""

import pytest
from django.test import Client
from django.urls import reverse

from yiwang.kernel.ui.places import PlaceTwice, PublicDoor, offer, public_doors

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "上门服务"), ("en", "Help at the door")])
def test_the_front_of_the_portal_leads_to_the_services(language: str, words: str) -> None:
    browser = Client()
    browser.cookies["django_language"] = language
    page = browser.get("/").content.decode()
    link = f'<a class="choice" href="{reverse("community:home")}">'
    assert link in page
    assert words in page.split(link)[1].split("</a>")[0]


def test_a_door_is_offered_once() -> None:
    door = next(door for door in public_doors() if door.key == "community")
    assert offer(door) is door
    with pytest.raises(PlaceTwice):
        offer(PublicDoor("community", "another", "", "community:home"))
