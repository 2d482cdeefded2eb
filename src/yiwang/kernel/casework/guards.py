"""Rules that a case type names and that look beyond the state: each says in a sentence why it forbids."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import N_
from yiwang.kernel.casework.faults import GuardFailed
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.casework.records import Standings
from yiwang.kernel.casework.rules.casetype import Custody, FieldDef, FieldKind, StepDef
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.casework.rules.data import BadData, Fault
from yiwang.kernel.casework.rules.progress import Progress
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.people.models import Account, Post

UNKNOWN_UNIT = N_("This unit doesn't exist, or not any more.")
SAME_UNIT = N_("The unit already has the matter.")
IN_CHAIN = N_("This unit has already had the matter and waits for it to come back.")
ACCUSED_UNIT = N_(
    "The matter complains of this unit; it must not go there (Regulations on Petition Work, art. 30)."
)
UNKNOWN_ACCOUNT = N_("There is no such person.")
OTHER_UNIT = N_(
    "Only people of your own unit can be excluded here; for others, ask the office that registered it."
)
UNKNOWN_CASE = N_("There is no such matter.")
SAME_CASE = N_("A matter can't repeat itself.")
PAST_DAY = N_("Please choose a day after today.")
FUTURE_DAY = N_("This day is still to come.")
TOO_EARLY_DAY = N_("This can't have happened before %(day)s.")
WINDOW_CLOSED = N_("The term for an objection ended on %(day)s.")
ALREADY_EXTENDED = N_("This matter has already been extended once; the law allows no second extension.")
SAME_PERSON = N_("Whoever wrote or requested it can't approve it; somebody else must.")
NOT_SERVED = N_("Record the service of the letter first; the terms of the remedies run from it.")
NOT_A_REPEAT = N_("This matter isn't marked as a repeat petition.")


def check_references(
    case: Case, step: StepDef, cleaned: Mapping[str, Any], derived: Standings, *, by: Standing, on: date
) -> None:
    """Whether the units, people, cases and days that were named exist and fit; raises `BadData`."""
    progress = derived.progress
    faults: dict[str, Fault] = {}
    for definition in step.needs:
        value = cleaned.get(definition.key)
        if value is None:
            continue
        fault: Fault | None = None
        if definition.kind is FieldKind.UNIT:
            fault = _unit_fault(case, int(value), progress, on=on)
        elif definition.kind is FieldKind.ACCOUNT:
            fault = _account_fault(int(value), progress, by=by, on=on)
        elif definition.kind is FieldKind.CASE:
            fault = _case_fault(case, int(value), by=by)
        elif definition.kind is FieldKind.DATE:
            fault = _day_fault(step, definition, date.fromisoformat(value), derived, on=on)
        if fault is not None:
            faults[definition.key] = fault
    if faults:
        raise BadData(faults)


def _unit_fault(case: Case, unit_id: int, progress: Progress, *, on: date) -> Fault | None:
    units = tree()
    if unit_id not in {unit.pk for unit in units.valid(on=on)}:
        return Fault(UNKNOWN_UNIT)
    accused = {*case.excluded_units, *(units.successor(unit, on=on) for unit in case.excluded_units)}
    if accused.intersection(units.get(unit_id).path):
        return Fault(ACCUSED_UNIT)
    if unit_id == progress.holding.unit_id:
        return Fault(SAME_UNIT)
    index: int | None = progress.holder
    while index is not None:
        if progress.nodes[index].unit_id == unit_id:
            return Fault(IN_CHAIN)
        index = progress.nodes[index].parent
    return None


def _account_fault(account_id: int, progress: Progress, *, by: Standing, on: date) -> Fault | None:
    """Below the office that registered it, a unit excludes its own people only, never those who watch over it."""
    if not Account.objects.filter(pk=account_id, is_active=True).exists():
        return Fault(UNKNOWN_ACCOUNT)
    if by.is_system or by.roles_at(progress.root.unit_id):
        return None
    units, holding = tree(), progress.holding.unit_id
    own = units.subtree(holding) | units.predecessors([holding], on=on)
    is_own = Post.objects.filter(account_id=account_id, unit_id__in=own).exists()
    return None if is_own else Fault(OTHER_UNIT)


def _case_fault(case: Case, earlier_id: int, *, by: Standing) -> Fault | None:
    if earlier_id == case.pk:
        return Fault(SAME_CASE)
    exists = Case.objects.filter(visible(by), pk=earlier_id, institution=case.institution).exists()
    return None if exists else Fault(UNKNOWN_CASE)


def _day_fault(
    step: StepDef, definition: FieldDef, day: date, derived: Standings, *, on: date
) -> Fault | None:
    if definition.is_ahead:
        return None if day >= on else Fault(PAST_DAY)
    if step.custody is Custody.HAND_ON:
        return None if day > on else Fault(PAST_DAY)
    if day > on:
        return Fault(FUTURE_DAY)
    since_on = local_day(
        next(entry.at for entry in reversed(derived.entries) if entry.from_state != entry.to_state)
    )
    return Fault(TOO_EARLY_DAY, (("day", since_on.isoformat()),)) if day < since_on else None


def check_guards(
    case: Case, step: StepDef, cleaned: Mapping[str, Any], derived: Standings, *, by: Standing, on: date
) -> None:
    """Ask every guard that the step names; raises `GuardFailed` with the first that forbids."""
    for name in step.guards:
        fault = GUARDS[name](case, derived, by, on)
        if fault is not None:
            raise GuardFailed(fault)


def _within_objection_window(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    for clock in derived.clocks:
        if (
            clock.key == "objection"
            and clock.node == derived.progress.holder
            and clock.due_on
            and on > clock.due_on
        ):
            return Fault(WINDOW_CLOSED, (("day", clock.due_on.isoformat()),))
    return None


def _extended_once(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    return Fault(ALREADY_EXTENDED) if "extend" in derived.progress.verbs else None


def _not_same_person(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    """Four eyes: the last who wrote, approved or requested isn't the one who approves now.

    A unit's own earlier approval doesn't count: after a return it must be able to approve again.
    """
    for entry in reversed(derived.entries):
        if entry.verb == "approve" and entry.node == derived.progress.holder:
            continue
        if entry.verb in ("answer", "approve", "request_extension"):
            is_same = entry.account_id is not None and entry.account_id == by.account_id
            return Fault(SAME_PERSON) if is_same else None
    return None


def _letter_served(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    return None if "serve" in derived.progress.verbs else Fault(NOT_SERVED)


def _is_repeat(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    return None if case.is_repeat else Fault(NOT_A_REPEAT)


Guard = Callable[[Case, Standings, Standing, date], Fault | None]

GUARDS: dict[str, Guard] = {
    "within_objection_window": _within_objection_window,
    "extended_once": _extended_once,
    "not_same_person": _not_same_person,
    "letter_served": _letter_served,
    "is_repeat": _is_repeat,
}


def register_guard(name: str, guard: Guard) -> None:
    """Enter a rule of an institution's own under which its procedures name it."""
    GUARDS[name] = guard
