"""What happened to cases, told after commit."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CaseMoved:
    """A step was taken. `from_unit_id` held the case before, `to_unit_id` holds it now."""

    case_id: int
    entry_number: int
    verb: str
    type_key: str
    from_unit_id: int | None
    to_unit_id: int
    account_id: int | None
    at: datetime
