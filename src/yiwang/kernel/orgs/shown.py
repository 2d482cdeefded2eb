"""How units are shown: by name in the reader's language, with the state they are in."""

from datetime import date

from django.utils.translation import gettext as _

from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import UnitTree, unit_name
from yiwang.kernel.ui.parts import Hop


def unit_status(unit: Unit, *, today: date) -> tuple[str, str]:
    """The kind of state a unit is in on a day, and its word."""
    if unit.valid_until_on is not None and unit.valid_until_on <= today:
        return "none", _("ended")
    if unit.valid_from_on > today:
        return "info", _("begins later")
    if unit.valid_until_on is not None:
        return "soon", _("ends")
    return "done", _("exists")


def succession(unit: Unit, units: UnitTree, *, today: date) -> list[Hop]:
    """The line a unit stands in: those that went over into it, itself, and those it goes over into."""
    before = sorted(
        (other for other in units.units.values() if other.successor_id == unit.pk),
        key=lambda other: (other.valid_until_on or date.max, other.pk),
    )
    line, here = [*before, unit], unit
    while here.successor_id and units.get(here.successor_id) not in line:
        here = units.get(here.successor_id)
        line.append(here)
    return [_hop(member, is_here=member.pk == unit.pk, today=today) for member in line]


def _hop(unit: Unit, *, is_here: bool, today: date) -> Hop:
    kind, words = unit_status(unit, today=today)
    return Hop(
        unit_name(unit),
        from_on=unit.valid_from_on,
        to_on=unit.valid_until_on,
        state=kind,
        state_words=words,
        is_here=is_here,
    )
