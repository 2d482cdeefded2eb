"""The last look before a message is handed in, and the receipt right after."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.institutions.petitions.actions import submit
from yiwang.institutions.petitions.casetypes.petition_2022 import PETITION as PROCEDURE
from yiwang.institutions.petitions.forms import FORMS, CheckForm
from yiwang.institutions.petitions.pages.write import KINDS, Screen, screen_of, too_many
from yiwang.institutions.petitions.policies import NoOffice, office_for
from yiwang.institutions.petitions.queries import promises
from yiwang.institutions.petitions.rules import (
    MAILBOX,
    MOST_SUBMISSIONS,
    WITHIN,
    Signing,
    questions,
)
from yiwang.kernel.access.locks import acting_as
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.config import installation
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.base.visitors import source_of
from yiwang.kernel.casework.models import Case
from yiwang.kernel.channels.actions import AlreadyHandedIn, note_attempt, take_key_back
from yiwang.kernel.channels.models import Draft
from yiwang.kernel.channels.queries import held_by, is_flooded
from yiwang.kernel.orgs.queries import tree


@dataclass(frozen=True)
class Answer:
    """One answer as the check shows it, with the way to change it."""

    label: object
    words: str
    url: str
    is_long: bool = False


@page("petitions:check", roles=EVERYBODY, budget=4)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, kind: str) -> HttpResponse:
    """Show everything once more; handed in when it is sent, and only once."""
    screen = screen_of(request, kind, "check")
    if isinstance(screen, HttpResponse):
        return screen
    if screen.held is None:
        return redirect("petitions:write", kind)
    if request.method != "POST":
        return _show(request, screen, CheckForm())
    form = CheckForm(request.POST)
    if form.is_by_machine:
        form.add_error(None, _("Please leave the field that isn't meant for you empty, and send again."))
        return _show(request, screen, form, status=422)
    return _hand_in(request, screen, form)


def _hand_in(request: HttpRequest, screen: Screen, form: CheckForm) -> HttpResponse:
    now, source = timezone.now(), source_of(request)
    assert screen.held is not None
    if is_flooded(source, kind="submission", most=MOST_SUBMISSIONS, within=WITHIN, at=now):
        return too_many(request)
    try:
        submit(screen.held, at=now)
    except (AlreadyHandedIn, Draft.DoesNotExist):
        return redirect("petitions:done", screen.kind)
    except NoOffice:
        form.add_error(
            None,
            _("No office takes messages in at the moment. What you wrote is kept; please try again later."),
        )
        return _show(request, screen, form, status=422)
    note_attempt(source, kind="submission", at=now)
    return HttpResponseRedirect(reverse("petitions:done", args=[screen.kind]), status=303)


def _show(request: HttpRequest, screen: Screen, form: CheckForm, *, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    context = {
        **screen.context(),
        "form": form,
        "answers": _answers(screen),
        "readers": readers(screen.kind, dict(screen.told)),
        "promises": promises(PROCEDURE, received_on=today),
        "is_anonymous": screen.told.get("signing") == Signing.ANONYMOUS,
    }
    return render(request, "petitions/check.html", context, status=status)


def _answers(screen: Screen) -> list[Answer]:
    told, found = screen.told, []
    held = screen.held
    for key in questions(screen.kind, told)[:-1]:
        url = screen.url(key)
        if key == "files":
            names = _listed(file.name for file in held.draft.files.all()) if held else ""
            found.append(Answer(_("Files"), names or _("none"), url))
            continue
        form = FORMS[key]()
        for name, field in form.fields.items():
            words = _in_words(name, told)
            if words is not None:
                found.append(Answer(field.label, words or _("not given"), url, is_long=name == "text"))
    return found


def _in_words(name: str, told: dict[str, Any] | Any) -> str | None:
    """An answer in words; nothing for fields that aren't shown."""
    if name in ("words",):
        return None
    if name == "category":
        return str(told.get("category") or _("the petition office will find the class")).replace("/", " / ")
    if name == "accused_unit":
        return _listed(_unit(unit_id) for unit_id in told.get("accused_units", []))
    if name == "place_unit":
        return _unit(told.get("place_unit"))
    value = told.get(name) or ""
    for form in FORMS.values():
        choices = getattr(form.base_fields.get(name), "choices", None)
        if choices and name in ("purpose", "signing", "letters"):
            return str(dict(choices).get(value, value))
    return str(value)


def _listed(words: Iterable[str]) -> str:
    """Several words beside one another, as the reader's language lists them."""
    return (", " if (get_language() or "").startswith("en") else "、").join(words)


def _unit(unit_id: int | None) -> str:
    return tree().name(unit_id, language=get_language() or "zh-hans")


def readers(kind: str, told: dict[str, Any]) -> list[str]:
    """Who will be able to read it, in whole sentences, as the rules of the house have it."""
    is_accusation = kind == MAILBOX or told.get("purpose") == "accusation"
    accused = [int(unit_id) for unit_id in told.get("accused_units", [])] if is_accusation else []
    try:
        office = _unit(office_for(kind, accused_unit_ids=accused, on=timezone.localdate()).pk)
    except NoOffice:
        office = _("the petition office")
    lines = [
        _("%(office)s, which receives it, and the unit that it is sent to for handling.") % {"office": office}
    ]
    if is_accusation:
        about = [*(_unit(unit_id) for unit_id in accused), *filter(None, [told.get("accused_name")])]
        lines.append(
            _("Not %(about)s: it is kept from them in every list, search and count.")
            % {"about": _listed(about)}
        )
    match told.get("signing"):
        case Signing.ANONYMOUS:
            lines.append(_("Nobody learns who you are; you haven't told us."))
        case Signing.CONFIDENTIAL:
            lines.append(
                _("Your name and telephone number: only the unit that is handling it at the moment.")
            )
        case _:
            lines.append(
                _(
                    "Your name and telephone number: the office and the handling unit; in lists only your family name stands."
                )
            )
    lines.append(_("Whoever opens it is recorded, with the purpose."))
    return lines


@page("petitions:done", roles=EVERYBODY, budget=5)
@require_safe
def done(request: HttpRequest, kind: str) -> HttpResponse:
    """The receipt right after: number, code and QR, shown for half an hour and then never again."""
    if kind not in KINDS:
        raise Http404
    held = held_by(request, kind=kind, at=timezone.now())
    if held is None or not held.draft.handed_in_at or not held.draft.case_id:
        return redirect("petitions:write", kind)
    code = held.shown_once
    with acting_as(Standing.holder_of_receipt(held.draft.case_id)):
        case = Case.objects.select_related("root_unit").get(pk=held.draft.case_id)
    url = receipt_url(request, code)
    context = {
        "case": case,
        "code": code,
        "receipt_url": url,
        "receipt_path": reverse("casework:receipt", args=[code]),
        "pdf_url": reverse("casework:receipt_pdf", args=[code]),
        "qr_svg": qr_svg(url),
        "promises": promises(PROCEDURE, received_on=case.received_on),
        "kind": kind,
        "office_name": _unit(case.root_unit_id),
        "is_electronic": bool(case.facts.get("electronic_service")),
    }
    return render(request, "petitions/done.html", context)


@page("petitions:noted", roles=EVERYBODY, budget=2)
@require_http_methods(["POST"])
def noted(request: HttpRequest, kind: str) -> HttpResponse:
    """The code was written down: take it off this machine and go to the receipt's page."""
    if kind not in KINDS:
        raise Http404
    held = held_by(request, kind=kind, at=timezone.now())
    code = held.shown_once if held else ""
    target = reverse("casework:receipt", args=[code]) if code else reverse("casework:receipt_lookup")
    response = HttpResponseRedirect(target, status=303)
    if held and held.draft.handed_in_at:
        held.draft.delete()
        take_key_back(response, kind=kind)
    return response


def receipt_url(request: HttpRequest, code: str) -> str:
    """The whole address of a receipt's page, as a QR code holds it."""
    path = reverse("casework:receipt", args=[code])
    public = installation().public_url
    return f"{public.rstrip('/')}{path}" if public else request.build_absolute_uri(path)


def qr_svg(words: str) -> SafeString:
    """A QR code as an inline picture that stays dark on white in every mode."""
    code = segno.make(words, error="m", micro=False)
    return mark_safe(code.svg_inline(border=2, dark="#000", light="#fff", omitsize=True))
