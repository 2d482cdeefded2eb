"""Founding a unit."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.kernel.base.pages import page
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.forms import NewUnitForm
from yiwang.kernel.ui.messages import say


@page("orgs:new_unit", roles={"administrator"}, budget=1)
@require_http_methods(["GET", "HEAD", "POST"])
def new_unit(request: HttpRequest) -> HttpResponse:
    """Ask what a unit is called, of what it is a part and from which day it exists."""
    if request.method != "POST":
        form = NewUnitForm(
            initial={"valid_from_on": timezone.localdate(), "parent": request.GET.get("parent", "")}
        )
        return render(request, "orgs/new_unit.html", {"form": form})
    form = NewUnitForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            made = found_unit(
                **{**typed, "functions": tuple(typed.get("functions", ()))},
                by_account_id=request.standing.account_id,  # type: ignore[attr-defined]
                at=timezone.now(),
            )
        except ValidationError as error:
            form.take_over(error)
        else:
            say(request, _("%(name)s is founded.") % {"name": made.name})
            return HttpResponseRedirect(reverse("orgs:unit", args=[made.pk]))
    return render(request, "orgs/new_unit.html", {"form": form}, status=422)
