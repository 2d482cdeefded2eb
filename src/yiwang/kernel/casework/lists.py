"""Lists of cases: which ones, sorted by clock or newest first, one page at a time by key."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, DateField, Q, QuerySet

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base import statements
from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.base.statements import Given, count_of, is_any_of
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
    due_on: date | None
    due_from_on: date | None
    category: str
    is_repeat: bool
    is_confidential: bool
    received_on: date
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
    `key` holds everything that the conditions depend on, so that their statements can be kept; without one
    they are built anew.
    """

    sources: tuple[Q, ...]
    is_by_clock: bool
    narrowed: Q = field(default_factory=Q)
    key: Hashable = None

    def narrow(self, rule: Q, *, key: Hashable) -> "Listing":
        """The same list with a further condition."""
        whole = (self.key, key) if self.key is not None and key is not None else None
        return replace(self, narrowed=self.narrowed & rule, key=whole)


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

    def count() -> int:
        return count_of(key, lambda: rows_counted(listing, standing, cap=cap))

    key = (listing.key, standing, cap) if listing.key is not None else None
    # A list that is longer than anybody counts is so a few seconds later too.
    number = count() if key is None else _numbers.get(key, count, worth=lambda number: number > cap)
    return min(number, cap), number > cap


_numbers: Remembered[Hashable, int] = Remembered()


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
    """Whom each of these cases is of, as lists show it: people masked, units by their names; one query.

    That is who brought it, and the unit against which a house began it itself.
    """
    wanted = list(ids)
    if not wanted:
        return {}
    names: dict[int, list[str]] = {}
    for case_id, name, is_anonymous, unit_id in statements.rows_of("petitioners", _petitioners, ids=wanted):
        shown = name if unit_id else mask_name(name)
        names.setdefault(case_id, []).append("" if is_anonymous else shown)
    return {
        case_id: f"{several[0]} +{len(several) - 1}" if len(several) > 1 else several[0]
        for case_id, several in names.items()
    }


def _petitioners() -> QuerySet[Party, Any]:
    brought = Q(role=PartyRole.PETITIONER) | Q(role=PartyRole.RESPONDENT, unit__isnull=False)
    people = Party.objects.filter(brought, is_any_of("case_id", "ids"))
    return people.order_by("case_id", "pk").values_list("case_id", "name", "is_anonymous", "unit_id")


def _key_of(row: Row, listing: Listing) -> Key:
    return Key(row.due_on if listing.is_by_clock else None, row.id)


def _rows(listing: Listing, standing: Standing, *, key: Key | None, is_back: bool, limit: int) -> list[Row]:
    def rows() -> QuerySet[Case, Any] | None:
        order = _order(listing, is_back=is_back)
        base = Case.objects.filter(visible(standing), listing.narrowed)
        parts: list[QuerySet[Case, Any]] = [
            base.filter(source, bound).order_by(*order).values_list(*Row._fields)[:limit]
            for source in listing.sources
            for bound in _bounds(listing, key, is_back=is_back)
        ]
        if len(parts) < 2:
            return parts[0] if parts else None
        return parts[0].union(*parts[1:], all=True).order_by(*order)[:limit]

    shape = (key is not None, key is not None and key.due_on is None, is_back, limit)
    kept = (listing.key, standing, shape) if listing.key is not None else None
    given = key._asdict() if key is not None else {}
    return [Row(*row) for row in statements.rows_of(kept, rows, **given)]


def _order(listing: Listing, *, is_back: bool) -> tuple[str, ...]:
    """PostgreSQL sorts nothing last when ascending and first when descending: just what is wanted."""
    if listing.is_by_clock:
        return ("-due_on", "-id") if is_back else ("due_on", "id")
    return ("id",) if is_back else ("-id",)


def _bounds(listing: Listing, key: Key | None, *, is_back: bool) -> list[Q]:
    """What lies beyond a key, as conditions that each follow an index."""
    if key is None:
        return [Q()]
    number, day = Given("id", of=BigIntegerField()), Given("due_on", of=DateField())
    if not listing.is_by_clock:
        return [Q(id__gt=number) if is_back else Q(id__lt=number)]
    if is_back:
        if key.due_on is None:
            return [Q(due_on=None, id__lt=number), Q(due_on__isnull=False)]
        return [Q(due_on__lte=day) & (Q(due_on__lt=day) | Q(id__lt=number))]
    if key.due_on is None:
        return [Q(due_on=None, id__gt=number)]
    return [Q(due_on__gte=day) & (Q(due_on__gt=day) | Q(id__gt=number)), Q(due_on=None)]
