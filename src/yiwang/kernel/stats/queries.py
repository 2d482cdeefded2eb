"""Reading figures: kept tallies where they are still good, a fresh count where not; always the same numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.lists import Listing
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.stats import kept
from yiwang.kernel.stats.counting import (
    KEPT_BACK,
    DayCount,
    KeptBack,
    Scope,
    cases_of_days,
    count_days,
    count_kept_back,
    scope_of,
)
from yiwang.kernel.stats.indicators import DIMENSION, IN_PARTS, INDICATOR, in_hop
from yiwang.kernel.stats.rules import Period, Tally, total


@dataclass(frozen=True)
class Question:
    """Which cases of a period somebody asks for: an indicator's, perhaps of one channel, class, unit or hop."""

    period: Period
    indicator: str = "received"
    dimension: str = ""
    key: str = ""
    day: date | None = None

    def cases(self, *, as_of: date) -> Q:
        """The condition; visibility is asked separately. Raises `KeyError` for an unknown indicator."""
        first, last = (self.day, self.day) if self.day else (self.period.first_on, self.period.last_on)
        chosen = Q(received_on__range=(first, last)) & INDICATOR[self.indicator].cases(as_of)
        if self.dimension == "hop":
            return chosen & in_hop(int(self.key))
        return chosen & DIMENSION[self.dimension].cases(self.key) if self.dimension else chosen


def cases_behind(question: Question, *, institution: str, as_of: date) -> Listing:
    """The list of cases that a figure counts; whoever pages it applies what the reader may see."""
    return Listing((Q(institution=institution) & question.cases(as_of=as_of),), is_by_clock=False)


def tallies_by_month(
    standing: Standing, *, institution: str, months: Sequence[Period], as_of: date
) -> dict[Period, Tally]:
    """What somebody may see, counted by the month of receipt, with its days as one more division.

    The figures come from tallies that are kept as long as nothing changed. In a month in which any case is kept
    from the reader those that are kept from somebody are counted under the reader's own rule. The caller asks
    the database as the standing.
    """
    scope = scope_of(standing)
    cases = Case.objects.filter(_in_months(months), institution=institution)
    if scope is None:
        return _by_month(count_days(cases.filter(visible(standing)), as_of=as_of))
    with acting_as_system():
        kept_months = kept_by_month(scope, institution=institution, months=months, as_of=as_of)
    found = {month: count.tally for month, count in kept_months.items()}
    closed = [month for month, count in kept_months.items() if not count.kept_back.is_open_to(standing)]
    for month in kept_months.keys() - set(closed):
        found[month].add(kept_months[month].kept_back.tally)
    if closed:
        kept_back = cases.filter(_in_months(closed)).filter(KEPT_BACK).filter(visible(standing))
        for month, tally in _by_month(count_days(kept_back, as_of=as_of)).items():
            found[month].add(tally)
    return {month: tally for month, tally in found.items() if not tally.is_empty}


def kept_by_month(
    scope: Scope, *, institution: str, months: Sequence[Period], as_of: date
) -> dict[Period, DayCount]:
    """The tallies of a scope's months; those missing or out of date are put together from days and kept.

    Asked as the house.
    """
    by_day = {month.first_on: month for month in months}
    found = kept.good(kept.MONTH, scope.key, institution=institution, first_days=list(by_day), as_of=as_of)
    missing = [first_on for first_on in by_day if first_on not in found]
    for first_on in missing:
        found[first_on] = _month_in_turn(scope, by_day[first_on], institution=institution, as_of=as_of)
    return {by_day[first_on]: count for first_on, count in found.items()}


def _month_in_turn(scope: Scope, month: Period, *, institution: str, as_of: date) -> DayCount:
    """A month put together and kept, or what somebody else kept while this one waited for a turn."""
    mine: dict[str, Any] = {"institution": institution, "as_of": as_of}
    first_on = month.first_on
    with transaction.atomic():
        asked = kept.take_turn(kept.MONTH, scope.key, institution=institution, first_on=first_on)
        meanwhile = kept.good(kept.MONTH, scope.key, first_days=[first_on], asked=asked, **mine)
        if first_on in meanwhile:
            return meanwhile[first_on]
        snapshot = kept.begin()
        whole = month_of_days(kept_by_day(scope, days=month.days, **mine))
        kept.keep(kept.MONTH, scope.key, {first_on: whole}, snapshot=snapshot, **mine)
    return whole


def kept_by_day(scope: Scope, *, institution: str, days: Sequence[date], as_of: date) -> dict[date, DayCount]:
    """The tallies of a scope's days; those that are missing or out of date are counted and kept.

    Asked as the house.
    """
    found = kept.good(kept.DAY, scope.key, institution=institution, first_days=days, as_of=as_of)
    missing = [day for day in days if day not in found]
    if not missing:
        return found
    with transaction.atomic():
        snapshot = kept.begin()
        counted = counted_anew(scope, institution=institution, days=missing, as_of=as_of)
        fresh = {day: counted.get(day, DayCount(Tally())) for day in missing}
        kept.keep(kept.DAY, scope.key, fresh, institution=institution, as_of=as_of, snapshot=snapshot)
    return found | fresh


def counted_anew(
    scope: Scope, *, institution: str, days: Iterable[date], as_of: date
) -> dict[date, DayCount]:
    """A scope's days straight from the cases; asked as the house."""
    cases = cases_of_days(institution, days).filter(scope.cases)
    found = count_days(cases.exclude(KEPT_BACK), as_of=as_of)
    for day, count in count_kept_back(cases, as_of=as_of).items():
        mine = found.setdefault(day, DayCount(Tally()))
        mine.kept_back = count.kept_back
        mine.next_breach_on = _earliest(mine.next_breach_on, count.next_breach_on)
    return found


def _earliest(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _in_months(months: Sequence[Period]) -> Q:
    """Cases received in any of the months; those that adjoin each other as one stretch."""
    rule, stretches = Q(), list[tuple[date, date]]()
    for month in sorted(months, key=lambda month: month.first_on):
        if stretches and (month.first_on - stretches[-1][1]).days == 1:
            stretches[-1] = (stretches[-1][0], month.last_on)
        else:
            stretches.append((month.first_on, month.last_on))
    for stretch in stretches:
        rule |= Q(received_on__range=stretch)
    return rule


def _by_month(days: Mapping[date, DayCount]) -> dict[Period, Tally]:
    months: dict[Period, dict[date, DayCount]] = {}
    for day, count in days.items():
        months.setdefault(Period(day.year, day.month), {})[day] = count
    return {month: month_of_days(some).tally for month, some in months.items()}


def month_of_days(days: Mapping[date, DayCount]) -> DayCount:
    """The sum of days, with each day's own numbers as a part."""
    kept_back = KeptBack(
        _sum_of_days({day: count.kept_back.tally for day, count in days.items()}),
        frozenset().union(*(count.kept_back.unit_ids for count in days.values())),
        frozenset().union(*(count.kept_back.account_ids for count in days.values())),
    )
    return DayCount(
        _sum_of_days({day: count.tally for day, count in days.items()}),
        _earliest(*(count.next_breach_on for count in days.values())),
        kept_back,
    )


def _sum_of_days(tallies: Mapping[date, Tally]) -> Tally:
    whole = total(tallies.values())
    whole.parts["day"] = {
        day.isoformat(): Counter({key: tally.counts[key] for key in IN_PARTS})
        for day, tally in tallies.items()
        if not tally.is_empty
    }
    return whole
