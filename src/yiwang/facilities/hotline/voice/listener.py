"""Where agents' browsers knock: one small HTTP door, `POST /voice/offer`, in the voice process itself.

The body is JSON sent as text/plain, so that no browser asks beforehand (CORS); the ticket in it is the only
right that counts. `GET /voice/health` says what goes on.
"""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import structlog

from yiwang.facilities.hotline.voice.webrtc_sdp import Unacceptable
from yiwang.kernel.base.config import installation

log = structlog.get_logger(__name__)

LONGEST_HEAD = 16_384
LONGEST_BODY = 65_536
PATIENCE = 10.0
MOST_INSIDE = 200

Offer = Callable[[str, str], Awaitable[str | None]]
"""Ticket and offer → answer, or nothing for a ticket that isn't good."""
_REASONS = {
    200: "OK",
    204: "No Content",
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    413: "Content Too Large",
}


class Listener:
    """The door; `offer` is asked for each browser."""

    def __init__(self, offer: Offer, *, health: Callable[[], dict[str, Any]]) -> None:
        self._offer = offer
        self._health = health
        self._server: asyncio.Server | None = None
        self._inside = 0

    async def start(self, *, host: str, port: int) -> int:
        """Listen; return the port."""
        self._server = await asyncio.start_server(self._serve, host, port, limit=LONGEST_HEAD)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Listen no longer."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._inside += 1
        try:
            if self._inside <= MOST_INSIDE:
                await self._serve_one(reader, writer)
        finally:
            self._inside -= 1
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            async with asyncio.timeout(PATIENCE):
                status, body, origin = await self._answer(reader)
                writer.write(_written(status, body, origin=origin))
                await writer.drain()

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, dict[str, Any], str | None]:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.LimitOverrunError:
            return 413, {}, None
        first, *lines = head.split("\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)
        }
        method, _, rest = first.partition(" ")
        path = rest.split(" ")[0].split("?")[0]
        origin = headers.get("origin")
        if origin is not None and not _is_own(origin, headers.get("host", "")):
            return 403, {}, None
        if (method, path) == ("GET", "/voice/health"):
            return 200, self._health(), origin
        if (method, path) != ("POST", "/voice/offer"):
            return 404, {}, origin
        length = headers.get("content-length", "")
        if not length.isdecimal() or int(length) > LONGEST_BODY:
            return 413, {}, origin
        status, body = await self._offered(await reader.readexactly(int(length)))
        return status, body, origin

    async def _offered(self, body: bytes) -> tuple[int, dict[str, Any]]:
        try:
            asked = json.loads(body)
            answer = await self._offer(str(asked["ticket"]), str(asked["sdp"]))
        except (ValueError, KeyError, TypeError):
            return 400, {"fault": "not understood"}
        except Unacceptable as error:
            return 400, {"fault": str(error)}
        if answer is None:
            return 403, {"fault": "ticket"}
        return 200, {"sdp": answer}


def _is_own(origin: str, host: str) -> bool:
    """Whether the page comes from this host, on whatever port, or from the site's public address."""
    known = {urlsplit(f"//{host}").hostname, urlsplit(installation().public_url or "").hostname}
    return urlsplit(origin).hostname in known - {None}


def _written(status: int, body: dict[str, Any], *, origin: str | None) -> bytes:
    content = json.dumps(body).encode()
    lines = [
        f"HTTP/1.1 {status} {_REASONS[status]}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        "Cache-Control: no-store",
        "Connection: close",
        "Vary: Origin",
        "X-Content-Type-Options: nosniff",
    ]
    if origin is not None:
        lines.append(f"Access-Control-Allow-Origin: {origin}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + content
