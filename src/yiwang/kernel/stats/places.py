"""The statistics in the navigation."""

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.audit.labels import name_action
from yiwang.kernel.ui.places import Place, register

register(
    Place(
        key="stats",
        label=_("Statistics"),
        url_name="stats:month",
        roles=frozenset({"leader", "head"}),
        order=35,
        icon="chart-column",
        shortcut="t",
    )
)

name_action("report.read", _("Statistics exported"))
