"""What Django keeps for each request, kept by thread: a page is made in one thread from its beginning to its end.

Django keeps the language, the time zone and the prefix of addresses where coroutines may change threads too;
each look there takes a lock and a copy of a context. A page of a case looks a thousand times.
"""

import threading
from collections.abc import Callable
from types import ModuleType

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.urls import base as addresses
from django.utils import timezone
from django.utils.translation import trans_real as translation

KEPT: tuple[tuple[ModuleType, str], ...] = (
    (translation, "_active"),
    (timezone, "_active"),
    (addresses, "_prefixes"),
    (addresses, "_urlconfs"),
)


def keep_by_thread() -> None:
    """Keep these in plain thread locals from now on; what the calling thread has chosen stays chosen.

    A coroutine that chose a language and then waited would choose it for others of its thread: none does.
    """
    for module, name in KEPT:
        before = getattr(module, name)
        if isinstance(before, threading.local):
            continue
        after = threading.local()
        if hasattr(before, "value"):
            after.value = before.value
        setattr(module, name, after)


class KeptByThread:
    """Keeps them so wherever pages are made; stands in no request's way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        keep_by_thread()
        raise MiddlewareNotUsed
