"""The live stream: who hears what, over the real processes."""

import queue
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.signed_cookies import SessionStore

from yiwang.kernel.base.live import tell
from yiwang.kernel.people.actions import create_account, end_sessions
from yiwang.kernel.people.models import Account
from yiwang.site import live

PAGES = 300
AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def an_account(username: str) -> Account:
    """Somebody who can sign in."""
    return create_account(username=username, name="王小明", password="Sturdy-Horse-93", at=AT)


def cookie_of(account: Account) -> str:
    """The cookie of a browser in which this account is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "yiwang.kernel.people.backends.AccountBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    return f"sessionid={session.session_key}"


@contextmanager
def listening(url: str, *, cookie: str) -> Iterator["queue.Queue[str]"]:
    """The lines of data that come over a stream; ready once the stream is open."""
    heard: queue.Queue[str] = queue.Queue()
    request = urllib.request.Request(url, headers={"Cookie": cookie, "Origin": "http://127.0.0.1:1"})
    answer = urllib.request.urlopen(request, timeout=15)
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:1"

    def read() -> None:
        try:
            for line in answer:
                if line.startswith(b"data: "):
                    heard.put(line.decode().removeprefix("data: ").strip())
        except (OSError, ValueError, AttributeError):
            pass

    assert answer.readline() == b"retry: 3000\n"
    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    yield heard
    answer.fp.raw._sock.shutdown(2)
    reader.join(5)
    answer.close()


def wait_for_live(url: str) -> None:
    """Wait until the live process answers; pages may be there a moment sooner."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the live process doesn't answer")


@pytest.mark.server
def test_news_reaches_exactly_those_it_is_for(live_site: Any) -> None:
    wait_for_live(live_site.live_url)
    one, other = an_account("one"), an_account("other")
    with (
        listening(live_site.live_url, cookie=cookie_of(one)) as hers,
        listening(live_site.live_url, cookie=cookie_of(other)) as his,
    ):
        tell([f"account:{one.pk}"], "desk")
        assert hers.get(timeout=10) == '{"event": "desk"}'
        tell([f"account:{other.pk}", f"account:{one.pk}"], "notices")
        assert hers.get(timeout=10) == '{"event": "notices"}'
        assert his.get(timeout=10) == '{"event": "notices"}'


@pytest.mark.server
def test_many_more_pages_than_a_server_holds_requests_may_listen_at_once(live_site: Any) -> None:
    wait_for_live(live_site.live_url)
    cookie, address = cookie_of(an_account("clerk")), urlsplit(live_site.live_url)
    with ExitStack() as open_pages:
        for place in range(PAGES):
            page = open_pages.enter_context(
                socket.create_connection((address.hostname or "", address.port or 0), timeout=15)
            )
            page.sendall(f"GET /live HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {cookie}\r\n\r\n".encode())
            assert page.recv(15).startswith(b"HTTP/1.1 200"), f"page {place + 1} is left waiting"


@pytest.mark.server
@pytest.mark.parametrize("cookie", ["", "sessionid=forged", "sessionid=", "other=1"])
def test_nobody_hears_nothing(live_site: Any, cookie: str) -> None:
    wait_for_live(live_site.live_url)
    request = urllib.request.Request(live_site.live_url, headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert (answer.status, answer.read()) == (204, b"")


@pytest.mark.django_db
def test_cookie_dies_with_the_sign_out_everywhere() -> None:
    account = an_account("one")
    key = cookie_of(account).partition("=")[2]
    assert live.topics_of_session(key) == frozenset({f"account:{account.pk}"})
    end_sessions(account, at=AT)
    assert live.topics_of_session(key) is None


@pytest.mark.parametrize(
    ("origin", "host", "expected"),
    [
        (None, "10.1.2.3:8001", True),
        ("http://10.1.2.3:8000", "10.1.2.3:8001", True),
        ("http://evil.example", "10.1.2.3:8001", False),
        ("null", "10.1.2.3:8001", False),
        ("http://[::1]:8000", "[::1]:8001", True),
    ],
)
def test_only_pages_of_the_same_host_may_listen(origin: str | None, host: str, expected: bool) -> None:
    headers = {"host": host} | ({"origin": origin} if origin else {})
    assert live._is_from_own_host(headers) is expected


def test_message_that_is_not_understood_reaches_nobody() -> None:
    hub = live.Hub()
    for message in ("", "[]", "{}", '{"to": 5, "event": "x"}', '{"to": ["unit:1"]}'):
        hub.pass_on(message)
    assert hub.streams == set()
