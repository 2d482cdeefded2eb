"""Every page in the browser: axe finds nothing, nothing sticks out of a phone, no error on the console.

The pages come from the register; a new page is looked at without being listed here.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.architecture.register import Address, addresses
from tests.architecture.world import ROLES, Asker, World, a_world, arguments

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.conftest import Site

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = ((360, "zh-hans"), (1440, "en"))
"""Each page is looked at twice: on a phone in Chinese, on a desk in English."""


def asker_of(address: Address) -> Asker:
    """Somebody who may open the page."""
    roles = address.page.roles if address.page else frozenset()
    if "everybody" in roles:
        return Asker("nobody", "no unit")
    return next((Asker(role, "own") for role in ROLES if role in roles), Asker("clerk", "own"))


def opened(browser: "Browser", site: "Site", world: World, asker: Asker, width: int, language: str) -> "Page":
    """A browser of that width and language in which that person is signed in."""
    context = browser.new_context(viewport={"width": width, "height": 800}, timezone_id="Asia/Shanghai")
    cookies = [{"name": "django_language", "value": language, "url": site.url}]
    if asker.role != "nobody":
        value = world.browser(asker).cookies["sessionid"].value
        cookies.append({"name": "sessionid", "value": value, "url": site.url})
    context.add_cookies(cookies)  # type: ignore[arg-type]
    return context.new_page()


def faults(page: "Page", url: str, width: int) -> Iterator[str]:
    """What is wrong with a page, in words; nothing for an answer that isn't a page."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    answer = page.goto(url)
    assert answer is not None
    if answer.status >= 400:
        yield f"answers {answer.status}"
        return
    if "text/html" not in answer.headers.get("content-type", ""):
        return
    if not page.locator("h1").count():
        return
    sideways = page.evaluate("document.documentElement.scrollWidth")
    if sideways > width:
        yield f"is {sideways} pixels wide on {width}"
    for violation in Axe().run(page).response["violations"]:
        node = violation["nodes"][0]["html"][:120]
        yield f"{violation['id']}: {node}"
    yield from errors


def is_looked_at(address: Address) -> bool:
    """Whether a GET of this address shows something; files and pure answers to forms are tested elsewhere."""
    return address.page is not None and not address.name.endswith(
        ("_pdf", "_file", ":file", ":letter_pdf", "proof")
    )


@pytest.mark.parametrize(("width", "language"), WIDTHS)
def test_every_page_is_accessible_and_fits(
    browser: "Browser", live_site: "Site", width: int, language: str
) -> None:
    world = a_world()
    found: list[str] = []
    pages: dict[Asker, Page] = {}
    for address in filter(is_looked_at, addresses()):
        asker = asker_of(address)
        if asker not in pages:
            pages[asker] = opened(browser, live_site, world, asker, width, language)
        path = reverse(address.name, kwargs=arguments(address.name, address.takes, world))
        if world.browser(asker).get(path).status_code in (302, 303, 405):
            continue
        try:
            found += [
                f"{address.name}: {fault}" for fault in faults(pages[asker], live_site.address(path), width)
            ]
        except Exception as error:
            if "Download is starting" not in str(error):
                raise
    for page in pages.values():
        page.context.close()
    assert found == []
