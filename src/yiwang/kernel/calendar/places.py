"""The administrator's way to the working calendar."""

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.ui.places import Place, register

register(
    Place(
        key="calendar",
        label=_("Working calendar"),
        url_name="calendar:year",
        roles=frozenset({"administrator"}),
        order=40,
        icon="calendar-days",
        shortcut="k",
    )
)
