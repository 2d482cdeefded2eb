"""The client's side of RFC 6455, as much as a stream of JSON texts needs: no extensions, frames within bounds."""

import asyncio
import base64
import contextlib
import hashlib
import os
import ssl
import struct

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
LONGEST_MESSAGE = 1 << 20
LONGEST_CONTROL = 125
TEXT, BINARY, CONTINUED, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
SHAKES_HANDS_WITHIN = 10.0


class Closed(ConnectionError):
    """The other side has closed, gone, or broken the rules; the text says which."""


def masked(data: bytes, mask: bytes) -> bytes:
    """Bytes as a client must send them; the same again gives them back."""
    if not data:
        return b""
    key = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(key, "big")).to_bytes(len(data), "big")


def frame(code: int, data: bytes, *, mask: bytes) -> bytes:
    """One whole frame from a client."""
    length = len(data)
    if length < 126:
        head = struct.pack("!BB", 0x80 | code, 0x80 | length)
    elif length < 1 << 16:
        head = struct.pack("!BBH", 0x80 | code, 0x80 | 126, length)
    else:
        head = struct.pack("!BBQ", 0x80 | code, 0x80 | 127, length)
    return head + mask + masked(data, mask)


class WebSocket:
    """An open connection: texts come in, pings are answered."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.heard_at = asyncio.get_running_loop().time()
        """When the last frame came."""

    @classmethod
    async def connect(
        cls, host: str, port: int, target: str, *, headers: dict[str, str], is_tls: bool = False
    ) -> "WebSocket":
        """Connect and shake hands. Raises `Closed`, or `OSError` when nobody is there."""
        context = ssl.create_default_context() if is_tls else None
        async with asyncio.timeout(SHAKES_HANDS_WITHIN):
            reader, writer = await asyncio.open_connection(host, port, ssl=context)
            try:
                await _shake_hands(reader, writer, target, {"Host": f"{host}:{port}", **headers})
            except BaseException:
                writer.close()
                raise
        return cls(reader, writer)

    async def text(self) -> str:
        """The next text. Raises `Closed`."""
        parts: list[bytes] = []
        while True:
            is_last, code, data = await self._frame()
            match code:
                case 8:
                    await self._send(CLOSE, data[:2])
                    raise Closed("closed by the other side")
                case 9:
                    await self._send(PONG, data)
                    continue
                case 10:
                    continue
                case 1 if not parts:
                    pass
                case 0 if parts:
                    pass
                case _:
                    raise Closed(f"a frame of kind {code} out of place")
            parts.append(data)
            if sum(map(len, parts)) > LONGEST_MESSAGE:
                raise Closed("a message too long")
            if is_last:
                try:
                    return b"".join(parts).decode()
                except UnicodeDecodeError as error:
                    raise Closed("a text that isn't UTF-8") from error

    async def ping(self) -> None:
        """Ask whether the other side is there."""
        await self._send(PING, b"")

    async def close(self) -> None:
        """Say good-bye and go; never fails."""
        with contextlib.suppress(OSError):
            await self._send(CLOSE, struct.pack("!H", 1000))
        self._writer.close()

    async def _send(self, code: int, data: bytes) -> None:
        self._writer.write(frame(code, data, mask=os.urandom(4)))
        await self._writer.drain()

    async def _frame(self) -> tuple[bool, int, bytes]:
        try:
            first, second = await self._reader.readexactly(2)
            code, length = first & 0x0F, second & 0x7F
            if length == 126:
                (length,) = struct.unpack("!H", await self._reader.readexactly(2))
            elif length == 127:
                (length,) = struct.unpack("!Q", await self._reader.readexactly(8))
            is_last = bool(first & 0x80)
            if first & 0x70 or second & 0x80:
                raise Closed("a frame that breaks the rules")
            if length > LONGEST_MESSAGE or (code >= CLOSE and (length > LONGEST_CONTROL or not is_last)):
                raise Closed("a frame too long")
            data = await self._reader.readexactly(length)
        except (asyncio.IncompleteReadError, OSError) as error:
            if isinstance(error, Closed):
                raise
            raise Closed("the connection is gone") from error
        self.heard_at = asyncio.get_running_loop().time()
        return is_last, code, data


async def _shake_hands(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, target: str, headers: dict[str, str]
) -> None:
    key = base64.b64encode(os.urandom(16)).decode()
    asked = {
        **headers,
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
    }
    lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in asked.items()), "", ""]
    writer.write("\r\n".join(lines).encode())
    await writer.drain()
    try:
        answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise Closed("no answer to the handshake") from error
    status, *rest = answer.split("\r\n")
    told = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    wanted = base64.b64encode(hashlib.sha1((key + MAGIC).encode(), usedforsecurity=False).digest()).decode()
    if status.split(" ")[1:2] != ["101"] or told.get("sec-websocket-accept") != wanted:
        raise Closed(f"the handshake was refused: {status[:80]}")
