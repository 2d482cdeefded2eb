"""Requests to Asterisk: one after another in a thread, so that the loop that hears events never waits."""

import asyncio
import base64
import http.client
import json
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from yiwang.facilities.hotline.ari.settings import AriSettings

TIMEOUT = 5.0
LONGEST_ANSWER = 1 << 30


class AriRefused(Exception):
    """Asterisk couldn't do what it was asked for; the text has its status and words."""


class Requests(Protocol):
    """Whoever can be asked as Asterisk is asked."""

    async def ask(self, method: str, *path: str, **values: str) -> Any:
        """Ask for something; what the answer's JSON says. Raises `AriRefused`."""

    async def file(self, *path: str) -> bytes:
        """Fetch something that isn't JSON. Raises `AriRefused`."""


def authorization(settings: AriSettings) -> dict[str, str]:
    """The header that says who we are; the password never stands in an address."""
    word = base64.b64encode(f"{settings.user}:{settings.password}".encode()).decode()
    return {"Authorization": f"Basic {word}"}


class Rest:
    """The requests of one Asterisk."""

    def __init__(self, settings: AriSettings) -> None:
        self._settings = settings

    async def ask(self, method: str, *path: str, **values: str) -> Any:
        """Ask for something; what the answer's JSON says. Raises `AriRefused`."""
        body = await asyncio.to_thread(self._ask, method, path, values)
        try:
            return json.loads(body) if body else None
        except ValueError as error:
            raise AriRefused("an answer that isn't JSON") from error

    async def file(self, *path: str) -> bytes:
        """Fetch something that isn't JSON. Raises `AriRefused`."""
        return await asyncio.to_thread(self._ask, "GET", path, {})

    def _ask(self, method: str, path: tuple[str, ...], values: dict[str, str]) -> bytes:
        kind = http.client.HTTPSConnection if self._settings.is_tls else http.client.HTTPConnection
        line = kind(self._settings.host, self._settings.port, timeout=TIMEOUT)
        target = "/".join([self._settings.path, *(quote(part, safe="") for part in path)])
        try:
            line.request(
                method,
                f"{target}?{urlencode(values)}" if values else target,
                headers=authorization(self._settings),
            )
            answer = line.getresponse()
            body = answer.read(LONGEST_ANSWER)
        except (OSError, http.client.HTTPException) as error:
            raise AriRefused(f"{method} {target}: {error}") from error
        finally:
            line.close()
        if answer.status >= 300:
            raise AriRefused(f"{method} {target}: {answer.status} {body[:100].decode(errors='replace')}")
        return body
