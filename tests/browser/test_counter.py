"""A typical letter at the counter, registered without a mouse: how many keys, how long."""

import re
import time
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from tests.builders import County, a_county, a_petition
from yiwang.institutions.petitions.models import Category
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.actions import PartyData
from yiwang.kernel.casework.models import Case, Party

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.conftest import Site

pytestmark = pytest.mark.django_db(transaction=True)

MOST_KEYS = 40
"""Keys besides the text itself, for a letter with class and place."""


class Keyboard:
    """Types and presses, and counts the keys that aren't text."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.pressed: list[str] = []

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed.append(key)

    def write(self, text: str) -> None:
        """Text, as an input method hands it over."""
        self.page.keyboard.insert_text(text)


def signed_in(page: "Page", site: "Site", county: County, name: str) -> None:
    """Let the browser be somebody's."""
    client = Client()
    client.force_login(county.accounts[name], backend="yiwang.kernel.people.backends.AccountBackend")
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": site.url}])


def violations(page: "Page") -> list[str]:
    """What axe finds wrong."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


def opened(page: "Page", site: "Site") -> None:
    """The form, once the served site has heard of this test's county: it reads the tree every few seconds."""
    for _ in range(20):
        page.goto(site.address("/counter/"))
        if page.locator("#counter").count():
            return
        page.wait_for_timeout(500)
    pytest.fail("the site doesn't show the form")


def test_a_typical_letter_with_the_keyboard_alone(live_site: "Site", page: "Page") -> None:
    with acting_as_system():
        county = a_county()
        Category.objects.get_or_create(
            path="市政与公用事业/供水供电供气/供水",
            defaults={"level1": "市政与公用事业", "level2": "供水供电供气", "level3": "供水"},
        )
        earlier = a_petition(
            county,
            text="村口主水管漏水已有半月,路面结冰,老人摔倒,请尽快派人修理。",
            parties=(PartyData(name="欧阳建华", phone="13900000001"),),
        ).case
    signed_in(page, live_site, county, "office.clerk")
    opened(page, live_site)
    keys = Keyboard(page)
    began = time.monotonic()
    assert page.evaluate("document.activeElement.name") == "channel"
    keys.press("l", "Enter", "Enter")
    keys.write("欧阳建华")
    keys.press("Enter")
    keys.write("13900000001")
    page.get_by_text("同名同电话").wait_for()
    keys.press("Enter", "Enter")
    keys.write("云川县城关镇东街8号")
    keys.press("Alt+4")
    keys.write("村口水管漏水")
    keys.press("Enter")
    keys.write("村口主水管漏水已有一个月,路面结冰,老人小孩出行摔倒,请尽快派人修理。")
    keys.press("Alt+6")
    keys.write("供水")
    page.locator("#counter-category_words-list [role=option]").first.wait_for()
    keys.press("ArrowDown", "Enter", "Enter")
    keys.write("城关")
    page.locator("#counter-place_words-list [role=option]").first.wait_for()
    keys.press("ArrowDown", "Enter")
    page.get_by_text("可能重复").wait_for()
    assert violations(page) == []
    keys.press("Alt+7")
    assert page.evaluate("document.activeElement.value") == "is"
    keys.press("Space", "Control+Enter")
    page.get_by_text("查询码", exact=True).wait_for()
    took = time.monotonic() - began
    assert violations(page) == []
    print(f"\n{len(keys.pressed)} keys besides the text, {took:.1f} s without typing time")
    assert len(keys.pressed) <= MOST_KEYS
    with acting_as_system():
        case = Case.objects.get(source="counter")
        assert (case.channel, case.category, case.place_unit_id, case.repeat_of_id) == (
            "letter",
            "市政与公用事业/供水供电供气/供水",
            county.unit("chengguan").pk,
            earlier.pk,
        )
        assert Party.objects.get(case=case).address == "云川县城关镇东街8号"
    assert re.search(r"/counter/\d+/$", page.url)
    keys.press("n")
    page.wait_for_url("**/counter/?channel=letter")
    assert page.locator("[name=channel]:checked").get_attribute("value") == "letter"
    assert page.locator("[name=name]").input_value() == ""
