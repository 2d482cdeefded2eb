"""Keeping the tallies: counting ahead what will be asked for, throwing away what is out of date, comparing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction

from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.stats import kept
from yiwang.kernel.stats.counting import EVERYTHING, DayCount, Scope
from yiwang.kernel.stats.models import DayTally, MonthTally
from yiwang.kernel.stats.queries import counted_anew, kept_by_month, month_of_days
from yiwang.kernel.stats.rules import Period, Tally

SHOWN = 50
MANY_NOTES = 1000

FORGET_TOUCHES = "DELETE FROM stats_touched WHERE xact < pg_snapshot_xmin(%s::pg_snapshot)"


def has_many_notes() -> bool:
    """Whether so many notes of change have come together that looking through them costs a page time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM (SELECT FROM stats_touched LIMIT %s) AS notes", [MANY_NOTES])
        return bool(cursor.fetchone()[0] == MANY_NOTES)


@transaction.atomic
def tidy_up() -> None:
    """Throw away tallies that are out of date and the notes that told so. Waits for whoever is counting.

    A note may go when every transaction before it has ended, because each remaining tally has seen it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [kept.COUNTING])
        cursor.execute("SELECT pg_current_snapshot()::text")
        (snapshot,) = cursor.fetchone()
        for span in kept.SPANS:
            cursor.execute(span.sql(kept.THROW_AWAY))
        cursor.execute(FORGET_TOUCHES, [snapshot])


def scope_called(key: str) -> Scope | None:
    """The scope of that key; nothing when its unit is not known."""
    if key == EVERYTHING.key:
        return EVERYTHING
    kind, _, number = key.partition(":")
    units = tree()
    if not number.isdecimal() or int(number) not in units.units:
        return None
    unit_id = int(number)
    return Scope(key, units.subtree(unit_id) if kind == "below" else frozenset({unit_id}))


def refresh(*, months: Sequence[Period], as_of: date) -> int:
    """Count ahead the months of every scope that somebody has asked for; asked as the house. How many scopes."""
    done = 0
    for institution, key in _asked():
        scope = scope_called(key)
        if scope is not None:
            kept_by_month(scope, institution=institution, months=months, as_of=as_of)
            done += 1
    return done


def _asked() -> list[tuple[str, str]]:
    """The institutions and scopes that tallies are kept of."""
    days = DayTally.objects.order_by("institution", "scope")
    return list(days.values_list("institution", "scope").distinct())


@dataclass
class TallyVerification:
    """How many kept tallies were counted again, and which differ."""

    tallies: int = 0
    different: int = 0
    shown: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether every tally that a page would believe is true."""
        return not self.different


def verify(*, as_of: date, told: Callable[[int], None] | None = None) -> TallyVerification:
    """Count every tally that a page would believe again, and compare; asked as the house."""
    outcome = TallyVerification()
    for institution, key in _asked():
        scope = scope_called(key)
        if scope is None:
            continue
        mine = {"institution": institution, "scope": key}
        days = sorted(DayTally.objects.filter(**mine).values_list("day", flat=True))
        firsts = {day.replace(day=1) for day in days} | set(
            MonthTally.objects.filter(**mine).values_list("day", flat=True)
        )
        for first_on in sorted(firsts):
            _verify_month(outcome, scope, Period(first_on.year, first_on.month), institution, as_of)
            if told is not None:
                told(outcome.tallies)
    return outcome


def _verify_month(
    outcome: TallyVerification, scope: Scope, month: Period, institution: str, as_of: date
) -> None:
    """Compare a month's tally and those of its days with a fresh count."""
    believed = kept.good(kept.DAY, scope.key, institution=institution, first_days=month.days, as_of=as_of)
    whole = kept.good(
        kept.MONTH, scope.key, institution=institution, first_days=[month.first_on], as_of=as_of
    )
    anew = counted_anew(scope, institution=institution, days=month.days, as_of=as_of)
    compared = [
        (str(day), count, anew[day] if day in anew else DayCount(Tally())) for day, count in believed.items()
    ]
    compared += [(str(month), count, month_of_days(anew)) for count in whole.values()]
    for name, told, wanted in compared:
        outcome.tallies += 1
        if told.packed() != wanted.packed():
            outcome.different += 1
            if len(outcome.shown) < SHOWN:
                outcome.shown.append(
                    f"{institution} {scope.key} {name}: {told.packed()} is {wanted.packed()}"
                )
