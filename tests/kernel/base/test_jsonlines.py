"""A file of JSON lines is read to its end whatever stands in it, and every line is accounted for."""

import io
import json

import pytest

from yiwang.kernel.base import jsonlines
from yiwang.kernel.base.jsonlines import Line, parse_line, read_lines

GOOD = json.dumps({"id": 1, "text": "水管漏水"}, ensure_ascii=False)


def read(raw: bytes) -> list[Line]:
    """The lines of a file with these bytes."""
    return list(read_lines(io.BytesIO(raw)))


def test_lines_keep_their_numbers_over_blank_ones() -> None:
    lines = read(f"{GOOD}\n\n   \r\n{GOOD}".encode())
    assert [line.number for line in lines] == [1, 4]
    assert [line.fields for line in lines] == [{"id": 1, "text": "水管漏水"}] * 2


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read(b"\xef\xbb\xbf" + GOOD.encode()) == [Line(1, {"id": 1, "text": "水管漏水"})]


def test_windows_line_ends_are_no_fault() -> None:
    assert [line.reason for line in read(f"{GOOD}\r\n{GOOD}\r\n".encode())] == ["", ""]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (GOOD.encode("gb18030"), jsonlines.LOOKS_GBK),
        (b'{"id": 1, "text": "\xff\xff\xff"}', jsonlines.NOT_UTF8),
        (b'{"id": 1, "text": "a\x00b"}', jsonlines.HAS_NUL),
        (b'{"id": 1, "text": "a\\u0000b"}', jsonlines.HAS_NUL),
        (b'{"id": 1, "text": "a\\ud800b"}', jsonlines.HALF_CHARACTER),
        (b'{"a\\udfff": 1}', jsonlines.HALF_CHARACTER),
        (b'{"id": 1', jsonlines.NOT_JSON),
        (b'{"id": NaN}', jsonlines.NOT_JSON),
        (b'{"id": ' + b"9" * 5000 + b"}", jsonlines.NOT_JSON),
        (b"[" * 100_000, jsonlines.TOO_DEEP),
        (b'{"a":' * 50_000, jsonlines.TOO_DEEP),
        (b"[1]", jsonlines.NOT_AN_OBJECT),
        (b"null", jsonlines.NOT_AN_OBJECT),
        (b'{"id": 1, "id": 2}', jsonlines.FIELD_TWICE),
        (b'{"id": 1, "more": [{"a": 1, "a": 1}]}', jsonlines.FIELD_TWICE),
    ],
)
def test_a_broken_line_says_why(raw: bytes, reason: str) -> None:
    assert parse_line(7, raw) == Line(7, reason=reason)


def test_a_whole_emoji_is_no_half_character() -> None:
    assert parse_line(1, b'{"t": "\\ud83d\\ude00"}').fields == {"t": "😀"}


def test_utf_16_is_recognised_line_by_line() -> None:
    lines = read(f"{GOOD}\n{GOOD}\n".encode("utf-16"))
    assert [(line.number, line.reason) for line in lines] == [(n, jsonlines.LOOKS_UTF16) for n in (1, 2)]


def test_a_line_too_long_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlines, "MOST_BYTES", 100)
    long = b'{"text": "' + b"x" * 350 + b'"}\n'
    lines = read(GOOD.encode() + b"\n" + long + GOOD.encode() + b"\n" + long.rstrip())
    assert [(line.number, line.reason) for line in lines] == [
        (1, ""),
        (2, jsonlines.TOO_LONG),
        (3, ""),
        (4, jsonlines.TOO_LONG),
    ]
