"""The tree of units, with those to come and those that have ended."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel.base.pages import page
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import tree, unit_name
from yiwang.kernel.orgs.shown import unit_status
from yiwang.kernel.ui import states
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when


@page("orgs:units", roles={"administrator"}, budget=1)
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Show the units of today, or with `?show=all` every one that ever was or will be."""
    today, known = timezone.localdate(), tree()
    is_all = request.GET.get("show") == "all"
    rows = sorted(known.units.values(), key=lambda unit: unit.path) if is_all else known.valid(on=today)

    def shown_state(unit: Unit) -> SafeString:
        kind, words = unit_status(unit, today=today)
        return states.state(kind, words=words)

    table = Table(
        caption=_("Units"),
        rows=rows,
        columns=[
            Column(_("Unit"), lambda unit: "　" * (len(unit.path) - 1) + unit_name(unit), is_main=True),
            Column(_("Kind"), lambda unit: unit.get_kind_display()),
            Column(_("Exists from"), lambda unit: when(unit.valid_from_on)),
            Column(
                _("Until"),
                lambda unit: when(unit.valid_until_on) if unit.valid_until_on else _("no last day"),
            ),
            Column(_("Goes over into"), lambda unit: known.name(unit.successor_id) or "–"),
            Column(_("Status"), shown_state),
        ],
        row_url=lambda unit: reverse("orgs:unit", args=[unit.pk]),
        empty_title=_("There are no units yet"),
        empty_words=_(
            "Begin with the county; the command line makes it together with the first administrator."
        ),
    )
    here = reverse("orgs:units")
    filters = [
        Link(_("Today"), here, is_current=not is_all, count=len(known.valid(on=today))),
        Link(_("All times"), f"{here}?show=all", is_current=is_all, count=len(known.units)),
    ]
    return render(request, "orgs/units.html", {"table": table, "filters": filters})
