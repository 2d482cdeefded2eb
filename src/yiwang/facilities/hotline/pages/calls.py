"""The list of calls."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.facilities.hotline import queries, shown
from yiwang.facilities.hotline.policies import SERVICE_ROLES, hotline_units
from yiwang.facilities.hotline.rules import clean_number
from yiwang.kernel.base.pages import page
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when

WHICH = ("", "live", "missed", "recorded")
LARGEST = 2**63 - 1


@page("hotline:calls", roles=SERVICE_ROLES, budget=8)
def calls(request: HttpRequest) -> HttpResponse:
    """Calls of the hotline, newest first; the filters stand in the address."""
    units = hotline_units(shown.standing_of(request))
    which = request.GET.get("which", "")
    asked = clean_number(request.GET.get("number", ""))
    before = request.GET.get("before", "")
    found = queries.calls_of(
        units,
        number=asked,
        which=which,
        before=min(int(before), LARGEST) if before.isdecimal() and len(before) < 20 else 0,
    )
    words = {"": _("All"), "live": _("On the line"), "missed": _("Not answered"), "recorded": _("Recorded")}
    context = {
        "number": asked,
        "filters": [
            Link(words[key], f"?{urlencode({'which': key, 'number': asked})}", is_current=key == which)
            for key in WHICH
        ],
        "table": _table(found, query={"which": which, "number": asked}),
    }
    return render(request, "hotline/calls.html", context)


def _table(found: queries.CallPage, *, query: dict[str, str]) -> Table:
    return Table(
        caption=_("Calls"),
        rows=found.rows,
        columns=[
            Column(_("Telephone number"), lambda call: shown.number(call.number), is_main=True),
            Column(_("When"), lambda call: when(call.offered_at)),
            Column(_("State"), shown.call_state),
            Column(_("Hotline agent"), shown.who),
            Column(_("Waited"), shown.waited, kind="number"),
            Column(_("Talked"), shown.talked, kind="number"),
            Column(_("What it became"), lambda call: shown.outcomes_words(call.outcomes.all())),
        ],
        row_url=lambda call: reverse("hotline:call", args=[call.pk]),
        next_url=f"?{urlencode({**query, 'before': found.next_key})}" if found.next_key else "",
        empty_title=_("No calls"),
        empty_words=_("There is no call that fits these words."),
    )
