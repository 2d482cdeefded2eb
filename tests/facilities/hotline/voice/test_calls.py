"""Calls through the whole voice process: from the trunk to an agent's connection and into the database."""

import asyncio

import pytest

from benchmarks.ends import Phone
from tests.facilities.hotline.voice.running import an_agent_at_once, looked_up, seated, until
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import command, originate
from yiwang.facilities.hotline.enums import CallState
from yiwang.facilities.hotline.models import Call
from yiwang.facilities.hotline.voice import g711, recorder
from yiwang.kernel.files.storage import storage

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]

CALLER, AGENT = 440.0, 1000.0


async def the_call() -> Call:
    return await looked_up(Call.objects.get)


def test_caller_and_agent_hear_each_other_and_both_are_recorded(voice, centre) -> None:
    agent = an_agent_at_once(centre)

    async def call() -> Call:
        browser = await seated(voice, agent, hertz=AGENT)
        exchange, phone = voice.exchange(), Phone(hertz=CALLER)
        await exchange.open()
        await exchange.call(phone, caller="13900000000")
        # The announcement lies beneath the agent's voice for its first seconds.
        await asyncio.sleep(5)
        assert browser.ear.share_of(CALLER) > 0.99
        assert phone.ear.share_of(AGENT) > 0.99
        assert (phone.ear.reception.lost, browser.ear.reception.lost) == (0, 0)
        exchange.hang_up(phone)

        async def is_kept() -> bool:
            return bool((await the_call()).recording_digest)

        await until(is_kept)
        await browser.leave()
        await exchange.close()
        return await the_call()

    found = asyncio.run(call())
    assert (found.state, found.cause, found.number, found.agent_id) == (
        CallState.ENDED,
        "caller",
        "13900000000",
        agent.pk,
    )
    with storage().open(found.recording_digest) as file:
        left, right = recorder.sides(file.read())
    assert g711.share_of(CALLER, left[-16000:-8000]) > 0.99
    assert g711.share_of(AGENT, right[-16000:-8000]) > 0.99


def test_a_caller_whose_voice_comes_from_elsewhere_is_followed(voice, centre) -> None:
    agent = an_agent_at_once(centre)

    async def call() -> None:
        browser, exchange = await seated(voice, agent, hertz=AGENT), voice.exchange()
        await exchange.open()
        phone, other = Phone(hertz=CALLER), Phone(hertz=1700)
        await exchange.call(phone, caller="13900000000")
        await until(lambda: browser.ear.share_of(CALLER, seconds=0.4) > 0.9)
        await exchange.move(phone, other)
        await until(lambda: browser.ear.share_of(1700, seconds=0.4) > 0.9)
        await until(lambda: other.ear.share_of(AGENT, seconds=0.4) > 0.9)
        exchange.hang_up(other)
        await until(is_over)
        await browser.leave()
        await exchange.close()

    asyncio.run(call())


def test_a_number_at_which_it_only_rings_is_let_go(voice, centre) -> None:
    agent = an_agent_at_once(centre)

    async def call() -> None:
        browser, exchange = await seated(voice, agent, hertz=AGENT), voice.exchange()
        exchange.rings.add("13800000000")
        await exchange.open()

        def dial() -> Call:
            return originate(
                "13800000000", agent_id=agent.pk, driver="voice", by=agent.account_id, at=voice.now()
            )

        placed = await looked_up(dial)
        await until(lambda: exchange.asked == ["13800000000"])
        await looked_up(lambda: command(placed.pk, port.HangUp(), by=agent.account_id, at=voice.now()))
        await until(lambda: len(exchange.withdrawn) == 1)
        await until(is_over)
        await browser.leave()
        await exchange.close()

    asyncio.run(call())
    assert Call.objects.get().cause == "agent"


async def is_over() -> bool:
    return (await the_call()).ended_at is not None
