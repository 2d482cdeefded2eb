"""Cutting a CFF font program down to some glyphs, as a CID-keyed program without subroutines.

Subroutines are written out in place, once for each glyph and kept, so that a warm document only copies bytes.
"""

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

STEMS = frozenset({1, 3, 18, 23})
MASKS = frozenset({19, 20})
Dict = dict[int, tuple[list[float], bytes]]


def index_at(data: bytes, at: int) -> tuple[list[tuple[int, int]], int]:
    """The extents of an INDEX's objects, and where the INDEX ends."""
    count = struct.unpack_from(">H", data, at)[0]
    if not count:
        return [], at + 2
    size = data[at + 2]
    base = at + 3
    offsets = [
        int.from_bytes(data[base + place * size : base + (place + 1) * size], "big")
        for place in range(count + 1)
    ]
    start = base + (count + 1) * size - 1
    extents = [(start + a, start + b) for a, b in zip(offsets, offsets[1:], strict=False)]
    return extents, start + offsets[-1]


def index_of(parts: Sequence[bytes]) -> bytes:
    """Write an INDEX."""
    if not parts:
        return b"\0\0"
    offsets = [1]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    size = (offsets[-1].bit_length() + 7) // 8
    head = struct.pack(">HB", len(parts), size)
    return head + b"".join(offset.to_bytes(size, "big") for offset in offsets) + b"".join(parts)


def dict_of(data: bytes) -> Dict:
    """A DICT's operators (12 x as 1200 + x) with their operands and the operands' own bytes."""
    found: Dict = {}
    at = start = 0
    operands: list[float] = []
    while at < len(data):
        first = data[at]
        if first <= 21:
            operator, width = (1200 + data[at + 1], 2) if first == 12 else (first, 1)
            found[operator] = (operands, data[start:at])
            at += width
            start, operands = at, []
            continue
        value, at = _operand(data, at)
        operands.append(value)
    return found


def _operand(data: bytes, at: int) -> tuple[float, int]:
    first = data[at]
    if first == 28:
        return struct.unpack_from(">h", data, at + 1)[0], at + 3
    if first == 29:
        return struct.unpack_from(">i", data, at + 1)[0], at + 5
    if first == 30:
        at += 1
        while data[at] & 15 != 15 and data[at] >> 4 != 15:
            at += 1
        return 0.0, at + 1
    if first <= 246:
        return first - 139, at + 1
    if first <= 250:
        return (first - 247) * 256 + data[at + 1] + 108, at + 2
    return -(first - 251) * 256 - data[at + 1] - 108, at + 2


def _operator(operator: int) -> bytes:
    return bytes((12, operator - 1200)) if operator >= 1200 else bytes((operator,))


def _int(value: int) -> bytes:
    return b"\x1d" + struct.pack(">i", value)


@dataclass
class _Flat:
    """A charstring being written out: its bytes, the operands on the stack, the stem hints seen."""

    out: bytearray = field(default_factory=bytearray)
    stack: list[tuple[float, int]] = field(default_factory=list)
    stems: int = 0
    is_ended: bool = False


class CffProgram:
    """A CFF program, opened for cutting."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        _, at = index_at(data, data[2])
        tops, at = index_at(data, at)
        self.top = dict_of(data[slice(*tops[0])])
        _, at = index_at(data, at)
        self.globals, _ = index_at(data, at)
        self.glyphs, _ = index_at(data, int(self.top[17][0][0]))
        self._flat: dict[int, bytes] = {}

    @cached_property
    def privates(self) -> list[tuple[Dict, list[tuple[int, int]]]]:
        """Each font dictionary's private values with its local subroutines."""
        if 1236 in self.top:
            extents, _ = index_at(self.data, int(self.top[1236][0][0]))
            dicts = [dict_of(self.data[a:b]) for a, b in extents]
        else:
            dicts = [self.top]
        found = []
        for each in dicts:
            size, offset = (int(value) for value in each[18][0])
            private = dict_of(self.data[offset : offset + size])
            local: list[tuple[int, int]] = []
            if 19 in private:
                local, _ = index_at(self.data, offset + int(private[19][0][0]))
            found.append((private, local))
        return found

    @cached_property
    def selected(self) -> bytes:
        """The font dictionary of each glyph."""
        if 1237 not in self.top:
            return bytes(len(self.glyphs))
        at = int(self.top[1237][0][0])
        if self.data[at] == 0:
            return self.data[at + 1 : at + 1 + len(self.glyphs)]
        count = struct.unpack_from(">H", self.data, at + 1)[0]
        out = bytearray()
        for place in range(count):
            first, which, following = struct.unpack_from(">HBH", self.data, at + 3 + place * 3)
            out += bytes((which,)) * (following - first)
        return bytes(out)

    def flat(self, glyph: int) -> bytes:
        """A glyph's charstring with its subroutines written out in place."""
        kept = self._flat.get(glyph)
        if kept is None:
            state = _Flat()
            self._run(*self.glyphs[glyph], state, self.privates[self.selected[glyph]][1])
            kept = self._flat[glyph] = bytes(state.out)
        return kept

    def _run(self, at: int, end: int, state: _Flat, local: list[tuple[int, int]]) -> None:
        data, out, stack = self.data, state.out, state.stack
        while at < end and not state.is_ended:
            first = data[at]
            if first >= 32 or first == 28:
                value, width = _number(data, at)
                stack.append((value, len(out)))
                out += data[at : at + width]
                at += width
            elif first in (10, 29):
                which, place = stack.pop()
                del out[place:]
                subrs = local if first == 10 else self.globals
                self._run(*subrs[int(which) + _bias(len(subrs))], state, local)
                at += 1
            elif first == 11:
                return
            else:
                at = self._operate(at, state)

    def _operate(self, at: int, state: _Flat) -> int:
        first = self.data[at]
        width = 2 if first == 12 else 1
        if first in STEMS or first in MASKS:
            state.stems += len(state.stack) // 2
        if first in MASKS:
            width += (state.stems + 7) // 8
        state.out += self.data[at : at + width]
        state.stack.clear()
        state.is_ended = first == 14
        return at + width

    def subset(self, glyphs: Sequence[int], *, name: str) -> bytes:
        """A CID-keyed program with these glyphs, numbered as they come; the first must be glyph 0."""
        strings = [self.flat(glyph) for glyph in glyphs]
        used = sorted({self.selected[glyph] for glyph in glyphs})
        select = b"\0" + bytes(used.index(self.selected[glyph]) for glyph in glyphs)
        charset = struct.pack(">BHH", 2, 1, len(glyphs) - 2)
        privates = [_private(self.privates[which][0]) for which in used]
        names = index_of([name.encode("ascii")])
        texts = index_of([b"Adobe", b"Identity"])
        box = self.top.get(5, ([], b"\x8b\x8b\x8b\x8b"))[1]

        def top(charset_at: int, select_at: int, strings_at: int, dicts_at: int) -> bytes:
            ros = _int(391) + _int(392) + _int(0) + _operator(1230)
            return index_of(
                [
                    ros
                    + box
                    + _operator(5)
                    + _int(len(glyphs))
                    + _operator(1234)
                    + _int(charset_at)
                    + _operator(15)
                    + _int(select_at)
                    + _operator(1237)
                    + _int(strings_at)
                    + _operator(17)
                    + _int(dicts_at)
                    + _operator(1236)
                ]
            )

        head = b"\x01\x00\x04\x04" + names
        at = len(head) + len(top(0, 0, 0, 0)) + len(texts) + 2
        charset_at, select_at = at, at + len(charset)
        strings_at = select_at + len(select)
        body = index_of(strings)
        privates_at = strings_at + len(body)
        dicts = []
        for private in privates:
            dicts.append(_int(len(private)) + _int(privates_at) + _operator(18))
            privates_at += len(private)
        return b"".join(
            (
                head,
                top(charset_at, select_at, strings_at, privates_at),
                texts,
                b"\0\0",
                charset,
                select,
                body,
                *privates,
                index_of(dicts),
            )
        )


def _number(data: bytes, at: int) -> tuple[float, int]:
    first = data[at]
    if first == 28:
        return struct.unpack_from(">h", data, at + 1)[0], 3
    if first <= 246:
        return first - 139, 1
    if first <= 250:
        return (first - 247) * 256 + data[at + 1] + 108, 2
    if first <= 254:
        return -(first - 251) * 256 - data[at + 1] - 108, 2
    return struct.unpack_from(">i", data, at + 1)[0] / 65536, 5


def _bias(count: int) -> int:
    return 107 if count < 1240 else 1131 if count < 33900 else 32768


def _private(values: Dict) -> bytes:
    parts: Iterable[bytes] = (
        raw + _operator(operator) for operator, (_, raw) in values.items() if operator != 19
    )
    return b"".join(parts)
