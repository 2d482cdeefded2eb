"""A company applies without an account: one question a screen, kept on the server, with a receipt like everybody's."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import segno
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.institutions.community.company_actions import Application, submit_application
from yiwang.institutions.community.company_forms import (
    NEEDED,
    QUESTIONS,
    AgreeForm,
    FilesForm,
    PricesForm,
    Question,
    ServicesForm,
)
from yiwang.institutions.community.company_queries import classes_named
from yiwang.institutions.community.company_words import kind_label
from yiwang.institutions.community.pages.booking import too_many
from yiwang.institutions.community.policies import NoCentre
from yiwang.institutions.community.queries import named
from yiwang.kernel.access.locks import acting_as
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.config import installation
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.base.visitors import source_of
from yiwang.kernel.casework.models import Case
from yiwang.kernel.channels.actions import (
    AlreadyHandedIn,
    add_files,
    begin,
    give_key,
    keep,
    note_attempt,
    remove_file,
    take_key_back,
)
from yiwang.kernel.channels.models import Draft
from yiwang.kernel.channels.queries import Held, held_by, is_flooded
from yiwang.kernel.channels.rules import MOST_BYTES, MOST_FILES
from yiwang.kernel.files.actions import store_each
from yiwang.kernel.orgs.queries import tree, unit_name

KIND = "company"
ORDER = (*QUESTIONS, "files", "check")
WITHIN = timedelta(hours=1)
MOST_DRAFTS, MOST_UPLOADS, MOST_APPLICATIONS = 20, 60, 5


def _held(request: HttpRequest) -> Held | None:
    return held_by(request, kind=KIND, at=timezone.now())


def _address(step: str) -> str:
    if step in ("files", "check"):
        return reverse(f"community:apply_{step}")
    return reverse("community:apply_question", args=[step])


def _first_open(told: Mapping[str, Any]) -> str:
    return next((key for key in QUESTIONS if not told.get(NEEDED[key])), "check")


def _context(step: str) -> dict[str, Any]:
    place = ORDER.index(step)
    back = _address(ORDER[place - 1]) if place else reverse("community:public_companies")
    return {"number": place + 1, "count": len(ORDER), "back_url": back}


def _form(step: str, told: Mapping[str, Any], data: Any = None) -> Question:
    kind, on = QUESTIONS[step], timezone.localdate()
    initial = kind.initial_of(told)
    if kind is ServicesForm:
        return ServicesForm(data, initial=initial, on=on)
    if kind is PricesForm:
        return PricesForm(data, initial=initial, on=on, classes=list(told.get("classes", [])))
    return kind(data, initial=initial)


@page("community:apply", roles=EVERYBODY, budget=3)
@require_safe
def begin_application(request: HttpRequest) -> HttpResponse:
    """What is needed, and the way in; an application that was begun goes on."""
    held = _held(request)
    told = held.draft.data if held and not held.draft.handed_in_at else {}
    context = {"first_url": _address(_first_open(told)), "has_draft": bool(told)}
    return render(request, "community/apply.html", context)


@page("community:apply_question", roles=EVERYBODY, budget=7)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, question: str) -> HttpResponse:
    """One question: shown with what was answered before, kept when it is sent."""
    if question not in QUESTIONS:
        raise Http404
    held = _held(request)
    if held and held.draft.handed_in_at:
        if request.method == "POST":
            return redirect("community:applied")
        held = None
    told = held.draft.data if held else {}
    first = _first_open(told)
    if ORDER.index(question) > ORDER.index(first):
        return redirect(_address(first))
    form = _form(question, told, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {**_context(question), "form": form, "heading": form.heading, "lead": form.lead}
        return render(request, "community/apply_question.html", context, status=422 if form.is_bound else 200)
    return _kept(request, held, question, form.told())


def _kept(request: HttpRequest, held: Held | None, step: str, told: dict[str, Any]) -> HttpResponse:
    now = timezone.now()
    if held is None:
        source = source_of(request)
        if is_flooded(source, kind="company-draft", most=MOST_DRAFTS, within=WITHIN, at=now):
            return too_many(request)
        note_attempt(source, kind="company-draft", at=now)
        held = begin(kind=KIND, at=now)
    if step == "services" and told["classes"] != held.draft.data.get("classes"):
        told["prices"] = {}
    try:
        draft = keep(held.draft.pk, told, at=now)
    except AlreadyHandedIn:
        return redirect("community:applied")
    after = ORDER[ORDER.index(step) + 1]
    first = _first_open(draft.data)
    has_all = first == "check" and draft.data.get("has_seen_files")
    target = "check" if has_all else min(after, first, key=ORDER.index)
    response = HttpResponseRedirect(_address(target), status=303)
    give_key(response, held)
    return response


@page("community:apply_files", roles=EVERYBODY, budget=4)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Scans: taken in, shown, taken out."""
    held = _held(request)
    if held is None or held.draft.handed_in_at or _first_open(held.draft.data) != "check":
        return redirect("community:apply")
    form = FilesForm(request.POST, request.FILES) if request.method == "POST" else FilesForm()
    now = timezone.now()
    if request.method == "POST":
        removed = request.POST.get("remove", "")
        if removed.isascii() and removed.isdigit() and len(removed) < 18:
            remove_file(held.draft.pk, int(removed))
            return HttpResponseRedirect(_address("files"), status=303)
        is_valid = form.is_valid()
        brought = form.cleaned_data.get("added") or []
        if brought:
            if is_flooded(source_of(request), kind="upload", most=MOST_UPLOADS, within=WITHIN, at=now):
                return too_many(request)
            note_attempt(source_of(request), kind="upload", at=now)
            stored = store_each(brought, at=now, limit_bytes=MOST_BYTES)
            for sentence in stored.refused:
                form.add_error("added", sentence)
            add_files(held.draft.pk, stored.kept, most=MOST_FILES, at=now)
        if is_valid and not form.errors:
            if request.POST.get("go") == "add":
                return HttpResponseRedirect(_address("files"), status=303)
            keep(held.draft.pk, {"has_seen_files": True}, at=now)
            return HttpResponseRedirect(_address("check"), status=303)
    context = {**_context("files"), "form": form, "files": list(held.draft.files.all()), "most": MOST_FILES}
    return render(request, "community/apply_files.html", context, status=422 if form.errors else 200)


@page("community:apply_check", roles=EVERYBODY, budget=6)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """A last look and the agreement; handed in when it is sent, once."""
    held = _held(request)
    if held is None:
        return redirect("community:apply")
    if held.draft.handed_in_at:
        return redirect("community:applied")
    first = _first_open(held.draft.data)
    if first != "check":
        return redirect(_address(first))
    form = AgreeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and not form.cleaned_data["website"]:
        return _hand_in(request, held, form)
    return _check_page(request, held, form, status=422 if form.is_bound else 200)


def _hand_in(request: HttpRequest, held: Held, form: AgreeForm) -> HttpResponse:
    now, source = timezone.now(), source_of(request)
    if is_flooded(source, kind="company", most=MOST_APPLICATIONS, within=WITHIN, at=now):
        return too_many(request)
    try:
        submit_application(held, application_of(held.draft.data), at=now)
    except (AlreadyHandedIn, Draft.DoesNotExist):
        return redirect("community:applied")
    except NoCentre:
        form.add_error(None, _("The centre takes nothing in at the moment. What you wrote is kept."))
        return _check_page(request, held, form, status=422)
    note_attempt(source, kind="company", at=now)
    return HttpResponseRedirect(reverse("community:applied"), status=303)


def application_of(told: Mapping[str, Any]) -> Application:
    """The application that a finished draft makes."""
    return Application(
        name=told["name"],
        credit_code=told["credit_code"],
        address=told["address"],
        contact=told["contact"],
        phone=told["phone"],
        classes=told["classes"],
        areas=told.get("areas", []),
        certificates=told["certificates"],
        staff=told["staff"],
        prices=told["prices"],
    )


def _check_page(request: HttpRequest, held: Held, form: AgreeForm, *, status: int = 200) -> HttpResponse:
    told = held.draft.data
    units = tree().units
    context = {
        **_context("check"),
        "form": form,
        "told": told,
        "services": [named(one) for one in classes_named(told["classes"])],
        "areas": [unit_name(units[pk]) for pk in told.get("areas", []) if pk in units],
        "papers": [(kind_label(one["kind"]), one["number"], one["until_on"]) for one in told["certificates"]],
        "staff": [one["name"] for one in told["staff"]],
        "files": list(held.draft.files.all()),
        "urls": {step: _address(step) for step in ORDER},
    }
    return render(request, "community/apply_check.html", context, status=status)


@page("community:applied", roles=EVERYBODY, budget=5)
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The receipt right after: shown for half an hour and then never again."""
    held = _held(request)
    if held is None or not held.draft.handed_in_at or not held.draft.case_id:
        return redirect("community:apply")
    code = held.shown_once
    with acting_as(Standing.holder_of_receipt(held.draft.case_id)):
        case = Case.objects.get(pk=held.draft.case_id)
    path = reverse("casework:receipt", args=[code]) if code else ""
    public = installation().public_url
    url = f"{public.rstrip('/')}{path}" if public else request.build_absolute_uri(path)
    made = segno.make(url, error="m", micro=False)
    context = {
        "case": case,
        "code": code,
        "pdf_url": reverse("casework:receipt_pdf", args=[code]) if code else "",
        "qr_svg": mark_safe(made.svg_inline(border=2, dark="#000", light="#fff", omitsize=True)),
    }
    return render(request, "community/applied.html", context)


@page("community:apply_noted", roles=EVERYBODY, budget=2)
@require_POST
def noted(request: HttpRequest) -> HttpResponse:
    """The code was written down: take it off this machine and go to the receipt's page."""
    held = _held(request)
    code = held.shown_once if held else ""
    target = reverse("casework:receipt", args=[code]) if code else reverse("casework:receipt_lookup")
    response = HttpResponseRedirect(target, status=303)
    if held and held.draft.handed_in_at:
        held.draft.delete()
        take_key_back(response, kind=KIND)
    return response
