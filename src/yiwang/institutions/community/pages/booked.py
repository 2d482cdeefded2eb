"""The receipt right after a booking: number, code, QR and PIN, shown for half an hour and then never again."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from yiwang.institutions.community.models import Order
from yiwang.institutions.community.pages.booking import KIND
from yiwang.institutions.community.rules import pin_of
from yiwang.kernel.access.locks import acting_as
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.config import installation
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.casework.models import Case
from yiwang.kernel.channels.actions import take_key_back
from yiwang.kernel.channels.queries import held_by


@page("community:booked", roles=EVERYBODY, budget=6)
@require_safe
def booked(request: HttpRequest) -> HttpResponse:
    """The receipt right after: number, code, QR and PIN, shown for half an hour and then never again."""
    held = held_by(request, kind=KIND, at=timezone.now())
    if held is None or not held.draft.handed_in_at or not held.draft.case_id:
        return redirect("community:home")
    code = held.shown_once
    with acting_as(Standing.holder_of_receipt(held.draft.case_id)):
        case = Case.objects.get(pk=held.draft.case_id)
        order = Order.objects.get(pk=held.draft.case_id)
    path = reverse("casework:receipt", args=[code])
    public = installation().public_url
    url = f"{public.rstrip('/')}{path}" if public else request.build_absolute_uri(path)
    qr = segno.make(url, error="m", micro=False).svg_inline(
        border=2, dark="#000", light="#fff", omitsize=True
    )
    context = {
        "case": case,
        "order": order,
        "code": code,
        "pin": pin_of(code, secret=settings.SECRET_KEY),
        "pdf_url": reverse("casework:receipt_pdf", args=[code]),
        "qr_svg": mark_safe(qr),
        "is_verified": case.state != "registered",
    }
    return render(request, "community/booked.html", context)


@page("community:noted", roles=EVERYBODY, budget=3)
@require_POST
def noted(request: HttpRequest) -> HttpResponse:
    """The code was kept: take it off this machine and go to the receipt's page."""
    held = held_by(request, kind=KIND, at=timezone.now())
    code = held.shown_once if held else ""
    target = reverse("casework:receipt", args=[code]) if code else reverse("casework:receipt_lookup")
    response = HttpResponseRedirect(target, status=303)
    if held and held.draft.handed_in_at:
        held.draft.delete()
        take_key_back(response, kind=KIND)
    return response
