"""A gateway for short messages that speaks HTTP: where it is and what it wants to hear, told by the environment.

No vendor's library is needed: an address, a body with places for number and words, a header, a secret in a file.
Without `YIWANG_SMS_URL` there is no gateway.
"""

import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from yiwang.kernel.base.problems import Problem

TIMEOUT = 8.0
READ_AT_MOST = 4096
DEFAULT_BODY = "number={number}&words={words}"
WORTH_TRYING_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})


class NotTaken(Exception):
    """The gateway didn't take a message; the text is for the log and holds nothing of the message."""

    def __init__(self, answer: str, *, is_final: bool) -> None:
        super().__init__(answer)
        self.is_final = is_final


@dataclass(frozen=True)
class Gateway:
    """Where messages go. In `body` and `header` stand `{number}`, `{words}` and `{secret}`.

    A body that begins with `{` or `[` is sent as JSON, any other as a form; what is put in is written as the form of
    the body wants it. `expect` must stand in the answer: many gateways answer 200 to what they refuse.
    """

    url: str
    body: str = DEFAULT_BODY
    header: str = ""
    secret: str = ""
    expect: str = ""

    @property
    def is_json(self) -> bool:
        """Whether the body is JSON."""
        return self.body.lstrip().startswith(("{", "["))

    def request(self, number: str, words: str) -> urllib.request.Request:
        """What is sent for a message."""
        quote = (lambda word: json.dumps(word, ensure_ascii=False)[1:-1]) if self.is_json else _quoted
        values = {"number": number, "words": words, "secret": self.secret}
        body = _filled(self.body, {key: quote(value) for key, value in values.items()})
        kind = "application/json" if self.is_json else "application/x-www-form-urlencoded"
        request = urllib.request.Request(
            self.url, data=body.encode(), headers={"Content-Type": f"{kind}; charset=utf-8"}, method="POST"
        )
        if self.header:
            name, _, value = self.header.partition(":")
            request.add_header(name.strip(), _filled(value.strip(), {"secret": self.secret}))
        return request

    def send(self, number: str, words: str) -> str:
        """Hand a message over and return what the log may keep; raises `NotTaken`."""
        try:
            with _OPENER.open(self.request(number, words), timeout=TIMEOUT) as answer:
                status, text = answer.status, answer.read(READ_AT_MOST).decode(errors="replace")
        except urllib.error.HTTPError as error:
            raise NotTaken(f"HTTP {error.code}", is_final=error.code not in WORTH_TRYING_AGAIN) from None
        except (OSError, ValueError) as error:
            raise NotTaken(type(error).__name__, is_final=False) from None
        if self.expect and self.expect not in text:
            raise NotTaken(f"HTTP {status}, without the words that were expected", is_final=True)
        return f"HTTP {status}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A gateway that sends us elsewhere isn't followed: number and secret would go there too."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        """Never."""
        return


_OPENER = urllib.request.build_opener(_NoRedirect)


def _quoted(word: str) -> str:
    return urllib.parse.quote(word, safe="")


def _filled(template: str, values: Mapping[str, str]) -> str:
    """The template with its places filled; other braces stay, since JSON is made of them."""
    pieces = [template]
    for key, value in values.items():
        pieces = [part for piece in pieces for part in _split(piece, "{" + key + "}", value)]
    return "".join(str(piece) for piece in pieces)


class _Filled(str):
    """Something put in: what stands in it is never taken for a place."""


def _split(piece: str, place: str, value: str) -> list[str]:
    if isinstance(piece, _Filled):
        return [piece]
    parts: list[str] = []
    for number, text in enumerate(piece.split(place)):
        parts += [_Filled(value), text] if number else [text]
    return parts


def gateway() -> Gateway | None:
    """The gateway of this installation, if it has one. Raises `Problem` when what was told can't work."""
    env = os.environ
    url = env.get("YIWANG_SMS_URL", "")
    if not url:
        return None
    if urllib.parse.urlsplit(url).scheme not in ("http", "https"):
        raise Problem(
            "YIWANG_SMS_URL must begin with https:// (or http:// within the house).",
            "YIWANG_SMS_URL 应以 https:// 开头（内网可用 http://）。",
        )
    body = env.get("YIWANG_SMS_BODY") or DEFAULT_BODY
    missing = [place for place in ("{number}", "{words}") if place not in body]
    if missing:
        raise Problem(
            f"YIWANG_SMS_BODY lacks {' and '.join(missing)}.", f"YIWANG_SMS_BODY 缺少 {'、'.join(missing)}。"
        )
    header = env.get("YIWANG_SMS_HEADER", "")
    if header and ":" not in header:
        raise Problem("YIWANG_SMS_HEADER must be `Name: value`.", "YIWANG_SMS_HEADER 应写作“名称: 内容”。")
    return Gateway(
        url, body, header, _secret(env.get("YIWANG_SMS_SECRET_FILE", "")), env.get("YIWANG_SMS_EXPECT", "")
    )


def _secret(path: str) -> str:
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise Problem(
            f"The file {path} named in YIWANG_SMS_SECRET_FILE can't be read.",
            f"无法读取 YIWANG_SMS_SECRET_FILE 指定的文件 {path}。",
        ) from None
