"""Reading the content classes and the offices' addresses."""

from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.institutions.petitions.models import Category
from yiwang.institutions.petitions.policies import INTAKE
from yiwang.kernel.base.text import fold
from yiwang.kernel.calendar.queries import current
from yiwang.kernel.calendar.rules import due_on
from yiwang.kernel.casework.basis import bases
from yiwang.kernel.casework.rules.casetype import CaseType, ClockKind
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import tree


def category_of(path: str) -> str:
    """The path itself when it is a class in use, else nothing; one query."""
    return path if path and Category.objects.filter(path=path, is_valid=True).exists() else ""


def fields_of_life() -> list[str]:
    """The names of the first level in their order; one query."""
    return list(dict.fromkeys(Category.objects.filter(is_valid=True).values_list("level1", flat=True)))


@dataclass(frozen=True)
class Group:
    """A group of the second level with its classes."""

    name: str
    classes: tuple[Category, ...]


def groups_in(level1: str) -> list[Group]:
    """The groups of a field with their classes; one query."""
    found: dict[str, list[Category]] = {}
    for one in Category.objects.filter(is_valid=True, level1=level1):
        found.setdefault(one.level2, []).append(one)
    return [Group(name, tuple(classes)) for name, classes in found.items()]


def classes_like(words: str, *, most: int = 12) -> list[Category]:
    """The classes that contain every word typed, the closest first; one query, a few hundred rows."""
    wanted = [fold(word) for word in words.split()[:6] if fold(word)]
    if not wanted:
        return []
    scored: list[tuple[int, int, Category]] = []
    for one in Category.objects.filter(is_valid=True):
        path, last = fold(one.path), fold(one.level3)
        if all(word in path for word in wanted):
            distance = 0 if last == wanted[-1] else 1 if wanted[-1] in last else 2
            scored.append((distance, one.position, one))
    scored.sort(key=lambda entry: entry[:2])
    return [one for _, _, one in scored[:most]]


def petition_office(*, on: date) -> Unit | None:
    """The office whose address, telephone and hours the portal shows (信访工作条例 18)."""
    return next(iter(tree().with_function(INTAKE, on=on)), None)


def places(*, on: date) -> list[Unit]:
    """Townships and villages in tree order, for saying where something happened."""
    return [unit for unit in tree().valid(on=on) if unit.kind in (UnitKind.TOWNSHIP, UnitKind.VILLAGE)]


def units_to_name(*, on: date) -> list[Unit]:
    """Every unit that a message can be about, in tree order, without the county itself."""
    return [unit for unit in tree().valid(on=on) if unit.parent_id is not None]


@dataclass(frozen=True)
class Promise:
    """A duty that the law puts on an office: what, how long, until which day if that is known, and where it stands."""

    words: str
    term: str
    due_on: date | None
    citation: SafeString


def promises(case_type: CaseType, *, received_on: date) -> list[Promise]:
    """What happens by when after a message comes in; only the first day is certain, the others follow from it."""
    found = []
    for clock in case_type.clocks:
        if not clock.is_public or clock.kind is not ClockKind.DUTY:
            continue
        starts_now = case_type.initial_verb in clock.starts
        last = (
            due_on(
                received_on, term=clock.term, unit=clock.unit, roll_over=clock.roll_over, calendar=current()
            )
            if starts_now
            else None
        )
        found.append(
            Promise(
                words=gettext(clock.public_label or clock.label),
                term=_term_in_words(clock.term, starts_now=starts_now, follows=min(clock.starts)),
                due_on=last,
                citation=bases(clock, on=received_on),
            )
        )
    return found


def _term_in_words(term: int, *, starts_now: bool, follows: str) -> str:
    values = {"term": term}
    if starts_now:
        return gettext("within %(term)s days of your sending it") % values
    if follows == "accept":
        return gettext("within %(term)s days of its being accepted") % values
    return gettext("within %(term)s days of its reaching the unit that is to handle it") % values
