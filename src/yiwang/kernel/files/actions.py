"""Taking files in."""

import errno
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from yiwang.kernel.files.faults import FileEmpty, FileRefused, FileTooLarge, KindNotAllowed, NoRoom
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.rules import CLEANERS, EVIDENCE, endings, media_type_of, shown_name
from yiwang.kernel.files.storage import PART, Storage, digest_of, storage

IN_MEMORY = 2 << 20
"""Bytes up to which a file is held in memory while it is looked at."""


def store(
    stream: BinaryIO,
    *,
    filename: str,
    at: datetime,
    limit_bytes: int,
    allowed: Collection[str] = EVIDENCE,
    keeps_place: bool = False,
    to: Storage | None = None,
) -> Blob:
    """Keep a file under its hash and return what is known of it; the same bytes are kept once.

    The kind is told by the bytes; `filename` decides nothing. What a camera wrote into a JPEG, PNG or WebP about place
    and owner is removed unless `keeps_place`. The file lies on the disk before the row is written; a row
    never points to nothing. Doesn't ask who may. Raises `FileEmpty`, `FileTooLarge`, `KindNotAllowed`,
    `NoRoom`.
    """
    with SpooledTemporaryFile(max_size=IN_MEMORY) as spooled:
        file = cast(BinaryIO, spooled)
        try:
            size = _take_in(stream, file, limit_bytes=limit_bytes)
            media_type = media_type_of(file)
            if media_type is None or media_type not in allowed:
                raise KindNotAllowed(endings(allowed))
            if media_type in CLEANERS and not keeps_place:
                cleaned = CLEANERS[media_type](file.read())
                file, size = BytesIO(cleaned), len(cleaned)
            file.seek(0)
            digest = digest_of(file)
            file.seek(0)
            (to or storage()).put(file, digest)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise NoRoom from error
            raise
    blob, _ = Blob.objects.get_or_create(
        digest=digest, defaults={"size": size, "media_type": media_type, "created_at": at}
    )
    return blob


@dataclass(frozen=True)
class Brought:
    """What became of several files sent together: those kept, each with its sender's name, and the rest."""

    kept: list[tuple[Blob, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def store_each(files: Iterable[Any], *, at: datetime, limit_bytes: int) -> Brought:
    """Keep each uploaded file that can be taken; for every other one there is a sentence with its name."""
    brought = Brought()
    for file in files:
        name = shown_name(file.name or "")
        try:
            brought.kept.append((store(file.file, filename=name, at=at, limit_bytes=limit_bytes), name))
        except FileRefused as refusal:
            brought.refused.append(f"{name}: {refusal}")
    return brought


def _take_in(stream: BinaryIO, file: BinaryIO, *, limit_bytes: int) -> int:
    size = 0
    while part := stream.read(PART):
        size += len(part)
        if size > limit_bytes:
            raise FileTooLarge(limit_bytes)
        file.write(part)
    if size == 0:
        raise FileEmpty
    return size
