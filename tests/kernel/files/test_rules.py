"""Kinds by bytes, photos without place, parts, names."""

import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.files.rules import (
    CLEANERS,
    EVIDENCE,
    KINDS,
    SHOWN_INLINE,
    Range,
    RangeUnsatisfiable,
    disposition,
    endings,
    media_type_of,
    range_asked,
    shown_name,
    without_place,
)


def archive(*names: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return content.getvalue()


def compound(name: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + name.encode("utf-16-le") + b"\x00" * 100


def exif(orientation: int, *, order: str = "<") -> bytes:
    mark = b"II*\x00" if order == "<" else b"MM\x00*"
    entries = struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack(
        order + "HHII", 0x8825, 4, 1, 99
    )
    tiff = mark + struct.pack(order + "IH", 8, 2) + entries + b"\x00" * 4 + b"GPS 28.2N 112.9E"
    return segment(0xE1, b"Exif\x00\x00" + tiff)


def segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


TABLE = segment(0xDB, b"\x00" * 65)
SCAN = segment(0xDA, b"\x00" * 6) + b"picture\xff\xe1data" + b"\xff\xd9"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0" + b"\x00" * 20, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, "image/png"),
        (b"GIF89a" + b"\x00" * 20, "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"RIFF\x00\x00\x00\x00AVI LIST", None),
        (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 20, "image/heic"),
        (b"\x00\x00\x00\x18ftypM4A " + b"\x00" * 20, "audio/mp4"),
        (b"\x00\x00\x00\x18ftypisom" + b"\x00" * 20, "video/mp4"),
        (b"\x00\x00\x00\x18ftypqqqq" + b"\x00" * 20, None),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xef\xbb\xbf\n%PDF-1.4\n\x00", "application/pdf"),
        (b"ID3\x03\x00" + b"\x00" * 20, "audio/mpeg"),
        (b"\xff\xfb\x90\x00" + b"\x00" * 20, "audio/mpeg"),
        (
            archive("[Content_Types].xml", "word/document.xml"),
            next(k for k, e in KINDS.items() if e == "docx"),
        ),
        (archive("[Content_Types].xml", "xl/workbook.xml"), next(k for k, e in KINDS.items() if e == "xlsx")),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (archive("[Content_Types].xml", "other"), None),
        (archive("a.txt"), "application/zip"),
        (b"PK\x03\x04 not an archive", None),
        (compound("WordDocument"), "application/msword"),
        (compound("Workbook"), "application/vnd.ms-excel"),
        (compound("Macros"), None),
        ("我要反映问题。\r\n".encode(), "text/plain"),
        ("我要反映问题".encode("gb18030"), "text/plain"),
        ("界".encode() * 349526, "text/plain"),
        (b"<html><script>alert(1)</script>", None),
        (b"\xef\xbb\xbf <svg onload=alert(1)>", None),
        (b"#!/bin/sh\n", None),
        (b"MZ\x90\x00\x03", None),
        (b"\x7fELF\x02\x01", None),
        (b"\xff\xff\xff", None),
        (b"", None),
    ],
)
def test_the_kind_is_told_by_the_bytes(content: bytes, kind: str | None) -> None:
    file = BytesIO(content)
    assert media_type_of(file) == kind
    assert file.tell() == 0


@given(st.binary(max_size=200))
def test_any_bytes_have_a_known_kind_or_none(content: bytes) -> None:
    assert media_type_of(BytesIO(content)) in {*KINDS, None}


def test_archives_are_no_evidence_and_documents_are_not_shown_inline() -> None:
    assert "application/zip" not in EVIDENCE
    assert "application/msword" not in SHOWN_INLINE
    assert "text/plain" not in SHOWN_INLINE
    assert endings(["image/png", "application/pdf"]) == ["pdf", "png"]


@pytest.mark.parametrize("order", ["<", ">"])
def test_a_photo_loses_its_place_and_keeps_its_orientation(order: str) -> None:
    jfif, colour = segment(0xE0, b"JFIF\x00" + b"\x00" * 9), segment(0xE2, b"ICC_PROFILE\x00\x01\x01profile")
    maker, comment = segment(0xED, b"Photoshop 3.0\x00place"), segment(0xFE, b"taken at home")
    photo = b"\xff\xd8" + jfif + exif(6, order=order) + colour + maker + comment + TABLE + SCAN
    cleaned = without_place(photo)
    small = cleaned[2:].split(jfif)[0]
    assert cleaned == b"\xff\xd8" + small + jfif + colour + TABLE + SCAN
    assert small.startswith(b"\xff\xe1\x00\x22Exif\x00\x00MM")
    assert without_place(cleaned) == cleaned


def test_an_upright_photo_needs_no_exif() -> None:
    assert without_place(b"\xff\xd8" + exif(1) + TABLE + SCAN) == b"\xff\xd8" + TABLE + SCAN


@pytest.mark.parametrize(
    "photo",
    [
        b"\xff\xd8",
        b"\xff\xd8\xff\xe1\xff\xff",
        b"\xff\xd8" + TABLE,
        b"\x89PNG",
        b"",
        b"\xff\xd8\xff\xe1\x00\x00\x00",
    ],
)
def test_a_picture_that_cannot_be_followed_comes_back_as_it_is(photo: bytes) -> None:
    assert without_place(photo) == photo


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return len(body).to_bytes(4, "big") + kind + body + b"\x00" * 4


def part(kind: bytes, body: bytes) -> bytes:
    """A part of a WebP."""
    return kind + len(body).to_bytes(4, "little") + body + b"\x00" * (len(body) % 2)


def webp(*parts: bytes) -> bytes:
    """A WebP of these parts."""
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def test_a_png_loses_its_place_and_what_hangs_on_its_end() -> None:
    mark, head, data, end = (
        b"\x89PNG\r\n\x1a\n",
        chunk(b"IHDR", b"x" * 13),
        chunk(b"IDAT", b"y"),
        chunk(b"IEND", b""),
    )
    notes = chunk(b"eXIf", b"30.1N 120.2E") + chunk(b"tEXt", b"Author\x00me") + chunk(b"tIME", b"1234567")
    photo = mark + head + notes + data + end + b"<script>alert(1)</script>"
    assert CLEANERS["image/png"](photo) == mark + head + data + end
    assert CLEANERS["image/png"](photo[:40]) == photo[:40]


def test_a_webp_loses_its_place() -> None:
    canvas, picture = b"\x00" * 9, part(b"VP8 ", b"picture")
    photo = webp(
        part(b"VP8X", b"\x2c" + canvas), picture, part(b"EXIF", b"30.1N 120.2E"), part(b"XMP ", b"<me/>")
    )
    assert CLEANERS["image/webp"](photo) == webp(part(b"VP8X", b"\x20" + canvas), picture)
    assert CLEANERS["image/webp"](photo[:28]) == photo[:28]


@given(st.sampled_from(sorted(CLEANERS)), st.binary(max_size=300))
def test_cleaning_twice_is_cleaning_once(kind: str, rest: bytes) -> None:
    start = {
        "image/jpeg": b"\xff\xd8",
        "image/png": b"\x89PNG\r\n\x1a\n",
        "image/webp": b"RIFF\x00\x00\x00\x00WEBP",
    }
    cleaned = CLEANERS[kind](start[kind] + rest)
    assert CLEANERS[kind](cleaned) == cleaned


@given(st.binary(max_size=300))
def test_no_broken_picture_breaks_the_cleaning(rest: bytes) -> None:
    photo = b"\xff\xd8" + rest
    cleaned = without_place(photo)
    assert cleaned[:2] == b"\xff\xd8"
    assert len(cleaned) <= len(photo) + 36


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("", None),
        ("bytes=0-", Range(0, 100)),
        ("bytes=0-0", Range(0, 1)),
        ("bytes=10-19", Range(10, 20)),
        ("bytes=90-500", Range(90, 100)),
        ("bytes=-10", Range(90, 100)),
        ("bytes=-500", Range(0, 100)),
        (" bytes = 1 - 2 ", Range(1, 3)),
        ("bytes=-", None),
        ("bytes=5-4", None),
        ("bytes=0-1,5-6", None),
        ("lines=0-1", None),
        ("bytes=１-２", None),
    ],
)
def test_one_range_is_understood_and_the_rest_ignored(header: str | None, expected: Range | None) -> None:
    assert range_asked(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=200-300", "bytes=-0", "bytes=" + "9" * 5000 + "-"])
def test_a_range_outside_is_refused(header: str) -> None:
    with pytest.raises(RangeUnsatisfiable):
        range_asked(header, 100)


@given(st.integers(1, 1000), st.integers(0, 1200), st.integers(0, 1200))
def test_a_range_never_leaves_the_file(size: int, first: int, last: int) -> None:
    try:
        asked = range_asked(f"bytes={first}-{last}", size)
    except RangeUnsatisfiable:
        assert first >= size
        return
    expected = Range(first, min(last + 1, size)) if first <= last else None
    assert asked == expected


@pytest.mark.parametrize(
    ("filename", "header"),
    [
        ("a.pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf"),
        ("照片.jpg", "attachment; filename=\"__.jpg\"; filename*=UTF-8''%E7%85%A7%E7%89%87.jpg"),
        (
            'x";\r\nSet-Cookie: a=b.txt',
            "attachment; filename=\"x_;Set-Cookie: a=b.txt\"; filename*=UTF-8''x%22%3BSet-Cookie%3A%20a%3Db.txt",
        ),
    ],
)
def test_a_name_is_sent_for_old_and_new_browsers(filename: str, header: str) -> None:
    assert disposition(filename, is_inline=False) == header


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("C:\\fakepath\\照片.jpg", "照片.jpg"),
        ("../../etc/passwd", "passwd"),
        ("\u202egpj.exe", "gpj.exe"),
        ("..", "file"),
        ("", "file"),
        ("长" * 300 + ".docx", "长" * 145 + ".docx"),
        ("长" * 300, "长" * 150),
        ("\ud800a", "?a"),
    ],
)
def test_a_name_is_made_harmless(filename: str, name: str) -> None:
    assert shown_name(filename) == name


@given(st.text())
def test_any_name_makes_a_header_that_can_be_sent(filename: str) -> None:
    header = disposition(filename, is_inline=True)
    assert header.isascii()
    assert header.isprintable()
