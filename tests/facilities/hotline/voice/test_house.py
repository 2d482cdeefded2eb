"""The way to the database: in order, patient while the database is away, and not stopped by what makes no sense."""

import asyncio
from datetime import timedelta

from django.db import OperationalError

from yiwang.facilities.hotline.voice.house import Lane, PortHouse


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


def test_no_two_events_have_the_same_instant() -> None:
    async def instants() -> list[timedelta]:
        house = PortHouse()
        found = [house._at() for _ in range(1000)]
        await house.stop(patience=5)
        return [later - earlier for earlier, later in zip(found, found[1:], strict=False)]

    assert min(asyncio.run(instants())) > timedelta(0)
