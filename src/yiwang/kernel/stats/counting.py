"""Counting cases in the database: the slow, sure way from which every kept tally comes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.models import Case, CustodyRecord
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.people.enums import Role
from yiwang.kernel.stats.indicators import DIMENSIONS, IN_PARTS, INDICATORS
from yiwang.kernel.stats.rules import Tally

KEPT_BACK = ~Q(excluded_units=[]) | ~Q(excluded_accounts=[])
"""Cases that somebody is kept away from: tallied apart, for those whom none of them is kept from."""


@dataclass(frozen=True)
class Scope:
    """A set of cases that a standing sees apart from those kept from it: a unit's, or a whole subtree's."""

    key: str
    unit_ids: frozenset[int] | None = None

    @property
    def cases(self) -> Q:
        """The scope's cases."""
        return Q() if self.unit_ids is None else Q(unit_ids__overlap=sorted(self.unit_ids))


EVERYTHING = Scope("all")


def scope_of(standing: Standing) -> Scope | None:
    """The scope that is just what a standing sees; nothing when it sees several units' cases at once."""
    if standing.is_system:
        return EVERYTHING
    units = tree()
    for post in standing.posts:
        below = units.subtree(post.unit_id)
        if post.role == Role.LEADER and standing.unit_ids == below:
            return Scope(f"below:{post.unit_id}", below)
    if len(standing.unit_ids) == 1:
        (unit_id,) = standing.unit_ids
        return Scope(f"unit:{unit_id}", standing.unit_ids)
    return None


@dataclass
class KeptBack:
    """What was counted of cases that somebody is kept away from, and the units and accounts that are."""

    tally: Tally = field(default_factory=Tally)
    unit_ids: frozenset[int] = frozenset()
    account_ids: frozenset[int] = frozenset()

    def is_open_to(self, standing: Standing) -> bool:
        """Whether none of the cases is kept from somebody, who then sees them all as far as their scope goes."""
        if standing.is_system:
            return True
        return not (self.unit_ids & standing.member_unit_ids or self.account_ids & standing.account_ids)

    def packed(self) -> dict[str, Any]:
        """As it is kept in the database."""
        if self.tally.is_empty:
            return {}
        return {
            "tally": self.tally.packed(),
            "units": sorted(self.unit_ids),
            "accounts": sorted(self.account_ids),
        }

    @classmethod
    def unpacked(cls, kept: Mapping[str, Any]) -> "KeptBack":
        """As it was kept."""
        if not kept:
            return cls()
        return cls(Tally.unpacked(kept["tally"]), frozenset(kept["units"]), frozenset(kept["accounts"]))


@dataclass
class DayCount:
    """What was counted for one day, and the last day on which its number of late cases holds.

    `tally` is of the cases that are kept from nobody, `kept_back` of the others.
    """

    tally: Tally
    next_breach_on: date | None = None
    kept_back: KeptBack = field(default_factory=KeptBack)

    def packed(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """Both tallies as they are kept."""
        return self.tally.packed(), self.kept_back.packed()


def count_days(cases: QuerySet[Case], *, as_of: date) -> dict[date, DayCount]:
    """Count cases by the day of receipt; days without a case are left out. Three queries."""
    days: dict[date, DayCount] = defaultdict(lambda: DayCount(Tally()))
    groups = (
        cases.order_by()
        .values("received_on", **{f"by_{d.key}": d.expression() for d in DIMENSIONS})
        .annotate(
            **{f"n_{i.key}": Count("pk", filter=i.cases(as_of)) for i in INDICATORS},
            next_breach=Min("breach_on", filter=Q(breach_on__gte=as_of)),
        )
    )
    for row in groups:
        day = days[row["received_on"]]
        found: dict[str, Any] = dict(row)
        counts = {i.key: found[f"n_{i.key}"] for i in INDICATORS}
        day.tally.take(counts, {d.key: found[f"by_{d.key}"] for d in DIMENSIONS}, kept=IN_PARTS)
        breaches = [on for on in (day.next_breach_on, row["next_breach"]) if on is not None]
        day.next_breach_on = min(breaches, default=None)
    for received_on, took, number in _answer_days(cases):
        days[received_on].tally.answer_days[took] += number
    for received_on, unit_id, number, times, seconds in _hops(cases):
        days[received_on].tally.hops[str(unit_id)] = (number, times, seconds)
    return dict(days)


def count_kept_back(cases: QuerySet[Case], *, as_of: date) -> dict[date, DayCount]:
    """Count those cases that are kept from somebody, by day, with from whom; one query when there are none."""
    kept_back = cases.filter(KEPT_BACK).order_by()
    days: dict[date, DayCount] = {}
    for received_on, units, accounts in kept_back.values_list(
        "received_on", "excluded_units", "excluded_accounts"
    ):
        found = days.setdefault(received_on, DayCount(Tally())).kept_back
        found.unit_ids |= set(units)
        found.account_ids |= set(accounts)
    if days:
        for received_on, count in count_days(kept_back, as_of=as_of).items():
            days[received_on].kept_back.tally = count.tally
            days[received_on].next_breach_on = count.next_breach_on
    return days


def _answer_days(cases: QuerySet[Case]) -> Iterable[tuple[date, int, int]]:
    """Day of receipt, days to the answer, number of cases."""
    rows = (
        cases.filter(answered_at__isnull=False)
        .order_by()
        .annotate(answered_on=TruncDate("answered_at", tzinfo=timezone.get_default_timezone()))
        .values_list("received_on", "answered_on")
        .annotate(number=Count("pk"))
    )
    for received_on, answered_on, number in rows:
        yield received_on, (answered_on - received_on).days, number


def _hops(cases: QuerySet[Case]) -> Iterable[tuple[date, int, int, int, float]]:
    """Day of receipt, unit, cases, times it gave a matter back, seconds it had them."""
    rows = (
        CustodyRecord.objects.filter(
            case__in=cases.order_by().values("pk"), parent_node__isnull=False, until_at__isnull=False
        )
        .order_by()
        .values_list("case__received_on", "unit_id")
        .annotate(
            cases=Count("case", distinct=True), times=Count("pk"), had=Sum(F("until_at") - F("given_at"))
        )
    )
    for received_on, unit_id, number, times, had in rows:
        yield received_on, unit_id, number, times, had.total_seconds()


def cases_of_days(institution: str, days: Iterable[date]) -> QuerySet[Case]:
    """An institution's cases received on some days."""
    return Case.objects.filter(institution=institution, received_on__in=list(days))
