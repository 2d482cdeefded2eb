"""A scripted Asterisk on 127.0.0.1: it takes requests down, answers them, and tells what the test says."""

import asyncio
import base64
import hashlib
import json
import struct
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from yiwang.facilities.hotline.ari.settings import AriSettings, ari_settings
from yiwang.facilities.hotline.ari.websocket import MAGIC, masked

PATIENCE = 10


class Asterisk:
    """Its HTTP and its WebSocket, on one port."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        """Requests as `METHOD /path key=value …`, but those for phones."""
        self.refuses: set[str] = set()
        self.endpoints: list[dict[str, str]] = []
        self.held: dict[str, list[str]] = {"channel_ids": [], "bridge_ids": []}
        self.sound = b"RIFF"
        self.connections = 0
        self._open: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen at a port of the system's choice."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)

    async def stop(self) -> None:
        """Listen no more."""
        assert self._server is not None
        self.cut()
        self._server.close()

    def settings(self, **more: str) -> AriSettings:
        """How it is reached."""
        assert self._server is not None
        port = self._server.sockets[0].getsockname()[1]
        found = ari_settings(
            {"YIWANG_ARI_URL": f"http://127.0.0.1:{port}/ari", "YIWANG_ARI_PASSWORD": "secret", **more}
        )
        assert found is not None
        return found

    def tell(self, kind: str, **what: Any) -> None:
        """Say an event, in two fragments with a ping between them."""
        assert self._open is not None
        text = json.dumps({"type": kind, "application": "yiwang", **what}).encode()
        middle = len(text) // 2
        for first, part in ((0x01, text[:middle]), (0x89, b"there?"), (0x80, text[middle:])):
            head = (
                struct.pack("!BB", first, len(part))
                if len(part) < 126
                else struct.pack("!BBH", first, 126, len(part))
            )
            self._open.write(head + part)

    def cut(self) -> None:
        """Break the WebSocket off."""
        if self._open is not None:
            self._open.transport.abort()
            self._open = None

    async def until(self, *wanted: str) -> None:
        """Wait until these requests were the last, in this order; forget them."""
        async with asyncio.timeout(PATIENCE):
            while len(self.asked) < len(wanted):
                await asyncio.sleep(0.01)
        got, self.asked[:] = list(self.asked), []
        assert got == list(wanted)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *rest = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        method, target, _ = first.split(" ")
        basic = base64.b64encode(b"yiwang:secret").decode()
        if headers.get("authorization") != f"Basic {basic}":
            await self._answer(writer, 401, b"{}")
        elif headers.get("upgrade") == "websocket":
            accept = base64.b64encode(hashlib.sha1((headers["sec-websocket-key"] + MAGIC).encode()).digest())
            writer.write(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
            )
            self._open = writer
            self.connections += 1
            await self._listen(reader)
        else:
            await self._request(writer, method, target)

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        """Whatever a client says must be masked; only pongs, pings and the end are expected."""
        try:
            while True:
                first, second = await reader.readexactly(2)
                assert second & 0x80
                mask = await reader.readexactly(4)
                said = masked(await reader.readexactly(second & 0x7F), mask)
                assert (first & 0x0F, said) in ((10, b"there?"), (9, b""), (8, struct.pack("!H", 1000)))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass

    async def _request(self, writer: asyncio.StreamWriter, method: str, target: str) -> None:
        parts = urlsplit(target)
        path = parts.path.removeprefix("/ari")
        values = [f"{name}={value}" for name, value in parse_qsl(parts.query)]
        if path == "/endpoints":
            await self._answer(writer, 200, json.dumps(self.endpoints).encode())
            return
        self.asked.append(" ".join([method, path, *values]))
        if f"{method} {path}" in self.refuses:
            await self._answer(writer, 404, b'{"message": "not found"}')
        elif path == "/applications/yiwang":
            await self._answer(writer, 200, json.dumps(self.held).encode())
        elif path.endswith("/file"):
            await self._answer(writer, 200, self.sound)
        else:
            await self._answer(writer, 204, b"")

    async def _answer(self, writer: asyncio.StreamWriter, status: int, body: bytes) -> None:
        writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        await writer.drain()
        writer.close()
