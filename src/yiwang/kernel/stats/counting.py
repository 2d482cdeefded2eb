"""Counting cases in the database: the slow, sure way from which every kept tally comes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
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
"""Cases that somebody is kept away from: never part of a tally that several people share."""


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
class DayCount:
    """What was counted for one day, and the last day on which its number of late cases holds."""

    tally: Tally
    next_breach_on: date | None = None


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
