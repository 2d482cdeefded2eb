"""The console in a real browser, served by `yiwang run` with a trunk: tones both ways, and what doesn't end a call."""

import asyncio

import pytest
from django.test import Client

from benchmarks.ends import Phone
from tests.facilities.hotline.voice.agent_page import a_browser, hears
from tests.facilities.hotline.voice.running import (
    HOST,
    an_agent_at_once,
    has_line,
    until,
)
from tests.kernel.casework.screens import BACKEND
from yiwang.facilities.hotline.models import Call

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.django_db(transaction=True)]

CALLER, AGENT = 440.0, 1000.0


def test_the_console_is_a_telephone_that_survives_its_page_and_its_server(
    site, centre, tmp_path, record_property
) -> None:
    agent = an_agent_at_once(centre)
    client = Client()
    client.force_login(agent.account, backend=BACKEND)
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": f"http://{HOST}:{site.port}",
    }

    async def call() -> float:
        loop = asyncio.get_running_loop()
        async with a_browser(tmp_path, hertz=AGENT) as page:
            await page.context.add_cookies([cookie])
            answer = await page.goto(f"http://{HOST}:{site.port}/hotline/")
            assert answer is not None
            assert answer.status == 200
            await until(lambda: has_line(agent.pk))
            exchange, phone = site.exchange(), Phone(hertz=CALLER)
            await exchange.open()
            await exchange.call(phone, caller="13900000000")
            await until(lambda: hears(page, CALLER))
            await until(lambda: phone.ear.share_of(AGENT) > 0.9)

            site.kill_part(site.port)
            phone.ear.sound.clear()
            await asyncio.sleep(1)
            record_property("tone", phone.ear.share_of(AGENT))
            assert phone.ear.share_of(AGENT) > 0.9
            assert await hears(page, CALLER)
            await until(site.has_pages)
            await asyncio.sleep(1)

            began = loop.time()
            await page.reload()
            phone.ear.sound.clear()
            await until(lambda: phone.ear.share_of(AGENT, seconds=0.2) > 0.9)
            await until(lambda: hears(page, CALLER))
            took = loop.time() - began
            exchange.hang_up(phone)
            await exchange.close()
            return took

    took = asyncio.run(call())
    record_property("seconds", took)
    assert took < 3
    assert Call.objects.get().agent_id == agent.pk
