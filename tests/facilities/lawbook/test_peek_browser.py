"""An article beside the words that cite it: with the mouse, with the keyboard, and as a plain link on a telephone."""

from typing import TYPE_CHECKING

import pytest

from tests.facilities.lawbook.builders import a_lawbook

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.conftest import Site

pytestmark = pytest.mark.browser

CITING = """# 灯会实施办法

2020年11月1日 通过

<!-- INFO END -->

第一条 依照《中华人民共和国灯会法》第三条之一，制定本办法。

第二条 本办法自2020年12月1日起施行。
"""
WORDS = "《中华人民共和国灯会法》第三条之一"


def _lawbook() -> None:
    from tests.facilities.lawbook.builders import SHELF

    a_lawbook({**SHELF, "部门规章/灯会实施办法(2020-11-01).md": CITING})


def test_the_mouse_and_the_keyboard_show_the_article_and_escape_takes_it_away(
    live_site: "Site", page: "Page"
) -> None:
    _lawbook()
    page.goto(live_site.address("/law/灯会实施办法"))
    link = page.get_by_role("link", name=WORDS)
    link.hover()
    page.locator(".peek").get_by_text("火应当有人看守。").wait_for()
    assert link.get_attribute("aria-describedby") == "peek"
    page.locator(".peek").hover()
    page.wait_for_timeout(400)
    assert page.locator(".peek").count() == 1
    page.locator("h1").hover()
    page.locator(".peek").wait_for(state="detached")
    while page.evaluate("document.activeElement.dataset.peek") is None:
        page.keyboard.press("Tab")
    page.locator(".peek").get_by_text("火应当有人看守。").wait_for()
    page.keyboard.press("Escape")
    assert (page.locator(".peek").count(), link.get_attribute("aria-describedby")) == (0, None)
    page.keyboard.press("Enter")
    page.wait_for_url("**/art_3.1#art_3.1")


def test_a_tap_and_a_browser_without_scripts_follow_the_link(live_site: "Site", browser: "Browser") -> None:
    _lawbook()
    for has_script in (True, False):
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, has_touch=True, java_script_enabled=has_script
        )
        page = context.new_page()
        page.goto(live_site.address("/law/灯会实施办法"))
        page.get_by_role("link", name=WORDS).tap()
        page.wait_for_url("**/art_3.1#art_3.1")
        assert page.locator(".peek").count() == 0
        context.close()
