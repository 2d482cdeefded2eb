"""News of many changes in one moment goes out together, and a fault of the database stops nothing."""

import threading

import pytest
from django.db import OperationalError

from yiwang.kernel.base import gathering, live
from yiwang.kernel.base.gathering import Gatherer


@pytest.fixture
def held(monkeypatch):
    """A gatherer whose first sending waits until the test lets it go, and what it has sent."""
    monkeypatch.setattr(gathering.connection, "close_if_unusable_or_obsolete", lambda: None)
    monkeypatch.setattr(gathering.connection, "close", lambda: None)
    monkeypatch.setattr(gathering, "PAUSE", 0)
    made = Held()
    yield made
    made.go.set()


class Held:
    def __init__(self):
        self.sent, self.faults = [], []
        self.begun, self.go, self.more = threading.Event(), threading.Event(), threading.Semaphore(0)
        self.gatherer = Gatherer(self._send)

    def _send(self, topics, event):
        self.sent.append((sorted(topics), event))
        self.begun.set()
        assert self.go.wait(20)
        self.more.release()
        if self.faults:
            raise self.faults.pop()

    def told(self, number):
        """Wait until so many were sent."""
        for _ in range(number):
            assert self.more.acquire(timeout=20)
        return self.sent


def test_the_first_goes_out_at_once_and_those_behind_it_together(held):
    held.gatherer.put(["unit:1"], "desk")
    assert held.begun.wait(20)
    held.gatherer.put(["unit:1"], "desk")
    held.gatherer.put(["unit:2", "unit:1"], "desk")
    held.gatherer.put(["account:7"], "notice")
    held.go.set()
    assert held.told(3) == [(["unit:1"], "desk"), (["unit:1", "unit:2"], "desk"), (["account:7"], "notice")]


def test_after_a_fault_of_the_database_the_next_news_goes_out(held):
    held.faults.append(OperationalError("gone"))
    held.go.set()
    held.gatherer.put(["unit:1"], "desk")
    held.told(1)
    held.gatherer.put(["unit:2"], "desk")
    assert held.told(1)[-1] == (["unit:2"], "desk")


def test_only_page_servers_gather(monkeypatch):
    told = []
    monkeypatch.setattr(live, "tell", lambda topics, event: told.append((list(topics), event)))
    monkeypatch.setattr(live, "_gatherer", None)
    live.tell_soon(["unit:1"], "desk")
    assert told == [(["unit:1"], "desk")]
