"""The administrator's place for units, and the county's name in every frame."""

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui import context
from yiwang.kernel.ui.places import Place, register

register(
    Place(
        key="units",
        label=_("Units"),
        url_name="orgs:units",
        roles=frozenset({"administrator"}),
        order=40,
        icon="building-2",
        shortcut="u",
    )
)


def _county(request: HttpRequest) -> str:
    """The name of the root of the tree."""
    units = tree()
    roots = [unit.pk for unit in units.units.values() if unit.parent_id is None]
    return units.name(min(roots), language=get_language() or "") if roots else ""


context.provide(county=_county)
