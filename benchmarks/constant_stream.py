"""`python -m benchmarks.constant_stream PORT`: the stream server of the house with nothing behind it.

Every stream waits; one GET of `/tell` makes each of them send the same constant line. No database, no session, no
permission: what no product on this server can be quicker than.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

LINE = 'data: {"event": "line", "title": "停电检修通知", "url": "/announcements/1/"}\n\n'.encode()
Message = MutableMapping[str, Any]
streams: "set[asyncio.Queue[bytes]]" = set()


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """A stream, or the word that makes all of them speak."""
    if scope["type"] != "http":
        return
    if scope["path"] == "/tell":
        for queue in streams:
            queue.put_nowait(LINE)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})
        return
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    streams.add(queue)
    try:
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        while True:
            await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
    finally:
        streams.discard(queue)


async def main(port: int) -> None:
    """Serve until killed."""
    server = Server(
        application,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        backlog=1024,
        backpressure=4096,
        log_enabled=False,
    )
    with suppress(asyncio.CancelledError):
        await server.serve()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
