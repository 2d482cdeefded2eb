"""Reading figures: kept tallies where they are still good, a fresh count where not; always the same numbers."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.lists import Listing
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.stats.counting import (
    KEPT_BACK,
    Scope,
    cases_of_days,
    count_days,
    scope_of,
    tallies,
)
from yiwang.kernel.stats.indicators import DIMENSION, INDICATOR, in_hop
from yiwang.kernel.stats.rules import Period, Tally

TOGETHER = 62
"""Days counted in one go; a whole year at once would hold the database up."""


COUNTING = 0x73746174
"""Key of the advisory lock that counting shares and tidying up takes alone."""


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


def tallies_by_day(
    standing: Standing, *, institution: str, days: Sequence[date], as_of: date
) -> dict[date, Tally]:
    """What somebody may see, counted by the day of receipt; days on which nothing came are left out.

    Cases that are kept from anybody are counted under the reader's own rule, all others come from tallies
    that are kept as long as nothing changed. The caller asks the database as the standing.
    """
    cases = cases_of_days(institution, days)
    scope = scope_of(standing)
    if scope is None:
        return tallies(count_days(cases.filter(visible(standing)), as_of=as_of))
    with acting_as_system():
        found = kept_tallies(scope, institution=institution, days=days, as_of=as_of)
    kept_back = cases.filter(KEPT_BACK).filter(visible(standing))
    if kept_back.exists():
        for day, count in count_days(kept_back, as_of=as_of).items():
            found[day] = found.get(day, Tally()).add(count.tally)
    return {day: tally for day, tally in found.items() if not tally.is_empty}


def counted_anew(scope: Scope, *, institution: str, days: Iterable[date], as_of: date) -> dict[date, Tally]:
    """The tallies of a scope's days straight from the cases, for verification; asked as the house."""
    return tallies(count_days(_shared(scope, cases_of_days(institution, days)), as_of=as_of))


def _shared(scope: Scope, cases: QuerySet[Case]) -> QuerySet[Case]:
    return cases.filter(scope.cases).exclude(KEPT_BACK)


def kept_tallies(scope: Scope, *, institution: str, days: Sequence[date], as_of: date) -> dict[date, Tally]:
    """The tallies of a scope's days; those that are missing or out of date are counted and kept.

    Asked as the house.
    """
    found = good_tallies(scope.key, institution=institution, days=days, as_of=as_of)
    missing = [day for day in days if day not in found]
    for start in range(0, len(missing), TOGETHER):
        found |= _count_and_keep(
            scope, missing[start : start + TOGETHER], institution=institution, as_of=as_of
        )
    return found


def good_tallies(key: str, *, institution: str, days: Sequence[date], as_of: date) -> dict[date, Tally]:
    """The kept tallies of a scope's days that still hold on a day."""
    with connection.cursor() as cursor:
        cursor.execute(GOOD_TALLIES, [institution, key, list(days), as_of, as_of])
        return {day: Tally.unpacked(json.loads(tally)) for day, tally in cursor.fetchall()}


@transaction.atomic
def _count_and_keep(scope: Scope, days: list[date], *, institution: str, as_of: date) -> dict[date, Tally]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [COUNTING])
        # Taken before the count: a change in between then makes the tally out of date, never wrong.
        cursor.execute("SELECT pg_current_snapshot()::text")
        (snapshot,) = cursor.fetchone()
        counted = count_days(_shared(scope, cases_of_days(institution, days)), as_of=as_of)
        empty = Tally()
        rows: list[tuple[str | date | None, ...]] = [
            (
                institution,
                scope.key,
                day,
                as_of,
                counted[day].next_breach_on if day in counted else None,
                snapshot,
                json.dumps((counted[day].tally if day in counted else empty).packed(), ensure_ascii=False),
            )
            for day in days
        ]
        cursor.executemany(KEEP_TALLY, rows)
    return {day: counted[day].tally if day in counted else Tally() for day in days}


GOOD_TALLIES = """
SELECT d.day, d.tally FROM stats_daytally d
WHERE d.institution = %s AND d.scope = %s AND d.day = ANY(%s)
  AND d.server = (SELECT system_identifier FROM pg_control_system())
  AND d.as_of <= %s AND (d.next_breach_on IS NULL OR d.next_breach_on >= %s)
  AND NOT EXISTS (
    SELECT FROM stats_touched t
    WHERE t.day = d.day AND NOT pg_visible_in_snapshot(t.xact, d.snapshot::pg_snapshot)
  )
"""

KEEP_TALLY = """
INSERT INTO stats_daytally (institution, scope, day, as_of, next_breach_on, snapshot, tally, server)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, (SELECT system_identifier FROM pg_control_system()))
ON CONFLICT ON CONSTRAINT day_tally_once DO UPDATE SET as_of = excluded.as_of,
  next_breach_on = excluded.next_breach_on, snapshot = excluded.snapshot, tally = excluded.tally, server = excluded.server
"""
