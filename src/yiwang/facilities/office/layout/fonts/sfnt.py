"""An OpenType or TrueType file: its characters, widths and names, and a cut-down copy of it."""

import hashlib
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from yiwang.facilities.office.layout.fonts.cff import CffProgram

KEPT = (b"cvt ", b"fpgm", b"prep")


@dataclass(frozen=True)
class Subset:
    """The part of a font that a document needs: its own numbers for the characters, and two programs.

    `program` is what a PDF embeds, `file` a whole font file with a character map.
    """

    name: str
    numbers: Mapping[str, int]
    widths: tuple[int, ...]
    program: bytes
    file: bytes
    is_cff: bool


class FontFile:
    """One font of a file, read lazily; the file itself is kept in memory."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = path.read_bytes()
        at = struct.unpack_from(">L", self.data, 12)[0] if self.data[:4] == b"ttcf" else 0
        count = struct.unpack_from(">H", self.data, at + 4)[0]
        self.tables: dict[bytes, tuple[int, int]] = {}
        for place in range(count):
            tag, _, offset, length = struct.unpack_from(">4sLLL", self.data, at + 12 + place * 16)
            self.tables[tag] = (offset, length)
        self.is_cff = b"CFF " in self.tables
        self.units: int = struct.unpack_from(">H", self.table(b"head"), 18)[0]
        self._subsets: dict[str, Subset] = {}

    def table(self, tag: bytes) -> bytes:
        """A table's bytes; nothing when the font hasn't got it."""
        offset, length = self.tables.get(tag, (0, 0))
        return self.data[offset : offset + length]

    @cached_property
    def names(self) -> frozenset[str]:
        """Its family, full and PostScript names in every language."""
        data = self.table(b"name")
        _, count, start = struct.unpack_from(">HHH", data)
        found = set()
        for place in range(count):
            platform, _, _, which, length, offset = struct.unpack_from(">6H", data, 6 + place * 12)
            if which in (1, 4, 6, 16):
                raw = data[start + offset : start + offset + length]
                found.add(raw.decode("utf-16-be" if platform in (0, 3) else "latin-1", "replace"))
        return frozenset(found)

    @cached_property
    def postscript_name(self) -> str:
        """A name in plain letters."""
        plain = [name for name in self.names if name.isascii() and name and " " not in name]
        return min(plain, key=lambda name: (-name.count("-"), name)) if plain else self.path.stem

    @cached_property
    def ascent(self) -> float:
        """How much of the character's box lies above the base line."""
        data = self.table(b"OS/2")
        if len(data) >= 72:
            up, down = struct.unpack_from(">hh", data, 68)
            if up > 0 > down:
                return float(up / (up - down))
        return 0.86

    @cached_property
    def characters(self) -> dict[int, int]:
        """Code point → glyph."""
        data = self.table(b"cmap")
        tables = {}
        for place in range(struct.unpack_from(">H", data, 2)[0]):
            platform, encoding, offset = struct.unpack_from(">HHL", data, 4 + place * 8)
            tables[platform, encoding] = offset
        for key in ((3, 10), (0, 4), (0, 6), (3, 1), (0, 3)):
            if key in tables:
                return _cmap(data, tables[key])
        return {}

    @cached_property
    def _metrics(self) -> int:
        return int(struct.unpack_from(">H", self.table(b"hhea"), 34)[0])

    def advance(self, glyph: int) -> int:
        """A glyph's width in thousandths of its size."""
        offset, _ = self.tables[b"hmtx"]
        place = min(glyph, self._metrics - 1)
        return int(round(struct.unpack_from(">H", self.data, offset + place * 4)[0] * 1000 / self.units))

    def side(self, glyph: int) -> bytes:
        """A glyph's entry in the table of widths."""
        offset, _ = self.tables[b"hmtx"]
        if glyph < self._metrics:
            return self.data[offset + glyph * 4 : offset + glyph * 4 + 4]
        bearing = offset + self._metrics * 4 + (glyph - self._metrics) * 2
        last = offset + self._metrics * 4 - 4
        return self.data[last : last + 2] + self.data[bearing : bearing + 2]

    @cached_property
    def _cff(self) -> CffProgram:
        return CffProgram(self.table(b"CFF "))

    def subset(self, characters: Iterable[str]) -> Subset:
        """Cut the font down to these characters; the last few are kept, so that a second format costs nothing."""
        key = "".join(sorted(set(characters)))
        kept = self._subsets.get(key)
        if kept is None:
            while len(self._subsets) >= 16:
                self._subsets.pop(next(iter(self._subsets)))
            kept = self._subsets[key] = self._cut(key)
        return kept

    def _cut(self, characters: str) -> Subset:
        glyphs = [0, *dict.fromkeys(self.characters[ord(each)] for each in characters)]
        if len(glyphs) == 1:
            glyphs.append(1)
        tag = hashlib.sha256(f"{self.postscript_name}\0{characters}".encode()).digest()
        name = "".join(chr(65 + byte % 26) for byte in tag[:6]) + f"+{self.postscript_name}"
        numbers = {each: glyphs.index(self.characters[ord(each)]) for each in characters}
        tables: dict[bytes, bytes] = {}
        if self.is_cff:
            tables[b"CFF "] = self._cff.subset(glyphs, name=name)
        else:
            glyphs = _with_parts(self, glyphs)
            tables[b"glyf"], tables[b"loca"] = _outlines(self, glyphs)
            tables |= {tag: self.table(tag) for tag in KEPT if tag in self.tables}
        tables |= _headers(self, glyphs)
        program = tables[b"CFF "] if self.is_cff else _file(tables, is_cff=False)
        whole = {
            **tables,
            b"cmap": _cmap_of(numbers),
            b"name": _name_of(name),
            b"OS/2": self.table(b"OS/2"),
            b"post": struct.pack(">LLhhL4L", 0x30000, 0, 0, 0, 0, 0, 0, 0, 0),
        }
        widths = tuple(self.advance(glyph) for glyph in glyphs)
        return Subset(name, numbers, widths, program, _file(whole, is_cff=self.is_cff), self.is_cff)


def _cmap(data: bytes, at: int) -> dict[int, int]:
    kind = struct.unpack_from(">H", data, at)[0]
    found: dict[int, int] = {}
    if kind == 12:
        for place in range(struct.unpack_from(">L", data, at + 12)[0]):
            first, last, glyph = struct.unpack_from(">LLL", data, at + 16 + place * 12)
            found.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
        return found
    if kind != 4:
        return found
    count = struct.unpack_from(">H", data, at + 6)[0] // 2
    ends, starts = at + 14, at + 16 + count * 2
    for place in range(count):
        last = struct.unpack_from(">H", data, ends + place * 2)[0]
        first, delta = (struct.unpack_from(">H", data, starts + n * count * 2 + place * 2)[0] for n in (0, 1))
        slot = starts + count * 4 + place * 2
        shift = struct.unpack_from(">H", data, slot)[0]
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if shift:
                glyph = struct.unpack_from(">H", data, slot + shift + (code - first) * 2)[0]
                if not glyph:
                    continue
            found[code] = (glyph + delta) & 0xFFFF
    return {code: glyph for code, glyph in found.items() if glyph}


def _outline(font: FontFile, glyph: int) -> bytes:
    is_long = struct.unpack_from(">h", font.table(b"head"), 50)[0]
    loca = font.tables[b"loca"][0]
    if is_long:
        a, b = struct.unpack_from(">LL", font.data, loca + glyph * 4)
    else:
        a, b = (value * 2 for value in struct.unpack_from(">HH", font.data, loca + glyph * 2))
    start = font.tables[b"glyf"][0]
    return font.data[start + a : start + b]


def _parts(outline: bytes) -> list[tuple[int, int]]:
    """The glyphs that a composed glyph is made of, with the places of their numbers in its bytes."""
    found: list[tuple[int, int]] = []
    if len(outline) < 10 or struct.unpack_from(">h", outline)[0] >= 0:
        return found
    at, flags = 10, 0x20
    while flags & 0x20:
        flags, glyph = struct.unpack_from(">HH", outline, at)
        found.append((at + 2, glyph))
        at += 4 + (4 if flags & 1 else 2)
        at += 2 if flags & 8 else 4 if flags & 0x40 else 8 if flags & 0x80 else 0
    return found


def _with_parts(font: FontFile, glyphs: list[int]) -> list[int]:
    found = list(glyphs)
    for glyph in found:
        for _, part in _parts(_outline(font, glyph)):
            if part not in found:
                found.append(part)
    return found


def _outlines(font: FontFile, glyphs: list[int]) -> tuple[bytes, bytes]:
    out, places = bytearray(), [0]
    for glyph in glyphs:
        outline = bytearray(_outline(font, glyph))
        for at, part in _parts(bytes(outline)):
            struct.pack_into(">H", outline, at, glyphs.index(part))
        out += outline + b"\0" * (-len(outline) % 4)
        places.append(len(out))
    return bytes(out), struct.pack(f">{len(places)}L", *places)


def _headers(font: FontFile, glyphs: list[int]) -> dict[bytes, bytes]:
    head = bytearray(font.table(b"head"))
    struct.pack_into(">L", head, 8, 0)
    struct.pack_into(">h", head, 50, 1)
    hhea = bytearray(font.table(b"hhea"))
    struct.pack_into(">H", hhea, 34, len(glyphs))
    maxp = bytearray(font.table(b"maxp"))
    struct.pack_into(">H", maxp, 4, len(glyphs))
    sides = b"".join(font.side(glyph) for glyph in glyphs)
    return {b"head": bytes(head), b"hhea": bytes(hhea), b"maxp": bytes(maxp), b"hmtx": sides}


def _cmap_of(numbers: Mapping[str, int]) -> bytes:
    groups = b"".join(
        struct.pack(">LLL", ord(each), ord(each), glyph) for each, glyph in sorted(numbers.items())
    )
    wide = struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(numbers)) + groups
    basic = [(ord(each), glyph) for each, glyph in sorted(numbers.items()) if ord(each) < 0xFFFF]
    ends = [*(code for code, _ in basic), 0xFFFF]
    deltas = [*((glyph - code) & 0xFFFF for code, glyph in basic), 1]
    count = len(ends)
    power = 1 << (count.bit_length() - 1)
    narrow = struct.pack(
        f">7H{count}HH{count}H{count}H{count}H",
        *(4, 16 + count * 8, 0, count * 2, power * 2, power.bit_length() - 1, (count - power) * 2),
        *(*ends, 0, *ends, *deltas, *([0] * count)),
    )
    head = struct.pack(">HHHHLHHL", 0, 2, 3, 1, 20, 3, 10, 20 + len(narrow))
    return head + narrow + wide


def _name_of(name: str) -> bytes:
    raw = name.encode("utf-16-be")
    records = b"".join(struct.pack(">6H", 3, 1, 0x409, which, len(raw), 0) for which in (1, 4, 6))
    return struct.pack(">HHH", 0, 3, 6 + len(records)) + records + raw


def _file(tables: Mapping[bytes, bytes], *, is_cff: bool) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    head = (b"OTTO" if is_cff else b"\0\1\0\0") + struct.pack(
        ">HHHH", count, power * 16, power.bit_length() - 1, (count - power) * 16
    )
    at = 12 + count * 16
    records, bodies = b"", b""
    for tag, body in sorted(tables.items()):
        padded = body + b"\0" * (-len(body) % 4)
        total = sum(struct.unpack(f">{len(padded) // 4}L", padded)) & 0xFFFFFFFF
        records += struct.pack(">4sLLL", tag, total, at, len(body))
        bodies += padded
        at += len(padded)
    return head + records + bodies
