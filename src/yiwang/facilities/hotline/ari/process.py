"""`yiwang ari`: the process between an Asterisk and the house, one connection after another."""

import asyncio
import json
import signal
import wave
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import structlog

from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.ari.calls import Impossible, key_of_recording, recording_name
from yiwang.facilities.hotline.ari.driver import AriDriver
from yiwang.facilities.hotline.ari.rest import AriRefused, Rest, authorization
from yiwang.facilities.hotline.ari.settings import DRIVER, AriSettings, endpoint_of
from yiwang.facilities.hotline.ari.websocket import Closed, WebSocket
from yiwang.facilities.hotline.voice.calls import Duty
from yiwang.facilities.hotline.voice.house import PortHouse
from yiwang.kernel.base.config import installation
from yiwang.kernel.base.problems import Problem

log = structlog.get_logger(__name__)

PINGS_EVERY = 5.0
SILENT_FOR = 15.0
"""Seconds without a word after which Asterisk counts as gone."""
PHONES_EVERY = 5.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
LEASE_COMES_WITHIN = 10.0
STOPPING_TAKES = 6.0


def main(settings: AriSettings) -> None:
    """Serve calls until told to stop by SIGTERM or SIGINT. Django must be set up."""
    asyncio.run(_until_stopped(settings))


async def _until_stopped(settings: AriSettings) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await serve(settings, stopped=stopped)


def recordings_folder() -> Path:
    """Where recordings lie until they are stored."""
    folder = installation().data / "ari" / "recording"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


async def serve(settings: AriSettings, *, stopped: asyncio.Event) -> None:
    """Be the driver until stopped; an Asterisk that goes is waited for."""
    house = PortHouse(driver=DRIVER)
    listening = asyncio.create_task(house.listen(), name="house")
    try:
        await asyncio.wait_for(house.holds_lease.wait(), LEASE_COMES_WITHIN)
    except TimeoutError as error:
        listening.cancel()
        raise Problem(
            "Another `yiwang voice` or `yiwang ari` is at work on this database.",
            "已有另一个 `yiwang voice` 或 `yiwang ari` 在使用此数据库。",
        ) from error
    _store_left_behind(house)
    line = AriLine(settings, house)
    parts: list[asyncio.Task[Any]] = [
        listening,
        asyncio.create_task(line.run(), name="asterisk"),
        asyncio.create_task(house.look_after_queue(), name="queue"),
    ]
    waiting: asyncio.Task[Any] = asyncio.create_task(stopped.wait())
    done, _ = await asyncio.wait({waiting, *parts}, return_when=asyncio.FIRST_COMPLETED)
    for part in (waiting, *parts):
        part.cancel()
    await asyncio.wait(parts, timeout=2)
    house.lost()
    await house.stop(patience=STOPPING_TAKES)
    for part in done - {waiting}:
        fault = None if part.cancelled() else part.exception()
        raise RuntimeError(f"{part.get_name()} ended by itself") from fault


def keep(key: str, sound: bytes) -> Path:
    """Lay a recording down, whole or not at all."""
    path = recordings_folder() / f"{recording_name(key)}.wav"
    growing = path.with_suffix(".part")
    growing.write_bytes(sound)
    return growing.rename(path)


def _store_left_behind(house: PortHouse) -> None:
    for path in sorted(recordings_folder().glob("*.wav")):
        try:
            with wave.open(str(path)) as sound:
                seconds = sound.getnframes() / sound.getframerate()
        except (wave.Error, EOFError) as error:
            log.error("a recording can't be read", file=str(path), reason=str(error))
            continue
        house.recorded(key_of_recording(path.stem), path, seconds=seconds)


class AriLine:
    """The connection to Asterisk, made anew whenever it breaks; one task does what both sides say, in order."""

    def __init__(self, settings: AriSettings, house: PortHouse) -> None:
        self._settings, self._house = settings, house
        self._rest = Rest(settings)
        self._phones: dict[int, str] = {}
        self._up: set[int] = set()
        self._todo: asyncio.Queue[dict[str, Any] | port.Given] = asyncio.Queue()
        self.driver = AriDriver(
            settings,
            asterisk=self._rest,
            house=house,
            extension=lambda agent_id: self._phones.get(agent_id, ""),
            keep=keep,
        )
        house.listeners.on_command = self._todo.put_nowait
        house.listeners.on_duty = self.on_duty

    def on_duty(self, duties: list[Duty]) -> None:
        """The house says who is there, and under which extension."""
        self._phones = {duty.agent_id: duty.extension for duty in duties if duty.extension}

    async def run(self) -> None:
        """Connect for ever; before each connection the house hears that the calls of the last one are over."""
        pause = FIRST_PAUSE
        while True:
            self._house.lost()
            self._up.clear()
            try:
                socket = await self._connect()
            except (OSError, TimeoutError) as error:
                log.warning("asterisk can't be reached", reason=str(error), again_in=pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
                continue
            pause = FIRST_PAUSE
            try:
                await self._serve(socket)
            finally:
                await socket.close()
            await asyncio.sleep(pause)

    async def _connect(self) -> WebSocket:
        asked = urlencode({"app": self._settings.app, "subscribeAll": "false"})
        return await WebSocket.connect(
            self._settings.host,
            self._settings.port,
            f"{self._settings.path}/events?{asked}",
            headers=authorization(self._settings),
            is_tls=self._settings.is_tls,
        )

    async def _serve(self, socket: WebSocket) -> None:
        """Go on until the connection breaks."""
        try:
            await self.driver.forget_all()
        except AriRefused as error:
            log.warning("asterisk doesn't say what it holds", reason=str(error))
        tasks = [
            asyncio.create_task(self._hear(socket)),
            asyncio.create_task(self._mind(socket)),
            asyncio.create_task(self._work()),
            asyncio.create_task(self._look_at_phones()),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        for task in done:
            fault = task.exception()
            if not isinstance(fault, OSError):
                raise RuntimeError("the work for asterisk ended by itself") from fault
            log.warning("the line to asterisk is lost", reason=str(fault))
        while not self._todo.empty():
            left = self._todo.get_nowait()
            if isinstance(left, port.Given):
                self._house.done(left, fault="asterisk was gone")

    async def _hear(self, socket: WebSocket) -> None:
        while True:
            try:
                told = json.loads(await socket.text())
            except ValueError:
                log.warning("asterisk said something that isn't JSON")
                continue
            if isinstance(told, dict):
                self._todo.put_nowait(told)

    async def _mind(self, socket: WebSocket) -> None:
        while True:
            await asyncio.sleep(PINGS_EVERY)
            if asyncio.get_running_loop().time() - socket.heard_at > SILENT_FOR:
                raise Closed("silent for too long")
            await socket.ping()

    async def _work(self) -> None:
        while True:
            given = await self._todo.get()
            fault = ""
            try:
                if isinstance(given, port.Given):
                    await self.driver.obey(given)
                else:
                    await self.driver.happened(given)
            except (Impossible, AriRefused) as reason:
                fault = str(reason)
                log.warning("asterisk can't", reason=fault)
            except Exception:
                fault = "failed"
                log.exception("something couldn't be done at asterisk")
            if isinstance(given, port.Given):
                self._house.done(given, fault=fault)

    async def _look_at_phones(self) -> None:
        """Tell the house whose phone is registered, for as long as the connection lasts."""
        while True:
            try:
                found = await self._rest.ask("GET", "endpoints") or []
                self._note_phones(found)
            except AriRefused as error:
                log.warning("asterisk doesn't name its phones", reason=str(error))
            await asyncio.sleep(PHONES_EVERY)

    def _note_phones(self, found: list[dict[str, Any]]) -> None:
        online = {
            f"{each['technology']}/{each['resource']}" for each in found if each.get("state") == "online"
        }
        up = {
            agent_id
            for agent_id, number in self._phones.items()
            if endpoint_of(number, pattern=self._settings.phones) in online
        }
        for agent_id in sorted(up ^ self._up):
            self._house.line(agent_id, is_up=agent_id in up)
        self._up = up
