"""Writing a package: beside the place where it belongs, then renamed, so that it is there whole or not at all."""

import hashlib
import os
import shutil
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Protocol

from blake3 import blake3

from yiwang.facilities.archive.models import FileUnit, Fonds
from yiwang.facilities.archive.package.form import (
    CATALOGUE,
    FORMAT,
    MANIFEST,
    SEAL,
    VERSION,
    facts_of,
    folder_of,
    in_bytes,
    in_xml,
    place_of,
)
from yiwang.kernel.base.problems import Problem
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.queries import open_range

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time that every entry of a zip carries, so that the same content gives the same bytes."""


class Target(Protocol):
    """Where files of a package are put."""

    def open(self, name: str) -> IO[bytes]:
        """A new file to write to."""


class _Folder:
    def __init__(self, root: Path) -> None:
        self.root = root

    def open(self, name: str) -> IO[bytes]:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def open(self, name: str) -> IO[bytes]:
        return self.archive.open(zipfile.ZipInfo(name, EPOCH), "w", force_zip64=True)


def write(fonds: Fonds, units: Sequence[FileUnit], *, to: Path, at: datetime) -> dict[str, Any]:
    """Write numbered file units as a package to a folder, or to a zip when the name says so. Returns the manifest.

    What an earlier attempt left unfinished beside it is taken away. Raises `Problem` when something lies there
    already, or a file is missing or altered in the store.
    """
    if to.exists():
        raise Problem(
            f"{to} exists already; name another place or move it away.",
            f"{to} 已存在，请换一个位置或先移走。",
        )
    beside = to.with_name(f".{to.name}.unfinished")
    _take_away(beside)
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        if to.suffix == ".zip":
            with zipfile.ZipFile(beside, "w", zipfile.ZIP_STORED) as archive:
                manifest = _fill(_Zip(archive), fonds, units, at=at)
            with beside.open("rb") as file:
                os.fsync(file.fileno())
        else:
            beside.mkdir()
            manifest = _fill(_Folder(beside), fonds, units, at=at)
    except BaseException:
        _take_away(beside)
        raise
    beside.rename(to)
    return manifest


def _take_away(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _fill(target: Target, fonds: Fonds, units: Sequence[FileUnit], *, at: datetime) -> dict[str, Any]:
    files: list[dict[str, Any]] = []
    facts = [(folder_of(place_of(found)), facts_of(found)) for found in units]
    for folder, one in facts:
        files.append(_put(target, f"{folder}/metadata.json", in_bytes(one)))
        files.append(_put(target, f"{folder}/metadata.xml", in_xml(one)))
    for digest in sorted({part["blake3"] for _folder, one in facts for part in one["parts"]}):
        files.append(_put_blob(target, digest))
    catalogue = [_line(number, one) for number, (_folder, one) in enumerate(facts, start=1)]
    files.append(_put(target, CATALOGUE, in_bytes(catalogue)))
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "fonds": {"number": fonds.number, "name": fonds.name},
        "made_at": at.isoformat(),
        "units": [{"archive_number": one["archive_number"], "folder": folder} for folder, one in facts],
        "files": sorted(files, key=lambda file: str(file["path"])),
    }
    sealed = in_bytes(manifest)
    _put(target, MANIFEST, sealed)
    _put(target, SEAL, f"{hashlib.sha256(sealed).hexdigest()}  {MANIFEST}\n".encode())
    return manifest


def _line(number: int, one: dict[str, Any]) -> dict[str, Any]:
    """A line of 归档文件目录."""
    keys = ("archive_number", "document_number", "author", "title", "dated_on", "security", "pages", "remark")
    return {"number": number, **{key: one[key] for key in keys}}


def _put(target: Target, name: str, content: bytes) -> dict[str, Any]:
    with target.open(name) as file:
        file.write(content)
        _settle(file)
    return {
        "path": name,
        "size": len(content),
        "blake3": blake3(content).hexdigest(),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _put_blob(target: Target, digest: str) -> dict[str, Any]:
    """Copy a file of the store, and refuse to hand over one that isn't what it was."""
    name, size = f"bytes/{digest[:2]}/{digest}", 0
    first, second = blake3(), hashlib.sha256()
    blob = Blob.objects.filter(digest=digest).first()
    try:
        parts = open_range(blob) if blob is not None else None
    except FileNotFoundError:
        parts = None
    if parts is None:
        raise Problem(
            f"The file {digest[:12]} is missing in the store; run `yiwang verify files`.",
            f"文件库中缺少 {digest[:12]}，请运行 yiwang verify files。",
        )
    with target.open(name) as file:
        for part in parts:
            file.write(part)
            first.update(part)
            second.update(part)
            size += len(part)
        _settle(file)
    if first.hexdigest() != digest:
        raise Problem(
            f"The file {digest[:12]} was altered in the store; run `yiwang verify files`.",
            f"文件库中 {digest[:12]} 已被改动，请运行 yiwang verify files。",
        )
    return {"path": name, "size": size, "blake3": digest, "sha256": second.hexdigest()}


def _settle(file: IO[bytes]) -> None:
    """Bring a file of a folder to the disk; entries of a zip are brought there with it."""
    try:
        number = file.fileno()
    except (OSError, AttributeError):
        return
    file.flush()
    os.fsync(number)
