"""Telling people, and marking as read."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.base.live import tell
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import may_see
from yiwang.kernel.notices.models import Notice


def notify(
    account_ids: Iterable[int],
    kind: str,
    *,
    key: str,
    at: datetime,
    case: Case | None = None,
    facts: Mapping[str, Any] | None = None,
) -> int:
    """Tell people something once; whoever may not see the case isn't told. Returns how many were told.

    The caller asks as the house. `key` is the same for the same news.
    """
    wanted = sorted(
        {account_id for account_id in account_ids if case is None or may_see(standing_of(account_id), case)}
    )
    rows = [
        Notice(
            account_id=account_id,
            kind=kind,
            case_id=case.pk if case else None,
            facts=dict(facts or {}),
            key=key,
            at=at,
        )
        for account_id in wanted
    ]
    if rows:
        Notice.objects.bulk_create(rows, ignore_conflicts=True)
        tell((f"account:{account_id}" for account_id in wanted), "notices")
    return len(rows)


def mark_read(account_id: int, *, at: datetime, notice_id: int | None = None) -> None:
    """Mark one notice of an account as read, or all of them."""
    found = Notice.objects.filter(account_id=account_id, read_at__isnull=True)
    if notice_id is not None:
        found = found.filter(pk=notice_id)
    found.update(read_at=at)


_reminding: set[str] = set()


def reminds_by_itself(type_key: str) -> None:
    """Say that a case type reminds its holders by a ladder of its own: they don't hear of the same day twice."""
    _reminding.add(type_key)


def has_its_own_reminders(type_key: str) -> bool:
    """Whether the holders of such cases are reminded by the module that declares them."""
    return type_key in _reminding
