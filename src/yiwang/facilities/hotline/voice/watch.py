"""Noticing from outside that the voice process is gone, when it doesn't come back to say so itself.

The process holds an advisory lock as long as it lives. Runs in the worker.
"""

import asyncio
from datetime import UTC, datetime

import psycopg
import structlog
from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection

from yiwang.facilities.hotline import actions, port
from yiwang.facilities.hotline.voice.settings import DRIVER, LEASE
from yiwang.kernel.base.config import installation
from yiwang.kernel.base.postgres.soundness import parameters

log = structlog.get_logger(__name__)

LOOKS_EVERY = 2.0
LOOKS = 3
"""Looks in a row that find nobody; a process that lost its line to the database is back before."""


async def watch(driver: str = DRIVER) -> None:
    """Look for ever; every caller of a driver whose process is gone becomes a call-back."""
    missed = 0
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                **parameters(installation(), as_owner=False), autocommit=True
            ) as line:
                while True:
                    missed = missed + 1 if await _is_free(line) else 0
                    if missed == LOOKS:
                        log.warning("the voice process is gone")
                        await sync_to_async(_lose, thread_sensitive=False)(driver)
                    await asyncio.sleep(LOOKS_EVERY)
        except psycopg.Error as error:
            log.warning("line to the database lost", error=str(error).strip())
            missed = 0
        await asyncio.sleep(LOOKS_EVERY)


async def _is_free(line: psycopg.AsyncConnection[tuple[bool]]) -> bool:
    cursor = await line.execute("SELECT pg_try_advisory_lock(%s)", [LEASE])
    found = await cursor.fetchone()
    if found is None or not found[0]:
        return False
    await line.execute("SELECT pg_advisory_unlock(%s)", [LEASE])
    return True


def _lose(driver: str) -> None:
    close_old_connections()
    try:
        actions.hear(port.DriverLost(driver, datetime.now(UTC)))
    finally:
        # It happens once in a blue moon, in a thread that nobody keeps.
        connection.close()
