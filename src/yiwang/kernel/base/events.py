"""Typed events: what happened, told after commit to whoever asked to know.

A lower floor tells an upper one something only this way. An event is a frozen dataclass named in the past
tense; a handler that fails is logged and doesn't keep the others from hearing.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.db import transaction

Event = TypeVar("Event")
Handler = Callable[[Any], None]

_handlers: dict[type, list[Handler]] = defaultdict(list)
log = structlog.get_logger(__name__)


def handles(kind: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register a function that wants to hear of events of one type."""

    def enter(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return enter


def publish(event: object) -> None:
    """Tell every handler of the event's type, once the transaction under way has been committed."""
    transaction.on_commit(lambda: _deliver(event))


def _deliver(event: object) -> None:
    for handler in _handlers[type(event)]:
        try:
            handler(event)
        except Exception:
            log.exception("event handler failed", event_type=type(event).__name__, handler=handler.__qualname__)
