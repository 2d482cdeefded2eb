"""What belongs to a case beside its letters and attachments when it is archived: whoever knows says it here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from yiwang.kernel.casework.models import Case
from yiwang.kernel.files.models import Blob


@dataclass(frozen=True)
class KeptPart:
    """One file that is kept: its role (the archive orders parts by it), its name and its bytes."""

    role: str
    name: str
    blob: Blob


@dataclass(frozen=True)
class Kept:
    """What is known of a case that the case itself doesn't tell: title, number, author and day of its document.

    `missing` names the files that should be there and aren't.
    """

    title: str
    number: str
    author: str
    dated_on: date
    parts: Sequence[KeptPart]
    missing: Sequence[str] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


Keeper = Callable[[Case, datetime], Kept | None]

_keepers: dict[str, Keeper] = {}


def keeps(type_key: str) -> Callable[[Keeper], Keeper]:
    """Register the function that gathers what is kept of the cases of a type. It is called as the house."""

    def enter(keeper: Keeper) -> Keeper:
        _keepers[type_key] = keeper
        return keeper

    return enter


def kept_of(case: Case, *, at: datetime) -> Kept | None:
    """What is kept of a case beside its letters and attachments; nothing for most. The caller asks as the house."""
    keeper = _keepers.get(case.type_key)
    return keeper(case, at) if keeper else None
