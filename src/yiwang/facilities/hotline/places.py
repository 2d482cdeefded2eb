"""Places of the hotline in the navigation, for who works at a unit that answers a line."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yiwang.facilities.hotline.policies import hotline_units, is_supervisor
from yiwang.facilities.hotline.queries import answering_units
from yiwang.facilities.hotline.shown import standing_of
from yiwang.kernel.ui.places import Place, register


def _works_here(request: HttpRequest) -> bool:
    return bool(hotline_units(standing_of(request)) & answering_units())


def _leads_here(request: HttpRequest) -> bool:
    return is_supervisor(standing_of(request)) and _works_here(request)


AGENT, HEAD = frozenset({"agent", "head"}), frozenset({"head"})

for place in (
    Place(
        "hotline",
        _("Console"),
        "hotline:console",
        AGENT,
        order=5,
        icon="phone",
        shortcut="c",
        is_for=_works_here,
    ),
    Place(
        "hotline_wall", _("Wallboard"), "hotline:wall", HEAD, order=60, icon="activity", is_for=_leads_here
    ),
    Place(
        "hotline_calls",
        _("Calls"),
        "hotline:calls",
        AGENT,
        order=61,
        icon="clipboard-list",
        is_for=_works_here,
    ),
    Place(
        "hotline_back",
        _("Call-backs"),
        "hotline:call_backs",
        AGENT,
        order=62,
        icon="reply",
        is_for=_works_here,
    ),
    Place(
        "hotline_knowledge",
        _("Knowledge base"),
        "hotline:knowledge",
        AGENT,
        order=63,
        icon="book-open",
        is_for=_works_here,
    ),
    Place(
        "hotline_staffing",
        _("Staffing"),
        "hotline:staffing",
        HEAD,
        order=64,
        icon="chart-column",
        is_for=_leads_here,
    ),
    Place(
        "hotline_agents",
        _("Agents"),
        "hotline:agents",
        HEAD,
        order=64,
        icon="users",
        is_for=_leads_here,
    ),
    Place(
        "hotline_blocked",
        _("Blocked numbers"),
        "hotline:blocked",
        HEAD,
        order=65,
        icon="x",
        is_for=_leads_here,
    ),
    Place(
        "hotline_lines",
        _("Hotlines"),
        "hotline:lines",
        frozenset({"administrator"}),
        order=70,
        icon="phone",
    ),
):
    register(place)
