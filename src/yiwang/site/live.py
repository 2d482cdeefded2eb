"""`/live`: one stream of server-sent events for each open page, fed by one LISTEN connection.

Runs in an asyncio process of its own, on a port of its own. A single port would need a server in front
that tells streams from pages; who has one (Caddy, nginx) sends `/live` here and sets `YIWANG_PUBLIC_URL`,
and a bare machine does without: session cookies belong to a host, not to a port, so the browser sends them
here too, and the answer allows exactly the page's own host to read it.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

import psycopg
import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import close_old_connections
from django.http import HttpRequest

from yiwang.kernel.base.config import installation
from yiwang.kernel.base.live import CHANNEL
from yiwang.kernel.base.postgres.soundness import parameters

log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

ASK_AGAIN = 60.0
"""Seconds after which a stream's right to hear is looked up anew."""
HEARTBEAT = 20.0
"""Seconds of silence after which a comment is sent, so that nobody on the way cuts the line."""
MERGED_WITHIN = 0.25
"""Seconds within which a message that says the same again is held and passed on once."""
MOST_STREAMS = 2000
WAITING_EVENTS = 100


@dataclass(eq=False)
class Stream:
    """One open page: what it may hear, and the lines that wait to be sent to it."""

    topics: frozenset[str]
    waiting: "asyncio.Queue[str]" = field(default_factory=lambda: asyncio.Queue(WAITING_EVENTS))


class Hub:
    """Everybody who listens in this process."""

    def __init__(self) -> None:
        self.streams: set[Stream] = set()
        self._told: dict[str, float] = {}
        """When each message was passed on last."""
        self._held: set[str] = set()

    def hear(self, message: str) -> None:
        """Take a message in: pass the first one on at once, and what repeats it within a moment as one, after it.

        Whoever hears it fetches anew what has changed by then, so nothing is missed.
        """
        if message in self._held:
            return
        loop = asyncio.get_running_loop()
        wait = self._told.get(message, -MERGED_WITHIN) + MERGED_WITHIN - loop.time()
        if wait > 0:
            self._held.add(message)
            loop.call_later(wait, self._pass_held, message)
            return
        self._note(message, at=loop.time())
        self.pass_on(message)

    def _pass_held(self, message: str) -> None:
        self._held.discard(message)
        self._note(message, at=asyncio.get_running_loop().time())
        self.pass_on(message)

    def _note(self, message: str, *, at: float) -> None:
        if len(self._told) > MOST_STREAMS:
            self._told = {each: when for each, when in self._told.items() if when > at - MERGED_WITHIN}
        self._told[message] = at

    def pass_on(self, message: str) -> None:
        """Give one message from the database to every stream that may hear it."""
        try:
            told = json.loads(message)
            topics, line = frozenset(told["to"]), _line(str(told["event"]), told.get("told"))
        except (ValueError, KeyError, TypeError):
            log.warning("live message not understood", message=message[:200])
            return
        for stream in self.streams:
            if not topics.isdisjoint(stream.topics):
                _put(stream, line)

    def everybody(self, event: str) -> None:
        """Tell every stream, whatever it listens to."""
        line = _line(event)
        for stream in self.streams:
            _put(stream, line)

    async def listen(self) -> None:
        """Hear the database for ever; after a broken line, connect again and let every page look anew."""
        pause = 0.2
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **parameters(installation(), as_owner=False), autocommit=True
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    pause = 0.2
                    self.everybody("again")
                    async for notice in connection.notifies():
                        self.hear(notice.payload)
            except psycopg.Error as error:
                log.warning("live connection lost", error=str(error).strip(), again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10)


hub = Hub()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer `/live` with a stream to whoever is signed in, and everything else with 404."""
    if scope["type"] != "http":
        return
    if scope["path"] != "/live" or scope["method"] != "GET":
        await _refuse(send, status=404)
        return
    headers = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in scope["headers"]}
    if not _is_from_own_host(headers):
        await _refuse(send, status=403)
        return
    if len(hub.streams) >= MOST_STREAMS:
        await _refuse(send, status=503)
        return
    topics = await topics_of(headers.get("cookie", ""))
    if topics is None:
        # 204 tells EventSource not to come again; the page works without live updates.
        await _refuse(send, status=204)
        return
    await _stream(headers, topics, receive, send)


async def topics_of(cookies: str) -> frozenset[str] | None:
    """What the owner of these cookies may hear, or nothing if nobody is signed in."""
    try:
        morsel = SimpleCookie(cookies).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if morsel is None:
        return None
    return await sync_to_async(_ask_afresh, thread_sensitive=True)(morsel.value)


def _ask_afresh(key: str) -> frozenset[str] | None:
    """Ask on a connection that is known to live; this thread has no requests that would see to it."""
    close_old_connections()
    return topics_of_session(key)


def topics_of_session(key: str) -> frozenset[str] | None:
    """What the account of a signed session may hear; nothing when it is forged, old or signed out."""
    from yiwang.kernel.access.queries import standing_of
    from yiwang.kernel.notices.policies import topics

    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
    account = get_user(request)
    if not account.is_authenticated or account.pk is None:
        return None
    standing = standing_of(account.pk)
    units = (f"unit:{unit}" for unit in standing.unit_ids)
    return frozenset({f"account:{account.pk}", *units, *topics(standing)})


async def _stream(headers: dict[str, str], topics: frozenset[str], receive: Receive, send: Send) -> None:
    stream = Stream(topics)
    hub.streams.add(stream)
    gone = asyncio.ensure_future(_wait_until_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _stream_headers(headers)})
        await _write(send, "retry: 3000\n\n")
        asked_at = time.monotonic()
        while not gone.done():
            line = await _next(stream, gone)
            if gone.done():
                break
            if time.monotonic() - asked_at > ASK_AGAIN:
                now_allowed = await topics_of(headers.get("cookie", ""))
                if now_allowed is None:
                    break
                stream.topics, asked_at = now_allowed, time.monotonic()
            await _write(send, line or ": still here\n\n")
    finally:
        hub.streams.discard(stream)
        gone.cancel()
        with contextlib.suppress(Exception):
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _next(stream: Stream, gone: "asyncio.Future[None]") -> str | None:
    """The next line for this stream, or nothing after a while of silence."""
    coming = asyncio.ensure_future(stream.waiting.get())
    both: set[asyncio.Future[Any]] = {coming, gone}
    await asyncio.wait(both, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
    if coming.done():
        return coming.result()
    coming.cancel()
    return None


async def _wait_until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, *, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _line(event: str, told: Mapping[str, Any] | None = None) -> str:
    """An event as it goes over the wire, worked out once for all streams."""
    return f"data: {json.dumps({'event': event, **(told or {})})}\n\n"


def _put(stream: Stream, line: str) -> None:
    """Queue a line; a page that doesn't keep up misses repeats of what it will fetch anyway."""
    with contextlib.suppress(asyncio.QueueFull):
        stream.waiting.put_nowait(line)


def _is_from_own_host(headers: dict[str, str]) -> bool:
    """Whether the page that listens comes from this host, on whatever port."""
    origin = headers.get("origin")
    if origin is None:
        return True
    host = urlsplit(f"//{headers.get('host', '')}").hostname
    known = {host, urlsplit(installation().public_url or "").hostname}
    return urlsplit(origin).hostname in known - {None}


def _stream_headers(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    chosen = {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        "x-content-type-options": "nosniff",
        "vary": "origin, cookie",
    }
    if "origin" in headers:
        chosen |= {
            "access-control-allow-origin": headers["origin"],
            "access-control-allow-credentials": "true",
        }
    return [(name.encode(), value.encode("latin-1")) for name, value in chosen.items()]
