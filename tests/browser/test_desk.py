"""The desk by keyboard alone, in a browser: from the list to the next unit in three keys; and axe finds nothing."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from tests.builders import a_county, a_petition, moved
from tests.kernel.casework.screens import BACKEND, fresh

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def county(live_site):
    return a_county()


def sign_in(page, live_site, account):
    """Let the browser be somebody's, and open the desk."""
    client = Client()
    client.force_login(account, backend=BACKEND)
    value = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_site.url}])
    # The site remembers the units of the test before for a few seconds.
    deadline = time.monotonic() + 10
    while page.goto(live_site.address("/desk/")).status != 200 and time.monotonic() < deadline:
        page.wait_for_timeout(500)


def found_by_axe(page):
    """The rules that the page breaks, with the first place of each."""
    violations = Axe().run(page).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in violations]


def test_a_matter_goes_to_the_next_unit_in_three_keys(live_site, page, county):
    earlier = a_petition(county).case
    moved(earlier, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    case = a_petition(county).case
    sign_in(page, live_site, county.accounts["office.clerk"])
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{case.pk}/")
    page.keyboard.press("f")
    assert page.evaluate("document.activeElement.value") == "水务局"
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已移交")
    assert fresh(case).holder_unit_id == county.unit("water").pk


def test_a_unit_is_picked_by_its_initials(live_site, page, county):
    case = a_petition(county).case
    sign_in(page, live_site, county.accounts["office.clerk"])
    page.goto(live_site.address(f"/cases/{case.pk}/"))
    page.keyboard.press("f")
    page.keyboard.type("cgz")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已移交")
    assert fresh(case).holder_unit_id == county.unit("chengguan").pk


def test_another_unit_is_typed_over_the_proposed_one(live_site, page, county):
    earlier = a_petition(county).case
    moved(earlier, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    case = a_petition(county).case
    sign_in(page, live_site, county.accounts["office.clerk"])
    page.goto(live_site.address(f"/cases/{case.pk}/"))
    page.keyboard.press("f")
    page.keyboard.type("cgz")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=已移交")
    assert fresh(case).holder_unit_id == county.unit("chengguan").pk


def test_a_form_that_comes_later_takes_the_focus(live_site, page, county):
    case = a_petition(county).case
    sign_in(page, live_site, county.accounts["office.clerk"])
    page.goto(live_site.address(f"/cases/{case.pk}/"))
    page.keyboard.press("n")
    page.wait_for_selector("#panel-note textarea")
    page.wait_for_function("document.activeElement.name === 'text'")


def test_axe_finds_nothing_on_the_desk_the_case_and_the_search(live_site, page, county):
    case = a_petition(county).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    a_petition(county)
    sign_in(page, live_site, county.accounts["water.clerk"])
    addresses = (
        "/desk/",
        "/desk/?term=late",
        "/desk/all/",
        f"/cases/{case.pk}/",
        f"/cases/{case.pk}/?step=object",
        f"/cases/{case.pk}/why/notice/1/",
        "/search/?q=漏水",
        "/procedures/petition/2022/",
    )
    found = {}
    for address in addresses:
        page.goto(live_site.address(address))
        found[address] = found_by_axe(page)
    assert found == {address: [] for address in addresses}
