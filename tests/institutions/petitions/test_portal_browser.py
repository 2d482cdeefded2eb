"""The whole way on a phone of 360 pixels, with and without scripts."""

from typing import TYPE_CHECKING

import pytest

from tests.builders import a_county

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.conftest import Site

pytestmark = pytest.mark.browser
BUDGET = 30 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


def _is_too_wide(page: "Page") -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def test_somebody_with_a_phone_writes_and_opens_the_receipt(live_site: "Site", browser: "Browser") -> None:
    a_county()
    for has_script in (True, False):
        _write_and_open(live_site, browser, has_script=has_script)


def _write_and_open(live_site: "Site", browser: "Browser", *, has_script: bool) -> None:
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 360, "height": 740}, java_script_enabled=has_script
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    wide: list[str] = []

    def onward() -> None:
        if has_script and _is_too_wide(page):
            wide.append(page.url)
        page.locator("button[value=next]").click()

    page.goto(live_site.address("/"))
    page.locator("a.button-main").click()
    page.fill("#id_title", "村口水管漏水半个月")
    page.fill("#id_text", "主水管漏水,路面结冰。")
    onward()
    page.locator("input[value=claim]").check()
    onward()
    page.fill("#id_words", "水管漏水")
    page.locator("h1").click()
    onward()
    page.locator("select").select_option(index=1)
    onward()
    photo = {"name": "水管.png", "mimeType": "image/png", "buffer": PNG}
    page.set_input_files("input[type=file]", [photo])
    onward()
    page.locator("input[value=signed]").check()
    onward()
    page.fill("#id_name", "欧阳建华")
    page.fill("#id_address", "和平乡一号")
    onward()
    page.locator("input[value=receipt_page]").check()
    onward()
    page.get_by_text("水管.png").wait_for()
    page.locator("main form button.button-main").click()
    page.wait_for_url("**/done/")
    code = page.locator("strong.code").inner_text()
    assert page.locator("figure .qr svg").count() == 1
    page.locator("main form button.button-main").click()
    page.wait_for_url("**/r/**")
    assert page.url == live_site.address(f"/r/{code}/")
    assert wide == []
    context.close()


def test_the_receipt_weighs_at_most_30_kilobytes_over_the_wire(live_site: "Site", page: "Page") -> None:
    from tests.builders import a_petition

    code = a_petition(a_county()).receipt_code
    weights: dict[str, int] = {}
    page.on("response", lambda answer: weights.update({answer.url: len(answer.body())}))
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(live_site.address(f"/r/{code}/?why=registration-0"), wait_until="networkidle")
    assert [url for url in weights if url.endswith(".js")] == []
    assert sum(weights.values()) <= BUDGET, weights
    assert not _is_too_wide(page)
