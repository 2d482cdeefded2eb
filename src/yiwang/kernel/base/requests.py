"""The request of a form in Chinese, read quickly.

A browser sends each Chinese character of a form as nine ASCII characters. Python 3.11 undoes that byte by
byte: a letter of three hundred characters takes as long as several questions to the database.
"""

import re

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

FORM = "application/x-www-form-urlencoded"
_BEYOND_ASCII = re.compile(rb"(?:%[89A-Fa-f][0-9A-Fa-f])+")


def plain(body: bytes) -> bytes:
    """A form's body with its escapes beyond ASCII undone; `QueryDict` makes the same of both.

    The signs that part names and values are ASCII and stay escaped. A body that isn't ASCII, or whose escapes
    aren't UTF-8, is given back as it came.
    """
    if not body.isascii():
        return body
    undone = _BEYOND_ASCII.sub(lambda run: bytes.fromhex(run[0].replace(b"%", b"").decode()), body)
    try:
        undone.decode()
    except UnicodeDecodeError:
        return body
    return undone


class Request(WSGIRequest):
    """Django's request; only how a form is read differs."""

    def _load_post_and_files(self) -> None:
        is_form = self.method == "POST" and self.content_type == FORM
        is_read = getattr(self, "_read_started", False) and not hasattr(self, "_body")
        if not is_form or self.encoding is not None or is_read:
            super()._load_post_and_files()
            return
        self._post = QueryDict(plain(self.body), encoding="utf-8")
        self._files: MultiValueDict[str, object] = MultiValueDict()


class Handler(WSGIHandler):
    """Django's handler, with that request."""

    request_class = Request
