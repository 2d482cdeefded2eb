"""The way to the database: in order, patient while the database is away, and not stopped by what makes no sense."""

import asyncio
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from yiwang.facilities.hotline.voice import house
from yiwang.facilities.hotline.voice.house import Lane, PortHouse

pytestmark = pytest.mark.django_db(transaction=True)


def test_while_the_database_is_away_nothing_is_lost_and_the_order_stays() -> None:
    done: list[str] = []
    faults = [OperationalError("the server closed the connection"), OperationalError("starting up")]

    def first() -> None:
        if faults:
            raise faults.pop()
        done.append("first")

    lane = Lane("test")
    lane.put(first)
    lane.put(lambda: done.append("second"))
    lane.finish(patience=10)
    assert (done, faults) == (["first", "second"], [])


def test_what_makes_no_sense_is_left_and_the_rest_goes_on() -> None:
    done: list[str] = []
    lane = Lane("test")
    lane.put(lambda: done.append(str(1 / 0)))
    lane.put(lambda: done.append("second"))
    lane.finish(patience=10)
    assert done == ["second"]


def test_whatever_waits_for_a_lock_too_long_is_begun_anew(monkeypatch) -> None:
    monkeypatch.setattr(house, "LONGEST_LOCK", "100ms")
    tries: list[float] = []

    def ask() -> None:
        tries.append(time.monotonic())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(4711)")

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(4711)")
        lane = Lane("test")
        lane.put(ask)
        while len(tries) < 3:
            time.sleep(0.01)
        cursor.execute("SELECT pg_advisory_unlock(4711)")
    lane.finish(patience=10)
    assert len(tries) >= 3


def test_no_two_events_have_the_same_instant() -> None:
    async def instants() -> list[timedelta]:
        made = PortHouse()
        found = [made._at() for _ in range(1000)]
        await made.stop(patience=5)
        return [later - earlier for earlier, later in zip(found, found[1:], strict=False)]

    assert min(asyncio.run(instants())) > timedelta(0)
