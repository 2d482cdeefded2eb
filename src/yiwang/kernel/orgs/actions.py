"""Changing the tree of units."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel.base.events import publish
from yiwang.kernel.orgs.events import UnitMerged
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
    return unit


@transaction.atomic
def merge_unit(unit: Unit, *, into: Unit, on: date, by_account_id: int | None) -> Unit:
    """End a unit on a day and name its successor; its open matters go there (信访工作条例 24¶2).

    Raises `ValidationError` when the successor is the unit itself, lies below it, has ended, or when the
    unit has already ended.
    """
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if unit.valid_until_on is not None:
        raise ValidationError(_("This unit has already ended."))
    if unit.pk in into.path:
        raise ValidationError(_("A unit can't be merged into itself or into a part of itself."))
    if into.valid_until_on is not None and into.valid_until_on <= on:
        raise ValidationError(_("The successor has ended by that day."))
    if on <= unit.valid_from_on:
        raise ValidationError(_("A unit can't end before it begins."))
    unit.valid_until_on = on
    unit.successor = into
    unit.save(update_fields=["valid_until_on", "successor"])
    forget_tree()
    transaction.on_commit(forget_tree)
    publish(UnitMerged(unit.pk, into.pk, on, by_account_id))
    return unit
