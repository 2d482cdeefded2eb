"""The console in a real browser, served by `yiwang run` with a trunk: tones both ways, and what doesn't end a call."""

import asyncio
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.test import Client

from benchmarks.ends import Phone
from tests.facilities.hotline.voice.agent_page import a_browser, hears
from tests.facilities.hotline.voice.running import (
    HOST,
    VoiceProcess,
    an_agent_at_once,
    free_port,
    has_line,
    until,
)
from tests.kernel.casework.screens import BACKEND
from yiwang.facilities.hotline.models import Call

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.django_db(transaction=True)]

CALLER, AGENT = 440.0, 1000.0


class Site(VoiceProcess):
    """`yiwang run` with a trunk: pages, live updates and the telephone."""

    def __init__(self) -> None:
        super().__init__()
        self.port, live = (free_port(socket.SOCK_STREAM) for _ in range(2))
        self.command = ("run", "--workers", "1")
        self.settings = {
            "YIWANG_PORT": str(self.port),
            "YIWANG_LIVE_PORT": str(live),
            "YIWANG_REMEMBER_SECONDS": "0.001",
        }

    def has_pages(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0

    def kill_page_worker(self) -> None:
        """Kill the process that serves pages, as the system would."""
        assert self.process is not None
        parts = psutil.Process(self.process.pid).children(recursive=True)
        serving = {
            each.pid
            for each in parts
            for connection in each.net_connections(kind="tcp")
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == self.port
        }
        assert serving != set()
        for pid in serving:
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    """A whole site with a telephone."""
    made = Site()
    made.start()
    deadline = time.monotonic() + 30
    while not made.has_pages() and time.monotonic() < deadline:
        time.sleep(0.05)
    yield made
    made.stop()
    shutil.rmtree(Path(os.environ["YIWANG_DATA"]) / "voice", ignore_errors=True)


def test_the_console_is_a_telephone_that_survives_its_page_and_its_server(site, centre, tmp_path) -> None:
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

            site.kill_page_worker()
            phone.ear.sound.clear()
            await asyncio.sleep(1)
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

    assert asyncio.run(call()) < 3
    assert Call.objects.get().agent_id == agent.pk
