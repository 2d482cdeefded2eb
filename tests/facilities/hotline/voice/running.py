"""A voice process of its own for each test that needs one, on 127.0.0.1, with the test database behind it."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.db import connection

from benchmarks.ends import Agent as Browser
from benchmarks.ends import Exchange, asked
from tests.facilities.hotline.centre import an_agent
from yiwang.facilities.hotline.actions import set_up_agent
from yiwang.facilities.hotline.models import Agent
from yiwang.facilities.hotline.tickets import ticket_for
from yiwang.kernel.orgs.models import Unit

HOST = "127.0.0.1"


def free_port(kind: int = socket.SOCK_DGRAM) -> int:
    """A port that nobody uses now."""
    with closing(socket.socket(socket.AF_INET, kind)) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@dataclass
class VoiceProcess:
    """`yiwang voice`, and where it listens."""

    sip: int = field(default_factory=free_port)
    neighbour: int = field(default_factory=free_port)
    """The port of whoever plays the telephone network."""
    door: int = field(default_factory=lambda: free_port(socket.SOCK_STREAM))
    trunk: int = 0
    """Where calls go out and who sends them; the neighbour itself unless a proxy stands before it."""
    settings: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ("voice",)
    process: "subprocess.Popen[bytes] | None" = None

    def register_at(self, port: int, *, user: str, password: str) -> None:
        """Go to the network through a proxy that knows us by a password."""
        self.trunk = port
        self.settings = {"YIWANG_SIP_USER": user, "YIWANG_SIP_PASSWORD": password}

    @staticmethod
    def now() -> datetime:
        """The instant for what a test commands."""
        return datetime.now(UTC)

    @property
    def log(self) -> Path:
        """What it says."""
        return Path(os.environ["YIWANG_DATA"]) / f"voice-{self.door}.log"

    def begin(self) -> "subprocess.Popen[bytes]":
        """Start it."""
        first = random.randrange(20000, 50000, 2)
        settings = {
            "YIWANG_SIP_TRUNK": f"{HOST}:{self.trunk or self.neighbour}",
            "YIWANG_SIP_LISTEN": f"{HOST}:{self.sip}",
            "YIWANG_SIP_RTP_PORTS": f"{first}-{first + 400}",
            "YIWANG_VOICE_PORT": str(self.door),
            "YIWANG_VOICE_ADDRESSES": HOST,
        }
        environment = {key: value for key, value in os.environ.items() if key != "YIWANG_DB_ROLE"}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "yiwang.site.command", *self.command],
                env=environment | settings | self.settings,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self.process

    def start(self) -> None:
        """Start it and wait until browsers may knock."""
        process = self.begin()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if process.poll() is not None:
                break
            with closing(socket.socket()) as probe:
                if probe.connect_ex((HOST, self.door)) == 0:
                    return
            time.sleep(0.05)
        pytest.fail(f"the voice process didn't start:\n{self.log.read_text(errors='replace')}")

    def kill(self) -> None:
        """Kill it as the system would, without a word."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop it in good order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def exchange(self) -> Exchange:
        """The telephone network on the other side."""
        return Exchange(port=self.neighbour, trunk=(HOST, self.sip))

    async def health(self) -> dict[str, int]:
        """What its door says."""
        return await asked(self.door, "GET", "/voice/health")


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
        """Whether pages are served."""
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.port)) == 0

    def kill_part(self, port: int) -> None:
        """Kill whatever part serves a port, as the system would."""
        assert self.process is not None
        serving = {
            each.pid
            for each in psutil.Process(self.process.pid).children(recursive=True)
            for line in each.net_connections(kind="inet")
            if line.laddr and line.laddr.port == port and not line.raddr
        }
        assert serving != set()
        for pid in serving:
            os.kill(pid, signal.SIGKILL)


def an_agent_at_once(unit: Unit, *, has_auto_answer: bool = True) -> Agent:
    """An agent who is ready, and is put through to callers without a click."""
    agent = an_agent(unit, has_line=False, at=datetime.now(UTC))
    set_up_agent(agent.pk, is_auto_answer=has_auto_answer, by=None, at=agent.since_at)
    return agent


async def looked_up(look: Callable[[], Any]) -> Any:
    """What the database says, asked in a thread whose connection is closed again."""

    def ask() -> Any:
        try:
            return look()
        finally:
            connection.close()

    return await asyncio.to_thread(ask)


async def has_line(agent_id: int) -> bool:
    """Whether the house knows that an agent's phone can be rung."""
    return bool(await looked_up(lambda: Agent.objects.get(pk=agent_id).has_line))


async def seated(voice: VoiceProcess, agent: Agent, *, hertz: float) -> Browser:
    """An agent's browser, connected and known to the house."""
    browser = Browser(hertz=hertz)
    await browser.sit_down(ticket_for(agent.pk, session="page"), port=voice.door)
    await until(lambda: has_line(agent.pk))
    return browser


async def until(true: Callable[[], bool | Awaitable[bool]], *, seconds: float = 10.0) -> None:
    """Wait until something is so; fail when it doesn't come about."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        found = true()
        if isinstance(found, Awaitable):
            found = await found
        if found:
            return
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError("it didn't come about in time")
        await asyncio.sleep(0.02)
