"""Reading the tree of units; kept in memory, because it changes rarely and is read on every page."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import get_language

from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.orgs.models import Unit


@dataclass(frozen=True)
class UnitTree:
    """All units at once: small (hundreds), immutable, quick to ask."""

    units: dict[int, Unit]
    _successors: dict[int, int] = field(default_factory=dict)

    def get(self, unit_id: int) -> Unit:
        """The unit; raises `KeyError` when there is none of that id."""
        return self.units[unit_id]

    def name(self, unit_id: int | None, *, language: str = "zh-hans") -> str:
        """The unit's short name in the language, or an empty text when there is no unit."""
        unit = self.units.get(unit_id) if unit_id is not None else None
        if unit is None:
            return ""
        return unit.name_en if language.startswith("en") and unit.name_en else unit.short_name

    def subtree(self, unit_id: int) -> frozenset[int]:
        """The unit and everything below it."""
        return frozenset(u.pk for u in self.units.values() if unit_id in u.path)

    def ancestors(self, unit_id: int) -> tuple[int, ...]:
        """The units above, from the root down, without the unit itself."""
        return tuple(self.units[unit_id].path[:-1])

    def successor(self, unit_id: int, *, on: date) -> int:
        """Who has the unit's matters on a day: itself, or the end of the chain of successors."""
        seen = {unit_id}
        unit = self.units[unit_id]
        while unit.valid_until_on is not None and unit.valid_until_on <= on and unit.successor_id:
            if unit.successor_id in seen:
                break
            seen.add(unit.successor_id)
            unit = self.units[unit.successor_id]
        return unit.pk

    def line(self, unit_id: int) -> list[int]:
        """The unit and every unit its matters go to after it, in order."""
        found = [unit_id]
        while (successor := self.units[found[-1]].successor_id) and successor not in found:
            found.append(successor)
        return found

    def predecessors(self, unit_ids: Iterable[int], *, on: date) -> frozenset[int]:
        """The units whose matters have come to any of the given units by that day."""
        mine = frozenset(unit_ids)
        return frozenset(
            u.pk
            for u in self.units.values()
            if u.pk not in mine and u.successor_id and self.successor(u.pk, on=on) in mine
        )

    def valid(self, *, on: date) -> list[Unit]:
        """The units that exist on a day, in tree order."""
        return [
            u
            for u in sorted(self.units.values(), key=lambda u: u.path)
            if u.valid_from_on <= on and (u.valid_until_on is None or on < u.valid_until_on)
        ]

    def with_function(self, function: str, *, on: date) -> list[Unit]:
        """The units that do a certain work for an institution on a day."""
        return [u for u in self.valid(on=on) if function in u.functions]


_trees: Remembered[str, UnitTree] = Remembered()


def tree() -> UnitTree:
    """The tree of units, at most a few seconds old in another process and fresh in the one that wrote."""
    return _trees.get("tree", lambda: UnitTree({unit.pk: unit for unit in Unit.objects.all()}))


def unit_name(unit: Unit) -> str:
    """A unit's name in the reader's language."""
    return unit.name_en if (get_language() or "").startswith("en") and unit.name_en else unit.short_name


def forget_tree() -> None:
    """Read the tree anew at the next question; called by whoever changed a unit."""
    _trees.forget()


Consequence = Callable[[Unit, Unit], str]
"""Says in a sentence what follows for its module when a unit goes over into another; empty for nothing."""

_consequences: list[Consequence] = []
_functions: dict[str, object] = {}


def register_consequence(function: Consequence) -> Consequence:
    """Have a module's sentence shown before a unit is merged: "3 matters in progress go to …"."""
    if function not in _consequences:
        _consequences.append(function)
    return function


def consequences(unit: Unit, *, into: Unit) -> list[str]:
    """What follows when a unit goes over into another, one sentence a module."""
    return [sentence for function in _consequences if (sentence := str(function(unit, into)))]


def register_function(key: str, label: object) -> None:
    """Name a work that units may be given ("petitions.intake"); the label may be lazy."""
    _functions[key] = label


def functions() -> list[tuple[str, str]]:
    """Every work that units may be given or have, with its name, sorted by key."""
    used = {function for unit in tree().units.values() for function in unit.functions}
    return [(key, str(_functions.get(key, key))) for key in sorted(used | set(_functions))]
