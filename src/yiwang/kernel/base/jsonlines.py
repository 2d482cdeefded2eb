"""Reading files with one JSON object a line, as other systems send them: every line is accounted for.

A line that can't be read comes back with its number and the reason in a sentence; the rest is not affected.
"""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from yiwang.kernel.base.text import N_

MOST_BYTES = 8 * 1024 * 1024
"""Bytes that one line may have; a longer one is passed over without being held in memory."""

NOT_UTF8 = N_("The line isn't UTF-8.")
LOOKS_GBK = N_("The line isn't UTF-8; it looks like GB18030 (GBK). Save the file as UTF-8.")
LOOKS_UTF16 = N_("The file is UTF-16. Save it as UTF-8.")
TOO_LONG = N_("The line has more than 8 MiB.")
HAS_NUL = N_("The line contains a NUL character.")
HALF_CHARACTER = N_("The line contains half a character (an unpaired surrogate).")
NOT_JSON = N_("The line isn't JSON.")
TOO_DEEP = N_("The JSON is nested too deeply.")
NOT_AN_OBJECT = N_("The line is JSON, but not an object with fields.")
FIELD_TWICE = N_("A field stands twice in the line.")

_SURROGATE = re.compile("[\ud800-\udfff]")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Line:
    """One line of a file: its number, and its fields or the reason why they can't be read."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


class _FieldTwice(ValueError):
    """An object names a field twice, so that nobody knows which is meant."""


def read_lines(file: BinaryIO) -> Iterator[Line]:
    """Every line of a file in order; blank lines are passed over but keep their number.

    A byte-order mark of UTF-8 is dropped. Memory stays small however long the file is.
    """
    numbered: Iterable[tuple[int, bytes | None]] = enumerate(_raw_lines(file), start=1)
    is_utf16 = False
    for number, raw in numbered:
        if number == 1 and raw is not None and raw.startswith(_UTF16):
            is_utf16 = True
        if raw is None:
            yield Line(number, reason=TOO_LONG)
        elif is_utf16:
            if raw.strip(b"\x00\r\n "):
                yield Line(number, reason=LOOKS_UTF16)
        elif raw.removeprefix(codecs.BOM_UTF8).strip():
            yield parse_line(number, raw)


def parse_line(number: int, raw: bytes) -> Line:
    """One line's fields, or why they can't be read."""
    try:
        text = raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return Line(number, reason=_encoding_fault(raw))
    if "\x00" in text:
        return Line(number, reason=HAS_NUL)
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse_constant)
        has_nul, is_torn = _blemishes(value)
    except RecursionError:
        return Line(number, reason=TOO_DEEP)
    except _FieldTwice:
        return Line(number, reason=FIELD_TWICE)
    except ValueError:
        return Line(number, reason=NOT_JSON)
    if not isinstance(value, dict):
        return Line(number, reason=NOT_AN_OBJECT)
    if has_nul:
        return Line(number, reason=HAS_NUL)
    if is_torn:
        return Line(number, reason=HALF_CHARACTER)
    return Line(number, fields=value)


def _raw_lines(file: BinaryIO) -> Iterator[bytes | None]:
    """The lines as bytes; nothing in the place of one that is too long."""
    while raw := file.readline(MOST_BYTES + 1):
        if len(raw) <= MOST_BYTES:
            yield raw
            continue
        while raw and not raw.endswith(b"\n"):
            raw = file.readline(MOST_BYTES + 1)
        yield None


def _encoding_fault(raw: bytes) -> str:
    try:
        raw.decode("gb18030")
    except UnicodeDecodeError:
        return NOT_UTF8
    return LOOKS_GBK


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise _FieldTwice
    return fields


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def _blemishes(value: Any) -> tuple[bool, bool]:
    """Whether a NUL or half a character stands anywhere in the names and texts of a value."""
    has_nul = is_torn = False
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str):
            has_nul = has_nul or "\x00" in found
            is_torn = is_torn or _SURROGATE.search(found) is not None
        elif isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            waiting += found
    return has_nul, is_torn
