"""Reading notices; a notice of a matter that one may no longer see isn't shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.statements import count_of
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.people.models import Post

PAGE = 50
MOST_COUNTED = 99


@dataclass(frozen=True)
class NewsItem:
    """A notice with the number and title of its matter."""

    notice: Notice
    number: str
    title: str


def unread_count(standing: Standing) -> int:
    """How many notices wait to be read, without those of matters not to be seen any more; counted to 99."""

    def unread() -> QuerySet[Notice, Any]:
        seen = Case.objects.filter(visible(standing), pk=OuterRef("case_id"))
        mine = Notice.objects.filter(account_id=standing.account_id or 0, read_at__isnull=True)
        shown = mine.filter(Q(case_id=None) | Exists(seen))
        return shown.order_by().values_list("pk")[: MOST_COUNTED + 1]

    return count_of(("unread", standing), unread)


def news_of(standing: Standing, *, before: tuple[datetime, int] | None = None) -> tuple[list[NewsItem], bool]:
    """One page of notices, newest first, and whether there are more."""
    found = Notice.objects.filter(account_id=standing.account_id or 0)
    if before is not None:
        at, pk = before
        found = found.filter(at__lte=at).exclude(at=at, pk__gte=pk)
    rows = list(found[: PAGE + 1])
    shown = rows[:PAGE]
    known = _cases(standing, [row.case_id for row in shown if row.case_id is not None])
    items = [
        NewsItem(row, *known.get(row.case_id or 0, ("", str(row.facts.get("title", "")))))
        for row in shown
        if row.case_id is None or row.case_id in known
    ]
    return items, len(rows) > PAGE


def _cases(standing: Standing, case_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    found = Case.objects.filter(visible(standing), pk__in=set(case_ids)).values_list("pk", "number", "title")
    return {pk: (number, title) for pk, number, title in found}


def staff_of(unit_id: int) -> list[int]:
    """The accounts that handle matters at a unit."""
    counts = Q(granted_at__isnull=False, refused_at__isnull=True)
    return list(
        Post.objects.filter(counts, unit_id=unit_id, role__in=("clerk", "head"))
        .values_list("account_id", flat=True)
        .distinct()
    )
