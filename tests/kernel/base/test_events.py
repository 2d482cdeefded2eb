"""Who hears of an event, and when."""

from dataclasses import dataclass

import pytest
from django.db import transaction

from yiwang.kernel.base import events
from yiwang.kernel.base.events import handles, handles_within, publish


@dataclass(frozen=True)
class Happened:
    """Something happened."""

    number: int


@pytest.fixture
def heard(monkeypatch):
    """What handlers heard: within the transaction and after it."""
    monkeypatch.setitem(events._handlers, Happened, [])
    monkeypatch.setitem(events._handlers_within, Happened, [])
    told = []
    handles(Happened)(lambda event: told.append(("after", event.number)))
    handles_within(Happened)(lambda event: told.append(("within", event.number)))
    return told


@pytest.mark.django_db(transaction=True)
def test_some_hear_at_once_and_the_others_after_commit(heard):
    with transaction.atomic():
        publish(Happened(1))
        assert heard == [("within", 1)]
    assert heard == [("within", 1), ("after", 1)]


@pytest.mark.django_db(transaction=True)
def test_nobody_hears_later_of_what_was_undone(heard):
    with transaction.atomic():
        publish(Happened(2))
        transaction.set_rollback(True)
    assert heard == [("within", 2)]


@pytest.mark.django_db(transaction=True)
def test_a_deed_that_cannot_be_written_down_does_not_happen(heard):
    @handles_within(Happened)
    def full(event):
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"), transaction.atomic():
        publish(Happened(3))
    assert heard == [("within", 3)]


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_fails_afterwards_keeps_nobody_else_from_hearing(heard):
    def broken(event):
        raise OSError("no room")

    events._handlers[Happened].insert(0, broken)
    publish(Happened(4))
    assert heard == [("within", 4), ("after", 4)]
