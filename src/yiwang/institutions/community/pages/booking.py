"""Booking without an account: where, when, who, a last look; kept on the server as one goes, without a script."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from yiwang.institutions.community.actions import NewOrder, submit
from yiwang.institutions.community.forms import (
    CheckForm,
    CodeForm,
    ContactForm,
    PlaceForm,
    QuantityForm,
    WhenForm,
)
from yiwang.institutions.community.models import ItemVersion
from yiwang.institutions.community.pages.catalogue import shown
from yiwang.institutions.community.pages.place_map import MAP_PIXELS, METRES_A_PIXEL
from yiwang.institutions.community.policies import NoCentre
from yiwang.institutions.community.queries import (
    is_english,
    is_offered_at,
    perhaps_the_same,
    serves,
    version_offered,
)
from yiwang.institutions.community.rules import (
    CHINA,
    MOST_BOOKINGS,
    MOST_CODES,
    QUESTIONS,
    WITHIN,
    first_open,
    total,
)
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.base.visitors import source_of
from yiwang.kernel.casework.basis import yuan
from yiwang.kernel.casework.models import Case
from yiwang.kernel.channels import messages
from yiwang.kernel.channels.actions import AlreadyHandedIn, begin, give_key, keep, note_attempt
from yiwang.kernel.channels.models import Draft
from yiwang.kernel.channels.queries import Held, held_by, is_flooded
from yiwang.kernel.orgs.queries import tree

KIND = "order"
MOST_TRIES = 5
CODE_LASTS = timedelta(minutes=10)
MOST_DRAFTS = 40


@dataclass(frozen=True)
class Booking:
    """Where somebody is in the booking."""

    held: Held
    version: ItemVersion
    question: str
    at: datetime

    @property
    def told(self) -> Mapping[str, Any]:
        """The answers so far."""
        data: Mapping[str, Any] = self.held.draft.data
        return data

    def context(self) -> dict[str, Any]:
        """What every screen shows."""
        place = QUESTIONS.index(self.question)
        before = reverse("community:book", args=[QUESTIONS[place - 1]]) if place else shown(self.version).url
        return {"item": shown(self.version), "number": place + 1, "count": len(QUESTIONS), "back_url": before, "quantity": self.told["quantity"]}  # fmt: skip


@page("community:begin", roles=EVERYBODY, budget=6)
@require_POST
def begin_booking(request: HttpRequest, code: str) -> HttpResponse:
    """Choose an item; a booking that was begun goes on with it."""
    now = timezone.now()
    form = QuantityForm(request.POST)
    version = version_offered(code, on=timezone.localdate())
    if version is None:
        raise Http404
    if not form.is_valid():
        return redirect("community:item", code)
    held = held_by(request, kind=KIND, at=now)
    if held is None or held.draft.handed_in_at:
        if is_flooded(source_of(request), kind="order-draft", most=MOST_DRAFTS, within=WITHIN, at=now):
            return too_many(request)
        note_attempt(source_of(request), kind="order-draft", at=now)
        held = begin(kind=KIND, at=now)
    told = {"code": code, "quantity": form.cleaned_data["quantity"]}
    if held.draft.data.get("code") != code:
        told |= {"window_from": None, "window_until": None}
        place_id = held.draft.data.get("place_unit")
        if place_id and not (
            is_offered_at(version, place_id) and serves(version, place_id, on=timezone.localdate(now))
        ):
            told["place_unit"] = None
    keep(held.draft.pk, told, at=now)
    response = HttpResponseRedirect(reverse("community:book", args=["place"]), status=303)
    give_key(response, held)
    return response


def booking_of(request: HttpRequest, question: str) -> Booking | HttpResponse:
    """The booking and the question asked for, or where somebody must go instead."""
    if question not in QUESTIONS:
        raise Http404
    now = timezone.now()
    held = held_by(request, kind=KIND, at=now)
    if held is None:
        return redirect("community:home")
    if held.draft.handed_in_at:
        return redirect("community:booked")
    version = version_offered(held.draft.data.get("code", ""), on=timezone.localdate())
    if version is None:
        return redirect("community:home")
    first = first_open(held.draft.data)
    if QUESTIONS.index(question) > QUESTIONS.index(first):
        return redirect("community:book", first)
    return Booking(held, version, question, now)


@page("community:book", roles=EVERYBODY, budget=9)
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, question: str) -> HttpResponse:
    """One question of the booking."""
    booking = booking_of(request, question)
    if isinstance(booking, HttpResponse):
        return booking
    return SCREENS[question](request, booking)


def _on(request: HttpRequest, booking: Booking, told: Mapping[str, Any]) -> HttpResponse:
    """Keep answers and go to the next question, or to the check when all is answered."""
    try:
        draft = keep(booking.held.draft.pk, told, at=booking.at)
    except AlreadyHandedIn:
        return redirect("community:booked")
    except Draft.DoesNotExist:
        return redirect("community:home")
    after = QUESTIONS[QUESTIONS.index(booking.question) + 1]
    first = first_open(draft.data)
    target = first if first == "check" else min(after, first, key=QUESTIONS.index)
    return HttpResponseRedirect(reverse("community:book", args=[target]), status=303)


def _question(
    request: HttpRequest, booking: Booking, form: forms.Form, template: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    return render(request, template, {**booking.context(), "form": form, **more}, status=status)


def place(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Where; a click on the map sends the point with the form."""
    on = timezone.localdate(booking.at)
    told = booking.told
    form = PlaceForm(
        request.POST if request.method == "POST" else None, initial=dict(told), on=on, version=booking.version
    )
    if request.method != "POST":
        return _place_page(request, booking, form)
    is_valid = form.is_valid()
    unit_id = form.cleaned_data.get("place_unit")
    if unit_id and ("point.x" in request.POST or request.POST.get("go") == "map"):
        known = form.places[unit_id][1]
        x, y = _clicked(request, told, unit_id, known.x, known.y)
        kept = {"place_unit": unit_id, "x": x, "y": y, "address": form.data.get("address", "")[:120]}
        keep(booking.held.draft.pk, kept, at=booking.at)
        return HttpResponseRedirect(reverse("community:book", args=["place"]) + "#map", status=303)
    if not is_valid:
        return _place_page(request, booking, form, status=422)
    known = form.places[form.cleaned_data["place_unit"]][1]
    is_same = told.get("place_unit") == form.cleaned_data["place_unit"] and told.get("x") is not None
    point = {"x": told["x"], "y": told["y"]} if is_same else {"x": known.x, "y": known.y}
    return _on(request, booking, {**form.cleaned_data, **point})


def _clicked(
    request: HttpRequest, told: Mapping[str, Any], unit_id: int, x: float, y: float
) -> tuple[float, float]:
    """The point of the map that was clicked; the map's middle is the community's place."""
    try:
        across, down = int(request.POST["point.x"]), int(request.POST["point.y"])
    except (KeyError, ValueError):
        return (told["x"], told["y"]) if told.get("place_unit") == unit_id and "x" in told else (x, y)
    half = MAP_PIXELS / 2
    across, down = max(0, min(MAP_PIXELS, across)), max(0, min(MAP_PIXELS, down))
    return x + (across - half) * METRES_A_PIXEL, y - (down - half) * METRES_A_PIXEL


def _place_page(
    request: HttpRequest, booking: Booking, form: PlaceForm, *, status: int = 200
) -> HttpResponse:
    told = booking.told
    unit_id = told.get("place_unit")
    return _question(
        request, booking, form, "community/book_place.html", status=status, map_unit=unit_id, map_pixels=MAP_PIXELS,
        map_url=f"{reverse('community:map', args=[unit_id])}?x={told.get('x', '')}&y={told.get('y', '')}" if unit_id else "",
    )  # fmt: skip


def when(request: HttpRequest, booking: Booking) -> HttpResponse:
    """The window of two hours."""
    initial = {}
    if booking.told.get("window_from"):
        begin_at = datetime.fromisoformat(booking.told["window_from"]).astimezone(CHINA)
        initial = {"day": begin_at.date().isoformat(), "begin": f"{begin_at:%H:%M}"}
    form = WhenForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        version=booking.version,
        place_unit_id=int(booking.told["place_unit"]),
        at=booking.at,
    )
    if request.method != "POST" or not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return _question(request, booking, form, "community/book_question.html", status=status, heading=_("When shall somebody come?"))  # fmt: skip
    begin_at, end_at = form.cleaned_data["window"]
    return _on(request, booking, {"window_from": begin_at.isoformat(), "window_until": end_at.isoformat()})


def contact(request: HttpRequest, booking: Booking) -> HttpResponse:
    """Who, and the code that proves the telephone, where a code can be sent."""
    form = ContactForm(request.POST if request.method == "POST" else None, initial=dict(booking.told))
    if request.method != "POST":
        return _contact_page(request, booking, form)
    if not form.is_valid():
        return _contact_page(request, booking, form, status=422)
    told = form.cleaned_data
    if not messages.is_delivering():
        return _on(request, booking, {**told, "is_confirmed": True, "how": ""})
    if booking.told.get("confirmed_phone") == told["phone"]:
        return _on(request, booking, {**told, "is_confirmed": True, "how": "code"})
    if request.POST.get("go") == "code" and booking.told.get("code_for") == told["phone"]:
        return _code_entered(request, booking, form)
    return _send_code(request, booking, form)


def _send_code(request: HttpRequest, booking: Booking, form: ContactForm) -> HttpResponse:
    told = form.cleaned_data
    mark = hashlib.sha256(f"{settings.SECRET_KEY} {told['phone']}".encode()).hexdigest()[:32]
    for source in (source_of(request), mark):
        if is_flooded(source, kind="order-code", most=MOST_CODES, within=WITHIN, at=booking.at):
            form.add_error(
                "phone", _("Many codes have been asked for. Please try again in an hour, or call 96519.")
            )
            return _contact_page(request, booking, form, status=429)
    for source in (source_of(request), mark):
        note_attempt(source, kind="order-code", at=booking.at)
    code = f"{secrets.randbelow(10**6):06}"
    kept = {
        **told,
        "is_confirmed": False,
        "code_for": told["phone"],
        "code_digest": _digest(code, booking),
        "code_at": booking.at.isoformat(),
        "code_tries": 0,
    }
    keep(booking.held.draft.pk, kept, at=booking.at)
    messages.send(
        told["phone"],
        _("%(code)s is your code for booking a service.") % {"code": code},
        at=booking.at,
        is_code=True,
    )
    return HttpResponseRedirect(reverse("community:book", args=["contact"]) + "#code", status=303)


def _digest(code: str, booking: Booking) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY} {booking.held.draft.pk} {code}".encode()).hexdigest()


def _code_entered(request: HttpRequest, booking: Booking, form: ContactForm) -> HttpResponse:
    code_form = CodeForm(request.POST)
    kept = booking.told
    is_over = booking.at - datetime.fromisoformat(kept["code_at"]) > CODE_LASTS
    if code_form.is_valid():
        given = _digest(code_form.cleaned_data["code"].strip(), booking)
        if is_over or int(kept["code_tries"]) >= MOST_TRIES:
            code_form.add_error("code", _("This code is no longer good. Please have another one sent."))
        elif secrets.compare_digest(given, kept["code_digest"]):
            told = {
                **form.cleaned_data,
                "confirmed_phone": kept["code_for"],
                "is_confirmed": True,
                "how": "code",
            }
            return _on(request, booking, told)
        else:
            keep(booking.held.draft.pk, {"code_tries": int(kept["code_tries"]) + 1}, at=booking.at)
            code_form.add_error(
                "code", _("This isn't the code that was sent. Please compare it with the message.")
            )
    return _contact_page(request, booking, form, code_form=code_form, status=422)


def _contact_page(
    request: HttpRequest,
    booking: Booking,
    form: ContactForm,
    *,
    code_form: CodeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    phone = booking.told.get("code_for", "")
    is_waiting = bool(phone) and booking.told.get("confirmed_phone") != phone
    return _question(
        request,
        booking,
        form,
        "community/book_contact.html",
        status=status,
        code_form=(code_form or CodeForm()) if is_waiting else None,
        shown_words=messages.shown(phone) if is_waiting else "",
        is_delivering=messages.is_delivering(),
    )


def check(request: HttpRequest, booking: Booking) -> HttpResponse:
    """A last look; handed in when it is sent, once."""
    told, version = booking.told, booking.version
    begin_at = datetime.fromisoformat(told["window_from"])
    with acting_as_system():
        same = perhaps_the_same(told["phone"], item_id=version.item_id, window_from_at=begin_at)
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and not form.cleaned_data["website"]:
        if same and not form.cleaned_data["is_another"]:
            form.add_error(
                "is_another", _("Please say that it is another one, or keep the order that you have.")
            )
        else:
            return _hand_in(request, booking, form, same=same)
    return _check_page(request, booking, form, same=same, status=422 if request.method == "POST" else 200)


def _check_page(
    request: HttpRequest, booking: Booking, form: CheckForm, *, same: list[Case], status: int = 200
) -> HttpResponse:
    told, version = booking.told, booking.version
    language = "en" if is_english() else "zh-hans"
    quantity = int(told["quantity"])
    return _question(
        request,
        booking,
        form,
        "community/book_check.html",
        status=status,
        # Only whoever has proved the telephone is told which orders it has.
        same=same if told.get("how") == "code" else [],
        is_perhaps_same=bool(same),
        place_words=tree().name(told["place_unit"], language=language),
        told=told,
        window=(datetime.fromisoformat(told["window_from"]).astimezone(CHINA), datetime.fromisoformat(told["window_until"]).astimezone(CHINA)),
        price=yuan(total(version.price_fen, quantity)),
        ceiling=yuan(total(version.ceiling_fen, quantity)),
        is_free=not version.ceiling_fen,
        urls={name: reverse("community:book", args=[name]) for name in QUESTIONS},
    )  # fmt: skip


def _hand_in(request: HttpRequest, booking: Booking, form: CheckForm, *, same: list[Case]) -> HttpResponse:
    source, told = source_of(request), booking.told
    if is_flooded(source, kind="order", most=MOST_BOOKINGS, within=WITHIN, at=booking.at):
        return too_many(request)
    new = NewOrder(
        version=booking.version,
        place_unit_id=int(told["place_unit"]),
        x=float(told["x"]),
        y=float(told["y"]),
        address=told["address"],
        window_from_at=datetime.fromisoformat(told["window_from"]),
        window_until_at=datetime.fromisoformat(told["window_until"]),
        name=told["name"],
        phone=told["phone"],
        quantity=int(told["quantity"]),
        text=told.get("text", ""),
    )
    try:
        submit(booking.held, new, how=told.get("how", ""), at=booking.at)
    except (AlreadyHandedIn, Draft.DoesNotExist):
        return redirect("community:booked")
    except NoCentre:
        form.add_error(
            None, _("Nobody takes orders at the moment. What you entered is kept; please try again later.")
        )
        return _check_page(request, booking, form, same=same, status=422)
    note_attempt(source, kind="order", at=booking.at)
    return HttpResponseRedirect(reverse("community:booked"), status=303)


SCREENS = {"place": place, "when": when, "contact": contact, "check": check}


def too_many(request: HttpRequest) -> HttpResponse:
    """The polite sentence for somebody who orders more than one household can need."""
    context = {
        "title": _("Please wait a little"),
        "text": _("A great many orders have come from your connection within the hour."),
        "mend": _("If it is urgent, please call 96519."),
        "way_out_url": reverse("community:home"),
        "way_out_words": _("To the services"),
    }
    return render(request, "ui/error.html", context, status=429)
