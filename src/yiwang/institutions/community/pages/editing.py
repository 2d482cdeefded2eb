"""The catalogue in the hands of the centre's head: every change is a new version from a day on."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.institutions.community.actions import revise, withdraw_item
from yiwang.institutions.community.forms import ItemForm
from yiwang.institutions.community.models import ItemVersion
from yiwang.institutions.community.pages.catalogue import shown
from yiwang.institutions.community.policies import STAFF, may_edit_catalogue
from yiwang.institutions.community.queries import classes_with, named, offered, version_offered
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.basis import yuan
from yiwang.kernel.ui.messages import say


@page("community:catalogue", roles=STAFF, budget=4)
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every item with price, ceiling and version."""
    groups = [
        (named(one), [(version, named(version), yuan(version.price_fen), yuan(version.ceiling_fen)) for version in versions])
        for one, versions in classes_with(offered(on=timezone.localdate()))
    ]  # fmt: skip
    return render(request, "community/catalogue.html", {"groups": groups})


@page("community:edit_item", roles=STAFF, budget=7)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: HttpRequest, code: str) -> HttpResponse:
    """An item with its versions; the head of the centre may offer it otherwise from today."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now, today = timezone.now(), timezone.localdate()
    version = version_offered(code, on=today)
    if version is None:
        raise Http404
    may_edit = may_edit_catalogue(standing, on=today)
    initial = {
        "price": f"{version.price_fen / 100:.2f}",
        "ceiling": f"{version.ceiling_fen / 100:.2f}",
        **{key: getattr(version, key) for key in ("minutes", "from_hour", "until_hour", "note")},
        "is_offered": True,
    }
    form = ItemForm(request.POST if request.method == "POST" and may_edit else None, initial=initial)
    if request.method == "POST" and not may_edit:
        return HttpResponse(status=403)
    if form.is_valid():
        if not form.cleaned_data["is_offered"]:
            withdraw_item(version, on=today)
            say(request, _("It is offered no longer; orders that were taken stay."))
        else:
            revise(version, form.changes(), on=today, at=now, by=standing.account_id)
            say(request, _("Offered so from today. Orders that were taken keep their price."))
        return HttpResponseRedirect(reverse("community:catalogue"), status=303)
    versions = [
        (one, yuan(one.price_fen), yuan(one.ceiling_fen))
        for one in ItemVersion.objects.filter(item=version.item)
    ]
    context = {"item": shown(version), "form": form, "may_edit": may_edit, "versions": versions}
    return render(
        request, "community/edit_item.html", context, status=422 if request.method == "POST" else 200
    )
