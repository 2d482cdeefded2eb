"""Which unit the centre is, and who may do what with its catalogue and orders."""

from datetime import date

from yiwang.institutions.community.casetypes.order_2026 import CENTRE as CENTRE_ROLES
from yiwang.institutions.community.casetypes.order_2026 import DISPUTED, DONE
from yiwang.institutions.community.models import Order
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import N_
from yiwang.kernel.casework.guards import register_guard
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.records import Standings
from yiwang.kernel.casework.rules.clocks import ClockStatus
from yiwang.kernel.casework.rules.data import Fault
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import tree

CENTRE = "community.centre"
STAFF = CENTRE_ROLES
"""Roles at the centre that take orders and look after them."""

NOT_ASKED = N_("First call back, or decide the dispute.")
NO_MORE_PINS = N_("No further PIN can be made for this order. Please call the centre: 96519.")
TOO_LATE = N_("The days in which a dispute could be raised are over.")


class NoCentre(Exception):
    """No unit of the county is the service centre; the administrator must name one."""


def centre(*, on: date) -> Unit:
    """The unit that takes orders. Raises `NoCentre`."""
    found = next(iter(tree().with_function(CENTRE, on=on)), None)
    if found is None:
        raise NoCentre
    return found


def works_at_centre(standing: Standing, *, on: date) -> bool:
    """Whether somebody takes orders for the centre."""
    return any(standing.roles_at(unit.pk) & STAFF for unit in tree().with_function(CENTRE, on=on))


def may_edit_catalogue(standing: Standing, *, on: date) -> bool:
    """Whether somebody may change prices and what else an item says: the head of the centre."""
    return any("head" in standing.roles_at(unit.pk) for unit in tree().with_function(CENTRE, on=on))


def is_of_centre(standing: Standing, case: Case) -> bool:
    """Whether somebody works for the centre that has the case."""
    return bool(standing.roles_at(case.root_unit_id) & STAFF)


def _asked_or_decided(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    wanted = {DONE: "call_back", DISPUTED: "decide"}.get(derived.progress.state)
    for entry in reversed(derived.entries):
        if entry.verb == wanted:
            return None
        if entry.verb in ("finish", "dispute"):
            break
    return Fault(NOT_ASKED)


def _within_dispute_window(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    if not by.is_system and not by.is_signed_in and by.case_id is None:
        return Fault(TOO_LATE)
    clock = next((clock for clock in derived.clocks if clock.key == "dispute"), None)
    if clock is not None and clock.status(as_of=on) is ClockStatus.EXPIRED:
        return Fault(TOO_LATE)
    return None


def _has_another_pin(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    with acting_as_system():
        is_left = Order.objects.filter(pk=case.pk).exclude(spare_pins=b"").exists()
    return None if is_left else Fault(NO_MORE_PINS)


register_guard("has_another_pin", _has_another_pin)
register_guard("asked_or_decided", _asked_or_decided)
register_guard("within_dispute_window", _within_dispute_window)
