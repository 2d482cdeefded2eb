"""What must be survived: a killed tab, a killed voice process that comes back, and one that doesn't."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from benchmarks.ends import Agent as Browser
from benchmarks.ends import Phone
from tests.facilities.hotline.voice.running import VoiceProcess, an_agent_at_once, looked_up, seated, until
from yiwang.facilities.hotline.actions import set_state
from yiwang.facilities.hotline.models import Agent, Call, CallBack
from yiwang.facilities.hotline.voice import g711, recorder
from yiwang.facilities.hotline.voice.watch import watch
from yiwang.kernel.files.storage import storage

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]

CALLER, AGENT = 440.0, 1000.0


@asynccontextmanager
async def in_a_call(voice, agent) -> AsyncIterator[tuple[Browser, Phone]]:
    """A caller and an agent who hear each other."""
    browser, exchange, phone = await seated(voice, agent, hertz=AGENT), voice.exchange(), Phone(hertz=CALLER)
    await exchange.open()
    await exchange.call(phone, caller="13900000000")
    await until(lambda: phone.ear.share_of(AGENT, seconds=0.5) > 0.9)
    await until(lambda: browser.ear.share_of(CALLER, seconds=0.5) > 0.9)
    yield browser, phone
    await browser.leave()
    await exchange.close()


async def waiting() -> list[tuple[str, str]]:
    return await looked_up(lambda: list(CallBack.objects.values_list("number", "reason")))


def test_a_caller_whose_agent_s_tab_dies_hears_music_and_the_agent_again_after_reload(
    voice, centre, record_property
) -> None:
    agent = an_agent_at_once(centre)

    async def call() -> float:
        loop = asyncio.get_running_loop()
        async with in_a_call(voice, agent) as (browser, phone):
            browser.vanish()
            # Music is sound without the agent's tone.
            await until(lambda: phone.ear.share_of(AGENT, seconds=0.5) < 0.01)
            lately = bytes(phone.ear.sound[-4000:])
            assert max(abs(g711.ALAW[byte]) for byte in lately) > 1000
            began = loop.time()
            again = await seated(voice, agent, hertz=AGENT)
            await until(lambda: phone.ear.share_of(AGENT, seconds=0.2) > 0.9)
            await until(lambda: again.ear.share_of(CALLER, seconds=0.2) > 0.9)
            took = loop.time() - began
            await again.leave()
            return took

    took = asyncio.run(call())
    record_property("seconds", took)
    assert took < 3
    assert Call.objects.count() == 1


def test_callers_of_a_killed_process_are_called_back_and_its_recordings_kept(voice, centre) -> None:
    agent = an_agent_at_once(centre)

    async def call() -> None:
        async with in_a_call(voice, agent):
            await asyncio.sleep(2)
            voice.kill()

    asyncio.run(call())
    began = time.monotonic()
    voice.start()

    async def after() -> None:
        async def is_asked() -> bool:
            return bool(await waiting())

        async def is_kept() -> bool:
            return bool(await looked_up(lambda: Call.objects.get().recording_digest))

        await until(is_asked)
        assert time.monotonic() - began < 10
        await until(is_kept)

    asyncio.run(after())
    assert list(CallBack.objects.values_list("number", "reason")) == [("13900000000", "lost")]
    found = Call.objects.get()
    assert (found.state, found.cause) == ("ended", "lost")
    with storage().open(found.recording_digest) as file:
        left, right = recorder.sides(file.read())
    assert g711.share_of(CALLER, left[-8000:]) > 0.9
    assert g711.share_of(AGENT, right[-8000:]) > 0.9


def test_a_second_process_waits_and_ends_without_touching_the_first_one_s_calls(voice, centre) -> None:
    agent = an_agent_at_once(centre)
    second = VoiceProcess()

    async def call() -> int:
        async with in_a_call(voice, agent) as (_, phone):
            process = second.begin()
            code = await asyncio.to_thread(process.wait, 30)
            phone.ear.sound.clear()
            await until(lambda: phone.ear.share_of(AGENT, seconds=0.5) > 0.9)
            return code

    assert asyncio.run(call()) == 1
    assert "Another `yiwang voice` is at work" in second.log.read_text()
    assert CallBack.objects.count() == 0


def test_the_site_starts_a_killed_telephone_again_and_its_callers_are_called_back(
    site, centre, record_property
) -> None:
    agent = an_agent_at_once(centre)

    async def call() -> float:
        async with in_a_call(site, agent):
            site.kill_part(site.sip)
        loop = asyncio.get_running_loop()
        began = loop.time()

        async def is_asked() -> bool:
            return await waiting() == [("13900000000", "lost")]

        await until(is_asked, seconds=12)
        took = loop.time() - began
        # The agent's page would come again by itself, and the next caller is served.
        async with in_a_call(site, await looked_up(lambda: made_ready(agent))):
            return took

    took = asyncio.run(call())
    record_property("seconds", took)
    assert took < 10
    assert Call.objects.count() == 2


def made_ready(agent: Agent) -> Agent:
    """The agent is through with what came after the lost call."""
    return set_state(agent.pk, "ready", at=datetime.now(UTC))


def test_callers_of_a_process_that_stays_away_are_called_back(voice, centre, record_property) -> None:
    agent = an_agent_at_once(centre)

    async def call() -> float:
        async with in_a_call(voice, agent):
            watching = asyncio.create_task(watch())
            await asyncio.sleep(3)
            assert await waiting() == []
            voice.kill()
        loop = asyncio.get_running_loop()
        began = loop.time()

        async def is_asked() -> bool:
            return await waiting() == [("13900000000", "lost")]

        await until(is_asked, seconds=12)
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
        return loop.time() - began

    took = asyncio.run(call())
    record_property("seconds", took)
    assert took < 10
