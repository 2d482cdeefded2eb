"""What somebody keeps for themselves: cases to keep an eye on, lists to find again. No case changes by it."""

from collections.abc import Sequence
from datetime import datetime

from yiwang.kernel.casework.models import SavedView, Watch

MOST_VIEWS = 50


class TooManyViews(Exception):
    """Somebody has as many saved views as anybody can overlook."""


def watch(case_ids: Sequence[int], *, account_id: int, at: datetime) -> None:
    """Keep an eye on cases. The caller has made sure that the person may see them."""
    Watch.objects.bulk_create(
        [Watch(case_id=case_id, account_id=account_id, since_at=at) for case_id in case_ids],
        ignore_conflicts=True,
    )


def unwatch(case_ids: Sequence[int], *, account_id: int) -> None:
    """Keep an eye on them no longer."""
    Watch.objects.filter(case_id__in=case_ids, account_id=account_id).delete()


def save_view(name: str, *, query: str, account_id: int, at: datetime) -> SavedView:
    """Keep the address of a list under a name; a name used before gets the new address."""
    mine = SavedView.objects.filter(account_id=account_id)
    if mine.count() >= MOST_VIEWS and not mine.filter(name=name).exists():
        raise TooManyViews
    view, _ = SavedView.objects.update_or_create(
        account_id=account_id, name=name, defaults={"query": query, "created_at": at}
    )
    return view


def delete_view(view_id: int, *, account_id: int) -> bool:
    """Forget a saved view; somebody else's stays. False when there was none of one's own."""
    return bool(SavedView.objects.filter(pk=view_id, account_id=account_id).delete()[0])
