"""Which characters a font can show, read from the font file itself; nothing else of the font is looked at."""

import struct
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MISSING = "□"
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_LEGIBLE = set("\n \u3000\u00a0")


@dataclass(frozen=True)
class Coverage:
    """The characters that a set of fonts can show together, as a bit for each code point."""

    bits: bytes

    def __contains__(self, character: str) -> bool:
        place = ord(character)
        return bool(self.bits[place >> 3] >> (place & 7) & 1)

    def legible(self, text: str) -> tuple[str, list[str]]:
        """The text with what can't be shown replaced by a box, and what was replaced ("U+20BB7").

        Invisible and unassigned characters are dropped. A word of a script that no font has becomes one box.
        """
        shown: list[str] = []
        missing: list[str] = []
        after_box = False
        for character in text:
            if character in _LEGIBLE or character in self:
                shown.append(character)
                after_box = False
                continue
            if unicodedata.category(character) in _UNSEEN:
                continue
            missing.append(f"U+{ord(character):04X}")
            if not (after_box and not _is_han(character)):
                shown.append(MISSING)
            after_box = not _is_han(character)
        return "".join(shown), missing


def coverage(paths: Iterable[Path]) -> Coverage:
    """What the fonts of the given files can show; a file that isn't a plain font adds nothing."""
    bits = bytearray(0x110000 >> 3)
    for path in paths:
        for first, last in _ranges(path.read_bytes()):
            for place in range(first, min(last, 0x10FFFF) + 1):
                bits[place >> 3] |= 1 << (place & 7)
    return Coverage(bytes(bits))


def _is_han(character: str) -> bool:
    return unicodedata.name(character, "").startswith(("CJK ", "KANGXI "))


def _ranges(font: bytes) -> list[tuple[int, int]]:
    """The ranges of code points of a font's `cmap` table (formats 4 and 12 of OpenType)."""
    try:
        (tables,) = struct.unpack_from(">H", font, 4)
        for number in range(tables):
            tag, _, start, _ = struct.unpack_from(">4sIII", font, 12 + 16 * number)
            if tag == b"cmap":
                return _best_table(font, start)
    except struct.error:
        pass
    return []


def _best_table(font: bytes, start: int) -> list[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", font, start + 2)
    by_format: dict[int, int] = {}
    for number in range(count):
        platform, _, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * number)
        if platform in (0, 3):
            (form,) = struct.unpack_from(">H", font, start + offset)
            by_format[form] = start + offset
    if 12 in by_format:
        place = by_format[12]
        (groups,) = struct.unpack_from(">I", font, place + 12)
        return [struct.unpack_from(">II", font, place + 16 + 12 * number) for number in range(groups)]
    if 4 in by_format:
        place = by_format[4]
        segments = struct.unpack_from(">H", font, place + 6)[0] // 2
        ends = struct.unpack_from(f">{segments}H", font, place + 14)
        starts = struct.unpack_from(f">{segments}H", font, place + 16 + 2 * segments)
        return [(first, last) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF]
    return []
