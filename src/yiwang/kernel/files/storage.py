"""Where bytes lie: a small protocol, and the local folder that keeps it."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from blake3 import blake3

from yiwang.kernel.base.config import installation

PART = 1 << 18
"""Bytes read at a time."""


class Storage(Protocol):
    """What any place for bytes must offer; names are BLAKE3 hashes in hexadecimal."""

    def put(self, source: BinaryIO, digest: str) -> None:
        """Keep these bytes under their hash: afterwards they are there as a whole, or not at all."""

    def open(self, digest: str) -> BinaryIO:
        """Open what is kept. Raises `FileNotFoundError`."""

    def digests(self) -> Iterator[str]:
        """The names of everything that is kept."""


class Folder:
    """A local folder, two levels deep by the first four digits of the hash."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, digest: str) -> Path:
        """Where a file of this name lies."""
        return self.root / digest[:2] / digest[2:4] / digest

    def put(self, source: BinaryIO, digest: str) -> None:
        """Write beside, bring it to the disk, then rename; a crash leaves the old state or the new one."""
        target = self.path(digest)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._beside() as (temporary, file):
            while part := source.read(PART):
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
            os.replace(temporary, target)
        for folder in (target.parent, target.parent.parent, self.root):
            _bring_to_disk(folder)

    def open(self, digest: str) -> BinaryIO:
        """Open what is kept. Raises `FileNotFoundError`."""
        return self.path(digest).open("rb")

    def digests(self) -> Iterator[str]:
        """The names of everything that is kept, sorted."""
        for path in sorted(self.root.glob("??/??/*")):
            yield path.name

    @contextmanager
    def _beside(self) -> Iterator[tuple[Path, BinaryIO]]:
        """A new file that is gone at the end unless it was renamed."""
        folder = self.root / "coming"
        folder.mkdir(parents=True, exist_ok=True)
        temporary = folder / secrets.token_hex(16)
        try:
            with os.fdopen(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                yield temporary, file
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()


def storage() -> Folder:
    """Where this installation keeps its files."""
    return Folder(installation().data / "files")


def digest_of(file: BinaryIO) -> str:
    """The BLAKE3 hash of a file, read from where it stands to its end."""
    hasher = blake3()
    while part := file.read(PART):
        hasher.update(part)
    return str(hasher.hexdigest())


def _bring_to_disk(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
