"""The live process: the streams of open pages and the background jobs, in one asyncio loop.

Both mostly wait, so one small process serves them; jobs that compute run in threads.
"""

import asyncio
import logging
import signal
from typing import Any

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server
from procrastinate.contrib.django import app as jobs_app

from yiwang.facilities.hotline.ari.settings import ari_settings, placing_driver
from yiwang.facilities.hotline.voice import watch
from yiwang.facilities.hotline.voice.settings import voice_settings
from yiwang.kernel.base import jobs
from yiwang.site import live

log = structlog.get_logger(__name__)

GRACE = 8.0
"""Seconds a job gets to come to its end when everything is being stopped."""
SPARE = 64
"""Connections besides the streams, so that one stream too many is refused instead of left waiting."""


def main(*, host: str, port: int | None) -> None:
    """Serve until told to stop by SIGTERM or SIGINT; without a port, jobs only. Django must be set up."""
    asyncio.run(_serve(host=host, port=port))


async def _serve(*, host: str, port: int | None) -> None:
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    parts: list[asyncio.Task[Any]] = [asyncio.create_task(_work(), name="jobs")]
    server = None
    if port is not None:
        server = _server(host=host, port=port)
        parts += [
            asyncio.create_task(live.hub.listen(), name="listener"),
            asyncio.create_task(server.serve(), name="streams"),
        ]
    if voice_settings() is not None or ari_settings() is not None:
        parts.append(asyncio.create_task(watch.watch(placing_driver()), name="watch over the telephone"))
    waiting: asyncio.Task[Any] = asyncio.create_task(stopped.wait())
    done, _ = await asyncio.wait({waiting, *parts}, return_when=asyncio.FIRST_COMPLETED)
    if server is not None:
        server.stop()
    for part in parts:
        part.cancel()
    await asyncio.wait(parts, timeout=GRACE + 2)
    for part in done - {waiting}:
        # A part that ended by itself has failed; the supervisor starts the process anew.
        error = None if part.cancelled() else part.exception()
        raise RuntimeError(f"{part.get_name()} ended by itself") from error


def _server(*, host: str, port: int) -> Any:
    """The stream server. Each open page is a request that doesn't end: granian's own limit of 128 would be one of pages."""
    return Server(
        live.application,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        websockets=False,
        backlog=1024,
        backpressure=live.MOST_STREAMS + SPARE,
        log_enabled=False,
    )


async def _work() -> None:
    """Do background jobs; a database that goes away for a while is waited for."""
    pause = 0.5
    while True:
        began = asyncio.get_running_loop().time()
        try:
            connector = jobs_app.connector.get_worker_connector()  # type: ignore[attr-defined]
            with jobs_app.replace_connector(connector):
                async with jobs_app.open_async():
                    await jobs.put_back_stalled(jobs_app, silent_for=jobs.SILENT_FOR)
                    await jobs_app.run_worker_async(
                        name="yiwang",
                        concurrency=2,
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=GRACE,
                        delete_jobs="successful",
                    )
        except Exception:
            log.exception("the worker lost its footing", again_in=pause)
        if asyncio.get_running_loop().time() - began > 30:
            pause = 0.5
        await asyncio.sleep(pause)
        pause = min(pause * 2, 15)
