"""The whole way of a petition through real pages: a citizen's telephone, four desks, the citizen again.

The citizen's browser runs no scripts. The clerks use the keyboard; every key that isn't text is counted.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils.timezone import now
from pypdf import PdfReader

from tests.builders import County, a_county, a_petition, moved
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.audit import verification as log
from yiwang.kernel.casework import verification as clocks
from yiwang.kernel.casework.models import Attachment, Case, ClockRecord, JournalEntry
from yiwang.kernel.files.models import Blob

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.conftest import Site

pytestmark = pytest.mark.django_db(transaction=True)

MOST_KEYS = 3
"""Key presses a hop, besides the letters that name the unit."""

TITLE = "东街路灯坏了半个月"
TEXT = "东街从供销社到小学一段路灯坏了半个多月，晚上孩子放学看不见路，请尽快修好。"
FACTS = "经现场查看，东街路灯控制箱烧毁，属实。"
OPINION = "已更换控制箱，路灯恢复照明。"
BASIS = "《城市道路照明管理规定》第十条"


class Desk:
    """Somebody of the staff at their browser, counting the keys they press since the last hop."""

    def __init__(self, browser: "Browser", site: "Site", county: County, name: str) -> None:
        self.site = site
        client = Client()
        client.force_login(county.accounts[name], backend="yiwang.kernel.people.backends.AccountBackend")
        self.context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        self.context.set_default_timeout(20_000)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.keys: list[str] = []

    def opens(self, path: str) -> "Page":
        """A page, once the served site has heard of this test's county: it reads the units every few seconds."""
        for _ in range(30):
            answer = self.page.goto(self.site.address(path))
            if answer is not None and answer.status == 200:
                return self.page
            self.page.wait_for_timeout(400)
        pytest.fail(f"{path} doesn't open")

    def finds(self, title: str) -> "Page":
        """The matter on the own desk, opened from the list without a mouse."""
        self.opens("/desk/")
        row = self.page.locator("tr", has_text=title)
        row.wait_for()
        rows = self.page.locator("tbody tr").all_inner_texts()
        for _ in range(1 + next(n for n, words in enumerate(rows) if title in words)):
            self.page.keyboard.press("j")
        self.page.keyboard.press("Enter")
        self.page.wait_for_url("**/cases/*/")
        self.keys = []
        return self.page

    def press(self, *keys: str) -> None:
        """Keys that aren't text."""
        for key in keys:
            self.page.keyboard.press(key)
            self.keys.append(key)

    def in_form(self, verb: str) -> None:
        """Wait until the keyboard stands in the form of a step."""
        self.page.wait_for_function(
            "verb => document.activeElement.closest(`form[action$='/steps/${verb}/']`) !== null", arg=verb
        )

    def fills(self, verb: str, key: str, value: str) -> None:
        """A field of the form that stands open."""
        self.page.locator(f"form[action$='/steps/{verb}/'] [name={key}]").fill(value)

    def sends(self, words: str) -> None:
        """Send the form one is in; the page that follows says it's done."""
        self.press("Control+Enter")
        self.said(words)

    def said(self, words: str) -> None:
        """Wait for the sentence that tells what was done."""
        self.page.locator(".notice-done, .toast", has_text=words).first.wait_for()


@pytest.fixture
def desks(browser: "Browser", live_site: "Site") -> "Iterator[Desks]":
    """A county whose people sit down at their browsers when they are named."""
    made = Desks(browser, live_site, a_county())
    yield made
    made.leave()


class Desks:
    """Everybody's browser, by the short names of the test county."""

    def __init__(self, browser: "Browser", site: "Site", county: County) -> None:
        self.browser, self.site, self.county = browser, site, county
        self.taken: dict[str, Desk] = {}

    def __getitem__(self, name: str) -> Desk:
        if name not in self.taken:
            self.taken[name] = Desk(self.browser, self.site, self.county, name)
        return self.taken[name]

    def leave(self) -> None:
        """Close all windows; none had an error."""
        errors = [error for desk in self.taken.values() for error in desk.errors]
        for desk in self.taken.values():
            desk.context.close()
        assert errors == []


@contextmanager
def a_telephone(browser: "Browser") -> "Iterator[Page]":
    """A citizen's browser, 360 pixels wide, without scripts."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="zh-CN"
    )
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def a_photo(shade: int) -> bytes:
    """A small sound PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + bytes([shade]) * 8) * 8
    header = struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def written(page: "Page", site: "Site") -> tuple[str, str]:
    """A citizen writes with two photos; number and code from the page that follows."""

    def onward() -> None:
        page.click("button[value=next]")

    for _ in range(30):
        page.goto(site.address("/"))
        if page.locator("a[href='/write/petition/']").count():
            break
        page.wait_for_timeout(400)
    page.locator("a[href='/write/petition/']").first.click()
    page.fill("[name=title]", TITLE)
    page.fill("[name=text]", TEXT)
    onward()
    page.check("[value=claim]")
    onward()
    onward()
    page.select_option("select", label=page.locator("option", has_text="城关镇").first.inner_text())
    onward()
    photos = [{"name": f"路灯{n}.png", "mimeType": "image/png", "buffer": a_photo(n * 60)} for n in (1, 2)]
    page.set_input_files("[name=added]", photos)  # type: ignore[arg-type]
    onward()
    page.check("[value=signed]")
    onward()
    page.fill("[name=name]", "闻秀兰")
    page.fill("[name=phone]", "13900000001")
    page.fill("[name=address]", "东街12号")
    onward()
    page.check("[value=receipt_page]")
    onward()
    page.locator("main", has_text="路灯1.png").wait_for()
    page.click("main form button.button-main")
    page.wait_for_url("**/done/")
    code = page.locator("strong.code").inner_text()
    number = re.search(r"信访\s?\d{4}-\d+", page.inner_text("main"))
    assert number is not None
    assert len(code.replace("-", "")) == 16  # five bits a sign: 80
    page.click("main form button.button-main")
    page.wait_for_url("**/r/**")
    return number[0], code


def the_case() -> Case:
    """The only case there is, as the house knows it now."""
    with acting_as_system():
        return Case.objects.get()


def test_a_petition_goes_in_and_comes_back_answered(
    browser: "Browser", live_site: "Site", desks: Desks
) -> None:
    hops: dict[str, list[str]] = {}
    with a_telephone(browser) as phone:
        number, code = written(phone, live_site)
        assert TITLE in phone.inner_text("h1")
        assert number.replace(" ", "") in phone.inner_text("body").replace(" ", "")

        clerk, water, town = desks["office.clerk"], desks["water.clerk"], desks["chengguan.clerk"]
        hops["the office forwards"] = handed_on(clerk, "swj", "水务局")
        hops["the department hands on"] = handed_on(water, "cgz", "城关镇")
        hops["the township accepts"] = taken(town, "accept", "a", "受理")

        town.press("n")
        town.in_form("note")
        town.page.keyboard.insert_text("到现场查看了控制箱。")
        town.sends("记录")
        answered(town)
        hops["the department approves"] = taken(water, "approve", "a", "审核")
        returned(desks["office.head"], "请写明更换的日期。")
        returned(water, "请按信访局意见补充。")
        reworked(town)
        hops["the department approves again"] = taken(water, "approve", "a", "审核")
        hops["the head issues"] = taken(desks["office.head"], "issue", "a", "签发")
        print("\n" + "\n".join(f"{hop}: {' '.join(keys)}" for hop, keys in hops.items()))
        assert {hop: keys for hop, keys in hops.items() if len(keys) > MOST_KEYS} == {}

        letter_opened(phone, live_site, code)
        evaluated(phone, live_site, code)
    clerk.opens("/notices/")
    assert clerk.page.locator("main", has_text=TITLE).count() == 1
    assert "不满意" in clerk.page.inner_text("main")
    hops["the office concludes"] = taken(clerk, "conclude", "c", "办结")
    clerk.keys = []
    hops["the office archives"] = taken(clerk, "archive", "z", "归档", is_open=True)
    counted(desks["county.leader"])
    kept_once()
    sound()


def handed_on(desk: Desk, letters: str, unit: str) -> list[str]:
    """From the own desk to the next unit, picked by its initials."""
    desk.finds(TITLE)
    desk.press("f")
    desk.in_form("forward")
    desk.page.keyboard.type(letters)
    desk.press("Enter")
    desk.said(unit)
    return list(desk.keys)


def taken(desk: Desk, verb: str, key: str, words: str, *, is_open: bool = False) -> list[str]:
    """A step that needs nothing typed."""
    if not is_open:
        desk.finds(TITLE)
    desk.press(key)
    desk.in_form(verb)
    desk.sends(words)
    return list(desk.keys)


def answered(town: Desk) -> None:
    """The township writes what it found; a question left open comes back with all that was typed."""
    town.finds(TITLE)
    town.press("w")
    town.in_form("answer")
    town.fills("answer", "facts", FACTS)
    town.fills("answer", "opinion", OPINION)
    town.press("Control+Enter")
    town.page.locator("[data-errors], [aria-invalid=true]").first.wait_for()
    form = town.page.locator("form[action$='/steps/answer/']")
    assert form.locator("[name=facts]").input_value() == FACTS
    form.locator("[name=outcome][value=supported]").check()
    form.locator("[name=basis]").fill(BASIS)
    town.sends("答复")


def returned(desk: Desk, reasons: str) -> None:
    """The answer goes back down, with reasons."""
    desk.finds(TITLE)
    desk.press("r")
    desk.in_form("return")
    desk.page.keyboard.insert_text(reasons)
    desk.sends("退回")


def reworked(town: Desk) -> None:
    """The township finds its own words in the form and changes only what was asked for."""
    town.finds(TITLE)
    assert "请按信访局意见补充。" in town.page.inner_text("main")
    town.press("w")
    town.in_form("answer")
    form = town.page.locator("form[action$='/steps/answer/']")
    assert [form.locator(f"[name={key}]").input_value() for key in ("facts", "opinion", "basis")] == [
        FACTS,
        OPINION,
        BASIS,
    ]
    assert form.locator("[name=outcome]:checked").get_attribute("value") == "supported"
    form.locator("[name=opinion]").fill(f"11月20日{OPINION}")
    town.sends("答复")


def words_of(pdf: bytes) -> str:
    """The text of a PDF without blanks."""
    return re.sub(r"[\s\u200b]", "", "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


def letter_opened(phone: "Page", site: "Site", code: str) -> None:
    """The citizen opens the answer: it counts as served, the remedy has a last day, the PDF says the same."""
    phone.goto(site.address(f"/r/{code}/"))
    phone.locator("a[href*='/letters/']", has_text="处理意见书").first.click()
    phone.click("main form button")
    words = phone.inner_text("main")
    with acting_as_system():
        due_on = ClockRecord.objects.get(key="review").due_on
    assert due_on is not None
    last_day = f"{due_on.year}年{due_on.month}月{due_on.day}日"
    assert [part for part in (FACTS, f"11月20日{OPINION}", BASIS, last_day) if part not in words] == []
    address = phone.locator("a[href$='/pdf/']").first.get_attribute("href")
    pdf = phone.request.get(site.address(str(address)))
    assert pdf.headers["content-type"] == "application/pdf"
    text = words_of(pdf.body())
    number = re.search(r"\S*信答〔\d{4}〕\d+号", words)
    assert number is not None
    wanted = (number[0], BASIS, "30日内", "复查", "《信访工作条例》第三十五条")
    assert [part for part in wanted if part not in text] == []
    phone.goto(site.address(f"/r/{code}/"))
    assert last_day in phone.inner_text("main")


def evaluated(phone: "Page", site: "Site", code: str) -> None:
    """Content with the office, not with the unit; once."""
    phone.goto(site.address(f"/r/{code}/"))
    form = phone.locator("form[action$='/evaluate/']")
    form.locator("[name=grade_office][value='5']").check()
    form.locator("[name=grade_unit][value='2']").check()
    form.locator("[name=comment]").fill("拖了太久。")
    form.locator("button[type=submit]").click()
    form.wait_for(state="detached")
    case = the_case()
    assert (case.grade_office, case.grade_unit) == (5, 2)


def counted(leader: Desk) -> None:
    """The leader's month knows the matter; its number opens it."""
    page = leader.opens("/stats/")
    page.locator("main a[href*='/stats/cases/']").first.click()
    page.wait_for_url("**/stats/cases/**")
    page.locator("main", has_text=TITLE).wait_for()


def kept_once() -> None:
    """One case, one blob a photo, one opening line: nothing was typed or uploaded twice."""
    with acting_as_system():
        case = Case.objects.get()
        assert case.state == "archived"
        digests = list(Attachment.objects.values_list("digest", flat=True))
        assert len(digests) == len(set(digests)) == 2
        assert Blob.objects.filter(digest__in=digests).count() == 2
        assert list(JournalEntry.objects.order_by("number").values_list("verb", flat=True)) == [
            *("register", "forward", "forward", "accept", "note", "answer", "approve", "return", "return"),
            *("answer", "approve", "issue", "serve", "evaluate", "conclude", "archive"),
        ]


def sound() -> None:
    """Every clock and column follows from the journal, and the log is whole."""
    with acting_as_system():
        assert clocks.verify().is_sound
        assert log.verify().is_sound


def test_an_objection_within_five_working_days(desks: Desks) -> None:
    with acting_as_system():
        case = a_petition(desks.county, title=TITLE, at=now()).case
    moved(
        case,
        "forward",
        by=desks.county.standing("office.clerk"),
        at=now(),
        unit_id=desks.county.unit("housing").pk,
    )
    housing = desks["housing.clerk"]
    housing.finds(TITLE)
    housing.press("o")
    housing.in_form("object")
    housing.page.keyboard.insert_text("路灯由水务局代管，不属于本单位职责。")
    housing.sends("异议")
    assert len(housing.keys) <= MOST_KEYS
    clerk = desks["office.clerk"]
    clerk.opens("/notices/")
    assert TITLE in clerk.page.inner_text("main")
    keys = taken(clerk, "agree_objection", "a", "异议")
    assert len(keys) <= MOST_KEYS
    assert handed_on(clerk, "swj", "水务局") == ["f", "Enter"]
    with acting_as_system():
        case.refresh_from_db()
        assert (case.state, case.holder_unit_id) == ("transferred", desks.county.unit("water").pk)
        gone = {record.unit_id: record.is_void for record in ClockRecord.objects.filter(key="notice")}
        assert gone == {desks.county.unit("housing").pk: True, desks.county.unit("water").pk: False}
    sound()


def test_an_extension_asked_for_by_a_clerk_and_approved_by_the_head(desks: Desks) -> None:
    county = desks.county
    with acting_as_system():
        case = a_petition(county, title=TITLE, at=now()).case
    moved(case, "forward", by=county.standing("office.clerk"), at=now(), unit_id=county.unit("water").pk)
    moved(case, "accept", by=county.standing("water.clerk"), at=now())
    with acting_as_system():
        before = ClockRecord.objects.get(key="handling").due_on
    clerk, head = desks["water.clerk"], desks["water.head"]
    clerk.finds(TITLE)
    clerk.press("e")
    clerk.in_form("request_extension")
    clerk.page.keyboard.insert_text("31")
    clerk.fills("request_extension", "reasons", "需要委托检测，检测机构四周后出具报告。")
    clerk.press("Control+Enter")
    clerk.page.locator("[aria-invalid=true]").first.wait_for()
    clerk.fills("request_extension", "days", "20")
    clerk.sends("延期")
    assert clerk.page.locator("form[action$='/steps/extend/']").count() == 0
    page = head.finds(TITLE)
    head.press("a")
    head.in_form("extend")
    form = page.locator("form[action$='/steps/extend/']")
    assert form.locator("[name=days]").input_value() == "20"
    head.sends("延期")
    with acting_as_system():
        after = ClockRecord.objects.get(key="handling").due_on
    assert before is not None
    assert after is not None
    assert (after - before).days == 20
    sound()
