"""A colour profile for sRGB, written out by us, as PDF/A asks for one."""

import struct
from functools import cache


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


@cache
def srgb_profile() -> bytes:
    """An ICC profile of version 2 with sRGB's primaries and a gamma of 2.2."""
    text = b"sRGB"
    described = b"desc\0\0\0\0" + struct.pack(">L", len(text) + 1) + text + b"\0" + bytes(78)
    tags = {
        b"desc": described,
        b"cprt": b"text\0\0\0\0No rights reserved\0",
        b"wtpt": b"XYZ \0\0\0\0" + _fixed(0.9642) + _fixed(1.0) + _fixed(0.8249),
        b"rXYZ": b"XYZ \0\0\0\0" + _fixed(0.4361) + _fixed(0.2225) + _fixed(0.0139),
        b"gXYZ": b"XYZ \0\0\0\0" + _fixed(0.3851) + _fixed(0.7169) + _fixed(0.0971),
        b"bXYZ": b"XYZ \0\0\0\0" + _fixed(0.1431) + _fixed(0.0606) + _fixed(0.7141),
        b"rTRC": b"curv\0\0\0\0" + struct.pack(">LH", 1, 563),
        b"gTRC": b"curv\0\0\0\0" + struct.pack(">LH", 1, 563),
        b"bTRC": b"curv\0\0\0\0" + struct.pack(">LH", 1, 563),
    }
    at = 128 + 4 + 12 * len(tags)
    table, bodies = struct.pack(">L", len(tags)), b""
    for tag, body in tags.items():
        table += tag + struct.pack(">LL", at, len(body))
        padded = body + b"\0" * (-len(body) % 4)
        bodies += padded
        at += len(padded)
    head = bytearray(128)
    struct.pack_into(">L4sL4s4s4s", head, 0, at, b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    struct.pack_into(">6H4s", head, 24, 2026, 1, 1, 0, 0, 0, b"acsp")
    head[68:80] = _fixed(0.9642) + _fixed(1.0) + _fixed(0.8249)
    return bytes(head) + table + bodies
