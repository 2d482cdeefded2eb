"""The case types of this house: declared by institutions, checked at once, found by key and version.

Beside them stands what a step brings about by itself: further steps that the house takes with it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yiwang.kernel.casework.rules.casetype import CaseType, check
from yiwang.kernel.casework.rules.progress import Entry, Progress

_declared: dict[tuple[str, str], CaseType] = {}


@dataclass(frozen=True)
class Further:
    """A step that the house takes because of another one, at the same moment and under the same lock."""

    verb: str
    data: Mapping[str, Any] = field(default_factory=dict)


Consequence = Callable[[Progress, Entry], Sequence[Further]]
"""Says from the entry just made, and the standing after it, what follows; asks nothing of the database."""

_consequences: dict[tuple[str, str], Consequence] = {}


class UnknownCaseType(LookupError):
    """No institution declares this case type or version."""


def declare(case_type: CaseType) -> CaseType:
    """Enter a case type; raises `BadDeclaration` when it contradicts itself."""
    check(case_type)
    _declared[case_type.key, case_type.version] = case_type
    return case_type


def case_type_of(key: str, version: str) -> CaseType:
    """The procedure a case began under; raises `UnknownCaseType`."""
    try:
        return _declared[key, version]
    except KeyError:
        raise UnknownCaseType(f"{key} {version}") from None


def case_type_on(key: str, day: date) -> CaseType:
    """The newest version of a procedure in force on a day; before the first version, the first."""
    versions = sorted((t for (k, _), t in _declared.items() if k == key), key=lambda t: t.valid_from_on)
    if not versions:
        raise UnknownCaseType(key)
    in_force = [case_type for case_type in versions if case_type.valid_from_on <= day]
    return (in_force or versions)[-1]


def declared() -> tuple[CaseType, ...]:
    """Every case type in every version, the oldest first, whichever module happened to be read before.

    Those of the house's own papers stand behind those of people's matters.
    """
    every = _declared.values()
    return tuple(sorted(every, key=lambda one: (one.is_internal, one.valid_from_on, one.key, one.version)))


def brings_about(type_key: str, verb: str) -> Callable[[Consequence], Consequence]:
    """Enter what a step of a case type brings about: it is taken whole with the step, or neither is."""

    def enter(consequence: Consequence) -> Consequence:
        _consequences[type_key, verb] = consequence
        return consequence

    return enter


def further_steps(type_key: str, progress: Progress, entry: Entry) -> Sequence[Further]:
    """The steps that an entry brings about, in order."""
    consequence = _consequences.get((type_key, entry.verb))
    return consequence(progress, entry) if consequence is not None else ()
