"""The connection as Django's settings name it by their `ENGINE`."""

import select
import time

from django.db.backends.postgresql import base

ASKED_AGAIN_AFTER = 15.0
"""Seconds for which an answer of the server is relied on, as long as nothing is heard from its side."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that is kept from request to request.

    Before each request Django asks the server a question, to learn whether the connection is still there. A
    server that stopped or sent somebody away has closed its end, and that stands at the socket without asking. Only
    a network that died silently is found by a question alone, which is therefore asked again after some seconds.
    """

    _answered_at = float("-inf")
    _answered_by: object = None

    def is_usable(self) -> bool:
        """Whether the connection still stands."""
        kept = self.connection
        is_recent = self._answered_by is kept and time.monotonic() - self._answered_at < ASKED_AGAIN_AFTER
        if kept is not None and is_recent and not _has_news(kept.fileno()):
            return True
        if not super().is_usable():
            return False
        self._answered_by, self._answered_at = kept, time.monotonic()
        return True


def _has_news(socket: int) -> bool:
    """Whether the other side has said or closed something; between requests a server says nothing by itself."""
    poll = select.poll()
    poll.register(socket, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))
