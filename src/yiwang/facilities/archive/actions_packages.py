"""The verbs of transfer packages: ask for one, make and check it, hand it over."""

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.facilities.archive import package as packages
from yiwang.facilities.archive.actions import demand_keeper, log
from yiwang.facilities.archive.events import PackageAsked, PackageHandedOver
from yiwang.facilities.archive.faults import NothingNumbered, NotNow, NotSound, OneInTheMaking
from yiwang.facilities.archive.models import FileUnit, Fonds, Package
from yiwang.facilities.archive.package.form import in_bytes, place_of
from yiwang.facilities.archive.queries import for_package
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.config import installation
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.problems import Problem
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.files.actions import store
from yiwang.kernel.files.storage import storage

LARGEST = 1 << 40
ZIP = "application/zip"


def ask_package(fonds: Fonds, *, year: int | None, period: str, by: Standing, at: datetime) -> Package:
    """Ask for a package of what has its number; the worker makes and checks it.

    Raises `NotYours`, `NothingNumbered`, `OneInTheMaking`.
    """
    demand_keeper(fonds, by)
    inside = FileUnit.objects.filter(fonds=fonds, item_number__isnull=False, disposed_at=None)
    inside = inside.filter(year=year) if year is not None else inside
    inside = inside.filter(period=period) if period else inside
    if not inside.exists():
        raise NothingNumbered
    name = "-".join(map(str, filter(None, (fonds.number, year, period, at.strftime("%Y%m%d%H%M%S")))))
    try:
        with transaction.atomic():
            asked = Package.objects.create(
                fonds=fonds, unit_id=fonds.unit_id, name=f"{name}.zip", year=year, period=period,
                asked_by=by.account_id, asked_at=at,
            )  # fmt: skip
            publish(PackageAsked(asked.pk, fonds.unit_id, at))
            log("archive.package_asked", fonds, by=by, at=at, package=asked.pk)
    except IntegrityError as error:
        raise OneInTheMaking from error
    return asked


def check_again(package_id: int, *, by: Standing, at: datetime) -> None:
    """Have every byte of a package read and compared again. Raises `NotYours`, `NotNow`."""
    with transaction.atomic():
        found = _locked(package_id, by)
        if not found.digest or found.checked_at is None:
            raise NotNow
        found.checked_at = None
        found.save(update_fields=["checked_at"])
        publish(PackageAsked(found.pk, found.unit_id, at))


def work_on(package_id: int, *, at: datetime) -> None:
    """Make a package that somebody asked for, or check one again. The caller asks as the house."""
    found = Package.objects.select_related("fonds").get(pk=package_id)
    if found.failed_at is None and found.made_at is None:
        _make(found, at=at)
    elif found.digest and found.checked_at is None:
        with _lying(found) as path:
            _write_down(found, packages.verify(path), at=at)
        found.save(update_fields=["findings", "checked_at"])


def enter_package(
    fonds: Fonds,
    units: Sequence[FileUnit],
    manifest: dict[str, Any],
    *,
    lies_at: Path,
    year: int | None,
    period: str,
    at: datetime,
) -> Package:
    """Enter a package that the command made outside the store into the list, with what a check of it found."""
    found = Package(
        fonds=fonds, unit_id=fonds.unit_id, name=lies_at.name[:120], year=year, period=period, asked_at=at
    )
    _write_down(found, packages.verify(lies_at), at=at)
    _describe(found, units, manifest, at=at)
    with transaction.atomic():
        found.save()
        found.units.set(units)
    return found


def hand_over(
    package_id: int,
    *,
    received_by: str,
    received_on: date,
    receipt_number: str = "",
    by: Standing,
    at: datetime,
) -> None:
    """Write down that the county archives took a sound package over, with the number of their receipt.

    Raises `NotYours`, `NotNow`, `NotSound`.
    """
    with transaction.atomic():
        found = _locked(package_id, by)
        if found.made_at is None or found.checked_at is None or found.handed_over_at is not None:
            raise NotNow
        if found.findings:
            raise NotSound
        found.received_by, found.received_on = clean_line(received_by)[:120], received_on
        found.receipt_number = clean_line(receipt_number)[:60]
        found.handed_over_by, found.handed_over_at = by.account_id, at
        found.save()
        publish(PackageHandedOver(found.pk, found.unit_id, found.unit_count, at))
        log("archive.handed_over", found.fonds, by=by, at=at, package=found.pk, to=found.received_by)


def _make(found: Package, *, at: datetime) -> None:
    units = for_package(found.fonds, year=found.year, period=found.period or None)
    try:
        with _beside() as folder:
            path = folder / "package.zip"
            manifest = packages.write(found.fonds, units, to=path, at=at)
            _write_down(found, packages.verify(path), at=at)
            with path.open("rb") as file:
                blob = store(file, filename=found.name, at=at, limit_bytes=LARGEST, allowed=(ZIP,))
            found.digest, found.size = blob.digest, blob.size
    except Problem as problem:
        found.failed_at = at
        found.findings = [
            {
                "property": "integrity",
                "kind": "not_made",
                "path": "",
                "sentence": problem.sentence,
                "chinese": problem.chinese,
            }
        ]
        found.save()
        return
    _describe(found, units, manifest, at=at)
    with transaction.atomic():
        found.save()
        found.units.set(units)


def _write_down(found: Package, verdict: packages.Verdict, *, at: datetime) -> None:
    found.checked_at = at
    found.size = found.size or verdict.size
    found.findings = [
        {
            "property": one.property,
            "kind": one.kind,
            "path": one.path,
            "sentence": one.sentence,
            "chinese": one.chinese,
        }
        for one in verdict.findings
    ]


def _describe(found: Package, units: Sequence[FileUnit], manifest: dict[str, Any], *, at: datetime) -> None:
    found.made_at, found.unit_count, found.file_count = at, len(units), len(manifest["files"])
    found.seal = hashlib.sha256(in_bytes(manifest)).hexdigest()
    found.lacking = [
        {"archive_number": place_of(one).archive_number, "name": name}
        for one in units
        for name in one.metadata.get("not_kept", ())
    ]


@contextmanager
def _beside() -> Iterator[Path]:
    """A folder on the disk of the store, gone at the end."""
    root = installation().data / "packages"
    root.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=root, prefix=".making-") as folder:
        yield Path(folder)


@contextmanager
def _lying(found: Package) -> Iterator[Path]:
    """A package of the store as a file that can be read as one."""
    with _beside() as folder:
        path = folder / "package.zip"
        with storage().open(found.digest) as source, path.open("wb") as target:
            shutil.copyfileobj(source, target)
        yield path


def _locked(package_id: int, by: Standing) -> Package:
    found = Package.objects.select_for_update(of=("self",)).select_related("fonds").get(pk=package_id)
    demand_keeper(found.fonds, by)
    return found
