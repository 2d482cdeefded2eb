"""Where the petition office's own work is found: its place in the navigation, its section of a case's page."""

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.hotline.registry import Outcome, register_outcome
from yiwang.institutions.petitions.policies import INTAKE, SUPERVISION
from yiwang.institutions.petitions.registration import WORKERS, registering_unit
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.sections import Section, register_section
from yiwang.kernel.orgs.queries import register_function
from yiwang.kernel.ui.places import Place, register


def _may_register(standing: Standing) -> bool:
    return registering_unit(standing, on=timezone.localdate()) is not None


def _registers(request: HttpRequest) -> bool:
    standing: Standing | None = getattr(request, "standing", None)
    return standing is not None and _may_register(standing)


def may_link(standing: Standing, case: Case) -> bool:
    """Whether somebody works where the case was registered, and it can still be linked to an earlier one."""
    is_free = not case.is_repeat and case.state != "archived"
    return is_free and bool(standing.roles_at(case.root_unit_id) & WORKERS)


register(
    Place(
        "counter",
        _("Register"),
        "petitions:counter",
        WORKERS,
        order=15,
        icon="pencil",
        shortcut="r",
        is_for=_registers,
    )
)
register_outcome(
    Outcome("petition", _("Petition"), "petitions:counter", icon="pencil", order=20, may_choose=_may_register)
)
register_function(INTAKE, _("Receives and registers petitions"))
register_function(SUPERVISION, _("Receives the supervision mailbox"))
register_section(Section("petition", _("Perhaps a repeat"), "petitions:repeats", may_link))
