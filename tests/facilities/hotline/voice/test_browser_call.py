"""A real browser as the agent's phone: a tone from the telephone arrives in it, its own arrives at the caller."""

import asyncio

import pytest

from benchmarks.ends import Phone
from tests.facilities.hotline.voice.agent_page import agent_page
from tests.facilities.hotline.voice.running import an_agent_at_once, has_line, until
from yiwang.facilities.hotline.tickets import ticket_for

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.django_db(transaction=True)]


def test_a_tone_arrives_both_ways_and_again_after_the_page_was_loaded_anew(voice, centre, tmp_path) -> None:
    agent = an_agent_at_once(centre)
    ticket = ticket_for(agent.pk, session="page")

    async def hears(page, hertz: float) -> None:
        async def is_heard() -> bool:
            found = await page.evaluate("loudest()")
            return bool(abs(found["hertz"] - hertz) < 5 and found["level"] > -60)

        await until(is_heard)

    async def call() -> float:
        async with agent_page(tmp_path, hertz=1000, port=voice.door, ticket=ticket) as page:
            await until(lambda: has_line(agent.pk))
            exchange, phone = voice.exchange(), Phone(hertz=440)
            await exchange.open()
            await exchange.call(phone, caller="13900000000")
            await hears(page, 440)
            await until(lambda: phone.ear.share_of(1000) > 0.9)

            loop = asyncio.get_running_loop()
            began = loop.time()
            await page.reload()
            phone.ear.sound.clear()
            await hears(page, 440)
            await until(lambda: phone.ear.share_of(1000, seconds=0.2) > 0.9)
            took = loop.time() - began
            exchange.hang_up(phone)
            await exchange.close()
            return took

    assert asyncio.run(call()) < 3
