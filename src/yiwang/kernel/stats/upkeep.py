"""Keeping the tallies: counting ahead what will be asked for, throwing away what is out of date, comparing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import connection, transaction

from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.stats.counting import EVERYTHING, Scope
from yiwang.kernel.stats.models import DayTally
from yiwang.kernel.stats.queries import COUNTING, counted_anew, good_tallies, kept_tallies
from yiwang.kernel.stats.rules import Tally

SHOWN = 50
DAYS_TOGETHER = 62

THROW_AWAY = """
DELETE FROM stats_daytally d
WHERE d.server <> (SELECT system_identifier FROM pg_control_system())
   OR EXISTS (SELECT FROM stats_touched t
              WHERE t.day = d.day AND NOT pg_visible_in_snapshot(t.xact, d.snapshot::pg_snapshot))
"""

FORGET_TOUCHES = "DELETE FROM stats_touched WHERE xact < pg_snapshot_xmin(%s::pg_snapshot)"


@transaction.atomic
def tidy_up() -> None:
    """Throw away tallies that are out of date and the notes that told so. Waits for whoever is counting.

    A note may go when every transaction before it has ended, because each remaining tally has seen it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [COUNTING])
        cursor.execute("SELECT pg_current_snapshot()::text")
        (snapshot,) = cursor.fetchone()
        cursor.execute(THROW_AWAY)
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


def refresh(*, days: Sequence[date], as_of: date) -> int:
    """Count ahead the days of every scope that somebody has asked for; asked as the house. How many scopes."""
    asked = DayTally.objects.order_by().values_list("institution", "scope").distinct()
    done = 0
    for institution, key in list(asked):
        scope = scope_called(key)
        if scope is not None:
            kept_tallies(scope, institution=institution, days=days, as_of=as_of)
            done += 1
    return done


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
    asked = DayTally.objects.order_by("institution", "scope").values_list("institution", "scope").distinct()
    for institution, key in list(asked):
        scope = scope_called(key)
        if scope is None:
            continue
        believed = _believed(institution, key, as_of=as_of)
        days = sorted(believed)
        for start in range(0, len(days), DAYS_TOGETHER):
            some = days[start : start + DAYS_TOGETHER]
            anew = counted_anew(scope, institution=institution, days=some, as_of=as_of)
            for day in some:
                outcome.tallies += 1
                wanted = anew.get(day, Tally()).packed()
                if believed[day].packed() != wanted:
                    outcome.different += 1
                    if len(outcome.shown) < SHOWN:
                        outcome.shown.append(
                            f"{institution} {key} {day}: {believed[day].packed()} is {wanted}"
                        )
            if told is not None:
                told(outcome.tallies)
    return outcome


def _believed(institution: str, key: str, *, as_of: date) -> dict[date, Tally]:
    days = list(DayTally.objects.filter(institution=institution, scope=key).values_list("day", flat=True))
    return good_tallies(key, institution=institution, days=days, as_of=as_of)
