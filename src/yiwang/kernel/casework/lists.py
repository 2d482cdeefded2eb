"""Lists of cases: which ones, sorted by clock or newest first, one page at a time by key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import mask_name
from yiwang.kernel.casework.enums import PartyRole
from yiwang.kernel.casework.models import Case, Party
from yiwang.kernel.casework.policies import visible

PAGE_SIZE = 50
COUNT_CAP = 1000


class Row(NamedTuple):
    """A case as a list shows it: light, without text or personal data."""

    id: int
    number: str
    title: str
    type_key: str
    type_version: str
    state: str
    holder_unit_id: int
    root_unit_id: int
    due_on: date | None
    due_clock: str
    due_from_on: date | None
    category: str
    is_repeat: bool
    is_confidential: bool
    received_on: date
    last_at: datetime
    ended_at: datetime | None


class Key(NamedTuple):
    """Where a page begins or ends: the last day (nothing sorts last) and the number of the case."""

    due_on: date | None
    id: int

    def __str__(self) -> str:
        return f"{self.due_on.isoformat() if self.due_on else '-'}.{self.id}"


@dataclass(frozen=True)
class Listing:
    """Which cases, in which order.

    `sources` are conditions of which no two hold for the same case; each should stand on an index of its
    own (one unit each), because every page asks each of them for one page only and merges.
    """

    sources: tuple[Q, ...]
    is_by_clock: bool
    narrowed: Q = field(default_factory=Q)


@dataclass(frozen=True)
class Slice:
    """One page of a list, with the keys of the pages before and after; the first says how many there are."""

    rows: list[Row]
    before: Key | None
    after: Key | None
    petitioners: dict[int, str]
    total: int | None
    is_more: bool


def key_from(text: str) -> Key | None:
    """A key as it stands in an address; nothing when it can't be one."""
    day, separator, number = text.partition(".")
    if not separator or not number.isdecimal() or len(number) > 18:
        return None
    try:
        return Key(None if day == "-" else date.fromisoformat(day), int(number))
    except ValueError:
        return None


def page_by_key(
    listing: Listing,
    standing: Standing,
    *,
    after: Key | None = None,
    before: Key | None = None,
    size: int = PAGE_SIZE,
) -> Slice:
    """One page of what somebody may see of a list; three queries, whatever the length."""
    is_back = before is not None
    key = before if is_back else after
    rows = _rows(listing, standing, key=key, is_back=is_back, limit=size + 1)
    has_further = len(rows) > size
    rows = rows[:size]
    if is_back:
        rows.reverse()
    has_before = (has_further if is_back else after is not None) and bool(rows)
    has_after = (bool(rows) if is_back else has_further) and bool(rows)
    # Counting costs more than a page; who has turned to the next one has read the number.
    total, is_more = (len(rows) if key is None else None), False
    if key is None and has_after:
        total, is_more = counted(listing, standing)
    return Slice(
        rows=rows,
        before=_key_of(rows[0], listing) if has_before else None,
        after=_key_of(rows[-1], listing) if has_after else None,
        petitioners=petitioners_of(row.id for row in rows),
        total=total,
        is_more=is_more,
    )


def counted(listing: Listing, standing: Standing, *, cap: int = COUNT_CAP) -> tuple[int, bool]:
    """How many cases a list has, counted no further than a cap, and whether there are more."""
    whole = rows_counted(listing, standing, cap=cap)
    number = whole.count() if whole is not None else 0
    return min(number, cap), number > cap


def rows_counted(listing: Listing, standing: Standing, *, cap: int) -> QuerySet[Case, Any] | None:
    """The cases that `counted` counts, one more than the cap at the most; nothing for no list."""
    chosen = [
        Case.objects.filter(visible(standing), listing.narrowed, source)
        .order_by()
        .values_list("pk")[: cap + 1]
        for source in listing.sources
    ]
    if not chosen:
        return None
    return chosen[0].union(*chosen[1:], all=True)[: cap + 1] if len(chosen) > 1 else chosen[0]


def rows_of(ids: Sequence[int], standing: Standing) -> list[Row]:
    """The cases of these numbers that somebody may see, in the order given."""
    found = {
        row[0]: Row(*row)
        for row in Case.objects.filter(visible(standing), pk__in=ids).values_list(*Row._fields)
    }
    return [found[number] for number in ids if number in found]


def petitioners_of(ids: Iterable[int]) -> dict[int, str]:
    """Who brought each of these cases, masked, as lists show it; one query."""
    wanted = list(ids)
    if not wanted:
        return {}
    names: dict[int, list[str]] = {}
    people = Party.objects.filter(case_id__in=wanted, role=PartyRole.PETITIONER).order_by("case_id", "pk")
    for case_id, name, is_anonymous in people.values_list("case_id", "name", "is_anonymous"):
        names.setdefault(case_id, []).append("" if is_anonymous else mask_name(name))
    return {
        case_id: f"{several[0]} +{len(several) - 1}" if len(several) > 1 else several[0]
        for case_id, several in names.items()
    }


def _key_of(row: Row, listing: Listing) -> Key:
    return Key(row.due_on if listing.is_by_clock else None, row.id)


def _rows(listing: Listing, standing: Standing, *, key: Key | None, is_back: bool, limit: int) -> list[Row]:
    order = _order(listing, is_back=is_back)
    base = Case.objects.filter(visible(standing), listing.narrowed)
    parts: list[QuerySet[Case, Any]] = [
        base.filter(source, bound).order_by(*order).values_list(*Row._fields)[:limit]
        for source in listing.sources
        for bound in _bounds(listing, key, is_back=is_back)
    ]
    if not parts:
        return []
    whole = parts[0]
    if len(parts) > 1:
        whole = parts[0].union(*parts[1:], all=True).order_by(*order)[:limit]
    return [Row(*row) for row in whole]


def _order(listing: Listing, *, is_back: bool) -> tuple[str, ...]:
    """PostgreSQL sorts nothing last when ascending and first when descending: just what is wanted."""
    if listing.is_by_clock:
        return ("-due_on", "-id") if is_back else ("due_on", "id")
    return ("id",) if is_back else ("-id",)


def _bounds(listing: Listing, key: Key | None, *, is_back: bool) -> list[Q]:
    """What lies beyond a key, as conditions that each follow an index."""
    if key is None:
        return [Q()]
    if not listing.is_by_clock:
        return [Q(id__gt=key.id) if is_back else Q(id__lt=key.id)]
    if is_back:
        if key.due_on is None:
            return [Q(due_on=None, id__lt=key.id), Q(due_on__isnull=False)]
        return [Q(due_on__lte=key.due_on) & (Q(due_on__lt=key.due_on) | Q(id__lt=key.id))]
    if key.due_on is None:
        return [Q(due_on=None, id__gt=key.id)]
    return [Q(due_on__gte=key.due_on) & (Q(due_on__gt=key.due_on) | Q(id__gt=key.id)), Q(due_on=None)]
