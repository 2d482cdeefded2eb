"""Places of the desk for units, and the county's name in every frame."""

from django.http import HttpRequest
from django.utils.translation import get_language

from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui import context


def _county(request: HttpRequest) -> str:
    """The name of the root of the tree."""
    units = tree()
    roots = [unit.pk for unit in units.units.values() if unit.parent_id is None]
    return units.name(min(roots), language=get_language() or "") if roots else ""


context.provide(county=_county)
