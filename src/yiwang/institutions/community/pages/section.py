"""The order on its case's page: item, price, window, team, and every decision of dispatch with its reasons."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from yiwang.facilities.dispatch.models import Decision
from yiwang.institutions.community.casetypes.order_2026 import KEY
from yiwang.institutions.community.pages.catalogue import shown
from yiwang.institutions.community.policies import is_of_centre
from yiwang.institutions.community.queries import job_of, order_of, team_of
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.basis import yuan
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.people.enums import CASE_ROLES


@page("community:order_section", roles=CASE_ROLES, budget=9)
@require_safe
def order_section(request: HttpRequest, case_id: int) -> HttpResponse:
    """What was ordered and who was asked to do it; the centre also sees why."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    case = get_object_or_404(Case.objects.filter(visible(standing), type_key=KEY), pk=case_id)
    order = order_of(case.pk)
    job = job_of(case.pk)
    decisions = (
        Decision.objects.filter(job__subject_kind=KEY, job__subject_id=case.pk).select_related("chosen_team")[
            :6
        ]
        if is_of_centre(standing, case)
        else []
    )
    context = {
        "order": order,
        "item": shown(order.version),
        "price": yuan(order.price_fen),
        "ceiling": yuan(order.ceiling_fen),
        "paid": yuan(order.paid_fen) if order.paid_fen is not None else "",
        "job": job,
        "job_words": job.get_state_display() if job else "",
        "team": team_of(case.pk),
        "decisions": list(decisions),
    }
    return render(request, "community/order_section.html", context)
