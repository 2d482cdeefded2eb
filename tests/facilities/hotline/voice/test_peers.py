"""Independent peers: SIPp calls us, directly and through Kamailio, which records its route and asks for passwords."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, socket

import pytest

from benchmarks.ends import Agent as Browser
from benchmarks.ends import Phone
from tests.facilities.hotline.voice.running import (
    HOST,
    VoiceProcess,
    an_agent_at_once,
    free_port,
    has_line,
    looked_up,
    until,
)
from yiwang.facilities.hotline.actions import originate
from yiwang.facilities.hotline.models import Call
from yiwang.facilities.hotline.tickets import ticket_for
from yiwang.facilities.hotline.voice import g711

pytestmark = [pytest.mark.server, pytest.mark.django_db(transaction=True)]

PEERS = Path(__file__).resolve().parent / "peers"
SECRET = "only-for-tests"
TONE, VOICE = 440.0, 1000.0


def program(name: str) -> str:
    """Where a program is; the test is skipped where it is missing."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/bin")
    if found is None:
        pytest.skip(f"{name} is missing; run: apt-get install sip-tester kamailio")
    return found


@contextmanager
def kamailio(folder: Path, *, port: int, outside: int) -> Iterator[None]:
    """A carrier's proxy."""
    path = program("kamailio")
    modules = next(Path("/usr/lib").glob("*/kamailio/modules"))
    text = (PEERS / "kamailio.cfg").read_text(encoding="utf-8")
    for word, value in (("PORT", port), ("OUTSIDE", outside), ("SECRET", SECRET), ("MODULES", modules)):
        text = text.replace(word, str(value))
    configuration = folder / "kamailio.cfg"
    configuration.write_text(text, encoding="utf-8")
    command = [path, "-f", str(configuration), "-DD", "-E", "-m", "16", "-M", "4", "-Y", str(folder)]
    with (folder / "kamailio.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, start_new_session=True)
    try:
        wait_for_udp(port)
        assert process.poll() is None, (folder / "kamailio.log").read_text(errors="replace")
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_udp(port: int) -> None:
    """Wait until a UDP port is taken."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with closing(socket(AF_INET, SOCK_DGRAM)) as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                return
        time.sleep(0.05)
    pytest.fail("nobody listens")


def sipp(folder: Path, *, to: int, milliseconds: int, is_echo: bool) -> "subprocess.Popen[bytes]":
    """A caller who plays the tone, or who sends back what it hears."""
    path = program("sipp")
    text = (PEERS / "caller.xml").read_text(encoding="utf-8").replace("MILLISECONDS", str(milliseconds))
    command = [path, f"{HOST}:{to}", "-i", HOST, "-mi", HOST, "-p", str(free_port()), "-m", "1", "-nostdin"]
    if is_echo:
        text = text.replace("[MEDIA]", "[media_port]")
        command += ["-rtp_echo", "-mp", str(free_port() & ~1)]
    else:
        (folder / "tone.al").write_bytes(g711.tone(TONE, seconds=10))
        play = '<nop><action><exec rtp_stream="tone.al,-1,8,PCMA/8000"/></action></nop>'
        text = text.replace("[MEDIA]", "[rtpstream_audio_port]").replace("<!--PLAY-->", play)
        command += ["-mp", str(free_port() & ~1)]
    (folder / "caller.xml").write_text(text, encoding="utf-8")
    command += ["-sf", "caller.xml", "-timeout", "30", "-timeout_error", "-trace_err"]
    with (folder / "sipp.log").open("wb") as log:
        return subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)


async def is_over() -> bool:
    """Whether the house knows that the call has ended."""
    return bool(await looked_up(lambda: Call.objects.get().ended_at is not None))


async def finished(process: "subprocess.Popen[bytes]") -> int:
    """The exit code of SIPp; 0 when the call went by the book."""
    await until(lambda: process.poll() is not None, seconds=30)
    return int(process.returncode)


@pytest.fixture(params=["directly", "through Kamailio"])
def carrier(request, centre, tmp_path) -> Iterator[tuple[VoiceProcess, int]]:
    """The voice process, and the port to which callers send."""
    voice = VoiceProcess()
    if request.param == "directly":
        voice.start()
        yield voice, voice.sip
    else:
        port = free_port()
        with kamailio(tmp_path, port=port, outside=voice.neighbour):
            voice.register_at(port, user="96519", password=SECRET)
            voice.start()
            time.sleep(0.5)
            yield voice, port
    voice.stop()


@pytest.mark.parametrize("is_echo", [False, True], ids=["tone", "echo"])
def test_sipp_is_heard_and_hears(carrier, centre, tmp_path, is_echo) -> None:
    voice, port = carrier
    agent = an_agent_at_once(centre)

    async def call() -> int:
        browser = Browser(hertz=VOICE)
        await browser.sit_down(ticket_for(agent.pk, session="page"), port=voice.door)
        await until(lambda: has_line(agent.pk))
        process = sipp(tmp_path, to=port, milliseconds=6000, is_echo=is_echo)
        # What comes back from an echo is the agent's own voice.
        await until(lambda: browser.ear.share_of(VOICE if is_echo else TONE, seconds=0.5) > 0.95)
        code = await finished(process)
        await until(is_over)
        await browser.leave()
        return code

    assert asyncio.run(call()) == 0
    found = Call.objects.get()
    assert (found.state, found.cause, found.number, found.agent_id) == (
        "ended",
        "caller",
        "13900000000",
        agent.pk,
    )


def test_a_number_is_called_through_a_proxy_that_asks_for_the_password(centre, tmp_path) -> None:
    agent = an_agent_at_once(centre)
    voice, port = VoiceProcess(), free_port()

    async def call() -> None:
        browser, phone, exchange = Browser(hertz=VOICE), Phone(hertz=TONE), voice.exchange()
        exchange.answers["13800000000"] = phone
        await exchange.open()
        await browser.sit_down(ticket_for(agent.pk, session="page"), port=voice.door)
        await until(lambda: has_line(agent.pk))
        await looked_up(
            lambda: originate(
                "13800000000", agent_id=agent.pk, driver="voice", by=agent.account_id, at=voice.now()
            )
        )
        await until(lambda: browser.ear.share_of(TONE, seconds=0.5) > 0.95)
        await until(lambda: phone.ear.share_of(VOICE, seconds=0.5) > 0.95)
        exchange.hang_up_on(phone)
        await until(is_over)
        await browser.leave()
        await exchange.close()

    with kamailio(tmp_path, port=port, outside=voice.neighbour):
        voice.register_at(port, user="96519", password=SECRET)
        voice.start()
        asyncio.run(call())
        voice.stop()
    found = Call.objects.get()
    assert (found.direction, found.number, found.state, found.cause) == (
        "outbound",
        "13800000000",
        "ended",
        "caller",
    )
