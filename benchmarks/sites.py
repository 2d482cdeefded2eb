"""The product and the bare project side by side on one database, each served as in production."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import Cookie, CookieJar
from pathlib import Path

from yiwang.site.demo.county import PASSWORD

REPOSITORY = Path(__file__).resolve().parents[1]


class NotMet(Exception):
    """A page doesn't say what it must say before it is timed."""


class _Stay(urllib.request.HTTPRedirectHandler):
    """Leads nowhere: an answer is what it is."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        """Follow nothing."""
        return


@dataclass
class Visitor:
    """A browser of somebody's own, with its cookies."""

    base: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of an answer; redirects aren't followed."""
        opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self.cookies))
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(self.base + path, data, {"Accept-Language": "zh-CN"})
        try:
            with opener.open(request, timeout=60) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as answer:
            return int(answer.code), answer.read().decode()

    def sign_in(self, username: str) -> None:
        """Sign in on the product's own page."""
        _status, text = self.ask("/people/sign-in/")
        form = {"csrfmiddlewaretoken": token_in(text), "username": username, "password": PASSWORD}
        status, text = self.ask("/people/sign-in/", form)
        if status not in (302, 303):
            raise NotMet(f"{username} can't sign in: {status}")

    def carry(self, session: str, token: str) -> None:
        """Come with a session that was made elsewhere, and a token."""
        for name, value in (("sessionid", session), ("csrftoken", token)):
            self.cookies.set_cookie(
                Cookie(
                    0,
                    name,
                    value,
                    None,
                    False,
                    "127.0.0.1",
                    True,
                    False,
                    "/",
                    True,
                    False,
                    None,
                    False,
                    None,
                    None,
                    {},
                )
            )

    @property
    def cookie(self) -> str:
        """The header that makes other requests this visitor's."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies)

    @property
    def token(self) -> str:
        """The token against forged requests."""
        return next((cookie.value or "" for cookie in self.cookies if cookie.name == "csrftoken"), "")


def token_in(text: str) -> str:
    """The token in a page's form."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    if found is None:
        raise NotMet("the page has no form")
    return found.group(1)


@contextmanager
def served(command: list[str], *, data: Path, port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server of its own process until the end, listening on `port` and, for live news, on `port` + 1."""
    environment = os.environ | {
        "YIWANG_DATA": str(data),
        "YIWANG_PORT": str(port),
        "YIWANG_LIVE_PORT": str(port + 1),
        "PYTHONPATH": str(REPOSITORY),
    }
    for name in ("DJANGO_SETTINGS_MODULE", "YIWANG_DB_ROLE"):
        environment.pop(name, None)
    with log.open("ab") as file:
        process = subprocess.Popen(
            [sys.executable, *command], env=environment, cwd=REPOSITORY, stdout=file, stderr=file
        )
        try:
            _wait(port, process)
            yield process
        finally:
            process.terminate()
            process.wait(timeout=30)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit("a server ended while starting; see its log")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("a server doesn't answer")
