"""Calling back: whom to ask today whether the work was done well, and what they said."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.institutions.community.casetypes.order_2026 import DONE, KEY
from yiwang.institutions.community.forms import CallBackForm
from yiwang.institutions.community.policies import STAFF
from yiwang.institutions.community.queries import order_of, team_of
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record_read
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.basis import yuan
from yiwang.kernel.casework.enums import ReadPurpose
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted
from yiwang.kernel.casework.models import Case, Party
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.ui.messages import say

MOST = 50


@page("community:call_backs", roles=STAFF, budget=5)
@require_safe
def call_backs(request: HttpRequest) -> HttpResponse:
    """The finished orders that nobody has asked about, the most pressing first."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    waiting = Case.objects.filter(
        visible(standing), type_key=KEY, state=DONE, root_unit_id__in=standing.working_unit_ids
    ).order_by("due_on", "pk")[:MOST]
    context = {"waiting": list(waiting), "today": timezone.localdate()}
    return render(request, "community/call_backs.html", context)


@page("community:call_back", roles=STAFF, budget=12, reads_personal_data=True)
@require_http_methods(["GET", "HEAD", "POST"])
def call_back(request: HttpRequest, case_id: int) -> HttpResponse:
    """The script and the form; what is said concludes the order or opens it again."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now = timezone.now()
    case = get_object_or_404(
        Case.objects.filter(visible(standing), type_key=KEY, root_unit_id__in=standing.working_unit_ids),
        pk=case_id,
    )
    form = CallBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            data = {key: value for key, value in form.cleaned_data.items() if value}
            take(case.pk, "call_back", by=standing, at=now, data=data)
        except (NotAllowedNow, NotPermitted, GuardFailed):
            say(request, _("This isn't possible any more; the matter has moved on meanwhile."), kind="soon")
        else:
            say(request, _("Noted."))
        return HttpResponseRedirect(reverse("community:call_backs"), status=303)
    order = order_of(case.pk)
    party = Party.objects.filter(case=case).first()
    record_read(
        "case",
        case.pk,
        at=now,
        actor=standing.account_id,
        unit=case.root_unit_id,
        purpose=ReadPurpose.ANSWERING.value,
        details={"shown": "resident to be called back"},
    )
    context = {
        "case": case,
        "form": form,
        "party": party,
        "order": order,
        "team": team_of(case.pk),
        "paid": yuan(order.paid_fen or 0),
        "is_open": case.state == DONE,
    }
    return render(
        request, "community/call_back.html", context, status=422 if request.method == "POST" else 200
    )
