"""Telling open pages that something changed, so that they fetch it again.

A message says to whom (`unit:5`, `account:7`) and what kind of thing (`desk`). Whoever hears it asks for the
page anew and gets what the permissions allow. It carries content only where the topics are themselves the
permission: an announcement's own audience, so that a thousand pages need not ask at once.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection
from django.http import HttpRequest

from yiwang.kernel.base.config import installation
from yiwang.kernel.base.gathering import Gatherer

CHANNEL = "yiwang_live"
NOTIFY = "pg_notify(%s, %s)"
TELL = f"SELECT {NOTIFY}"
MOST_TOPICS = 200
"""PostgreSQL takes 8,000 bytes a message; longer lists are sent in parts."""

_gatherer: Gatherer | None = None


def tell(topics: Iterable[str], event: str, *, told: Mapping[str, Any] | None = None) -> None:
    """Tell everybody who listens to one of `topics`, at the commit of the current transaction.

    `told` goes along to the open pages: only what everybody who may hear a topic may read.
    """
    _send(messages(topics, event, told=told))


def tell_several(news: Iterable[tuple[Iterable[str], str]]) -> None:
    """Tell several kinds of news, each to its topics, as `tell` would; one message to the database."""
    _send(message for topics, event in news for message in messages(topics, event))


def _send(told: Iterable[str]) -> None:
    """Send what was put into words; of equal ones PostgreSQL delivers one."""
    values = [value for message in told for value in (CHANNEL, message)]
    if values:
        with connection.cursor() as cursor:
            cursor.execute("SELECT " + ", ".join([NOTIFY] * (len(values) // 2)), values)


def gather() -> None:
    """From here on `tell_soon` gathers, in this process. For those who serve pages to many."""
    global _gatherer
    _gatherer = Gatherer(tell)


def tell_soon(topics: Iterable[str], event: str) -> None:
    """Tell what was already committed, together with what else is told in this moment.

    Where nothing gathers (in a command, a job, a test) it is told at once.
    """
    if _gatherer is None:
        tell(topics, event)
    else:
        _gatherer.put(topics, event)


def messages(topics: Iterable[str], event: str, *, told: Mapping[str, Any] | None = None) -> Iterator[str]:
    """What `tell` sends, for those who send it together with other statements: `TELL` with `CHANNEL` and each."""
    chosen = sorted(set(topics))
    more = {"told": dict(told)} if told else {}
    for start in range(0, len(chosen), MOST_TOPICS):
        yield json.dumps(
            {"to": chosen[start : start + MOST_TOPICS], "event": event, **more}, ensure_ascii=False
        )


def live_address(request: HttpRequest) -> str:
    """Where this page's EventSource listens.

    Behind a front server (`YIWANG_PUBLIC_URL`) it is `/live` on the same host, passed on by it; on a bare
    machine the same host on the next port, to which browsers send the session cookie too.
    """
    return f"{_origin(request)}/live"


def live_sources(request: HttpRequest) -> str:
    """The `connect-src` of the content security policy, which must name the live process's port."""
    return f"'self' {_origin(request)}".strip()


def _origin(request: HttpRequest) -> str:
    if installation().public_url:
        return ""
    return f"{request.scheme}://{_without_port(request.get_host())}:{live_port()}"


def live_port() -> int:
    """The port of the live process: `YIWANG_LIVE_PORT`, or the one after the pages' port."""
    return int(os.environ.get("YIWANG_LIVE_PORT") or installation().port + 1)


def _without_port(host: str) -> str:
    """The host alone; an IPv6 address keeps its brackets."""
    name, separator, port = host.rpartition(":")
    return name if separator and port.isdecimal() else host
