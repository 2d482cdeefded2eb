"""Counting running clocks anew when the working calendar changes, and telling everybody concerned."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from yiwang.kernel.base.events import publish
from yiwang.kernel.calendar.queries import in_database
from yiwang.kernel.calendar.rules import WorkingCalendar
from yiwang.kernel.casework import records
from yiwang.kernel.casework.events import ClockMoved
from yiwang.kernel.casework.models import Case, ClockRecord
from yiwang.kernel.casework.registry import case_type_of
from yiwang.kernel.casework.rules.clocks import Clock, walk


class Moved(NamedTuple):
    """A clock that gets another last day."""

    clock: Clock
    before_on: date | None


def recount_year(year: int, *, at: datetime) -> int:
    """Count every running clock that touches a year anew; returns how many got another last day.

    The caller asks as the house. Each case is done under its lock in a transaction of its own, so that a
    kill in the middle loses nothing and the next run goes on.
    """
    calendar = in_database()
    number = 0
    for case_id in _touching(year):
        with transaction.atomic():
            number += _recount_case(case_id, calendar, year=year, at=at)
    return number


def recount_type(type_key: str, *, at: datetime) -> int:
    """Count every running clock of a case type anew after its terms were chosen; returns how many moved."""
    calendar = in_database()
    number = 0
    found = ClockRecord.objects.filter(ended_on__isnull=True, is_void=False, case__type_key=type_key)
    for case_id in found.order_by("case_id").values_list("case_id", flat=True).distinct().iterator():
        with transaction.atomic():
            number += _recount_case(case_id, calendar, year=None, at=at)
    return number


def would_move(before: WorkingCalendar, after: WorkingCalendar) -> int:
    """How many running clocks would get another last day if one calendar were replaced by another."""
    years = {
        day.year
        for day in {*before.exceptions, *after.exceptions}
        if before.is_working(day) != after.is_working(day)
    }
    case_ids = {case_id for year in years for case_id in _touching(year)}
    return sum(len(_moved(case_id, before, after)) for case_id in case_ids)


def _touching(year: int) -> Iterator[int]:
    """Cases with an open clock that ends in or after the last days before a year, or may roll into it."""
    found = (
        ClockRecord.objects.filter(ended_on__isnull=True, is_void=False)
        .filter(Q(due_on__gte=date(year - 1, 12, 1)) | Q(due_on__isnull=True))
        .filter(start_on__lte=date(year, 12, 31))
        .order_by("case_id")
        .values_list("case_id", flat=True)
        .distinct()
    )
    yield from found.iterator()


def _moved(case_id: int, before: WorkingCalendar, after: WorkingCalendar) -> list[Moved]:
    case = Case.objects.get(pk=case_id)
    case_type = case_type_of(case.type_key, case.type_version)
    entries = records.entries_of(case_id)
    standings = walk(entries, case_type)
    old = records.derive(entries, standings, case_type, calendar=before).clocks
    new = records.derive(entries, standings, case_type, calendar=after).clocks
    return [
        Moved(clock, was.due_on)
        for was, clock in zip(old, new, strict=True)
        if clock.is_open and clock.due_on != was.due_on
    ]


def _recount_case(case_id: int, calendar: WorkingCalendar, *, year: int | None, at: datetime) -> int:
    case = Case.objects.select_for_update().get(pk=case_id)
    case_type = case_type_of(case.type_key, case.type_version)
    entries = records.entries_of(case_id)
    derived = records.derive(entries, walk(entries, case_type), case_type, calendar=calendar)
    known = {(row.key, row.node): row for row in ClockRecord.objects.filter(case=case)}
    number = 0
    is_changed = False
    for clock in derived.clocks:
        row = known.get((clock.key, clock.node))
        if row is None or not clock.is_open:
            continue
        is_changed |= row.is_provisional != records.is_provisional(clock, calendar)
        is_changed |= row.term != clock.term + clock.extended_days
        if row.due_on != clock.due_on:
            number += 1
            publish(
                ClockMoved(
                    case_id, clock.key, clock.unit_id, case.holder_unit_id, row.due_on, clock.due_on, year, at
                )
            )
    if number or is_changed:
        records.write_caches(case, derived, case_type, calendar=calendar)
        case.save()
    return number
