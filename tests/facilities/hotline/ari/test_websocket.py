"""Frames by the book: what a client sends, and what it doesn't put up with."""

import asyncio
import struct
from unittest.mock import Mock

import pytest

from yiwang.facilities.hotline.ari.settings import ari_settings, placing_driver
from yiwang.facilities.hotline.ari.websocket import LONGEST_MESSAGE, Closed, WebSocket, frame, masked
from yiwang.kernel.base.problems import Problem


def test_the_masked_hello_of_the_rfc() -> None:
    mask = bytes.fromhex("37fa213d")
    assert frame(1, b"Hello", mask=mask) == bytes.fromhex("818537fa213d7f9f4d5158")
    assert masked(masked(b"Hello", mask), mask) == b"Hello"


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        (b"\x81\x85" + bytes(9), "a frame that breaks the rules"),
        (b"\xc1\x00", "a frame that breaks the rules"),
        (b"\x81\x7f" + struct.pack("!Q", LONGEST_MESSAGE + 1), "a frame too long"),
        (b"\x09\x00", "a frame too long"),
        (b"\x80\x00", "a frame of kind 0 out of place"),
        (b"\x82\x00", "a frame of kind 2 out of place"),
        (b"\x81\x01\xff", "a text that isn't UTF-8"),
        (b"\x81\x05He", "the connection is gone"),
    ],
)
def test_what_breaks_the_rules_ends_the_connection(sent: bytes, why: str) -> None:
    async def hear() -> str:
        reader = asyncio.StreamReader()
        reader.feed_data(sent)
        reader.feed_eof()
        return await WebSocket(reader, Mock()).text()

    with pytest.raises(Closed, match=f"^{why}$"):
        asyncio.run(hear())


def test_settings_are_read_or_refused() -> None:
    found = ari_settings({"YIWANG_ARI_URL": "https://pbx.example/ari/"})
    assert found is not None
    assert (found.host, found.port, found.path, found.is_tls) == ("pbx.example", 8089, "/ari", True)
    assert (ari_settings({}), placing_driver({})) == (None, "voice")
    assert placing_driver({"YIWANG_ARI_URL": "http://pbx.example"}) == "ari"
    with pytest.raises(Problem):
        ari_settings({"YIWANG_ARI_URL": "pbx.example:8088"})
