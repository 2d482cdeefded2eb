"""The bell of the frame."""

from django.http import HttpRequest
from django.urls import reverse

from yiwang.kernel.notices.queries import unread_count
from yiwang.kernel.ui.context import provide


def _unread(request: HttpRequest) -> int:
    standing = request.standing  # type: ignore[attr-defined]
    return unread_count(standing) if standing.is_signed_in else 0


def _address(request: HttpRequest) -> str:
    return reverse("notices:news")


provide(unread=_unread, notices_url=_address)
