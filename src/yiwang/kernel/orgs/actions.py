"""Changing the tree of units."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yiwang.kernel.base.events import publish
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.orgs.events import UnitChanged, UnitFounded, UnitMerged
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import forget_tree


@transaction.atomic
def found_unit(
    *,
    code: str,
    name: str,
    kind: str,
    valid_from_on: date,
    parent: Unit | None = None,
    short_name: str = "",
    name_en: str = "",
    functions: tuple[str, ...] = (),
    phone: str = "",
    address: str = "",
    hours: str = "",
    by_account_id: int | None = None,
    at: datetime | None = None,
) -> Unit:
    """Add a unit to the tree; raises `ValidationError` when a field doesn't fit or the code is taken."""
    unit = Unit(
        code=code,
        name=name,
        short_name=short_name or name,
        name_en=name_en,
        kind=kind,
        parent=parent,
        functions=list(functions),
        valid_from_on=valid_from_on,
        phone=phone,
        address=address,
        hours=hours,
    )
    unit.full_clean(exclude=["path"])
    unit.save()
    unit.path = [*(parent.path if parent else []), unit.pk]
    unit.save(update_fields=["path"])
    transaction.on_commit(forget_tree)
    forget_tree()
    publish(UnitFounded(unit.pk, by_account_id, at))
    return unit


CHANGEABLE = ("name", "short_name", "name_en", "phone", "address", "hours", "functions")
"""What may be changed of a unit; its place in the tree and its days follow from founding and merging."""


@transaction.atomic
def change_unit(unit: Unit, *, by_account_id: int | None, at: datetime, **values: object) -> Unit:
    """Rename a unit or change its contact data or its work; the event keeps what stood there before.

    Raises `ValidationError` when a value doesn't fit, `TypeError` for a field that can't be changed.
    """
    if not set(values) <= set(CHANGEABLE):
        raise TypeError(f"not changeable: {sorted(set(values) - set(CHANGEABLE))}")
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    changes = []
    for name, value in values.items():
        after = clean_line(value) if isinstance(value, str) else list(value)  # type: ignore[call-overload]
        before = getattr(unit, name)
        if before != after:
            changes.append((name, _told(before), _told(after)))
            setattr(unit, name, after)
    if changes:
        unit.full_clean()
        unit.save(update_fields=[name for name, _before, _after in changes])
        forget_tree()
        transaction.on_commit(forget_tree)
        publish(UnitChanged(unit.pk, tuple(changes), by_account_id, at))
    return unit


def check_merger(unit: Unit, *, into: Unit, on: date) -> None:
    """Whether a unit can go over into another on a day, before anybody is asked to confirm it.

    Raises `ValidationError` when the successor is the unit itself, lies below it, has ended or leads back to
    it, when the unit has already ended, or when parts of it go on.
    """
    if unit.valid_until_on is not None:
        raise ValidationError(_("This unit has already ended."))
    if unit.pk in into.path:
        raise ValidationError(_("A unit can't be merged into itself or into a part of itself."))
    if into.valid_from_on > on:
        raise ValidationError(_("The successor doesn't exist yet on that day."))
    if _leads_to(into, unit):
        raise ValidationError(_("The successor itself goes over into this unit."))
    parts = unit.children.filter(Q(valid_until_on__isnull=True) | Q(valid_until_on__gt=on))
    if names := [part.short_name for part in parts]:
        raise ValidationError(_("Merge its parts first: %(names)s."), params={"names": "、".join(names)})
    if into.valid_until_on is not None and into.valid_until_on <= on:
        raise ValidationError(_("The successor has ended by that day."))
    if on <= unit.valid_from_on:
        raise ValidationError(_("A unit can't end before it begins."))


@transaction.atomic
def merge_unit(
    unit: Unit, *, into: Unit, on: date, by_account_id: int | None, at: datetime | None = None
) -> Unit:
    """End a unit on a day and name its successor; its open matters go there (信访工作条例 24¶2).

    Raises `ValidationError` where `check_merger` does.
    """
    # One lock for all mergers: two at once could name each other as successors.
    Unit.objects.select_for_update().filter(parent__isnull=True).first()
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    into = Unit.objects.get(pk=into.pk)
    check_merger(unit, into=into, on=on)
    unit.valid_until_on = on
    unit.successor = into
    unit.save(update_fields=["valid_until_on", "successor"])
    forget_tree()
    transaction.on_commit(forget_tree)
    publish(UnitMerged(unit.pk, into.pk, on, by_account_id, at))
    return unit


def _leads_to(unit: Unit, target: Unit) -> bool:
    """Whether a unit's chain of successors passes through another unit."""
    successors = dict(Unit.objects.filter(successor__isnull=False).values_list("pk", "successor_id"))
    here: int | None = unit.pk
    seen: set[int] = set()
    while here is not None and here not in seen:
        if here == target.pk:
            return True
        seen.add(here)
        here = successors.get(here)
    return False


def _told(value: object) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
