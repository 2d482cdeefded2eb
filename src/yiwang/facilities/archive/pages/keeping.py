"""Keeping: the retention schedule, what has expired, what is due for transfer, the four checks."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.facilities.archive import actions, queries
from yiwang.facilities.archive.faults import Refused
from yiwang.facilities.archive.forms import ReasonForm, ScheduleForm
from yiwang.facilities.archive.models import Disposal, RetentionSchedule
from yiwang.facilities.archive.pages.units import no_fonds, own_fonds, parts_of_archive, standing_of
from yiwang.facilities.archive.policies import KEEPERS
from yiwang.facilities.archive.shown import FAULT_WORDS, PROPERTY_WORDS, number_of, sources
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.pages import page
from yiwang.kernel.ui.messages import say

MOST_FAULTS = 100


def _number(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 18 else 0


@page("archive:schedule", roles=KEEPERS, budget=10)
@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest) -> HttpResponse:
    """The retention schedule in its versions; POST proposes a new one, or approves one as a second person."""
    standing, fonds = standing_of(request), own_fonds(request)
    if fonds is None:
        return no_fonds(request, "schedule")
    now = timezone.now()
    form = ScheduleForm(
        request.POST if request.POST.get("act") == "propose" else None,
        sources=sources(),
        initial={"valid_from_on": timezone.localdate(now)},
    )
    if request.method == "POST":
        if request.POST.get("act") == "approve":
            found = fonds.schedules.filter(pk=_number(request.POST.get("schedule", ""))).first()
            _approve(request, found)
            return HttpResponseRedirect(reverse("archive:schedule"), status=303)
        if form.is_bound and form.is_valid():
            valid_from_on = form.cleaned_data["valid_from_on"]
            actions.propose_schedule(fonds, form.rules(), valid_from_on=valid_from_on, by=standing, at=now)
            say(request, _("Proposed. It counts once a second person of the unit has approved it."))
            return HttpResponseRedirect(reverse("archive:schedule"), status=303)
    context = {
        "fonds": fonds,
        "schedules": list(fonds.schedules.prefetch_related("rules").order_by("-version")),
        "own_id": standing.account_id,
        "form": form,
        "tabs": parts_of_archive("schedule"),
    }
    return render(
        request, "archive/schedule.html", context, status=422 if form.is_bound and form.errors else 200
    )


def _approve(request: HttpRequest, found: RetentionSchedule | None) -> None:
    try:
        if found is not None:
            actions.approve_schedule(found.pk, by=standing_of(request), at=timezone.now())
            say(request, _("Approved."))
    except Refused as fault:
        say(request, fault, kind="soon")


@page("archive:disposal", roles=KEEPERS, budget=10)
@require_http_methods(["GET", "HEAD", "POST"])
def disposal(request: HttpRequest) -> HttpResponse:
    """What has expired, and the proposals; POST proposes, or decides as a second person."""
    standing, fonds = standing_of(request), own_fonds(request)
    if fonds is None:
        return no_fonds(request, "disposal")
    now = timezone.now()
    form = ReasonForm(request.POST if request.POST.get("act") == "propose" else None)
    if request.method == "POST":
        try:
            if request.POST.get("act") in ("approve", "refuse"):
                _decide(request, fonds.disposals.filter(pk=_number(request.POST.get("disposal", ""))).first())
            elif form.is_bound and form.is_valid():
                chosen = [_number(word) for word in request.POST.getlist("unit")]
                reason = form.cleaned_data["reason"]
                actions.propose_disposal(fonds, chosen, reason=reason, by=standing, at=now)
                say(request, _("Proposed. A second person of the unit decides."))
        except Refused as fault:
            say(request, fault, kind="soon")
        if not (form.is_bound and form.errors):
            return HttpResponseRedirect(reverse("archive:disposal"), status=303)
    rows = queries.expired(standing, fonds, on=timezone.localdate(now))
    context = {
        "fonds": fonds,
        "rows": [(row.pk, number_of(row), row.title, row.is_held) for row in rows],  # type: ignore[attr-defined]
        "proposals": [
            (one, [f"{number_of(each)} {each.title}" for each in one.units.all()])
            for one in queries.proposals(fonds)
        ],
        "own_id": standing.account_id,
        "form": form,
        "tabs": parts_of_archive("disposal"),
    }
    return render(
        request, "archive/disposal.html", context, status=422 if form.is_bound and form.errors else 200
    )


def _decide(request: HttpRequest, found: Disposal | None) -> None:
    if found is not None:
        is_approved = request.POST["act"] == "approve"
        actions.decide_disposal(found.pk, is_approved=is_approved, by=standing_of(request), at=timezone.now())
        say(request, _("Decided."))


@page("archive:transfers", roles=KEEPERS, budget=8)
@require_safe
def transfers(request: HttpRequest) -> HttpResponse:
    """What is due for the county archives: kept for ever, and ten years old."""
    fonds = own_fonds(request)
    if fonds is None:
        return no_fonds(request, "transfers")
    today = timezone.localdate()
    rows = queries.due_for_transfer(standing_of(request), fonds, on=today)
    context = {
        "fonds": fonds,
        "rows": [(row.pk, number_of(row), row.title, day, day <= today) for row, day in rows],
        "tabs": parts_of_archive("transfers"),
    }
    return render(request, "archive/transfers.html", context)


@page("archive:checks", roles=KEEPERS, budget=14)
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """The four properties (四性) of the fonds; `yiwang archive check` reads every byte besides."""
    fonds = own_fonds(request)
    if fonds is None:
        return no_fonds(request, "checks")
    with acting_as_system():
        found = queries.four_checks(fonds, reads_bytes=False)
    context = {
        "fonds": fonds,
        "checks": [
            (
                PROPERTY_WORDS[check.name],
                check.looked_at,
                check.is_sound,
                [(where, FAULT_WORDS[what]) for where, what in check.faults[:MOST_FAULTS]],
            )
            for check in found
        ],
        "tabs": parts_of_archive("checks"),
    }
    return render(request, "archive/checks.html", context)
