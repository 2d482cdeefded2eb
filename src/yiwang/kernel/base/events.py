"""Typed events: what happened, told to whoever asked to know.

A lower floor tells an upper one something only this way. An event is a frozen dataclass named in the past
tense. Most handlers hear of it after commit; one that fails is logged and doesn't keep the others from
hearing. What must stand or fall with the deed itself (the audit log) is told within its transaction.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

import structlog
from django.db import transaction

Event = TypeVar("Event")
Handler = Callable[[Any], None]

_handlers: dict[type, list[Handler]] = defaultdict(list)
_handlers_within: dict[type, list[Handler]] = defaultdict(list)
log = structlog.get_logger(__name__)


def handles(kind: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register a function that wants to hear of events of one type."""

    def enter(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        if handler not in _handlers[kind]:
            _handlers[kind].append(handler)
        return handler

    return enter


def handles_within(kind: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register a function that hears of events inside the transaction that publishes them.

    It is for records without which the deed may not happen: when it fails, the deed is undone too.
    """

    def enter(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        if handler not in _handlers_within[kind]:
            _handlers_within[kind].append(handler)
        return handler

    return enter


def publish(event: object) -> None:
    """Tell every handler of the event's type: some at once, most when the transaction has been committed."""
    for handler in _handlers_within[type(event)]:
        handler(event)
    transaction.on_commit(lambda: _deliver(event))


def _deliver(event: object) -> None:
    for handler in _handlers[type(event)]:
        try:
            handler(event)
        except Exception:
            log.exception(
                "event handler failed", event_type=type(event).__name__, handler=handler.__qualname__
            )
