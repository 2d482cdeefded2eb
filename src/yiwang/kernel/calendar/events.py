"""What happened to the working calendar."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class CalendarPublished:
    """A year was announced or announced anew; terms that touch `changed_days` may end on another day.

    `changed_days` are those on which people now work and didn't, or the other way round. It can be empty:
    then only the year's status or the names of its days are new. `by` is an account's id.
    """

    year: int
    version: int
    changed_days: tuple[date, ...]
    source: str
    by: int | None
    at: datetime
