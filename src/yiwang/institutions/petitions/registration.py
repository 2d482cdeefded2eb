"""Registering at the counter: for which unit, once however often it is sent, linked if somebody says so."""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from yiwang.institutions.petitions.policies import INTAKE, SUPERVISION
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.actions import Matter, register, take
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import tree

SOURCE = "counter"
"""What stands in `Case.source`; the key of the form stands in `source_key`."""

WORKERS = frozenset({"clerk", "head"})


@dataclass(frozen=True)
class Repeat:
    """A person's decision that the new petition repeats an earlier one, with the reasons that were shown."""

    earlier_case_id: int
    reasons: str


@dataclass(frozen=True)
class Outcome:
    """The petition, and the code of its receipt if it was registered just now; else the code is empty."""

    case: Case
    receipt_code: str

    @property
    def is_new(self) -> bool:
        """Whether it was registered by this sending."""
        return bool(self.receipt_code)


def registering_unit(standing: Standing, *, on: date) -> Unit | None:
    """The unit for which somebody may register today: the one that takes petitions in before the supervising one."""
    units = tree()
    for function in (INTAKE, SUPERVISION):
        for unit in units.with_function(function, on=on):
            if standing.roles_at(unit.pk) & WORKERS:
                return unit
    return None


def is_about_own(standing: Standing, accused_unit_ids: Iterable[int]) -> bool:
    """Whether a report is about a unit that the registrar belongs to, or a part of it: somebody else takes it in (art. 30¶3)."""
    units = tree()
    paths = (units.get(unit_id).path for unit_id in accused_unit_ids)
    return any(standing.member_unit_ids.intersection(path[1:] or path) for path in paths)


def register_once(matter: Matter, *, repeat: Repeat | None, by: Standing, at: datetime) -> Outcome:
    """Register a petition and link it, both or neither; the same form sent again finds it registered.

    `matter.source_key` is the form's key. Raises what `casework.actions.register` and `take` raise.
    """
    try:
        with transaction.atomic() if repeat is not None else nullcontext():
            registered = register(matter, by=by, at=at)
            if repeat is not None:
                take(
                    registered.case.pk,
                    "link_repeat",
                    by=by,
                    at=at,
                    data={"earlier_case_id": repeat.earlier_case_id, "reasons": repeat.reasons},
                )
    except IntegrityError:
        known = _registered_before(matter, by=by)
        if known is None:
            raise
        return Outcome(known, "")
    return Outcome(registered.case, registered.receipt_code)


def _registered_before(matter: Matter, *, by: Standing) -> Case | None:
    same = Case.objects.filter(visible(by), source=matter.source, source_key=matter.source_key)
    known = list(same.order_by().values_list("pk", flat=True)[:1])
    return Case.objects.get(pk=known[0]) if known else None
