"""Words after an action: what was done, and the way back where there is one."""

from typing import Any

from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse

UNDO = "undo:"


def say(request: HttpRequest, words: object, *, kind: str = "done", undo_url: str = "") -> None:
    """Tell whoever acted what was done, on the next page they see.

    `kind` is done, info, soon or late. With `undo_url` the words pass at the foot of the page beside a
    button that posts there.
    """
    level = {
        "done": messages.SUCCESS,
        "info": messages.INFO,
        "soon": messages.WARNING,
        "late": messages.ERROR,
    }[kind]
    messages.add_message(request, level, str(words), extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def undo_of(message: Any) -> str:
    """The address that takes the action back; empty when there is none."""
    tags = str(message.extra_tags or "")
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""


class QuietCookieStorage(CookieStorage):
    """Keeps words for the next page in a cookie, and doesn't have a browser delete one that it hasn't got."""

    def _update_cookie(self, encoded_data: str, response: HttpResponse) -> None:
        if encoded_data or self.cookie_name in self.request.COOKIES:
            super()._update_cookie(encoded_data, response)  # type: ignore[misc]
