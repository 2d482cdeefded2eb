"""Beside a case: earlier petitions it may repeat, linked by a person's decision."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.institutions.petitions.registration import WORKERS
from yiwang.institutions.petitions.repeat_search import INSTITUTION, Candidate, suggestions_for
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record_read
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.enums import ReadPurpose
from yiwang.kernel.casework.faults import NotPermitted
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.ui.messages import say


@page("petitions:repeats", roles=WORKERS, budget=9, reads_personal_data=True)
@require_http_methods(["GET", "HEAD", "POST"])
def repeats(request: HttpRequest, case_id: int) -> HttpResponse:
    """List the candidates for the office that registered the case; link the one that was chosen."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    case = get_object_or_404(Case.objects.filter(visible(standing)), pk=case_id, institution=INSTITUTION)
    if not standing.roles_at(case.root_unit_id) & WORKERS:
        raise Http404
    found = suggestions_for(case, standing)
    if request.method == "POST":
        return _link(request, case, found, standing=standing)
    _record(found, case, standing=standing)
    template = "counter_candidates" if request.headers.get("HX-Request") else "counter_repeats_page"
    context = {"case": case, "found": found, "case_url": reverse("casework:case", args=[case_id])}
    return render(request, f"petitions/{template}.html", context)


def _link(request: HttpRequest, case: Case, found: list[Candidate], *, standing: Standing) -> HttpResponse:
    chosen = next((one for one in found if str(one.pk) == request.POST.get("earlier")), None)
    if chosen is None:
        say(
            request,
            _("This petition is already linked, or the other one isn't to be seen any more."),
            kind="soon",
        )
    else:
        try:
            take(
                case.pk,
                "link_repeat",
                by=standing,
                at=timezone.now(),
                data={"earlier_case_id": chosen.pk, "reasons": chosen.words},
            )
            words = _("Marked as a repeat of %(number)s. Nothing else has changed.")
            say(request, words % {"number": chosen.case.number}, kind="done")
        except (NotAllowedNow, NotPermitted):
            say(request, _("This petition can't be linked in its present state."), kind="soon")
    return HttpResponseRedirect(reverse("casework:case", args=[case.pk]), status=303)


def _record(found: list[Candidate], case: Case, *, standing: Standing) -> None:
    """Names that are the same in both are shown unmasked, which is a reading of the earlier petition."""
    at = timezone.now()
    for one in found:
        if one.is_named:
            record_read(
                "case",
                one.pk,
                at=at,
                actor=standing.account_id,
                unit=case.root_unit_id,
                purpose=ReadPurpose.REGISTERING.value,
                details={"shown": "name beside another case", "case": case.pk},
            )
