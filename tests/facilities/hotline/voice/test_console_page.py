"""Asking, three-way, handing over and listening in, pressed on the console's page; callers and numbers are on real SIP.

SIPp is the caller, the exchange the number that is asked, and each agent a browser of its own with its own tone.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from django.test import Client
from playwright.async_api import Page, expect

from benchmarks.ends import Phone
from tests.builders import a_post
from tests.facilities.hotline.voice.agent_page import a_browser, hears, hears_among
from tests.facilities.hotline.voice.running import HOST, an_agent_at_once, has_line, looked_up, until
from tests.facilities.hotline.voice.test_peers import finished, sipp
from tests.kernel.casework.screens import BACKEND
from yiwang.facilities.hotline.actions import set_state
from yiwang.facilities.hotline.models import Agent, Call
from yiwang.kernel.audit.models import Entry

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.django_db(transaction=True)]

CALLER, FIRST, SECOND, EXPERT = 440.0, 1000.0, 1700.0, 2300.0
NUMBER = "13800000000"


def cookie_of(agent: Agent, url: str) -> dict[str, str]:
    """A session in which the agent is signed in."""
    client = Client()
    client.force_login(agent.account, backend=BACKEND)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}


@asynccontextmanager
async def a_console(site, agent: Agent, cookie, folder: Path, *, hertz: float) -> AsyncIterator[Page]:
    """The console of an agent, whose phone is connected."""
    folder.mkdir()
    async with a_browser(folder, hertz=hertz) as page:
        await page.context.add_cookies([cookie])
        await page.goto(f"http://{HOST}:{site.port}/hotline/")
        await until(lambda: has_line(agent.pk), seconds=20)
        yield page


async def is_ready(agent: Agent) -> bool:
    """Whether an agent may be asked."""
    return bool(await looked_up(lambda: Agent.objects.get(pk=agent.pk).state == "ready"))


async def press(page: Page, name: str) -> None:
    """Press a button of the phone bar."""
    await page.locator("#phone").get_by_role("button", name=name, exact=False).first.click()


async def open_more(page: Page) -> None:
    """Open what lies behind asking and passing on."""
    await expect(page.locator("details.phone-more > summary")).to_be_visible()
    await page.evaluate("document.querySelector('details.phone-more').open = false")
    await page.locator("details.phone-more > summary").click()


def test_a_number_and_then_a_colleague_are_asked_brought_in_and_given_the_call(
    site, centre, tmp_path
) -> None:
    first, second = an_agent_at_once(centre), an_agent_at_once(centre, has_auto_answer=False)
    url = f"http://{HOST}:{site.port}"
    cookies = [cookie_of(agent, url) for agent in (first, second)]
    set_state(second.pk, "paused", at=second.since_at)

    async def scene() -> int:
        expert, exchange = Phone(hertz=EXPERT), site.exchange()
        exchange.answers[NUMBER] = expert
        await exchange.open()
        async with (
            a_console(site, first, cookies[0], tmp_path / "first", hertz=FIRST) as page,
            a_console(site, second, cookies[1], tmp_path / "second", hertz=SECOND) as other,
        ):
            caller = sipp(tmp_path, to=site.sip, milliseconds=60_000, is_echo=False)
            await until(lambda: hears(page, CALLER), seconds=20)

            await open_more(page)
            await page.locator("#phone input[name=number]").fill(NUMBER)
            await press(page, "先咨询")
            await until(lambda: expert.ear.share_of(FIRST, seconds=0.4) > 0.9)
            await until(lambda: hears(page, EXPERT))
            await press(page, "三方通话")
            await until(lambda: hears_among(page, CALLER, EXPERT))
            await press(page, "保持")
            await press(page, "恢复通话")
            await until(lambda: exchange.has_ended(expert))
            await until(lambda: hears(page, CALLER))

            await press(other, "示闲")
            await until(lambda: is_ready(second))
            await open_more(page)
            await (
                page.locator("#phone form", has_text="咨询")
                .locator(f"button[name=agent][value='{second.pk}']")
                .click()
            )
            await press(other, "接听")
            await until(lambda: hears(other, FIRST))
            await until(lambda: hears(page, SECOND))
            await press(page, "三方通话")
            await until(lambda: hears_among(other, FIRST, CALLER))
            await press(page, f"转给 {second.account.name}")
            await until(lambda: hears(other, CALLER))
            await expect(page.locator("[data-agent-state=wrap_up]")).to_be_attached(timeout=10_000)
            await press(other, "挂断")
            code = await finished(caller)
        await exchange.close()
        return code

    asyncio.run(scene())
    call = Call.objects.get()
    assert (call.agent_id, call.state, call.others) == (second.pk, "ended", [])
    kinds = list(call.events.order_by("at").values_list("kind", flat=True))
    chosen = [kind for kind in kinds if kind in ("joined", "parted", "asked", "transferred", "ended")]
    assert chosen == ["joined", "parted", "asked", "joined", "transferred", "ended"]


def test_the_head_listens_in_from_the_page_of_the_call_and_the_agent_reads_it(site, centre, tmp_path) -> None:
    agent, head = an_agent_at_once(centre), an_agent_at_once(centre)
    a_post(head.account, centre, "head")
    set_state(head.pk, "paused", at=head.since_at)
    url = f"http://{HOST}:{site.port}"
    cookies = [cookie_of(each, url) for each in (agent, head)]

    async def scene() -> None:
        async with (
            a_console(site, agent, cookies[0], tmp_path / "agent", hertz=FIRST) as page,
            a_console(site, head, cookies[1], tmp_path / "head", hertz=SECOND) as desk,
        ):
            caller = sipp(tmp_path, to=site.sip, milliseconds=60_000, is_echo=False)
            await until(lambda: hears(page, CALLER), seconds=20)
            pk = await looked_up(lambda: Call.objects.get().pk)
            await desk.locator(".console-places a", has_text="通话记录").click()
            await desk.locator(f"#work a[href='/hotline/calls/{pk}/']").first.click()
            await desk.locator("#work button[value=listen]").click()
            await until(lambda: hears_among(desk, CALLER, FIRST))
            await expect(page.locator(".phone-listener")).to_contain_text(head.account.name, timeout=10_000)
            await desk.locator("#work button[value=whisper]").click()
            await until(lambda: hears_among(page, CALLER, SECOND))
            await press(desk, "退出此通话")
            await expect(page.locator(".phone-listener")).to_have_count(0, timeout=10_000)
            await until(lambda: hears(page, CALLER))
            caller.terminate()
            caller.wait(10)

    asyncio.run(scene())
    read = Entry.objects.filter(action="live_call.read").order_by("pk")
    assert [(entry.actor, entry.purpose, entry.details["mode"]) for entry in read] == [
        (head.account_id, "quality", "listen"),
        (head.account_id, "quality", "whisper"),
    ]
