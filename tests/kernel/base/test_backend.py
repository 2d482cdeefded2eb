"""A connection that is kept from request to request: asked about seldom, and never relied on when it is gone."""

import os
import socket
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql.base import DatabaseWrapper

from yiwang.kernel.base.postgres.backend import base

connection: Any = connections["default"]


def a_request_begins() -> None:
    """What Django does before a request, with a connection that was kept."""
    connection.health_check_enabled, connection.health_check_done = True, False


def pid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (found,) = cursor.fetchone()
    return int(found)


def end_from_the_other_side() -> None:
    """What a session that the server has ended looks like from here: nothing more comes but the end."""
    line = socket.socket(fileno=os.dup(connection.connection.fileno()))
    line.shutdown(socket.SHUT_RDWR)
    line.close()


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_answered_lately_isn_t_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    ask = DatabaseWrapper.is_usable

    def counted(self: DatabaseWrapper) -> bool:
        asked.append(True)
        return ask(self)

    monkeypatch.setattr(DatabaseWrapper, "is_usable", counted)
    connection.close()
    first = pid()
    for _ in range(3):
        a_request_begins()
        assert pid() == first
    assert len(asked) == 1
    monkeypatch.setattr(base, "ASKED_AGAIN_AFTER", 0)
    a_request_begins()
    assert (pid(), len(asked)) == (first, 2)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_the_server_ended_is_made_anew() -> None:
    a_request_begins()
    first = pid()
    a_request_begins()
    assert pid() == first
    end_from_the_other_side()
    a_request_begins()
    assert pid() != first
