"""`yiwang run`: one supervisor that holds the database and keeps pages, live process and telephone going.

The supervisor loads Django once and forks its parts, so that they share the code's memory. It starts a part
that dies again, and the embedded database too. What was acknowledged is in PostgreSQL with its log flushed,
so any part may be killed at any time.
"""

import gc
import importlib
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yiwang.facilities.hotline.voice.settings import VoiceSettings, voice_settings
from yiwang.kernel.base.config import Installation
from yiwang.kernel.base.postgres import Cluster, Lease
from yiwang.kernel.base.problems import Problem
from yiwang.site import database
from yiwang.site.children import Child, die_with_parent, run_to_end

STOPPING_TAKES = 12.0


@dataclass(frozen=True)
class Shape:
    """How many processes and threads serve pages, and on which ports."""

    host: str
    port: int
    live_port: int
    workers: int
    threads: int
    voice: VoiceSettings | None = None
    """The telephone, where a trunk is named."""

    @classmethod
    def of(cls, installation: Installation, *, workers: int | None = None) -> "Shape":
        """What suits this machine: a worker for each processor up to four, two threads each."""
        from yiwang.kernel.base.live import live_port

        processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        count = workers or max(2, min(4, processors))
        return cls(installation.host, installation.port, live_port(), count, 2, voice_settings())


class Supervisor:
    """Everything that runs while the site is up."""

    def __init__(self, shape: Shape, *, cluster: Cluster | None) -> None:
        self.shape = shape
        self.cluster = cluster
        self.children = [
            Child("pages", lambda: serve_pages(shape)),
            Child("live", lambda: _serve_live(shape)),
        ]
        if shape.voice is not None:
            telephone = shape.voice
            self.children.append(Child("voice", lambda: _serve_voice(telephone)))
        self._stopping = threading.Event()

    def stop(self, *_: object) -> None:
        """Ask everything to come to its end; usable as a signal handler."""
        self._stopping.set()

    def run(self, *, on_ready: Callable[[], None]) -> None:
        """Start all parts, call `on_ready` when pages are served, and keep everything going until `stop`."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.stop)
        try:
            for child in self.children:
                child.start()
            if self._wait_for_pages():
                on_ready()
            while not self._stopping.wait(1.0):
                if self.cluster is not None:
                    self._keep_database(self.cluster)
                for child in self.children:
                    child.watch()
        finally:
            for child in self.children:
                child.ask_to_stop()
            until = time.monotonic() + STOPPING_TAKES
            for child in self.children:
                child.make_sure_it_stopped(patience=until - time.monotonic())

    def _keep_database(self, cluster: Cluster) -> None:
        try:
            if cluster.revive():
                print(
                    "The database had ended and was started again. 数据库曾中断，已重新启动。",
                    file=sys.stderr,
                )
        except Problem as problem:
            print(problem, file=sys.stderr)

    def _wait_for_pages(self) -> bool:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not self._stopping.is_set():
            if _answers(self.shape.host, self.shape.port):
                return True
            self.children[0].watch()
            time.sleep(0.05)
        return False


def run(installation: Installation, *, workers: int | None, announce: Callable[[Shape], None]) -> int:
    """Serve the site until told to stop. Raises `Problem` when something stands in the way of starting."""
    shape = Shape.of(installation, workers=workers)
    require_free_ports(shape)
    if not installation.data.exists():
        print(
            "首次启动：正在建立数据库和数据表…… First start: making the database and its tables …",
            file=sys.stderr,
            flush=True,
        )
    cluster = Cluster(installation.data) if installation.database_url is None else None
    lease: Lease | None = cluster.lease() if cluster else None
    try:
        (installation.data / "static").mkdir(parents=True, exist_ok=True)
        for name, step in (("migrate", _migrate), ("first run", _first_run)):
            if not run_to_end(name, step):
                return 1
        with database.ready():
            _load_everything()
        Supervisor(shape, cluster=cluster).run(on_ready=lambda: announce(shape))
        return 0
    finally:
        if lease is not None:
            lease.end()


def require_free_ports(shape: Shape) -> None:
    """Refuse to start on a port that somebody else serves."""
    ports = [("YIWANG_PORT", shape.port), ("YIWANG_LIVE_PORT", shape.live_port)]
    if shape.voice is not None:
        ports.append(("YIWANG_VOICE_PORT", shape.voice.browser_port))
    for name, port in ports:
        family = socket.AF_INET6 if ":" in shape.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((shape.host, port))
                probe.listen(1)
            except OSError as error:
                raise Problem(
                    f"Port {port} on {shape.host} can't be used ({error.strerror}); end what uses it, "
                    f"or choose another one: {name}={port + 10}.",
                    f"{shape.host} 的端口 {port} 无法使用（{error.strerror}）；"
                    f"请结束占用它的程序，或换一个端口：{name}={port + 10}。",
                ) from error


def serve_pages(shape: Shape) -> None:
    """Serve the pages with granian until told to stop; the application was loaded before the fork."""
    from granian.constants import HTTPModes, Interfaces
    from granian.server import Server

    Server(
        "yiwang.site.wsgi:application",
        address=shape.host,
        port=shape.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=shape.workers,
        blocking_threads=shape.threads,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=8,
        log_enabled=False,
    ).serve(target_loader=_application)


def _application(_target: str) -> Any:
    """Runs in each of granian's workers, which must not outlive it."""
    die_with_parent()
    from yiwang.site.wsgi import application

    return application


def _serve_live(shape: Shape) -> None:
    from yiwang.site import worker

    worker.main(host=shape.host, port=shape.live_port)


def _serve_voice(settings: VoiceSettings) -> None:
    from yiwang.facilities.hotline.voice import process

    process.main(settings)


def _load_everything() -> None:
    """Load what every part needs before they are forked, and keep the collector from touching it."""
    from django.urls import get_resolver

    names = ["yiwang.site.wsgi", "yiwang.site.worker", "granian.server"]
    if voice_settings() is not None:
        names.append("yiwang.facilities.hotline.voice.process")
    for name in names:
        importlib.import_module(name)
    get_resolver().url_patterns  # noqa: B018  (the attribute loads every page)
    gc.collect()
    gc.freeze()


def _migrate() -> None:
    _or_exit(_migrate_as_owner)


def _migrate_as_owner() -> None:
    with database.ready(as_owner=True, is_migrating=True):
        from yiwang.site import catalogues, upgrade

        catalogues.compile_stale()
        upgrade.migrate()


def _first_run() -> None:
    from yiwang.site import first_run

    _or_exit(first_run.fill_if_empty)


def _or_exit(step: Callable[[], None]) -> None:
    try:
        step()
    except Problem as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1" if host in ("0.0.0.0", "") else host, port), timeout=1):
            return True
    except OSError:
        return False
