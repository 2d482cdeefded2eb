"""`yiwang voice`: the process that holds every call, from the trunk to the agents' browsers."""

import asyncio
import gc
import signal
from pathlib import Path
from typing import Any

import structlog

from yiwang.facilities.hotline import port, tickets
from yiwang.facilities.hotline.voice import g711, recorder, sounds
from yiwang.facilities.hotline.voice.floor import Floor
from yiwang.facilities.hotline.voice.house import PortHouse
from yiwang.facilities.hotline.voice.listener import Listener
from yiwang.facilities.hotline.voice.orders import Impossible, Orders
from yiwang.facilities.hotline.voice.rtc import Peer
from yiwang.facilities.hotline.voice.settings import VoiceSettings
from yiwang.facilities.hotline.voice.sip import Trunk
from yiwang.kernel.base.config import installation
from yiwang.kernel.base.problems import Problem

log = structlog.get_logger(__name__)

STOPPING_TAKES = 6.0
LEASE_COMES_WITHIN = 10.0


def main(settings: VoiceSettings) -> None:
    """Serve calls until told to stop by SIGTERM or SIGINT. Django must be set up."""
    asyncio.run(_serve(settings))


def recordings_folder() -> Path:
    """Where recordings grow until they are stored."""
    folder = installation().data / "voice" / "recording"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def _serve(settings: VoiceSettings) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    g711.prepare()
    sounds.prepare()
    # What is loaded now stays; the collector's walks through it would be heard as jitter.
    gc.freeze()
    house = PortHouse()
    listening = asyncio.create_task(house.listen(), name="house")
    await _be_the_only_one(house)
    floor = Floor(house, recordings=recordings_folder())
    trunk = Trunk(settings)
    _connect(house, floor, Orders(floor, trunk))
    trunk.on_call = floor.came
    listener = Listener(_offers(floor, settings), health=lambda: _health(floor))
    await _open_doors(settings, listener, trunk)
    # A process that was killed left callers and recordings behind; the house hears of them first.
    house.lost()
    for key, path, seconds in recorder.left_behind(recordings_folder()):
        # Whether or not the house had heard of the call: it is over.
        house.ended(key, cause="lost")
        house.recorded(key, path, seconds=seconds)
    parts: list[asyncio.Task[Any]] = [
        listening,
        asyncio.create_task(floor.run(), name="floor"),
        asyncio.create_task(house.look_after_queue(), name="queue"),
    ]
    waiting: asyncio.Task[Any] = asyncio.create_task(stopped.wait())
    done, _ = await asyncio.wait({waiting, *parts}, return_when=asyncio.FIRST_COMPLETED)
    floor.end_everything()
    await listener.stop()
    await trunk.stop()
    for part in parts:
        part.cancel()
    await asyncio.wait(parts, timeout=2)
    await house.stop(patience=STOPPING_TAKES)
    for part in done - {waiting}:
        # A part that ended by itself has failed; the supervisor starts the process anew.
        error = None if part.cancelled() else part.exception()
        raise RuntimeError(f"{part.get_name()} ended by itself") from error


async def _be_the_only_one(house: PortHouse) -> None:
    """Wait for the lease; a process that was killed gives it back at once, one that is at work doesn't."""
    try:
        await asyncio.wait_for(house.holds_lease.wait(), LEASE_COMES_WITHIN)
    except TimeoutError as error:
        raise Problem(
            "Another `yiwang voice` is at work on this database; `yiwang run` starts one by itself.",
            "已有另一个 `yiwang voice` 在使用此数据库；`yiwang run` 会自行启动一个。",
        ) from error


async def _open_doors(settings: VoiceSettings, listener: Listener, trunk: Trunk) -> None:
    """Listen for browsers and for the network; nobody has been told anything yet."""
    try:
        await listener.start(host=settings.browser_host, port=settings.browser_port)
        await trunk.start()
    except OSError as error:
        sip, browsers = settings.listen[1], settings.browser_port
        raise Problem(
            f"TCP port {browsers} or UDP port {sip} can't be used ({error.strerror or error}); end what uses "
            "them, or choose others: YIWANG_VOICE_PORT, YIWANG_SIP_LISTEN.",
            f"TCP 端口 {browsers} 或 UDP 端口 {sip} 无法使用（{error.strerror or error}）；请结束占用的程序，"
            "或更换：YIWANG_VOICE_PORT、YIWANG_SIP_LISTEN。",
        ) from error


def _connect(house: PortHouse, floor: Floor, orders: Orders) -> None:
    async def obey(given: port.Given) -> None:
        try:
            await orders.obey(given.key, given.command)
        except Impossible as reason:
            house.done(given, fault=str(reason))
        except Exception:
            log.exception("a command failed", command=given)
            house.done(given, fault="failed")
        else:
            house.done(given)

    working: set[asyncio.Task[None]] = set()

    def on_command(given: port.Given) -> None:
        task = asyncio.create_task(obey(given))
        working.add(task)
        task.add_done_callback(working.discard)

    house.listeners.on_command = on_command
    house.listeners.on_duty = floor.on_duty


def _offers(floor: Floor, settings: VoiceSettings) -> Any:
    async def offered(ticket: str, offer: str) -> str | None:
        bearer = tickets.agent_of(ticket)
        if bearer is None:
            return None
        agent_id, _page = bearer
        peer = Peer(addresses=settings.browser_addresses)
        answer = await peer.answer(offer)
        floor.sat_down(agent_id, peer)
        return answer

    return offered


def _health(floor: Floor) -> dict[str, Any]:
    """Counts only; whoever asks may be anybody."""
    return {
        "calls": len(floor.calls),
        "waiting": sum(call.is_waiting for call in floor.calls.values()),
        "agents": sum(seat.is_up for seat in floor.seats.values()),
    }
