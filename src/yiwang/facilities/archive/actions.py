"""The verbs of the archive: found, schedule, classify, number, hold, lift, propose and decide a disposal."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from yiwang.facilities.archive.enums import Category, Period
from yiwang.facilities.archive.events import FileUnitsDisposed
from yiwang.facilities.archive.faults import IsHeld, IsNumbered, NotNow, NotYours, SecondPersonNeeded
from yiwang.facilities.archive.models import (
    Disposal,
    FileUnit,
    Fonds,
    Hold,
    ItemCounter,
    RetentionRule,
    RetentionSchedule,
)
from yiwang.facilities.archive.policies import keeps, may_see
from yiwang.facilities.archive.rules import GROUP, expires_on
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.orgs.models import Unit


def found_fonds(unit: Unit, *, number: str, by: Standing, at: datetime) -> Fonds:
    """Begin the archives of an institution under the number that the county archives gave it."""
    with transaction.atomic():
        fonds = Fonds.objects.create(unit=unit, number=number, name=unit.name, founded_at=at)
        log("archive.founded", fonds, by=by, at=at, number=number)
    return fonds


def propose_schedule(
    fonds: Fonds, rules: Sequence[dict[str, str]], *, valid_from_on: date, by: Standing, at: datetime
) -> RetentionSchedule:
    """Propose a new version of the retention schedule. Raises `NotYours`."""
    demand_keeper(fonds, by)
    with transaction.atomic():
        Fonds.objects.select_for_update().get(pk=fonds.pk)
        last = fonds.schedules.order_by("-version").first()
        schedule = RetentionSchedule.objects.create(
            fonds=fonds,
            version=last.version + 1 if last else 1,
            valid_from_on=valid_from_on,
            proposed_by=by.account_id,
            proposed_at=at,
        )
        RetentionRule.objects.bulk_create(RetentionRule(schedule=schedule, **rule) for rule in rules)
        log("archive.schedule_proposed", fonds, by=by, at=at, version=schedule.version)
    return schedule


def approve_schedule(schedule_id: int, *, by: Standing, at: datetime) -> None:
    """Approve a schedule as a second person. Raises `NotYours`, `NotNow`, `SecondPersonNeeded`."""
    with transaction.atomic():
        schedule = RetentionSchedule.objects.select_for_update().select_related("fonds").get(pk=schedule_id)
        demand_keeper(schedule.fonds, by)
        if schedule.approved_at is not None:
            raise NotNow
        if not by.is_system and schedule.proposed_by in by.account_ids:
            raise SecondPersonNeeded
        schedule.approved_by, schedule.approved_at = by.account_id, at
        schedule.save()
        log("archive.schedule_approved", schedule.fonds, by=by, at=at, version=schedule.version)


def classify(
    file_unit_id: int,
    *,
    category: str,
    year: int,
    period: str,
    section: str,
    remark: str = "",
    by: Standing,
    at: datetime,
) -> FileUnit:
    """Put a file unit into its group: category, year, period, section. Raises `NotYours`, `IsNumbered`."""
    with transaction.atomic():
        found = _locked(file_unit_id, by)
        if found.item_number is not None:
            raise IsNumbered
        if category not in Category.values or period not in Period.values or not GROUP.fullmatch(section):
            raise ValueError((category, period, section))
        found.category, found.year, found.period, found.section = category, year, period, section
        found.remark, found.classified_at = clean_line(remark)[:200], at
        found.save()
    return found


def number(fonds: Fonds, *, by: Standing, at: datetime) -> int:
    """Order what is classified by its date and give each its next number; none is missing, none given twice.

    Returns how many were numbered. Raises `NotYours`.
    """
    demand_keeper(fonds, by)
    with transaction.atomic():
        Fonds.objects.select_for_update().get(pk=fonds.pk)
        waiting = FileUnit.objects.select_for_update().filter(
            fonds=fonds, item_number=None, classified_at__isnull=False, disposed_at=None
        )
        counters: dict[tuple[Any, ...], ItemCounter] = {}
        count = 0
        for found in waiting.order_by("dated_on", "document_number", "pk"):
            group = (found.category, found.year, found.period, found.section)
            if group not in counters:
                counters[group] = _counter(fonds, found)
            counters[group].last += 1
            found.item_number, found.numbered_at = counters[group].last, at
            found.save(update_fields=["item_number", "numbered_at"])
            count += 1
        for counter in counters.values():
            counter.save(update_fields=["last"])
        if count:
            log("archive.numbered", fonds, by=by, at=at, count=count)
    return count


def _counter(fonds: Fonds, found: FileUnit) -> ItemCounter:
    counter, _is_new = ItemCounter.objects.select_for_update().get_or_create(
        fonds=fonds, category=found.category, year=found.year or 0, period=found.period, section=found.section
    )
    return counter


def hold(file_unit_id: int, *, reason: str, by: Standing, at: datetime) -> Hold:
    """Stop the disposal of a file unit, with a reason. Raises `NotYours`, `NotNow`."""
    with transaction.atomic():
        found = _locked(file_unit_id, by)
        if found.disposed_at is not None:
            raise NotNow
        placed = Hold.objects.create(
            file_unit=found, reason=clean_line(reason)[:200], placed_by=by.account_id, placed_at=at
        )
        log("archive.held", found.fonds, by=by, at=at, file_unit=found.pk)
    return placed


def lift(hold_id: int, *, reason: str, by: Standing, at: datetime) -> None:
    """Lift a hold, with a reason. Raises `NotYours`, `NotNow`."""
    with transaction.atomic():
        placed = Hold.objects.select_for_update().get(pk=hold_id)
        found = _locked(placed.file_unit_id, by)
        if placed.lifted_at is not None:
            raise NotNow
        placed.lifted_by, placed.lifted_at = by.account_id, at
        placed.lift_reason = clean_line(reason)[:200]
        placed.save()
        log("archive.hold_lifted", found.fonds, by=by, at=at, file_unit=found.pk)


def propose_disposal(
    fonds: Fonds, file_unit_ids: Iterable[int], *, reason: str, by: Standing, at: datetime
) -> Disposal:
    """Propose to keep file units no longer; only those whose period is over and that nobody holds.

    Raises `NotYours`, `IsHeld`, `NotNow`.
    """
    demand_keeper(fonds, by)
    with transaction.atomic():
        chosen = list(FileUnit.objects.select_for_update().filter(fonds=fonds, pk__in=set(file_unit_ids)))
        if not chosen or not all(may_see(by, found) for found in chosen):
            raise NotYours
        _must_be_over(chosen, on=at.date())
        proposal = Disposal.objects.create(
            fonds=fonds, reason=clean_line(reason)[:200], proposed_by=by.account_id, proposed_at=at
        )
        proposal.units.set(chosen)
        log("archive.disposal_proposed", fonds, by=by, at=at, disposal=proposal.pk, count=len(chosen))
    return proposal


def decide_disposal(disposal_id: int, *, is_approved: bool, by: Standing, at: datetime) -> None:
    """Decide a proposal as a second person. What was disposed of stays in the catalogue as such.

    Raises `NotYours`, `SecondPersonNeeded`, `IsHeld`, `NotNow`.
    """
    with transaction.atomic():
        proposal = Disposal.objects.select_for_update().select_related("fonds").get(pk=disposal_id)
        demand_keeper(proposal.fonds, by)
        if proposal.decided_at is not None:
            raise NotNow
        if by.account_id is None or proposal.proposed_by in by.account_ids:
            raise SecondPersonNeeded
        chosen = list(proposal.units.select_for_update())
        if is_approved:
            _must_be_over(chosen, on=at.date())
        proposal.decided_by, proposal.decided_at, proposal.is_approved = by.account_id, at, is_approved
        proposal.save()
        if is_approved:
            FileUnit.objects.filter(pk__in=[found.pk for found in chosen]).update(disposed_at=at)
            publish(FileUnitsDisposed(proposal.pk, proposal.fonds.unit_id, len(chosen), at))
        log(
            "archive.disposal_decided",
            proposal.fonds,
            by=by,
            at=at,
            disposal=proposal.pk,
            approved=is_approved,
        )


def _must_be_over(chosen: Sequence[FileUnit], *, on: date) -> None:
    if Hold.objects.filter(file_unit__in=chosen, lifted_at=None).exists():
        raise IsHeld
    for found in chosen:
        ends_on = expires_on(found.year, found.period) if found.year and found.item_number else None
        if ends_on is None or on < ends_on or found.disposed_at is not None:
            raise NotNow


def demand_keeper(fonds: Fonds, by: Standing) -> None:
    """Raise `NotYours` unless somebody keeps the fonds."""
    if not keeps(by, fonds):
        raise NotYours


def _locked(file_unit_id: int, by: Standing) -> FileUnit:
    found = FileUnit.objects.select_for_update(of=("self",)).select_related("fonds").get(pk=file_unit_id)
    if not may_see(by, found):
        raise FileUnit.DoesNotExist
    return found


def log(action: str, fonds: Fonds, *, by: Standing, at: datetime, **details: Any) -> None:
    """Write into the log what somebody did with a fonds."""
    record(
        action,
        at=at,
        actor=by.account_id,
        unit=fonds.unit_id,
        subject_kind="fonds",
        subject_id=fonds.pk,
        details=details,
    )
