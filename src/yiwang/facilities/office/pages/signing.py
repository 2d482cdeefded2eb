"""Signing many documents with one confirmation, and handing everything over before a journey."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.facilities.office import actions, checking, queries
from yiwang.facilities.office.faults import NotThese
from yiwang.facilities.office.forms import AwayForm
from yiwang.facilities.office.models import Handling
from yiwang.facilities.office.pages.document import standing_of
from yiwang.facilities.office.policies import OFFICE_ROLES, SIGNERS
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.people.queries import delegations_of
from yiwang.kernel.ui.messages import say


@page("office:signing", roles=SIGNERS, budget=10)
def signing(request: HttpRequest) -> HttpResponse:
    """The documents that wait for my signature; POST signs the chosen ones and tells of each what became of it."""
    standing, at = standing_of(request), timezone.now()
    outcomes = []
    if request.method == "POST":
        wanted = []
        for row in request.POST.getlist("row")[:100]:
            number, _sep, digest = row.partition(":")
            if number.isdecimal() and len(number) < 18:
                wanted.append((int(number), digest))
        if wanted:
            opinion = request.POST.get("opinion", "")[:2000]
            accepted = {
                handling.pk: checking.accepted(faults) for handling, faults in _checked(standing, at=at)
            }
            outcomes = actions.sign_batch(wanted, opinion=opinion, accepted=accepted, by=standing, at=at)
        else:
            say(request, _("Please choose at least one document."), kind="soon")
            return HttpResponseRedirect(reverse("office:signing"), status=303)
    language = get_language() or ""
    names = tree()
    rows = [
        (
            handling,
            version,
            names.name(handling.unit_id, language=language),
            checking.findings(handling.document, on=timezone.localdate(at)),
        )
        for handling, version in queries.to_sign(standing, on=timezone.localdate(at))
    ]
    context = {"rows": rows, "outcomes": outcomes, "signed": sum(not one.trouble for one in outcomes)}
    return render(request, "office/signing.html", context)


def _checked(standing: Standing, *, at: datetime) -> list[tuple[Handling, list[checking.Finding]]]:
    """Every document that waits, with what the rules say of it."""
    on = timezone.localdate(at)
    return [
        (handling, checking.findings(handling.document, on=on))
        for handling, _version in queries.to_sign(standing, on=on)
    ]


@page("office:away", roles=OFFICE_ROLES, budget=12)
def away(request: HttpRequest) -> HttpResponse:
    """Hand over to somebody for a time, in one act; shows what would go along."""
    standing, at = standing_of(request), timezone.now()
    form = AwayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.hand_over(
                data["to"],
                from_on=data["from_on"],
                until_on=data["until_on"],
                reason=data["reason"],
                by=standing,
                at=at,
            )
        except NotThese as fault:
            form.add_error(None, str(fault))
        else:
            say(request, _("Handed over: %(name)s may act for you in that time.") % {"name": data["deputy"]})
            return HttpResponseRedirect(reverse("office:away"), status=303)
    rows, _more = queries.to_read(standing)
    with acting_as_system():
        signing_count = len(queries.to_sign(standing, on=timezone.localdate(at)))
    context = {
        "form": form,
        "unread": len([row for row in rows if row.account_id == standing.account_id]),
        "to_sign": signing_count,
        "delegations": [
            one
            for one in delegations_of(standing.account_id or 0, on=timezone.localdate(at))
            if one.post.account_id == standing.account_id
        ],
    }
    return render(request, "office/away.html", context, status=422 if form.errors else 200)
