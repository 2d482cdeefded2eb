"""One unit: its line of succession, its data, and how it is renamed or goes over into another."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.kernel.base.pages import page
from yiwang.kernel.orgs.actions import CHANGEABLE, change_unit, check_merger, merge_unit
from yiwang.kernel.orgs.forms import ChangeUnitForm, MergeForm
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import consequences, functions, tree, unit_name
from yiwang.kernel.orgs.shown import succession, unit_status
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link


@page("orgs:unit", roles={"administrator"}, budget=4)
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show a unit; a POST changes its data, or shows and then does a merger."""
    shown = tree().units.get(unit_id)
    if shown is None:
        raise Http404
    if request.method != "POST":
        return _show(request, shown)
    return _merge(request, shown) if request.POST.get("do") == "merge" else _change(request, shown)


def _change(request: HttpRequest, shown: Unit) -> HttpResponse:
    form = ChangeUnitForm(request.POST)
    if form.is_valid():
        try:
            change_unit(shown, by_account_id=_asker(request), at=timezone.now(), **form.cleaned_data)
        except ValidationError as error:
            form.take_over(error)
        else:
            say(request, _("Changed. What stood there before is in the log."))
            return HttpResponseRedirect(reverse("orgs:unit", args=[shown.pk]))
    return _show(request, shown, change=form, status=422)


def _merge(request: HttpRequest, shown: Unit) -> HttpResponse:
    """First say what follows; a second POST with `step=confirm` does it."""
    form = MergeForm(request.POST, unit=shown)
    if not form.is_valid():
        return _show(request, shown, merge=form, status=422)
    into, on = form.cleaned_data["into"], form.cleaned_data["on"]
    try:
        if request.POST.get("step") != "confirm":
            check_merger(shown, into=into, on=on)
            return _show(request, shown, merge=form, following=consequences(shown, into=into), into=into)
        merge_unit(shown, into=into, on=on, by_account_id=_asker(request), at=timezone.now())
    except ValidationError as error:
        form.take_over(error)
        return _show(request, shown, merge=form, status=422)
    said = _("%(unit)s goes over into %(into)s. The people who work there are being told.")
    say(request, said % {"unit": unit_name(shown), "into": unit_name(into)})
    return HttpResponseRedirect(reverse("orgs:unit", args=[shown.pk]))


def _asker(request: HttpRequest) -> int:
    return int(request.standing.account_id)  # type: ignore[attr-defined]


def _show(
    request: HttpRequest,
    shown: Unit,
    *,
    change: ChangeUnitForm | None = None,
    merge: MergeForm | None = None,
    following: list[str] | None = None,
    into: Unit | None = None,
    status: int = 200,
) -> HttpResponse:
    units, today = tree(), timezone.localdate()
    labels = dict(functions())
    crumbs = [Link(_("Units"), reverse("orgs:units"))]
    crumbs += [
        Link(unit_name(units.get(above)), reverse("orgs:unit", args=[above])) for above in shown.path[:-1]
    ]
    context = {
        "unit": shown,
        "name": unit_name(shown),
        "crumbs": crumbs,
        "status": unit_status(shown, today=today),
        "line": succession(shown, units, today=today),
        "works": [labels[key] for key in shown.functions],
        "parts": [
            Link(unit_name(part), reverse("orgs:unit", args=[part.pk]))
            for part in units.valid(on=today)
            if part.parent_id == shown.pk
        ],
        "change": change or ChangeUnitForm(initial={name: getattr(shown, name) for name in CHANGEABLE}),
        "merge": merge or MergeForm(unit=shown),
        "is_merging": into is not None,
        "following": following or [],
        "into": into,
    }
    return render(request, "orgs/unit.html", context, status=status)
