"""Reading files back, whole or in part, and checking that they are what they were."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.storage import PART, Folder, digest_of, storage

Progress = Callable[[int, int], None]


@dataclass
class Inspection:
    """The result of reading every file again."""

    blobs: int = 0
    size: int = 0
    missing: list[str] = field(default_factory=list)
    altered: list[str] = field(default_factory=list)
    unknown: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether every file is there and is what it was; files nobody knows of do no harm."""
        return not self.missing and not self.altered


class Parts(Iterator[bytes]):
    """The bytes of an open file, a part at a time; closed at the end or by whoever stops before."""

    def __init__(self, file: BinaryIO, *, left: int) -> None:
        self._file = file
        self._left = left

    def __next__(self) -> bytes:
        part = self._file.read(min(PART, self._left)) if self._left > 0 else b""
        if not part:
            self.close()
            raise StopIteration
        self._left -= len(part)
        return part

    def close(self) -> None:
        """Let go of the file; also when nothing was read, as after a browser has gone away."""
        self._left = 0
        self._file.close()


def open_range(blob: Blob, *, start: int = 0, end: int | None = None) -> Parts:
    """The bytes of a file from `start` up to `end`, in parts.

    The file is opened at once: `FileNotFoundError` comes before the first part. Close what you don't read
    to the end.
    """
    file = storage().open(blob.digest)
    file.seek(start)
    return Parts(file, left=(blob.size if end is None else end) - start)


def content(blob: Blob) -> bytes:
    """A whole file in memory; for small ones."""
    with storage().open(blob.digest) as file:
        return file.read()


def inspect(progress: Progress | None = None, *, place: Folder | None = None) -> Inspection:
    """Read every file again, compute its hash anew and say which are missing or altered."""
    place = place or storage()
    result = Inspection()
    total = Blob.objects.count()
    known: set[str] = set()
    for blob in Blob.objects.order_by("id").iterator(chunk_size=1000):
        result.blobs += 1
        result.size += blob.size
        known.add(blob.digest)
        try:
            with place.open(blob.digest) as file:
                if digest_of(file) != blob.digest:
                    result.altered.append(blob.digest)
        except FileNotFoundError:
            result.missing.append(blob.digest)
        if progress is not None:
            progress(result.blobs, total)
    result.unknown = sum(digest not in known for digest in place.digests())
    return result
