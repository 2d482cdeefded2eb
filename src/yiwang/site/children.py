"""The server's parts as child processes: started, watched, started again with patience, and stopped."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess

import structlog

log = structlog.get_logger(__name__)

_FORK = multiprocessing.get_context("fork")
_PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 30.0
ORPHAN_GRACE = 12.0
"""Seconds a part gets to end in good order after its parent has gone."""
CALM_AFTER = 60.0
"""Seconds after which a part that keeps running is trusted again."""


def die_with_parent() -> None:
    """End this process when its parent goes, `kill -9` included: in good order, and in any case soon.

    Linux sends SIGTERM; a thread sees to it that a process which can't come to its end ends all the same.
    """
    parent = os.getppid()
    threading.Thread(target=_end_after, args=(parent,), name="guard", daemon=True).start()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def _end_after(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(2)
    time.sleep(ORPHAN_GRACE)
    os._exit(1)


@dataclass
class Child:
    """One part of the server: what it does, and how it has been doing."""

    name: str
    work: Callable[[], None]
    process: BaseProcess | None = None
    begun_at: float = 0.0
    pause: float = 0.0
    due_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it in a process forked from this one, whose loaded code it shares."""
        self.process = _FORK.Process(target=self._main, name=self.name)
        self.process.start()
        self.begun_at = time.monotonic()

    def watch(self) -> None:
        """Start it again if it has died: at once the first time, then after longer and longer pauses."""
        if self.process is not None and self.process.is_alive():
            return
        now = time.monotonic()
        if self.process is not None:
            self.process.join()
            log.warning("a part of the server ended", part=self.name, code=self.process.exitcode)
            self.process = None
            self.pause = (
                0.5 if now - self.begun_at > CALM_AFTER else min(max(self.pause * 2, 0.5), LONGEST_PAUSE)
            )
            self.due_at = now + self.pause
        if now >= self.due_at:
            self.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.process.is_alive():
            self.process.terminate()

    def make_sure_it_stopped(self, *, patience: float) -> None:
        """Wait for its end, and enforce it after `patience` seconds."""
        if self.process is None:
            return
        self.process.join(max(0.0, patience))
        if self.process.is_alive():
            log.warning("a part of the server had to be killed", part=self.name)
            self.process.kill()
            self.process.join()

    def _main(self) -> None:
        # The forked copy would otherwise run the supervisor's handlers.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        # Ctrl-C reaches everything in the terminal's group; only the supervisor is to hear it.
        os.setpgid(0, 0)
        die_with_parent()
        self.work()


def run_to_end(name: str, work: Callable[[], None]) -> bool:
    """Do something in a forked process of its own and say whether it went well.

    The process may load Django in another role, or much memory, without leaving a trace in this one.
    """
    child = Child(name, work)
    child.start()
    assert child.process is not None
    child.process.join()
    return child.process.exitcode == 0
