"""Finding a draft again, and counting attempts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.http import HttpRequest

from yiwang.kernel.channels.models import Attempt, Draft
from yiwang.kernel.channels.rules import KEPT_FOR, key_digest, unseal

SALT = "yiwang.kernel.channels.draft"


@dataclass(frozen=True)
class Held:
    """A draft together with the key that opened it."""

    draft: Draft
    key: str

    @property
    def shown_once(self) -> str:
        """The words that were sealed when it was handed in; empty before and after that while."""
        return unseal(bytes(self.draft.sealed), key=self.key) if self.draft.sealed else ""


def cookie_name(kind: str) -> str:
    """The cookie that holds the key of a kind of draft."""
    return f"draft-{kind}"


def key_in(request: HttpRequest, *, kind: str) -> str | None:
    """The key in somebody's cookie, when we signed it and it isn't too old."""
    try:
        return str(
            signing.loads(request.COOKIES.get(cookie_name(kind), ""), salt=SALT + kind, max_age=KEPT_FOR)
        )
    except signing.BadSignature:
        return None


def held_by(request: HttpRequest, *, kind: str, at: datetime) -> Held | None:
    """The draft that somebody's cookie opens, or nothing; one query."""
    key = key_in(request, kind=kind)
    if key is None:
        return None
    draft = Draft.objects.filter(key_digest=key_digest(key), kind=kind, expires_at__gt=at).first()
    return Held(draft, key) if draft else None


def attempts_from(source: str, *, kind: str, since: datetime) -> int:
    """How often something of a kind was sent from a place since then."""
    return Attempt.objects.filter(kind=kind, source=source, at__gt=since).count()


def is_flooded(source: str, *, kind: str, most: int, within: timedelta, at: datetime) -> bool:
    """Whether a place has sent as much as it may for now."""
    return attempts_from(source, kind=kind, since=at - within) >= most
