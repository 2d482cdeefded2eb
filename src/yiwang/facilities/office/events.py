"""What happened to documents."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class DocumentReleased:
    """A document went out to its addressees."""

    document_id: int
    unit_id: int
    number: str
    at: datetime


@dataclass(frozen=True)
class DocumentWaits:
    """A document waits for people: to be read, countersigned, handled, or because they were urged."""

    handling_id: int
    account_ids: tuple[int, ...]
    why: str
    key: str
    at: datetime


@dataclass(frozen=True)
class TextSigned:
    """Somebody signed the exact bytes of a text, or released them."""

    document_id: int
    version_id: int
    unit_id: int
    account_id: int
    principal_id: int | None
    kind: str
    digest: str
    at: datetime


@dataclass(frozen=True)
class NumberSettled:
    """A number was kept back, used after all, or made void; `state` says what it is now."""

    number_id: int
    unit_id: int
    state: str
    reason: str
    by_account_id: int | None
    at: datetime
