"""The numbers that people dial, and the units that answer them; kept by the administrator."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.facilities.hotline import actions, queries
from yiwang.facilities.hotline.forms import LineForm
from yiwang.kernel.base.pages import page
from yiwang.kernel.orgs.queries import tree, unit_name
from yiwang.kernel.ui.messages import say


@page("hotline:lines", roles={"administrator"}, budget=6)
def lines(request: HttpRequest) -> HttpResponse:
    """Show the lines; open another one, or give one to another unit."""
    units = [(unit.pk, unit_name(unit)) for unit in tree().valid(on=timezone.localdate())]
    form = LineForm(request.POST or None, units=units)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        actions.open_line(told["number"], name=told["name"], unit_id=told["unit"], skills=told["skills"])
        say(request, _("From now on this unit answers the number."))
        return HttpResponseRedirect(reverse("hotline:lines"))
    context = {"lines": queries.lines(), "form": form}
    return render(request, "hotline/lines.html", context, status=422 if form.errors else 200)
