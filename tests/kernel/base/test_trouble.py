"""What the machine lacks is told apart from what the program does wrong."""

import errno

import pytest
from django.db.utils import OperationalError as DjangoOperationalError
from psycopg import OperationalError, errors

from yiwang.kernel.base.trouble import Trouble, trouble_of


def caused_by(cause: BaseException) -> DjangoOperationalError:
    """The error as Django hands it on."""
    error = DjangoOperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (errors.DiskFull("could not extend file"), Trouble.NO_ROOM),
        (OSError(errno.ENOSPC, "No space left on device"), Trouble.NO_ROOM),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), Trouble.NO_ROOM),
        (OperationalError("connection failed: No space left on device"), Trouble.NO_ROOM),
        (errors.OutOfMemory("out of memory"), Trouble.NO_MEMORY),
        (MemoryError(), Trouble.NO_MEMORY),
        (errors.AdminShutdown("terminating connection"), Trouble.NO_DATABASE),
        (errors.CannotConnectNow("the database system is in recovery mode"), Trouble.NO_DATABASE),
        (errors.TooManyConnections("sorry"), Trouble.NO_DATABASE),
        (OperationalError("server closed the connection unexpectedly"), Trouble.NO_DATABASE),
        (errors.LockNotAvailable("canceling statement"), None),
        (errors.UniqueViolation("duplicate key"), None),
        (OSError(errno.ENOENT, "No such file"), None),
        (ValueError("ours"), None),
        (None, None),
    ],
)
def test_the_cause_is_told(error: BaseException | None, trouble: Trouble | None) -> None:
    assert trouble_of(error) == trouble
    if error is not None:
        assert trouble_of(caused_by(error)) == trouble


def test_errors_that_name_each_other_come_to_an_end() -> None:
    one, two = ValueError("one"), ValueError("two")
    one.__cause__, two.__cause__ = two, one
    assert trouble_of(one) is None
