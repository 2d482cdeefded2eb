"""Take the pictures of the tutorial: a petition from its writing to its evaluation, in a fresh demo county.

Run by `make pictures`. Everything in the pictures is invented. The pictures are committed; they change with
the pages, so they are taken anew when a page that they show looks different.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.smallpng import smaller

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "pictures"
PASSWORD = "yunchuan-demo"
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PHONE = {"width": 390, "height": 760}
DESK = {"width": 1240, "height": 800}
SMALLER = 0.75
"""Pictures of a desk are taken at three quarters of their size, so that the repository stays light."""

TITLE = "村口水管漏水半个月"
TEXT = "青石镇村口的主水管漏水半个月，路面结冰，老人摔倒。打过两次电话没有人来。请尽快维修。"
ANSWER = {
    "facts": "经现场查看，主水管接头老化开裂，漏水属实。",
    "opinion": "已于当日更换接头并恢复路面，三个月内再检查一次。",
    "basis": "《信访工作条例》第三十二条第一款第（一）项。",
}


def main() -> None:
    """Start a demo county, tell the story in a browser, and take a picture at each station."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    executable = next((path for path in CHROMIUM if Path(path).exists()), None)
    if executable is None:
        sys.exit("Chromium is missing: sudo apt-get install chromium fonts-noto-cjk")
    with a_county() as url, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=ARGUMENTS)
        story = Story(url, browser)
        tell(story)
        read_laws(story)
        look_at_office(story)
        browser.close()


@contextlib.contextmanager
def a_county(**settings: str) -> Iterator[str]:
    """`yiwang run` on a data directory of its own, with these settings; its address."""
    folder = Path(tempfile.mkdtemp(prefix="yiwang-pictures-"))
    folder.chmod(0o711)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("YIWANG_", "DATABASE_"))
    }
    process = subprocess.Popen(
        [str(ROOT / ".venv/bin/yiwang"), "run"],
        env=kept | {"YIWANG_DATA": str(folder), "YIWANG_PORT": str(port), "YIWANG_DEMO": "1"} | settings,
        stdout=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(1200):
            if process.poll() is not None:
                sys.exit("yiwang run has ended; see above.")
            with contextlib.suppress(urllib.error.URLError, OSError):
                urllib.request.urlopen(url, timeout=5).close()
                break
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


class Story:
    """Who acts where; each person has a browser window of their own."""

    def __init__(self, url: str, browser: Browser) -> None:
        self.url = url
        self.browser = browser
        self.number = 0

    def window(self, size: dict[str, int], *, username: str = "") -> Page:
        """A window, signed in as somebody of the demo county if a name is given."""
        scale = 1 if size is PHONE else SMALLER
        context = self.browser.new_context(locale="zh-CN", viewport=size, device_scale_factor=scale)  # type: ignore[arg-type]
        page = context.new_page()
        page.set_default_timeout(15_000)
        if username:
            page.goto(f"{self.url}/people/sign-in/")
            page.fill("input[name=username]", username)
            page.fill("input[name=password]", PASSWORD)
            page.locator("main form button").first.click()
            page.wait_for_url(lambda address: "sign-in" not in address)
        return page

    def take(self, page: Page, name: str, *, height: int | None = None, folder: str = "") -> None:
        """One picture: what the window shows, or the top of the page up to a height; numbered unless in a folder."""
        if folder:
            path = FOLDER / folder / f"{name}.png"
        else:
            self.number += 1
            path = FOLDER / f"{self.number}-{name}.png"
        page.wait_for_load_state()
        if height:
            width = (page.viewport_size or DESK)["width"]
            page.set_viewport_size({"width": width, "height": height})
        page.evaluate("document.activeElement && document.activeElement.blur()")
        page.wait_for_timeout(300)
        path.write_bytes(smaller(page.screenshot(animations="disabled")))
        print(f"docs/pictures/{path.relative_to(FOLDER)}: {path.stat().st_size // 1024} KB")

    def step(self, page: Page, case: str, verb: str, fill: Callable[[Page], None] | None = None) -> None:
        """Take one step on a case's page."""
        page.goto(f"{self.url}{case}?step={verb}")
        form = page.locator(f"form[action$='/steps/{verb}/']").first
        form.wait_for()
        if fill:
            fill(page)
        form.locator("button[type=submit]").last.click()
        page.wait_for_url(lambda address: f"step={verb}" not in address)


def tell(story: Story) -> None:
    """From writing to evaluation."""
    citizen = story.window(PHONE)
    code = write(story, citizen)
    clerk = story.window(DESK, username="office")
    clerk.goto(f"{story.url}/desk/")
    case = find(story, clerk)
    clerk.goto(f"{story.url}{case}?step=forward")
    clerk.locator("#forward-unit_id").fill("水务局")
    story.take(clerk, "forward")
    story.step(clerk, case, "forward", lambda page: page.fill("#forward-unit_id", "云川县水务局"))
    water = story.window(DESK, username="water")
    story.step(water, case, "forward", lambda page: page.fill("#forward-unit_id", "青石镇人民政府"))
    town = story.window(DESK, username="qingshi")
    town.goto(f"{story.url}/desk/")
    story.take(town, "desk", height=620)
    story.step(town, case, "accept")
    story.step(town, case, "answer", fill_answer)
    story.step(water, case, "approve")
    head = story.window(DESK, username="office.head")
    story.step(head, case, "issue")
    head.goto(f"{story.url}{case}")
    story.take(head, "case", height=900)
    citizen.goto(f"{story.url}/r/{code}/")
    story.take(citizen, "answered", height=900)
    citizen.locator("a[href*='/letters/']", has_text="处理意见书").first.click()
    citizen.locator("main form button").first.click()
    citizen.wait_for_load_state()
    story.take(citizen, "letter", height=900)
    citizen.goto(f"{story.url}/r/{code}/")
    form = citizen.locator("form[action$='/evaluate/']")
    for name in ("grade_office", "grade_unit"):
        form.locator(f"input[name={name}][value='5']").check()
    form.scroll_into_view_if_needed()
    story.take(citizen, "evaluate", height=900)
    form.locator("button[type=submit]").click()
    citizen.wait_for_load_state()
    story.step(clerk, case, "conclude")
    story.step(clerk, case, "archive")
    leader = story.window(DESK, username="leader")
    leader.goto(f"{story.url}/stats/")
    story.take(leader, "month")


def read_laws(story: Story) -> None:
    """A statute whose next version is published and not yet in force, and what that version changes."""
    reader = story.window(DESK)
    reader.goto(f"{story.url}/law/商标法@2027-01-01")
    story.take(reader, "statute")
    reader.goto(f"{story.url}/law/商标法@2027-01-01/compare")
    story.take(reader, "versions")


def look_at_office(story: Story) -> None:
    """The office of the demo county: a document going around, tasks, what is to be signed, the lobby, packages."""
    views = (
        ("circulation", "qingshi", "/office/incoming/", 760),
        ("tasks", "water", "/office/tasks/", 560),
        ("signing", "leader", "/office/signing/", 620),
        ("packages", "office", "/archive/packages/", 520),
        ("lobby", "", "/lobby/", 800),
        ("joint", "water", "/office/outgoing/", 1000),
    )
    (FOLDER / "office").mkdir(exist_ok=True)
    for name, username, address, height in views:
        page = story.window(DESK, username=username)
        page.goto(f"{story.url}{address}")
        if name in ("circulation", "joint"):
            words = "供水供暖" if name == "circulation" else "联合值守"
            page.locator("table a", has_text=words).first.click()
            page.wait_for_load_state()
        if name == "circulation":
            page.goto(f"{page.url}circulation/")
        story.take(page, name, height=height, folder="office")


def write(story: Story, page: Page) -> str:
    """The citizen's questions, one after another; the receipt's code."""

    def onward() -> None:
        page.locator("button[value=next]").click()

    page.goto(story.url)
    page.locator("a.button-main").first.click()
    page.fill("#id_title", TITLE)
    page.fill("#id_text", TEXT)
    story.take(page, "write")
    onward()
    page.locator("input[value=claim]").check()
    onward()
    page.fill("#id_words", "水管漏水")
    page.locator("h1").click()
    onward()
    town = page.locator("select option", has_text="青石镇").first.get_attribute("value")
    page.locator("select").select_option(value=town)
    onward()
    onward()
    page.locator("input[value=signed]").check()
    onward()
    page.fill("#id_name", "闻秀兰")
    page.fill("#id_address", "青石镇某村一号")
    onward()
    page.locator("input[value=receipt_page]").check()
    onward()
    page.locator("main form button.button-main").click()
    page.wait_for_url("**/done/")
    story.take(page, "receipt", height=900)
    code = page.locator("strong.code").inner_text()
    page.locator("main form button.button-main").click()
    page.wait_for_url("**/r/**")
    return code


def find(story: Story, page: Page) -> str:
    """The new matter on the petition office's list, by its title; the path of its page."""
    page.goto(f"{story.url}/search/?q={TITLE}")
    link = page.locator("a[href*='/cases/']").first
    address = link.get_attribute("href") or ""
    return address.split("?")[0]


def fill_answer(page: Page) -> None:
    """The department's answer."""
    for key, text in ANSWER.items():
        page.fill(f"#answer-{key}", text)
    page.locator("input[name=outcome]").first.check()


if __name__ == "__main__":
    main()
