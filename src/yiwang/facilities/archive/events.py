"""What happened in the archive."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class FileUnitComposed:
    """A matter that is over became a file unit."""

    file_unit_id: int
    unit_id: int
    at: datetime


@dataclass(frozen=True)
class FileUnitsDisposed:
    """Two persons decided that file units are kept no longer."""

    disposal_id: int
    unit_id: int
    number: int
    at: datetime


@dataclass(frozen=True)
class PackageAsked:
    """Somebody asked for a transfer package, or for one to be checked again."""

    package_id: int
    unit_id: int
    at: datetime


@dataclass(frozen=True)
class PackageHandedOver:
    """The county archives took a transfer package over."""

    package_id: int
    unit_id: int
    number: int
    at: datetime
