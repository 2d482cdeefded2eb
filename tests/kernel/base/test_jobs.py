"""Background jobs: put in with the change, done by the worker, rescued from a killed one."""

import asyncio
import contextlib
import time
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from yiwang.kernel.base import jobs


def states() -> list[tuple[str, str]]:
    """Every job's task and state, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id")
        return list(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
def test_job_goes_away_with_the_change_it_belongs_to() -> None:
    with transaction.atomic():
        jobs.rescue_stalled.defer(timestamp=1)
        assert states() == [("yiwang.kernel.base.jobs.rescue_stalled", "todo")]
        transaction.set_rollback(True)
    assert states() == []


@pytest.mark.django_db(transaction=True)
def test_job_of_a_killed_worker_is_put_back() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes'), (now())"
            " RETURNING id"
        )
        dead, alive = (row[0] for row in cursor.fetchall())
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id) VALUES"
            " ('default', 'of_the_dead', '{}', 'doing', %s), ('default', 'of_the_living', '{}', 'doing', %s)",
            [dead, alive],
        )

    async def rescue() -> int:
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
            async with app.open_async():
                return await jobs.put_back_stalled(app, silent_for=60)

    assert asyncio.run(rescue()) == 1
    assert states() == [("of_the_dead", "todo"), ("of_the_living", "doing")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_workers")
        assert cursor.fetchall() == [(alive,)]


@pytest.mark.server
def test_worker_of_the_running_site_does_jobs(live_site: Any) -> None:
    # The site puts this job in by itself every few minutes, perhaps just now.
    with contextlib.suppress(AlreadyEnqueued):
        jobs.rescue_stalled.defer(timestamp=1)
    deadline = time.monotonic() + 30
    # Jobs that went well are deleted.
    while "yiwang.kernel.base.jobs.rescue_stalled" in dict(states()):
        assert time.monotonic() < deadline, f"the job is still there: {states()}"
        time.sleep(0.1)
