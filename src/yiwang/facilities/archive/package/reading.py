"""Reading a package: where its files lie, and taking its file units into this house."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any

from django.db import transaction

from yiwang.facilities.archive.models import FilePart, FileUnit, Fonds, ItemCounter
from yiwang.facilities.archive.package.form import MANIFEST, facts_of
from yiwang.facilities.archive.rules import parsed
from yiwang.kernel.base.problems import Problem
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.storage import storage
from yiwang.kernel.orgs.models import Unit


class BrokenPackage(Problem):
    """A package that can't be read as one."""


class Source:
    """The files of a package, in a folder or a zip."""

    def __init__(self, names: list[str], opener: Any) -> None:
        self.names = names
        self._open = opener

    def open(self, name: str) -> IO[bytes]:
        """A file of the package; raises `KeyError` when there is none of that name."""
        if name not in self.names:
            raise KeyError(name)
        file: IO[bytes] = self._open(name)
        return file

    def read(self, name: str) -> bytes:
        """A whole file."""
        with self.open(name) as file:
            return file.read()


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The files of a package at a place. Raises `BrokenPackage` when there is none."""
    if path.is_dir():
        names = sorted(str(each.relative_to(path)) for each in path.rglob("*") if each.is_file())
        yield Source(names, lambda name: (path / name).open("rb"))
        return
    try:
        archive = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise BrokenPackage(
            f"{path} is neither a folder nor a zip that can be read.", f"{path} 不是可读取的文件夹或 zip。"
        ) from error
    with archive:
        yield Source(sorted(archive.namelist()), archive.open)


def manifest_of(source: Source) -> dict[str, Any]:
    """The manifest; raises `BrokenPackage` when it is missing or no JSON."""
    try:
        found = json.loads(source.read(MANIFEST))
        if not isinstance(found["files"], list) or not isinstance(found["units"], list):
            raise TypeError
    except (KeyError, ValueError, TypeError, zipfile.BadZipFile) as error:
        raise BrokenPackage(
            "The package has no manifest that can be read.", "归档包缺少可读取的 manifest.json。"
        ) from error
    return dict(found)


def load(path: Path, *, unit: Unit | None, at: datetime) -> tuple[int, int]:
    """Take the file units of a sound package in; returns how many are new and how many were here already.

    All of them or none. The package must have been verified. `unit` gets the fonds when it isn't here yet.
    Raises `Problem` when one that is here under the same number says something else.
    """
    with opened(path) as source, transaction.atomic():
        manifest = manifest_of(source)
        fonds = _fonds(manifest["fonds"], unit, at=at)
        new = known = 0
        for one in manifest["units"]:
            facts = json.loads(source.read(f"{one['folder']}/metadata.json"))
            if _take_in(fonds, facts, source, at=at):
                new += 1
            else:
                known += 1
    return new, known


def _fonds(told: dict[str, str], unit: Unit | None, *, at: datetime) -> Fonds:
    found = Fonds.objects.filter(number=told["number"]).first()
    if found is not None:
        return found
    if unit is None:
        raise Problem(
            f"The fonds {told['number']} isn't here yet; name the unit that keeps it with --unit.",
            f"本系统尚无全宗 {told['number']}，请用 --unit 指定保管单位。",
        )
    return Fonds.objects.create(unit=unit, number=told["number"], name=told["name"], founded_at=at)


def _take_in(fonds: Fonds, facts: dict[str, Any], source: Source, *, at: datetime) -> bool:
    place = parsed(facts["archive_number"])
    if place is None or place.fonds != fonds.number:
        raise BrokenPackage(
            f"{facts['archive_number']} isn't a number of this fonds.",
            f"{facts['archive_number']} 不是本全宗的档号。",
        )
    group: dict[str, Any] = {
        "category": place.category,
        "year": place.year,
        "period": place.period,
        "section": place.section,
    }
    here = FileUnit.objects.filter(fonds=fonds, item_number=place.item, **group).first()
    if here is not None:
        if facts_of(here) != facts:
            raise Problem(
                f"{facts['archive_number']} is here already and says something else.",
                f"档号 {facts['archive_number']} 已存在，但内容不同。",
            )
        return False
    found = FileUnit.objects.create(
        fonds=fonds,
        unit_id=fonds.unit_id,
        item_number=place.item,
        **group,
        **{
            key: facts[key]
            for key in (
                "source",
                "source_key",
                "title",
                "document_number",
                "author",
                "pages",
                "remark",
                "metadata",
            )
        },
        dated_on=date.fromisoformat(facts["dated_on"]),
        **{
            key: _moment(facts[key]) for key in ("composed_at", "classified_at", "numbered_at", "disposed_at")
        },
    )
    counter, _is_new = ItemCounter.objects.select_for_update().get_or_create(fonds=fonds, **group)
    if counter.last < place.item:
        counter.last = place.item
        counter.save(update_fields=["last"])
    for part in facts["parts"]:
        _keep(part, source, at=at)
    FilePart.objects.bulk_create(
        FilePart(
            file_unit=found,
            digest=part["blake3"],
            **{key: part[key] for key in ("place", "role", "name", "media_type", "size")},
        )
        for part in facts["parts"]
    )
    return True


def _moment(word: str | None) -> datetime | None:
    return datetime.fromisoformat(word) if word else None


def _keep(part: dict[str, Any], source: Source, *, at: datetime) -> None:
    digest = part["blake3"]
    content = source.read(f"bytes/{digest[:2]}/{digest}")
    storage().put(io.BytesIO(content), digest)
    Blob.objects.get_or_create(
        digest=digest, defaults={"size": part["size"], "media_type": part["media_type"], "created_at": at}
    )
