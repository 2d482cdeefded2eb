"""Signing in: the password is asked only when not too many wrong ones were given before."""

import hashlib
import math
from datetime import datetime, timedelta

from django.db import transaction

from yiwang.kernel.base.events import publish
from yiwang.kernel.people.backends import AccountBackend
from yiwang.kernel.people.events import SignInFailed
from yiwang.kernel.people.models import Account, SignInThrottle
from yiwang.kernel.people.rules import FORGOTTEN_AFTER, TRIES_FOR_A_NAME, TRIES_FROM_AN_ADDRESS, wait_after

BACKEND = "yiwang.kernel.people.backends.AccountBackend"


class TooManyTries(Exception):
    """Too many wrong passwords; `wait` says how long to wait before the next try."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.minutes = max(1, math.ceil(wait.total_seconds() / 60))


def checked(*, username: str, password: str, address: str, at: datetime) -> Account | None:
    """The account of a name and its password, or nothing; the answer is the same for unknown names.

    A try is counted before the password is looked at, so that many tries at once gain nothing. Raises
    `TooManyTries`. Publishes `SignInFailed`.
    """
    _count(username, address=address, at=at)
    account = AccountBackend().authenticate(None, username=username, password=password)
    if account is not None:
        _forgive(username, address=address)
        return account
    known = Account.objects.filter(username=username.strip().lower()).values_list("pk", flat=True).first()
    publish(SignInFailed(known, at, address))
    return None


@transaction.atomic
def _count(username: str, *, address: str, at: datetime) -> None:
    keys = {
        _own_key(username, address): TRIES_FOR_A_NAME,
        _shared_key(address): TRIES_FROM_AN_ADDRESS,
    }
    # In the order of the keys, so that two tries at once never wait for each other in a circle.
    rows = [_locked(key, at=at) for key in sorted(keys)]
    until = max((row.blocked_until_at for row in rows if row.blocked_until_at), default=at)
    if until > at:
        raise TooManyTries(until - at)
    for row in rows:
        row.wrong = 1 if row.last_at < at - FORGOTTEN_AFTER else row.wrong + 1
        row.last_at = at
        wait = wait_after(row.wrong, tries=keys[row.key])
        row.blocked_until_at = at + wait if wait else None
        row.save()


@transaction.atomic
def _forgive(username: str, *, address: str) -> None:
    """Forget the wrong tries of somebody who then knew the password, so that an office may mistype."""
    own_key, shared_key = _own_key(username, address), _shared_key(address)
    rows = {
        row.key: row
        for row in SignInThrottle.objects.select_for_update()
        .filter(key__in=(own_key, shared_key))
        .order_by("key")
    }
    own, shared = rows.get(own_key), rows.get(shared_key)
    if own is not None and shared is not None:
        shared.wrong = max(0, shared.wrong - own.wrong)
        shared.blocked_until_at = None
        shared.save()
    if own is not None:
        own.delete()


def _locked(key: str, *, at: datetime) -> SignInThrottle:
    row, _ = SignInThrottle.objects.select_for_update().get_or_create(key=key, defaults={"last_at": at})
    return row


def _own_key(username: str, address: str) -> str:
    return _hashed("name", username.strip().lower(), address)


def _shared_key(address: str) -> str:
    return _hashed("address", address)


def _hashed(*parts: str) -> str:
    return hashlib.sha256("|".join(parts).encode("utf-8", "replace")).hexdigest()
