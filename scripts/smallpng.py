"""Make a screenshot light: few shades, one byte a pixel. For flat pages, not for photographs."""

import struct
import zlib
from collections import Counter

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def smaller(picture: bytes) -> bytes:
    """The same picture with at most 256 colours, as a palette PNG; only RGB and RGBA of 8 bits are known."""
    width, height, pixels = _pixels(picture)
    step = 8
    while True:
        shades = bytes(min(255, (value + step // 2) // step * step) for value in range(256))
        rounded = pixels.translate(shades)
        colours = Counter(rounded[at : at + 3] for at in range(0, len(rounded), 3))
        if len(colours) <= 256:
            break
        step *= 2
    palette = [colour for colour, _ in colours.most_common()]
    index = {colour: number for number, colour in enumerate(palette)}
    body = bytes(index[rounded[at : at + 3]] for at in range(0, len(rounded), 3))
    rows = b"".join(b"\0" + body[y * width : (y + 1) * width] for y in range(height))
    return (
        SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", b"".join(palette))
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _pixels(picture: bytes) -> tuple[int, int, bytes]:
    """Width, height and three bytes for each pixel, row after row."""
    at, data, head = len(SIGNATURE), b"", b""
    while at < len(picture):
        length = struct.unpack(">I", picture[at : at + 4])[0]
        kind, content = picture[at + 4 : at + 8], picture[at + 8 : at + 8 + length]
        head = content if kind == b"IHDR" else head
        data += content if kind == b"IDAT" else b""
        at += 12 + length
    width, height, depth, colours = struct.unpack(">IIBB", head[:10])
    if depth != 8 or colours not in (2, 6):
        raise ValueError("only RGB and RGBA of 8 bits are known")
    size = 3 if colours == 2 else 4
    whole = _unfiltered(zlib.decompress(data), width * size, height, size)
    if size == 4:
        opaque = bytearray(width * height * 3)
        for channel in range(3):
            opaque[channel::3] = whole[channel::4]
        whole = bytes(opaque)
    return width, height, whole


def _unfiltered(data: bytes, stride: int, height: int, size: int) -> bytes:
    before = bytearray(stride)
    whole = bytearray()
    for y in range(height):
        start = y * (stride + 1)
        kind, row = data[start], bytearray(data[start + 1 : start + 1 + stride])
        for x in range(stride) if kind else ():
            left = row[x - size] if x >= size else 0
            above = before[x]
            corner = before[x - size] if x >= size else 0
            row[x] = (row[x] + (0, left, above, (left + above) // 2, _paeth(left, above, corner))[kind]) & 255
        whole += row
        before = row
    return bytes(whole)


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    _, _, nearest = min(
        (abs(guess - left), 0, left), (abs(guess - above), 1, above), (abs(guess - corner), 2, corner)
    )
    return nearest
