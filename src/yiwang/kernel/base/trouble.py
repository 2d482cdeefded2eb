"""What kept work from being saved, when the cause lies in the machine: no room, no memory, no database.

The program isn't at fault then and can't mend it, so whoever waits is told what to mend. Causes are told
apart by PostgreSQL's own codes (its documentation, appendix A) and by the operating system's.
"""

import errno
from enum import StrEnum

import psycopg
from psycopg import errors


class Trouble(StrEnum):
    """What the machine lacks."""

    NO_ROOM = "no_room"
    NO_MEMORY = "no_memory"
    NO_DATABASE = "no_database"


def trouble_of(error: BaseException | None) -> Trouble | None:
    """The machine's trouble behind an error or behind what caused it; nothing for a fault of the program."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        found = _told_by(error)
        if found is not None:
            return found
        error = error.__cause__ or error.__context__
    return None


def _told_by(error: BaseException) -> Trouble | None:
    if isinstance(error, errors.DiskFull):
        return Trouble.NO_ROOM
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble.NO_ROOM
    if isinstance(error, errors.OutOfMemory | MemoryError):
        return Trouble.NO_MEMORY
    if isinstance(error, psycopg.OperationalError) and _is_away(error):
        return Trouble.NO_ROOM if "No space left on device" in str(error) else Trouble.NO_DATABASE
    return None


def _is_away(error: psycopg.OperationalError) -> bool:
    """Whether the server is gone, going or coming; an error without a code is the connection's own."""
    code = error.sqlstate
    return code is None or code.startswith("08") or code in ("53300", "57P01", "57P02", "57P03")
