"""A document in the browser: drafted, reviewed, signed, numbered and released; received, circulated, answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.builders import PASSWORD, County, a_county
from tests.conftest import Site
from tests.facilities.office.builders import a_series, state
from yiwang.facilities.office.models import Handling
from yiwang.kernel.access.locks import acting_as_system

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "水务局关于做好防冻工作的通知"


@contextmanager
def desk(browser: "Browser", site: Site, county: County, who: str) -> "Iterator[Page]":
    """Somebody's browser without scripts, signed in."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", java_script_enabled=False)
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(site.address("/people/sign-in/"))
    page.get_by_label("用户名").or_(page.locator("[name=username]")).first.fill(county.accounts[who].username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    yield page
    context.close()


def opened(page: "Page", verb: str) -> "Locator":
    """The form of a step after a person opened its panel, and before it what else can be done where it lies there."""
    form = page.locator(f"form:has(input[name=act][value={verb}])")
    form.wait_for(state="attached")
    folds = page.locator(f"details:has(input[name=act][value={verb}])")
    for place in range(folds.count()):
        if folds.nth(place).get_attribute("open") is None:
            folds.nth(place).locator("> summary").click()
    return form


def step(page: "Page", verb: str) -> None:
    """Take a step that needs nothing to be filled in."""
    opened(page, verb).locator("button").click()
    page.wait_for_load_state()


def test_from_the_draft_to_the_answer_without_scripts(browser: "Browser", live_site: Site) -> None:
    county = a_county()
    a_series(county)
    with desk(browser, live_site, county, "water.clerk") as page:
        page.goto(live_site.address("/office/outgoing/new/"))
        page.locator("#title").fill(TITLE)
        page.get_by_role("button", name="起草").or_(page.locator("form button.button-main")).first.click()
        page.locator("[name=body]").fill("一、请做好防冻。\n二、请于月底前反馈。")
        page.get_by_label("城关镇").first.check()
        page.locator("form#text-form button").first.click()
        step(page, "submit")
        document = page.url
    with desk(browser, live_site, county, "water.head") as page:
        page.goto(document)
        step(page, "pass")
        step(page, "sign")
    with desk(browser, live_site, county, "water.clerk") as page:
        page.goto(document)
        for verb in ("check", "enter", "print", "release"):
            step(page, verb)
        page.get_by_text("云水发〔2026〕1号").first.wait_for()
    with desk(browser, live_site, county, "chengguan.clerk") as page:
        page.goto(live_site.address("/office/incoming/"))
        page.get_by_role("link", name=TITLE).click()
        for verb in ("sign_for", "enter", "examine"):
            step(page, verb)
        form = opened(page, "circulate")
        page.locator(f"[name=people][value='{county.accounts['chengguan.head'].pk}']").check()
        form.locator("button").click()
        received = page.url
    with desk(browser, live_site, county, "chengguan.head") as page:
        page.goto(received)
        step(page, "read")
        form = opened(page, "assign")
        form.locator("[name=account_id]").fill(county.accounts["chengguan.clerk"].name)
        form.locator("button").click()
        page.wait_for_load_state()
    with desk(browser, live_site, county, "chengguan.clerk") as page:
        page.goto(received)
        form = opened(page, "answer")
        form.locator("[name=text]").fill("已经落实。")
        form.locator("button").click()
        page.get_by_text("已答复").first.wait_for()
    with acting_as_system():
        assert state(Handling.objects.get(direction="in")) == "answered"
