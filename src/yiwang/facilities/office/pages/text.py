"""Writing a document: plain text on the left, the sheet on the right; it saves as it goes."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.facilities.office import actions, queries, shown
from yiwang.facilities.office.actions import Text
from yiwang.facilities.office.casetypes import issue_2012
from yiwang.facilities.office.content import joint_units, whole
from yiwang.facilities.office.enums import Direction
from yiwang.facilities.office.faults import OfficeFault, TextMoved
from yiwang.facilities.office.forms import RARE, TextForm
from yiwang.facilities.office.models import Handling
from yiwang.facilities.office.policies import STAFF, may_work
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.ui.messages import say


@page("office:text", roles=STAFF, budget=24)
def text(request: HttpRequest, handling_id: int) -> HttpResponse:
    """The text of a draft; a POST saves it, and goes to the document's page or stays here."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    at = timezone.now()
    try:
        handling = queries.handling_of(handling_id, standing)
    except Handling.DoesNotExist:
        raise Http404(_("There is no such document, or it isn't yours to see.")) from None
    if handling.direction != Direction.OUT or not may_work(standing, handling):
        raise Http404
    if queries.state_of(handling)[2] != issue_2012.DRAFTING:
        say(
            request, _("The text can't be changed now. Take it back first, or have it returned."), kind="soon"
        )
        return HttpResponseRedirect(reverse("office:document", args=[handling.pk]), status=303)
    if request.method == "POST":
        return _save(request, handling, standing, at=at)
    form = TextForm(
        initial=TextForm.initial_of(handling.document), unit_id=handling.unit_id, on=local_day(at)
    )
    return _draw(request, handling, form)


def _save(request: HttpRequest, handling: Handling, standing: Standing, *, at: datetime) -> HttpResponse:
    is_by_itself = bool(request.headers.get("HX-Request"))
    form = TextForm(request.POST, unit_id=handling.unit_id, on=local_day(at))
    if not form.is_valid():
        if is_by_itself:
            return _fragment(
                request, handling, trouble=_("Not saved yet: please look at the marked fields and save.")
            )
        return _draw(request, handling, form, status=422)
    data = form.cleaned_data
    typed = Text(
        kind=data["kind"],
        title=data["title"],
        urgency=data["urgency"],
        main_units=[int(one) for one in data["main"]],
        copy_units=[int(one) for one in data["copy"]],
        content={
            "body": data["body"],
            "others": data["others"],
            "attachments": data["attachments"].splitlines(),
            "joint_units": _in_order(request, [int(one) for one in data["joint"]], handling),
            **{key: data[key] for key in RARE},
        },
    )
    edition = shown.number_in(request.POST.get("edition", "")) or 0
    try:
        actions.save_text(handling.pk, typed, edition=edition, by=standing, at=at)
    except TextMoved as moved:
        if is_by_itself:
            return _fragment(request, handling, trouble=str(moved), edition=edition)
        return _draw(request, handling, form, trouble=str(moved), status=409)
    except OfficeFault as fault:
        if is_by_itself:
            return _fragment(request, handling, trouble=str(fault), edition=edition)
        return _draw(request, handling, form, trouble=str(fault), status=422)
    handling = queries.handling_of(handling.pk, standing)
    if is_by_itself:
        return _fragment(request, handling, saved_at=at)
    say(request, _("Saved."))
    name = "office:text" if request.POST.get("stay") else "office:document"
    return HttpResponseRedirect(reverse(name, args=[handling.pk]), status=303)


def _in_order(request: HttpRequest, chosen: list[int], handling: Handling) -> list[int]:
    """The units that issue it too, by the places typed; those just chosen come last, in the county's order."""
    before = {unit_id: place for place, unit_id in enumerate(joint_units(handling.document), 2)}
    last = len(before) + len(chosen) + 2

    def place(unit_id: int) -> tuple[float, int]:
        was = before.get(unit_id, last)
        typed = shown.number_in(request.POST.get(f"joint_place_{unit_id}", ""))
        if typed is None or typed == was:
            return was, was
        # Whoever is moved up stands before the one that had that place, whoever is moved down after it.
        return (typed - 0.5 if typed < was else typed + 0.5), was

    return sorted(chosen, key=place)


def _draw(
    request: HttpRequest, handling: Handling, form: TextForm, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "handling": handling,
        "form": form,
        "has_rare": any(form[key].value() or form[key].errors for key in RARE),
        "sheet": shown.sheet_of(whole(handling.document)),
        "joint_places": shown.joint_places(handling.document),
        "edition": handling.document.edition,
        "trouble": trouble,
    }
    return render(request, "office/text.html", context, status=status)


def _fragment(
    request: HttpRequest,
    handling: Handling,
    *,
    trouble: str = "",
    saved_at: datetime | None = None,
    edition: int | None = None,
) -> HttpResponse:
    context = {
        "handling": handling,
        "sheet": shown.sheet_of(whole(handling.document)),
        "joint_places": shown.joint_places(handling.document),
        "edition": handling.document.edition if edition is None else edition,
        "trouble": trouble,
        "saved_at": saved_at,
    }
    return render(request, "office/sheet_part.html", context)
