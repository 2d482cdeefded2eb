"""Which office a message goes to, and around whom it must go."""

from collections.abc import Iterable, Sequence
from datetime import date

from yiwang.institutions.petitions.rules import MAILBOX
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import UnitTree, tree

INTAKE = "petitions.intake"
SUPERVISION = "petitions.supervision"


class NoOffice(Exception):
    """No unit of the county takes in petitions; the administrator must name one."""


def office_for(kind: str, *, accused_unit_ids: Iterable[int], on: date) -> Unit:
    """The unit that registers a message of a kind: never one that is complained of, nor part of it.

    Petitions go to the petition office, the supervision mailbox to the supervising unit; when that unit or
    a part of it is complained of, to the other of the two, and when both are, to the unit above them
    (信访工作条例 30¶3). Raises `NoOffice`.
    """
    units = tree()
    accused = frozenset(accused_unit_ids)
    order = (SUPERVISION, INTAKE) if kind == MAILBOX else (INTAKE, SUPERVISION)
    candidates = [unit for function in order for unit in units.with_function(function, on=on)]
    for unit in candidates:
        if not _is_concerned(unit, accused, units=units):
            return unit
    above = _above(candidates, accused, units=units)
    if above is None:
        raise NoOffice
    return above


def _is_concerned(unit: Unit, accused: frozenset[int], *, units: UnitTree) -> bool:
    """Whether a unit is complained of, is a part of one that is, or has a part that is; the county isn't."""
    if accused.intersection(unit.path[1:] or unit.path):
        return True
    return any(unit.pk in units.get(other).path for other in accused if other in units.units)


def _above(candidates: Sequence[Unit], accused: frozenset[int], *, units: UnitTree) -> Unit | None:
    for unit in candidates:
        for unit_id in reversed(unit.path[:-1]):
            if unit_id not in accused or len(units.get(unit_id).path) == 1:
                return units.get(unit_id)
    return None
