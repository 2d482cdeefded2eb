"""Reading the archive: what is to be done, the catalogue, what has expired, what is due for transfer, the four checks."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from yiwang.facilities.archive.models import Disposal, FilePart, FileUnit, Fonds, Hold, Package
from yiwang.facilities.archive.policies import kept_units, visible
from yiwang.facilities.archive.rules import PERMANENT, Stage, expires_on, gaps, transfer_on
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.models import Case, JournalEntry
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.storage import digest_of, storage

PAGE = 50
CATALOGUE_PAGE = 200
STAGES = {
    Stage.COMPOSED: Q(classified_at=None, disposed_at=None),
    Stage.CLASSIFIED: Q(classified_at__isnull=False, item_number=None, disposed_at=None),
    Stage.NUMBERED: Q(item_number__isnull=False, disposed_at=None),
    Stage.DISPOSED: Q(disposed_at__isnull=False),
}


def own_fonds(standing: Standing) -> list[Fonds]:
    """The fonds that somebody keeps."""
    return list(Fonds.objects.filter(unit_id__in=sorted(kept_units(standing))).select_related("unit"))


def units_at(standing: Standing, stage: Stage, *, after: int = 0) -> tuple[list[FileUnit], bool]:
    """One page of the file units at a stage, in the order in which they were composed."""
    found = FileUnit.objects.filter(visible(standing), STAGES[stage], pk__gt=after).select_related("fonds")
    rows = list(found.order_by("pk")[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def unit_of(standing: Standing, file_unit_id: int) -> FileUnit | None:
    """One file unit with its fonds, or nothing."""
    return FileUnit.objects.filter(visible(standing), pk=file_unit_id).select_related("fonds").first()


def numbered(standing: Standing, fonds: Fonds, *, year: int | None = None) -> QuerySet[FileUnit]:
    """What stands in the catalogue, in the order of the numbers."""
    found = FileUnit.objects.filter(visible(standing), fonds=fonds, item_number__isnull=False)
    if year is not None:
        found = found.filter(year=year)
    return found.select_related("fonds").order_by("category", "year", "period", "section", "item_number")


def for_package(fonds: Fonds, *, year: int | None = None, period: str | None = None) -> list[FileUnit]:
    """The file units of a package with their parts, in the order of the numbers; without what was disposed of."""
    found = FileUnit.objects.filter(fonds=fonds, item_number__isnull=False, disposed_at=None)
    if year is not None:
        found = found.filter(year=year)
    if period is not None:
        found = found.filter(period=period)
    found = found.select_related("fonds").prefetch_related(
        Prefetch("parts", FilePart.objects.order_by("place"))
    )
    return list(found.order_by("category", "year", "period", "section", "item_number"))


def expired(standing: Standing, fonds: Fonds, *, on: date) -> list[FileUnit]:
    """What is numbered and kept no longer than it must be; each knows whether it is held."""
    held = Exists(Hold.objects.filter(file_unit=OuterRef("pk"), lifted_at=None))
    oldest = Q(period="D10", year__lt=on.year - 10) | Q(period="D30", year__lt=on.year - 30)
    found = numbered(standing, fonds).filter(oldest, disposed_at=None).annotate(is_held=held)
    return [
        row
        for row in found[:CATALOGUE_PAGE]
        if (ends := expires_on(row.year or 0, row.period)) and ends <= on
    ]


def due_for_transfer(standing: Standing, fonds: Fonds, *, on: date) -> list[tuple[FileUnit, date]]:
    """What is kept for ever and has been here for ten years or will have been within a year, with the day.

    Without what the county archives took over already.
    """
    gone = Package.objects.filter(fonds=fonds, handed_over_at__isnull=False, units=OuterRef("pk"))
    found = numbered(standing, fonds).filter(
        ~Exists(gone), period=PERMANENT, disposed_at=None, dated_on__year__lte=on.year - 9
    )
    return [(row, transfer_on(row.dated_on)) for row in found.order_by("dated_on", "pk")[:CATALOGUE_PAGE]]


def proposals(fonds: Fonds) -> list[Disposal]:
    """The proposals of a fonds, the newest first, with what they name."""
    return list(fonds.disposals.prefetch_related("units__fonds").order_by("-proposed_at")[:PAGE])


def packages_of(fonds: Fonds, *, before: int | None = None) -> tuple[list[Package], bool]:
    """A page of the transfer packages of a fonds, the newest first."""
    found = Package.objects.filter(fonds=fonds)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return rows[:PAGE], len(rows) > PAGE


def package_of(standing: Standing, package_id: int) -> Package | None:
    """One transfer package of a fonds that somebody keeps, or nothing."""
    found = Package.objects.filter(pk=package_id, fonds__unit_id__in=sorted(kept_units(standing)))
    return found.select_related("fonds").first()


def may_take(standing: Standing, found: Package) -> bool:
    """Whether somebody may see what is in a package: nobody who is kept away from one of its matters."""
    inside = FileUnit.objects.filter(packages=found)
    with acting_as_system():
        return not inside.exclude(visible(standing)).exists()


def numbered_since(found: Package) -> int:
    """How many file units of a package's year and period have got their number since it was asked for."""
    later = FileUnit.objects.filter(fonds_id=found.fonds_id, numbered_at__gt=found.asked_at, disposed_at=None)
    if found.year is not None:
        later = later.filter(year=found.year)
    if found.period:
        later = later.filter(period=found.period)
    return later.count()


# --------------------------------------------------------------------------------------------- four checks


@dataclass
class Check:
    """One of the four properties (四性): how many things were looked at, and what is wrong."""

    name: str
    looked_at: int = 0
    faults: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def four_checks(fonds: Fonds, *, reads_bytes: bool) -> list[Check]:
    """Authenticity, integrity, usability and safety of a fonds; with `reads_bytes` every file is read again.

    The caller asks as the house. Faults are pairs: where, and what (a word of `WORDS`).
    """
    units = list(FileUnit.objects.filter(fonds=fonds, disposed_at=None).prefetch_related("parts"))
    return [
        _authenticity(units),
        _integrity(units),
        _usability(units, reads_bytes=reads_bytes),
        _safety(units),
    ]


def _name(found: FileUnit) -> str:
    return found.document_number or found.title


def _authenticity(units: list[FileUnit]) -> Check:
    """What was archived is what happened: the digests of a case's journal are still the same."""
    check = Check("authenticity")
    of_cases = {found.source_key: found for found in units if found.source.startswith("case:")}
    numbers = Case.objects.filter(number__in=of_cases).values_list("pk", "number")
    cases: dict[int, str] = dict(numbers)
    digests: dict[str, dict[int, str]] = {}
    entries = JournalEntry.objects.filter(case_id__in=cases).values_list("case_id", "number", "digest")
    for case_id, number, digest in entries:
        digests.setdefault(cases[case_id], {})[number] = bytes(digest or b"").hex()
    for key, found in of_cases.items():
        check.looked_at += 1
        now = digests.get(key)
        if now is not None and any(
            now.get(line["number"]) != line["digest"] for line in found.metadata.get("journal", [])
        ):
            check.faults.append((_name(found), "journal"))
    return check


def _integrity(units: list[FileUnit]) -> Check:
    """Nothing is missing: the facts, the numbers of each group, the files."""
    check = Check("integrity", looked_at=len(units))
    groups: dict[tuple[Any, ...], list[int]] = {}
    for found in units:
        if not (found.title and found.author and found.metadata):
            check.faults.append((_name(found), "facts"))
        if found.metadata.get("not_kept"):
            check.faults.append((_name(found), "not_kept"))
        if found.item_number is not None:
            group = (found.category, found.year, found.period, found.section)
            groups.setdefault(group, []).append(found.item_number)
    disposed = FileUnit.objects.filter(
        fonds_id__in={found.fonds_id for found in units}, disposed_at__isnull=False
    )
    for found in disposed:
        if found.item_number is not None:
            groups.setdefault((found.category, found.year, found.period, found.section), []).append(
                found.item_number
            )
    for group, items in groups.items():
        check.faults += [("-".join(map(str, (*group, item))), "number") for item in gaps(items)]
    return check


def _usability(units: list[FileUnit], *, reads_bytes: bool) -> Check:
    """Every file is there, can be opened, and its bytes are those of its name."""
    check = Check("usability")
    digests = {part.digest: part for found in units for part in found.parts.all()}
    known = set(Blob.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for digest, part in sorted(digests.items()):
        check.looked_at += 1
        if digest not in known:
            check.faults.append((part.name, "missing"))
            continue
        try:
            with storage().open(digest) as file:
                if reads_bytes and digest_of(file) != digest:
                    check.faults.append((part.name, "altered"))
        except FileNotFoundError:
            check.faults.append((part.name, "missing"))
    return check


RUNNABLE = (".exe", ".bat", ".cmd", ".js", ".vbs", ".ps1", ".sh", ".msi", ".scr", ".jar", ".com")
MARKS = ("绝密", "机密★", "秘密★")


def _safety(units: list[FileUnit]) -> Check:
    """Nothing runs, and nothing is classified, which this house refuses."""
    check = Check("safety", looked_at=len(units))
    for found in units:
        if any(part.name.lower().endswith(RUNNABLE) for part in found.parts.all()):
            check.faults.append((_name(found), "program"))
        if any(mark in found.title for mark in MARKS):
            check.faults.append((_name(found), "classified"))
    return check
