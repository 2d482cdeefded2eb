"""The agent's order form: filled in while the caller speaks, alone or in the console's work area."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.facilities.hotline.actions import note_outcome
from yiwang.facilities.hotline.models import Call
from yiwang.institutions.community.actions import NewOrder, Ordered, order, verify
from yiwang.institutions.community.casetypes.order_2026 import KEY, ORDER
from yiwang.institutions.community.forms import StaffOrderForm
from yiwang.institutions.community.models import Order
from yiwang.institutions.community.policies import STAFF, is_of_centre, works_at_centre
from yiwang.institutions.community.queries import found, named, offered, orders_of_phone, phone_key
from yiwang.institutions.community.rules import CHINA
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record_read
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.enums import Channel, ReadPurpose
from yiwang.kernel.casework.models import Case, Party
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.ui.messages import say

COOKIE = "order_receipt"
SECONDS = 30 * 60


@page("community:new_order", roles=STAFF, budget=14, reads_personal_data=True)
@require_http_methods(["GET", "HEAD", "POST"])
def new_order(request: HttpRequest) -> HttpResponse:
    """Take an order, add a caller to one that is open, or give the form back with what is to be mended."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now = timezone.now()
    if not works_at_centre(standing, on=timezone.localdate(now)):
        return render(request, "community/not_here.html", status=403)
    versions = list(offered(on=timezone.localdate(now)))
    call = _call(request)
    number = call.number if call else request.GET.get("number", "")
    if request.method != "POST":
        form = StaffOrderForm(initial=_known(number, standing, at=now), at=now, versions=versions)
        return _show(request, form, call=call, number=number, standing=standing)
    if request.POST.get("join", "").isdecimal():
        return _join(request, int(request.POST["join"]), standing, call)
    form = StaffOrderForm(request.POST, at=now, versions=versions)
    if not form.is_valid():
        return _show(request, form, call=call, number=number, standing=standing, status=422)
    ordered = _order(form, standing, call, key=_key(request.POST.get("key", "")))
    response = HttpResponseRedirect(reverse("community:taken", args=[ordered.case.pk]), status=303)
    if ordered.is_new:
        response.set_signed_cookie(
            COOKIE,
            f"{ordered.case.pk} {ordered.receipt_code} {ordered.pin}",
            salt=f"order {standing.account_id}",
            max_age=SECONDS,
            path="/community/orders/",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Strict",
        )
    return response


def _call(request: HttpRequest) -> Call | None:
    """The call that the form belongs to, if the console named one."""
    named_one = request.POST.get("call") or request.GET.get("call") or ""
    return (
        Call.objects.filter(pk=int(named_one)).first()
        if named_one.isdecimal() and len(named_one) < 18
        else None
    )


def _key(sent: str) -> str:
    try:
        return UUID(sent).hex
    except ValueError:
        return uuid4().hex


def _known(number: str, standing: Standing, *, at: datetime) -> dict[str, Any]:
    """What an earlier order of the telephone tells of the caller; that it was read is recorded."""
    soon = (at + timedelta(hours=2)).astimezone(CHINA)
    soon = (
        soon.replace(hour=max(8, soon.hour // 2 * 2))
        if soon.hour < 18
        else soon.replace(hour=8) + timedelta(days=1)
    )
    begins = {
        "quantity": 1,
        "day": soon.date().isoformat(),
        "begin": f"{soon.hour:02}:00",
        "phone": phone_key(number),
    }
    earlier = orders_of_phone(number, standing=standing, limit=1)
    if not earlier:
        return begins
    party = Party.objects.filter(case=earlier[0]).first()
    if party is None:
        return begins
    record_read(
        "case",
        earlier[0].pk,
        at=at,
        actor=standing.account_id,
        unit=earlier[0].root_unit_id,
        purpose=ReadPurpose.REGISTERING.value,
        details={"shown": "caller beside an order"},
    )
    return {**begins, "name": party.name, "address": party.address, "place_unit": earlier[0].place_unit_id}


def _show(
    request: HttpRequest,
    form: StaffOrderForm,
    *,
    call: Call | None,
    number: str,
    standing: Standing,
    status: int = 200,
) -> HttpResponse:
    earlier = [
        (case, _(ORDER.state(case.state).label), reverse("casework:case", args=[case.pk]), case.state in ("registered", "verified", "offered", "assigned", "under_way"))
        for case in orders_of_phone(number, standing=standing)
    ]  # fmt: skip
    context = {
        "form": form,
        "call": call,
        "earlier": earlier,
        "key": _key(request.POST.get("key", "")),
        "is_part": request.headers.get("HX-Request") == "true",
    }
    template = "community/order_form.html" if context["is_part"] else "community/new_order.html"
    return render(request, template, context, status=status)


def _order(form: StaffOrderForm, standing: Standing, call: Call | None, *, key: str) -> Ordered:
    told, now = form.cleaned_data, timezone.now()
    place = form.places[told["place_unit"]]
    new = NewOrder(
        version=told["item"],
        place_unit_id=told["place_unit"],
        x=place.x,
        y=place.y,
        address=told["address"],
        window_from_at=told["window"][0],
        window_until_at=told["window"][1],
        name=told["name"],
        phone=told["phone"],
        quantity=told["quantity"],
        text=told["text"],
        channel=Channel.PHONE if call else Channel.COUNTER,
        call_id=call.pk if call else None,
        source="centre",
        source_key=key,
    )
    ordered = order(new, by=standing, at=now)
    if ordered.is_new and told["how"]:
        verify(ordered.case.pk, how=told["how"], by=standing, at=now)
    if ordered.is_new and call is not None:
        note_outcome(
            call.pk,
            outcome="order",
            by=standing.account_id,
            at=now,
            subject_kind=KEY,
            subject_id=ordered.case.pk,
        )
    return ordered


def _join(request: HttpRequest, case_id: int, standing: Standing, call: Call | None) -> HttpResponse:
    """The caller calls about an order that is open already: they are written into it, nothing is ordered twice."""
    case = get_object_or_404(Case.objects.filter(visible(standing), type_key=KEY), pk=case_id)
    now = timezone.now()
    data = {
        "caller": request.POST.get("name", "") or _("not named"),
        "caller_phone": request.POST.get("phone", "") or (call.number if call else "–"),
        "text": request.POST.get("text", ""),
    }
    take(case.pk, "join", by=standing, at=now, data=data)
    if call is not None:
        note_outcome(
            call.pk, outcome="order", by=standing.account_id, at=now, subject_kind=KEY, subject_id=case.pk
        )
    say(request, _("Added to %(number)s.") % {"number": case.number})
    return HttpResponseRedirect(reverse("community:taken", args=[case.pk]), status=303)


@page("community:order_services", roles=STAFF, budget=2)
@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Services by number or name for the as-you-type field."""
    return HttpResponse(
        format_html_join(
            "",
            '<button type="button" role="option" tabindex="-1" data-value="{0}" data-words="{0} {1}">{0} {1}<small>{2}</small></button>',
            (
                (one.item.code, named(one), named(one.item.service_class))
                for one in found(request.GET.get("q", "")[:40], on=timezone.localdate(), limit=8)
            ),
        )
    )


@page("community:taken", roles=STAFF, budget=8)
@require_safe
def taken(request: HttpRequest, case_id: int) -> HttpResponse:
    """What to tell the caller: number, receipt code and PIN, while they are at hand."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    case = get_object_or_404(Case.objects.filter(visible(standing), type_key=KEY), pk=case_id)
    if not is_of_centre(standing, case):
        raise Http404
    words = request.get_signed_cookie(
        COOKIE, default="", salt=f"order {standing.account_id}", max_age=SECONDS
    )
    number, code, pin = ((words or "").split(" ") + ["", "", ""])[:3]
    is_this = number == str(case_id)
    context = {
        "case": case,
        "order": Order.objects.select_related("version").get(pk=case_id),
        "code": code if is_this else "",
        "pin": pin if is_this else "",
        "state_words": _(ORDER.state(case.state).label),
        "is_part": request.headers.get("HX-Request") == "true",
    }
    response = render(
        request, "community/taken_part.html" if context["is_part"] else "community/taken.html", context
    )
    response["Cache-Control"] = "no-store"
    return response
