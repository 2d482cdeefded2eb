"""The places of dispatch in the navigation: board and teams for those who dispatch, the phone page for teams."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.dispatch.policies import BOARD_ROLES, companies_of, units_dispatched_by
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui.places import Place, register


def has_companies(request: HttpRequest) -> bool:
    """Whether somebody's unit is a company, or has companies directly below it."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    own = units_dispatched_by(standing) | companies_of(standing)
    return any(
        unit.kind == UnitKind.COMPANY and (unit.pk in own or unit.parent_id in own)
        for unit in tree().units.values()
    )


register(
    Place("dispatch", _("Dispatch board"), "dispatch:board", BOARD_ROLES, order=12, icon="map-pin",
          shortcut="b", is_for=has_companies)
)  # fmt: skip
register(
    Place("teams", _("Teams"), "dispatch:teams", BOARD_ROLES | {"clerk"}, order=14, icon="users",
          shortcut="m", is_for=has_companies)
)  # fmt: skip
register(
    Place("team", _("My work"), "dispatch:phone", frozenset({"worker"}), order=5, icon="truck", shortcut="w")
)
