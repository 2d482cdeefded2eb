"""Live news of what pages did, gathered for a moment and sent together by a thread of the page server.

When many register at once, most of their news is the same: a unit's desk has changed. A message to the database
for each of them cost a tenth of a registration.
"""

import threading
import time
from collections.abc import Callable, Iterable
from queue import Empty, SimpleQueue

import structlog
from django.db import Error, connection

Send = Callable[[Iterable[str], str], None]

PAUSE = 0.05
"""Seconds between two sendings: news of the first change goes out at once, those right behind it together."""

_log = structlog.get_logger()


class Gatherer:
    """Takes news from the threads that serve pages, and sends it by a connection to the database of its own.

    What isn't sent yet when the process is killed is lost: a page that misses it asks again by itself after
    some seconds.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: SimpleQueue[tuple[frozenset[str], str]] = SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, topics: Iterable[str], event: str) -> None:
        """Hand news over; returns at once."""
        self._waiting.put((frozenset(topics), event))
        if not self._is_working():
            self._begin()

    def _is_working(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _begin(self) -> None:
        with self._lock:
            if not self._is_working():
                self._thread = threading.Thread(target=self._work, name="live news", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            self._send_all(self._taken())
            time.sleep(PAUSE)

    def _taken(self) -> dict[str, set[str]]:
        """Everything that waits, topics by kind of news; waits itself until there is something."""
        topics, event = self._waiting.get()
        gathered = {event: set(topics)}
        while True:
            try:
                topics, event = self._waiting.get_nowait()
            except Empty:
                return gathered
            gathered.setdefault(event, set()).update(topics)

    def _send_all(self, gathered: dict[str, set[str]]) -> None:
        try:
            connection.close_if_unusable_or_obsolete()
            for event, topics in gathered.items():
                self._send(topics, event)
        except Error as fault:
            # The pages that wait for it ask again by themselves; the next news finds a new connection.
            _log.warning("live news not sent", fault=str(fault))
            connection.close()
