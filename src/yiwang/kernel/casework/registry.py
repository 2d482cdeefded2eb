"""The case types of this house: declared by institutions, checked at once, found by key and version."""

from datetime import date

from yiwang.kernel.casework.rules.casetype import CaseType, check

_declared: dict[tuple[str, str], CaseType] = {}


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
