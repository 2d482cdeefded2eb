"""Short messages to somebody's telephone: a port behind which a county puts its gateway.

With `YIWANG_SMS_URL` messages go to a gateway by HTTP (`gateway`), by a job that tries again, with a log that holds
neither code nor telephone. Without it the house has none: in the demo county a sender remembers what it was given for a
few minutes and the page shows it, elsewhere nothing is sent, and pages ask `is_delivering` before they promise anything.
A program that embeds the house may put a sender of its own in by `use`.
"""

from datetime import datetime
from typing import Protocol

import structlog
from django.core.cache import cache

from yiwang.kernel.base.config import installation
from yiwang.kernel.base.problems import Problem
from yiwang.kernel.channels.actions import queue_message
from yiwang.kernel.channels.gateway import gateway
from yiwang.kernel.channels.tasks import deliver

SHOWN_FOR = 600
log = structlog.get_logger(__name__)


class Sender(Protocol):
    """What a gateway must be able to do."""

    def send(self, number: str, words: str, *, at: datetime) -> None:
        """Send words to a number; raises when the gateway refuses them."""


class DemoSender:
    """Sends nothing: keeps the words for a short while, so that a page of the demo county can show them."""

    def send(self, number: str, words: str, *, at: datetime) -> None:
        """Keep the words under the number."""
        cache.set(f"demo-message:{number}", words, SHOWN_FOR)


_senders: list[Sender] = []


def use(sender: Sender | None) -> None:
    """Send through a gateway from now on, or with nothing through none."""
    _senders[:] = [sender] if sender is not None else []


def has_gateway() -> bool:
    """Whether a gateway was named in a way that can work; a fault in its settings is logged and counts as none."""
    try:
        return gateway() is not None
    except Problem as problem:
        log.error("gateway for messages not usable", problem=problem.sentence)
        return False


def is_delivering() -> bool:
    """Whether a message reaches anybody: through a gateway, or in the demo county on the page."""
    return bool(_senders) or installation().is_demo or has_gateway()


def is_shown_on_the_page() -> bool:
    """Whether messages are only shown, because this is the demo county without a gateway."""
    return not _senders and installation().is_demo and not has_gateway()


def shown(number: str) -> str:
    """The last words that the demo county kept for a number."""
    return str(cache.get(f"demo-message:{number}", "")) if is_shown_on_the_page() else ""


def send(number: str, words: str, *, at: datetime, is_code: bool = False) -> bool:
    """Send words to a number; returns whether they were taken. A gateway's fault never undoes the deed itself.

    A code that can't be handed over within ten minutes isn't sent any more; other words are tried for a day.
    """
    if not number:
        return False
    if not _senders and has_gateway():
        deliver.defer(message_id=queue_message(number, words, is_code=is_code, at=at).pk)
        return True
    sender = _senders[0] if _senders else DemoSender() if installation().is_demo else None
    if sender is None:
        return False
    try:
        sender.send(number, words, at=at)
    except Exception:
        log.exception("message not sent")
        return False
    return True
