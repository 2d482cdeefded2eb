"""Two file locks that hold the embedded server's users together; the system drops them on `kill -9`."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yiwang.kernel.base.problems import Problem


@contextmanager
def gate(path: Path, *, timeout: float) -> Iterator[None]:
    """Let one process at a time start or stop the server; others wait at most `timeout` seconds."""
    descriptor = _open(path)
    try:
        deadline = time.monotonic() + timeout
        while not _try(descriptor, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise Problem(
                    f"Another process has been starting the database for {timeout:.0f} seconds; "
                    f"look for it with `fuser {path}` and end it.",
                    f"另一个进程启动数据库已超过 {timeout:.0f} 秒；请用 `fuser {path}` 找到并结束它。",
                )
            time.sleep(0.05)
        yield
    finally:
        os.close(descriptor)


class SharedUse:
    """One user's hold on the running server; several may hold it at once."""

    def __init__(self, path: Path) -> None:
        self._descriptor: int | None = _open(path)
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """Whether nobody else holds on; call it inside the start gate only."""
        assert self._descriptor is not None
        return _try(self._descriptor, fcntl.LOCK_EX)

    def let_go(self) -> None:
        """Give the hold back; a second call does nothing."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
