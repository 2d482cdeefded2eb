"""Publishing a year of the working calendar: the only way it ever changes."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection, transaction

from yiwang.kernel.base.events import publish
from yiwang.kernel.calendar import announcement
from yiwang.kernel.calendar.enums import YearStatus
from yiwang.kernel.calendar.events import CalendarPublished
from yiwang.kernel.calendar.models import CalendarDay, CalendarYear
from yiwang.kernel.calendar.queries import forget, in_database
from yiwang.kernel.calendar.rules import ExceptionalDay


class AnnouncedMeanwhile(Exception):
    """Somebody else published the year after this form was opened."""


@transaction.atomic
def publish_year(
    year: int,
    days: Mapping[date, ExceptionalDay],
    *,
    by: int | None,
    source: str,
    at: datetime,
    replacing: int | None = None,
) -> CalendarYear:
    """Put an announcement in force; the one before it is kept, marked as superseded.

    `days` is the whole year: what the last version named and this one doesn't becomes an ordinary day.
    `replacing` is the version the caller has seen (zero for none). After commit every process reads the
    calendar anew and `CalendarPublished` tells which days changed. Does not move the dates of running
    cases: whoever keeps them hears the event. Raises `NoticeProblem`, `AnnouncedMeanwhile`.
    """
    announcement.check(days, year=year)
    _one_at_a_time()
    last = CalendarYear.objects.filter(year=year).order_by("-version").first()
    version = last.version if last else 0
    if replacing is not None and replacing != version:
        raise AnnouncedMeanwhile(year)
    before = in_database()
    CalendarYear.objects.filter(year=year, superseded_at__isnull=True).update(superseded_at=at)
    announced = CalendarYear.objects.create(
        year=year,
        version=version + 1,
        status=YearStatus.PUBLISHED,
        source=source,
        published_at=at,
        published_by=by,
    )
    CalendarDay.objects.bulk_create(
        CalendarDay(
            year=announced, day=day, kind=exception.kind, name_zh=exception.name_zh, name_en=exception.name_en
        )
        for day, exception in sorted(days.items())
    )
    changed = announcement.changes(before, in_database(), year=year)
    transaction.on_commit(forget)
    publish(
        CalendarPublished(
            year=year,
            version=announced.version,
            changed_days=tuple(change.day for change in changed),
            source=source,
            by=by,
            at=at,
        )
    )
    return announced


def _one_at_a_time() -> None:
    """Wait for any other publication under way; the lock goes with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('yiwang.calendar.publish'))")
