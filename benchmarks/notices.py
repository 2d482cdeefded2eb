"""How long an announcement takes from its approval to a thousand open pages, beside two bare limits.

    python -m benchmarks.notices [--pages 1000] [--rounds 5] [--json] [--report]

Starts Yiwang on a database of its own, signs a clerk in on so many streams of `/live`, publishes announcements
through the same action as the page, and notes when each stream has heard. Beside it the same client at the same
stream server with nothing behind it, which sends every stream a constant (`benchmarks.constant_stream`), and one
LISTEN connection in this process that wakes the same number of waiting tasks. `--report` writes
docs/reference/performance-notices.md.
"""

import argparse
import asyncio
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TITLE = "停电检修通知"
REPORT = Path(__file__).resolve().parents[1] / "docs/reference/performance-notices.md"
SECONDS_TO_START = 900
"""A busy machine takes minutes for its first start."""
HEAD = """# Performance of announcements

Written by `python -m benchmarks.notices --report` on {day}; nothing here is typed by hand.

{pages} open pages, each a stream of `/live` with a session of its own, {rounds} announcements. From the moment before
the approval, which writes and commits, to the arrival at each page; server and all {pages} clients on the same
machine with {cores} processors (load {load} when it began).

| milliseconds | median | p95 | last page |
|---|--:|--:|--:|
"""


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--report", action="store_true", help="write the page of the documentation")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="yiwang-notices-"))
    folder.chmod(0o711)
    load = f"{os.getloadavg()[0]:.1f}"
    ports = _free_ports()
    os.environ |= {
        "YIWANG_DATA": str(folder),
        "YIWANG_DEMO": "0",
        "YIWANG_PORT": str(ports[0]),
        "YIWANG_LIVE_PORT": str(ports[1]),
        "DJANGO_SETTINGS_MODULE": "yiwang.site.settings",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "yiwang.site.command", "run", "--workers", "1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(ports[1])
        result = measured(ports[1], pages=options.pages, rounds=options.rounds)
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
    if options.report:
        REPORT.write_text(_report(result, load=load))
    if options.json:
        print(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        for name, figures in result.items():
            print(name, figures)
    return 0


def _report(result: dict[str, Any], *, load: str) -> str:
    rows = "".join(
        f"| {name} | {figures['median']} | {figures['p95']} | {figures['last']} |\n"
        for name, figures in result.items()
        if isinstance(figures, dict)
    )
    head = HEAD.format(
        day=datetime.now(tz=UTC).date().isoformat(),
        pages=f"{result['pages']:,}",
        rounds=result["rounds"],
        cores=os.cpu_count(),
        load=load,
    )
    return f"{head}{rows}\nAim: within 1,000 ms.\n"


def measured(port: int, *, pages: int, rounds: int) -> dict[str, Any]:
    """Arrival at every page in milliseconds, for Yiwang and for the bare fan-out."""
    import django

    django.setup()
    from tests.builders import a_county
    from yiwang.kernel.access.locks import acting_as_system

    with acting_as_system():
        county = a_county()
    cookie, tell = _cookie(county), _Desk(county)
    arrivals, processor = asyncio.run(
        _through(port, "/live", cookie, tell.publish, pages=pages, rounds=rounds)
    )
    constant, _processor = asyncio.run(_constant(pages=pages, rounds=rounds))
    return {
        "pages": pages,
        "rounds": rounds,
        "approval to arrival": _figures(arrivals),
        "same stream server, a constant": _figures(constant),
        "bare NOTIFY to tasks": _figures(asyncio.run(_bare(pages=pages, rounds=rounds))),
        "this process's CPU, ms a round": round(processor * 1000 / rounds, 1),
    }


def _figures(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        "median": round(statistics.median(ordered) * 1000, 1),
        "p95": round(ordered[int(len(ordered) * 0.95) - 1] * 1000, 1),
        "last": round(ordered[-1] * 1000, 1),
    }


def _cookie(county: Any) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.signed_cookies import SessionStore

    account = county.accounts["water.clerk"]
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "yiwang.kernel.people.backends.AccountBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


class _Desk:
    """The desk at which announcements are written and approved."""

    def __init__(self, county: Any) -> None:
        self.county = county

    def publish(self) -> float:
        """Write, hand in and approve an announcement; returns the moment just before the approval."""
        from django.utils import timezone

        from yiwang.kernel.access.locks import acting_as_system
        from yiwang.kernel.notices import actions

        clerk, head = self.county.standing("office.clerk"), self.county.standing("office.head")
        unit_id, now = self.county.unit("office").pk, timezone.now()
        draft = actions.Draft(title=TITLE, text="停电。", audience=["everybody"])
        with acting_as_system():
            found = actions.begin(draft, unit_id=unit_id, by=clerk, at=now)
            actions.submit(found.pk, by=clerk, at=now)
            began = time.perf_counter()
            actions.approve(found.pk, by=head, at=now)
        return began


async def _through(
    port: int, path: str, cookie: str, tell: Callable[[], float], *, pages: int, rounds: int
) -> tuple[list[float], float]:
    from asgiref.sync import sync_to_async

    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode()
    streams = []
    for start in range(0, pages, 50):
        opening = (_opened(port, request) for _ in range(min(50, pages - start)))
        streams += await asyncio.wait_for(asyncio.gather(*opening), 60)
    times: list[float] = []
    began_cpu = time.process_time()
    for _ in range(rounds):
        hearing = [asyncio.ensure_future(_heard(reader)) for reader, _writer in streams]
        began = await sync_to_async(tell)()
        times += [moment - began for moment in await asyncio.wait_for(asyncio.gather(*hearing), 60)]
    processor = time.process_time() - began_cpu
    for _reader, writer in streams:
        writer.close()
    return times, processor


async def _constant(*, pages: int, rounds: int) -> tuple[list[float], float]:
    """The same client at the same stream server with nothing behind it."""
    port = _free_ports()[0]
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.constant_stream", str(port)])

    def tell() -> float:
        began = time.perf_counter()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/tell", timeout=10) as answer:
            answer.read()
        return began

    try:
        await asyncio.to_thread(_wait_for, port)
        return await _through(port, "/", "", tell, pages=pages, rounds=rounds)
    finally:
        server.kill()
        server.wait(10)


async def _opened(port: int, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    line = await reader.readline()
    if b" 200 " not in line:
        raise SystemExit(f"the stream was refused: {line!r}")
    while b"retry" not in await reader.readline():
        pass
    return reader, writer


async def _heard(reader: asyncio.StreamReader) -> float:
    """The moment at which a stream hears of an announcement."""
    while True:
        line = await reader.readline()
        if b'"line"' in line:
            return time.perf_counter()
        if not line:
            raise SystemExit("a stream ended")


async def _bare(*, pages: int, rounds: int) -> list[float]:
    """One LISTEN connection that wakes so many tasks: what no server on this machine can be quicker than."""
    import psycopg

    from yiwang.kernel.base.config import installation
    from yiwang.kernel.base.postgres.soundness import parameters

    own = parameters(installation(), as_owner=False)
    times: list[float] = []
    async with (
        await psycopg.AsyncConnection.connect(**own, autocommit=True) as listening,
        await psycopg.AsyncConnection.connect(**own, autocommit=True) as telling,
    ):
        await listening.execute("LISTEN bare")
        for _ in range(rounds):
            queues: list[asyncio.Queue[str]] = [asyncio.Queue() for _ in range(pages)]

            async def wait(queue: "asyncio.Queue[str]") -> float:
                await queue.get()
                return time.perf_counter()

            waiting = [asyncio.ensure_future(wait(queue)) for queue in queues]
            await asyncio.sleep(0)
            began = time.perf_counter()
            await telling.execute("SELECT pg_notify('bare', %s)", [TITLE])
            async for notice in listening.notifies(stop_after=1):
                for queue in queues:
                    queue.put_nowait(notice.payload)
            times += [moment - began for moment in await asyncio.gather(*waiting)]
    return times


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("the live process didn't start")


if __name__ == "__main__":
    sys.exit(main())
