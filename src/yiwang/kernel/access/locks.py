"""The second lock: PostgreSQL is told who is asking, and its row policies let through only what they may see.

The first lock is the policy of each module. This one holds when a query forgets the first.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created

from yiwang.kernel.access.rules import NOBODY, SYSTEM, Standing

_ATTRIBUTE = "yiwang_lock"


def _settings(standing: Standing) -> tuple[str, str, str, str, str]:
    mode = (
        "system"
        if standing.is_system
        else "staff"
        if standing.is_signed_in
        else "receipt"
        if standing.case_id
        else "nobody"
    )
    return (
        mode,
        _array(standing.account_ids),
        _array(standing.unit_ids),
        _array(standing.member_unit_ids),
        str(standing.case_id or 0),
    )


def _array(ids: Iterable[int]) -> str:
    return "{" + ",".join(map(str, sorted(ids))) + "}"


def turn(standing: Standing) -> None:
    """Tell this thread's connection who is asking; costs a query only when that changed."""
    wanted = _settings(standing)
    if getattr(connection, _ATTRIBUTE, None) == wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('yiwang.mode', %s, false), set_config('yiwang.accounts', %s, false),"
            " set_config('yiwang.units', %s, false), set_config('yiwang.members', %s, false),"
            " set_config('yiwang.case', %s, false)",
            wanted,
        )
    setattr(connection, _ATTRIBUTE, wanted)


def forget() -> None:
    """Ask anew at the next turn, because the connection's settings may have been rolled back."""
    setattr(connection, _ATTRIBUTE, None)


def current() -> Standing:
    """What this thread's connection was last told, for those who must put it back."""
    return getattr(connection, _ATTRIBUTE + "_standing", NOBODY)


def assume(standing: Standing) -> None:
    """Ask as somebody from now on, until the next who assumes; the next request does so by itself."""
    setattr(connection, _ATTRIBUTE + "_standing", standing)
    turn(standing)


@contextmanager
def acting_as(standing: Standing) -> Iterator[None]:
    """Ask as somebody for a while, then as whoever asked before."""
    before = current()
    setattr(connection, _ATTRIBUTE + "_standing", standing)
    turn(standing)
    try:
        yield
    finally:
        setattr(connection, _ATTRIBUTE + "_standing", before)
        if connection.in_atomic_block and connection.needs_rollback:
            forget()
        else:
            turn(before)


@contextmanager
def acting_as_system() -> Iterator[None]:
    """Ask as the house itself: for jobs, imports and checks, never for a page."""
    with acting_as(SYSTEM):
        yield


def _on_new_connection(sender: Any, connection: Any, **kwargs: Any) -> None:
    setattr(connection, _ATTRIBUTE, None)


connection_created.connect(_on_new_connection, dispatch_uid="yiwang.kernel.access.locks")
