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

log = structlog.get_logger(__name__)

STOPPING_TAKES = 6.0


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
    floor = Floor(house, recordings=recordings_folder())
    trunk = Trunk(settings)
    _connect(house, floor, Orders(floor, trunk))
    trunk.on_call = floor.came
    # A process that was killed left callers and recordings behind; the house hears of them first.
    house.lost()
    for key, path, seconds in recorder.left_behind(recordings_folder()):
        # Whether or not the house had heard of the call: it is over.
        house.ended(key, cause="lost")
        house.recorded(key, path, seconds=seconds)
    listener = Listener(_offers(floor, settings), health=lambda: _health(floor))
    await listener.start(host=settings.browser_host, port=settings.browser_port)
    await trunk.start()
    parts: list[asyncio.Task[Any]] = [
        asyncio.create_task(floor.run(), name="floor"),
        asyncio.create_task(house.listen(), name="house"),
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
