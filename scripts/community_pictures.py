"""Take the pictures of the service line for the documentation: a tap that drips, from the booking to the door.

Run by `make community-pictures`. Everything in the pictures is invented.
"""

import re
import sys
import urllib.parse
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.pictures import ARGUMENTS, CHROMIUM, DESK, PHONE, ROOT, Story, a_county
from scripts.smallpng import smaller

FOLDER = ROOT / "docs" / "pictures" / "community"
TOKEN = "word-of-the-pictures"
CALLER = "10000050000"
"""A resident of the demo county who has ordered before."""


def main() -> None:
    """Start a demo county, let the tap drip, and take a picture of each screen."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    executable = next((path for path in CHROMIUM if Path(path).exists()), None)
    if executable is None:
        sys.exit("Chromium is missing: sudo apt-get install chromium fonts-noto-cjk")
    with a_county(YIWANG_CTI_TOKEN=TOKEN) as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=ARGUMENTS)
        story = Story(url, browser)
        call(story)
        order(story)
        take(opened(story, "/community/company/", "anju"), "company", height=900)
        browser.close()


def take(page: Page, name: str, *, height: int) -> None:
    """The top of a page up to a height."""
    page.set_viewport_size({"width": (page.viewport_size or DESK)["width"], "height": height})
    page.evaluate("document.activeElement && document.activeElement.blur()")
    page.wait_for_timeout(500)
    path = FOLDER / f"{name}.png"
    path.write_bytes(smaller(page.screenshot(animations="disabled")))
    print(f"docs/pictures/community/{path.name}: {path.stat().st_size // 1024} KB")


def opened(story: Story, path: str, username: str) -> Page:
    """A page of somebody's, on a desk."""
    page = story.window(DESK, username=username)
    page.goto(story.url + path)
    return page


def call(story: Story) -> None:
    """Somebody calls who has ordered before; the agent hears what it is about."""
    page = opened(story, "/hotline/", "agent")
    page.get_by_role("button", name="示闲").click()
    page.locator("text=示闲中").or_(page.get_by_role("button", name="小休")).first.wait_for()
    said = {"from": CALLER, "to": "96519", "direction": "in", "callId": "picture", "user[]": "8001"}
    tell(story, {"event": "newCall", **said})
    page.locator(f"text={CALLER}").first.wait_for()
    tell(story, {"event": "answer", **said, "answeringNumber": "8001"})
    page.wait_for_timeout(1500)
    take(page, "console", height=900)
    tell(story, {"event": "hangup", **said, "cause": "normalClearing"})


def tell(story: Story, said: dict[str, str]) -> None:
    """What a telephone system would say."""
    data = urllib.parse.urlencode(said).encode()
    urllib.request.urlopen(f"{story.url}/hotline/cti/{TOKEN}/", data=data, timeout=10).close()


def order(story: Story) -> None:
    """A resident books, the dispatcher offers it, the team takes it on and sets out."""
    resident = story.window(PHONE)
    code = booked(story, resident)
    board = opened(story, "/dispatch/board/", "dispatcher")
    take(board, "board", height=900)
    card = board.locator("li.board-card", has_text="水龙头更换 × 1个").filter(has=board.locator("button"))
    card.get_by_role("button").first.click()
    board.locator("text=已派给").first.wait_for()
    for name in ("anju.one", "anju.two"):
        team = story.window(PHONE, username=name)
        team.goto(f"{story.url}/team/")
        if team.locator("article.is-offer", has_text="水龙头更换").count():
            break
    take(team, "team", height=640)
    team.get_by_role("button", name="接单", exact=True).first.click()
    team.locator("#phone-lists", has_text="现在没有派单").wait_for()
    team.locator(".phone-route a", has_text="水龙头更换").last.click()
    team.get_by_role("button", name="出发").first.click()
    team.wait_for_timeout(1000)
    resident.goto(f"{story.url}/r/{code}/")
    take(resident, "resident", height=1180)


def booked(story: Story, page: Page) -> str:
    """The code of the receipt."""
    page.goto(f"{story.url}/community/classes/plumbing/")
    page.get_by_role("link", name="水龙头更换").click()
    page.get_by_role("button", name="预约此项服务").click()
    page.locator("select[name=place_unit]").select_option(label="南关社区")
    page.fill("[name=address]", "3号楼2单元501")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下一步").click()
    page.fill("[name=name]", "祝小满")
    page.fill("[name=phone]", "10077770001")
    page.fill("[name=text]", "水龙头一直滴水，关不紧。")
    page.get_by_role("button", name="发送验证码").click()
    shown = re.search(r"\d{6}", page.locator("#code .notice").inner_text())
    assert shown is not None
    page.fill("[name=code]", shown.group())
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="预约", exact=True).click()
    return page.locator("strong.code").first.inner_text()


if __name__ == "__main__":
    main()
