"""How much one request may bring: refused before a byte of it is written to the disk."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

LARGEST_FROM_ANYBODY = 110 << 20
"""Bytes: nine files of ten megabytes, the most that the portal takes at once, and what stands around them."""

LARGEST_FROM_THE_STAFF = 1100 << 20
"""Bytes: twenty scans and recordings of fifty megabytes."""


class BoundedRequests:
    """Refuses a request that announces more than anybody may send; who sends more than announced is cut off.

    Stands before whatever reads forms, which would keep the files of a request on the disk until its end.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Raise what the error page for bad requests answers."""
        is_staff = settings.SESSION_COOKIE_NAME in request.COOKIES
        largest = LARGEST_FROM_THE_STAFF if is_staff else LARGEST_FROM_ANYBODY
        announced = str(request.META.get("CONTENT_LENGTH") or "0")
        if not announced.isdecimal() or int(announced[:18]) > largest:
            raise RequestDataTooBig
