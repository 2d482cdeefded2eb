"""Kept tallies of days and months: reading those that still hold, and keeping new ones."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from yiwang.kernel.stats.counting import DayCount, KeptBack
from yiwang.kernel.stats.rules import Tally

COUNTING = 0x73746174
"""Key of the advisory lock that counting shares and tidying up takes alone."""

GOOD = """
SELECT d.day, d.tally, d.kept_back, d.next_breach_on FROM {table} d
WHERE d.institution = %s AND d.scope = %s AND d.day = ANY(%s)
  AND d.server = (SELECT system_identifier FROM pg_control_system())
  AND d.as_of <= %s AND (d.next_breach_on IS NULL OR d.next_breach_on >= %s)
  AND NOT EXISTS (
    SELECT FROM stats_touched t
    WHERE {touches} AND NOT pg_visible_in_snapshot(t.xact, d.snapshot::pg_snapshot)
      AND (%s::text IS NULL OR pg_visible_in_snapshot(t.xact, %s::pg_snapshot))
  )
"""

KEEP = """
INSERT INTO {table} (institution, scope, day, as_of, next_breach_on, snapshot, tally, kept_back, server)
VALUES (%s, %s, %s, %s, %s, %s, %s::jsonb, %s::jsonb, (SELECT system_identifier FROM pg_control_system()))
ON CONFLICT (institution, scope, day) DO UPDATE SET as_of = excluded.as_of, next_breach_on = excluded.next_breach_on,
  snapshot = excluded.snapshot, tally = excluded.tally, kept_back = excluded.kept_back, server = excluded.server
"""

THROW_AWAY = """
DELETE FROM {table} d
WHERE d.server <> (SELECT system_identifier FROM pg_control_system())
   OR EXISTS (SELECT FROM stats_touched t
              WHERE {touches} AND NOT pg_visible_in_snapshot(t.xact, d.snapshot::pg_snapshot))
"""


@dataclass(frozen=True)
class Span:
    """How long the tallies of a table are, and which notes of change concern one of them."""

    table: str
    touches: str

    def sql(self, statement: str) -> str:
        """A statement about this span's table."""
        return statement.format(table=self.table, touches=self.touches)


DAY = Span("stats_daytally", "t.day = d.day")
MONTH = Span("stats_monthtally", "t.day >= d.day AND t.day < (d.day + interval '1 month')::date")
SPANS = (DAY, MONTH)


def good(
    span: Span,
    scope_key: str,
    *,
    institution: str,
    first_days: Sequence[date],
    as_of: date,
    asked: str | None = None,
) -> dict[date, DayCount]:
    """The kept tallies that begin on these days and still hold on a day.

    With `asked`, a snapshot, they need to hold only as of the moment in which it was taken.
    """
    with connection.cursor() as cursor:
        cursor.execute(span.sql(GOOD), [institution, scope_key, list(first_days), as_of, as_of, asked, asked])
        return {
            day: DayCount(
                Tally.unpacked(json.loads(tally)), next_breach_on, KeptBack.unpacked(json.loads(kept_back))
            )
            for day, tally, kept_back, next_breach_on in cursor.fetchall()
        }


def take_turn(span: Span, scope_key: str, *, institution: str, first_on: date) -> str:
    """Wait, inside a transaction, until nobody else counts this tally; the snapshot of when the waiting began.

    Whoever had to wait takes what the other counted, instead of counting the same at the same time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        asked = str(cursor.fetchone()[0])
        name = f"{span.table} {institution} {scope_key} {first_on}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [name, COUNTING])
    return asked


def begin() -> str:
    """Begin to count, inside a transaction: the snapshot to be kept with what is counted from here on.

    It is older than the count, so that a change in between makes the tally out of date and never wrong.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [COUNTING])
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def keep(
    span: Span,
    scope_key: str,
    counts: Mapping[date, DayCount],
    *,
    institution: str,
    as_of: date,
    snapshot: str,
) -> None:
    """Keep what was counted after `begin`."""
    rows: list[tuple[str | date | None, ...]] = [
        (
            institution,
            scope_key,
            day,
            as_of,
            count.next_breach_on,
            snapshot,
            *(json.dumps(packed, ensure_ascii=False) for packed in count.packed()),
        )
        for day, count in sorted(counts.items())
    ]
    with connection.cursor() as cursor:
        cursor.executemany(span.sql(KEEP), rows)
