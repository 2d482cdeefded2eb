"""What kind of file these bytes are, which kinds are taken, and which part of one is asked for; pure."""

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import quote

HEAD = 4096
"""Bytes at the beginning by which most kinds are told."""

LOOKED_AT = 1 << 20
"""Bytes of a text that must be plain."""

OFFICE_OPEN = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

KINDS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/webp": "webp",
    "image/heic": "heic",
    "application/pdf": "pdf",
    OFFICE_OPEN["word/"]: "docx",
    OFFICE_OPEN["xl/"]: "xlsx",
    OFFICE_OPEN["ppt/"]: "pptx",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "text/plain": "txt",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/wav": "wav",
    "video/mp4": "mp4",
    "application/zip": "zip",
}
"""Every kind that is known, with the ending by which it's named."""

PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/gif"})
DOCUMENTS = frozenset(
    {"application/pdf", "application/msword", "application/vnd.ms-excel", "text/plain", *OFFICE_OPEN.values()}
)
RECORDINGS = frozenset({"audio/mpeg", "audio/mp4", "audio/wav", "video/mp4"})
EVIDENCE = PHOTOS | DOCUMENTS | RECORDINGS
"""What people may hand in with a matter; archives are not among it."""

SHOWN_INLINE = (PHOTOS - {"image/heic"}) | RECORDINGS | {"application/pdf"}
"""Kinds that a browser shows by itself; everything else is downloaded."""


@dataclass(frozen=True)
class Range:
    """Bytes from `start` up to, not including, `end`."""

    start: int
    end: int


class RangeUnsatisfiable(ValueError):
    """The part asked for lies outside the file."""


def media_type_of(file: BinaryIO) -> str | None:
    """The kind of a file by its bytes, whatever its name or the browser says; nothing if it isn't known.

    Reads from the beginning and leaves the file there.
    """
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        kind = _kind_of_zip(file)
        file.seek(0)
        return kind
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _kind_of_compound(file)
    return _kind_by_mark(head) or ("text/plain" if _is_text(file) else None)


def _kind_by_mark(head: bytes) -> str | None:
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _kind_by_brand(head[8:12])
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head.startswith(b"ID3") or (len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "audio/mpeg"
    return None


def _kind_by_brand(brand: bytes) -> str | None:
    if brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"):
        return "image/heic"
    if brand in (b"M4A ", b"M4B "):
        return "audio/mp4"
    if brand[:3] in (b"iso", b"mp4", b"avc", b"M4V", b"MSN", b"3gp"):
        return "video/mp4"
    return None


def _kind_of_zip(file: BinaryIO) -> str | None:
    """An office document by its parts; macros make it unwelcome; else a plain archive."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return "application/zip"
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return None
    return next(
        (kind for folder, kind in OFFICE_OPEN.items() if any(n.startswith(folder) for n in names)), None
    )


def _kind_of_compound(file: BinaryIO) -> str | None:
    """Old Word or Excel by the names in the directory of the compound file."""
    content = file.read(4 << 20)
    file.seek(0)
    if "WordDocument".encode("utf-16-le") in content:
        return "application/msword"
    if "Workbook".encode("utf-16-le") in content or "Book\x00".encode("utf-16-le") in content:
        return "application/vnd.ms-excel"
    return None


def _is_text(file: BinaryIO) -> bool:
    """Plain text in UTF-8 or GB 18030 without control characters; a page or a script isn't plain."""
    content = file.read(LOOKED_AT)
    file.seek(0)
    if not content or re.search(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]", content):
        return False
    if re.match(rb"(\xef\xbb\xbf)?\s*(<|#!)", content):
        return False
    for encoding in ("utf-8", "gb18030"):
        # Of a longer text, the last character may have been cut in the middle.
        for cut in range(4 if len(content) == LOOKED_AT else 1):
            try:
                content[: len(content) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False


def without_place(photo: bytes) -> bytes:
    """A JPEG without what the camera wrote about place, time and owner; only its orientation is kept.

    Removes the segments APP1 to APP15 except colour (APP2 ICC, APP14 Adobe) and comments, and puts back a
    small Exif segment with the orientation. Pictures it can't follow come back as they are.
    """
    if not photo.startswith(b"\xff\xd8"):
        return photo
    kept = [b"\xff\xd8"]
    orientation = 1
    place = 2
    while place + 4 <= len(photo) and photo[place] == 0xFF:
        marker = photo[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == 0xDA:
            break
        length = int.from_bytes(photo[place + 2 : place + 4], "big")
        segment = photo[place : place + 2 + length]
        if length < 2 or len(segment) < 2 + length:
            return photo
        if marker == 0xE1 and segment[4:10] == b"Exif\x00\x00":
            orientation = _orientation(segment[10:])
        is_colour = (marker == 0xE2 and segment[4:15] == b"ICC_PROFILE") or marker == 0xEE
        if is_colour or not (0xE1 <= marker <= 0xEF or marker == 0xFE):
            kept.append(segment)
        place += 2 + length
    else:
        return photo
    if orientation != 1:
        kept.insert(1, _exif_with(orientation))
    return b"".join(kept) + photo[place:]


def _plain_png(photo: bytes) -> bytes:
    """A PNG without its texts, its Exif and its time; one that can't be followed comes back as it is."""
    kept, place = [photo[:8]], 8
    while place + 12 <= len(photo):
        end = place + 12 + int.from_bytes(photo[place : place + 4], "big")
        kind = photo[place + 4 : place + 8]
        if end > len(photo):
            return photo
        if kind not in (b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"):
            kept.append(photo[place:end])
        place = end
        if kind == b"IEND":
            return b"".join(kept)
    return photo


def _plain_webp(photo: bytes) -> bytes:
    """A WebP without its Exif and XMP; one that can't be followed comes back as it is."""
    kept, place = list[bytes](), 12
    while place + 8 <= len(photo):
        kind, size = photo[place : place + 4], int.from_bytes(photo[place + 4 : place + 8], "little")
        end = place + 8 + size + size % 2
        part = photo[place:end]
        if place + 8 + size > len(photo):
            return photo
        if kind == b"VP8X" and size:
            part = part[:8] + bytes((part[8] & ~0x0C,)) + part[9:]
        if kind not in (b"EXIF", b"XMP "):
            kept.append(part)
        place = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body if kept else photo


CLEANERS = {"image/jpeg": without_place, "image/png": _plain_png, "image/webp": _plain_webp}
"""How a photo of each kind loses what a camera or a program wrote into it about place, time and owner."""


def _orientation(tiff: bytes) -> int:
    """The orientation tag of an Exif block, 1 (upright) when there is none."""
    order = {b"II": "little", b"MM": "big"}.get(tiff[:2])
    if order is None:
        return 1

    def number(place: int, size: int) -> int:
        return int.from_bytes(tiff[place : place + size], order)  # type: ignore[arg-type]

    start = number(4, 4)
    for entry in range(number(start, 2)):
        place = start + 2 + 12 * entry
        if number(place, 2) == 0x0112:
            value = number(place + 8, 2)
            return value if 1 <= value <= 8 else 1
        if place > len(tiff):
            break
    return 1


def _exif_with(orientation: int) -> bytes:
    tiff = (
        b"MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01"
        + bytes((0, orientation, 0, 0))
        + b"\x00" * 4
    )
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


def range_asked(header: str | None, size: int) -> Range | None:
    """The one range that a `Range` header asks for; nothing when the whole file is meant.

    A header that can't be read, or asks for several ranges, is answered with the whole file, as RFC 9110
    allows. Raises `RangeUnsatisfiable`.
    """
    match = re.fullmatch(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", header or "", re.ASCII)
    if match is None:
        return None
    first, last = match.groups()
    if len(first) > 18 or len(last) > 18:
        raise RangeUnsatisfiable(header)
    if not first:
        if not last:
            return None
        length = min(int(last), size)
        if length == 0:
            raise RangeUnsatisfiable(header)
        return Range(size - length, size)
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    if start >= size:
        raise RangeUnsatisfiable(header)
    return Range(start, end)


def disposition(filename: str, *, is_inline: bool) -> str:
    """A `Content-Disposition` for any name: plain ASCII for old browsers, UTF-8 beside it (RFC 6266, 5987)."""
    name = shown_name(filename)
    plain = re.sub(r"[^ !#-\[\]-~]", "_", name).strip() or "file"
    kind = "inline" if is_inline else "attachment"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def shown_name(filename: str, *, longest: int = 150) -> str:
    """A file name without folders, control and direction marks, of bearable length, keeping its ending."""
    name = re.split(r"[/\\]", filename)[-1]
    name = name.encode("utf-8", "replace").decode("utf-8")
    name = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", name).strip(" .")
    if len(name) > longest:
        stem, dot, ending = name.rpartition(".")
        name = (
            stem[: longest - len(ending) - 1] + dot + ending if dot and len(ending) < 12 else name[:longest]
        )
    return name or "file"


def endings(kinds: Iterable[str]) -> list[str]:
    """The endings of kinds, for telling people what is taken."""
    return sorted(KINDS[kind] for kind in kinds)
