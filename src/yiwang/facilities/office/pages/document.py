"""One document, read from top to bottom: what it is, where it is, who has read it, the text, opinions, history."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.facilities.office import actions, checking, queries, rendering, shown
from yiwang.facilities.office.casetypes import issue_2012
from yiwang.facilities.office.citations import dead_citations
from yiwang.facilities.office.content import digest_of, whole
from yiwang.facilities.office.enums import Direction
from yiwang.facilities.office.faults import OfficeFault
from yiwang.facilities.office.forms import CountersignForm, JointForm, ReadForm
from yiwang.facilities.office.models import DocumentVersion, Handling
from yiwang.facilities.office.pages.steps import CHECKED, Asked, acts_of, entered, form_of, perform
from yiwang.facilities.office.pages.tasks import rows_of
from yiwang.facilities.office.policies import (
    OFFICE_ROLES,
    STAFF,
    is_at_work,
    may_circulate,
    may_sign_for,
    may_work,
)
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record_read
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.columns import due_clock, state_badge
from yiwang.kernel.casework.dossier import Dossier, dossier_of
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted, StalePage
from yiwang.kernel.casework.forms import StepForm, said
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.registry import case_type_of
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.files.faults import FileRefused
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.pages.serving import serve
from yiwang.kernel.files.rules import disposition
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui.messages import say

BEFORE_SIGNING = frozenset({issue_2012.DRAFTING, issue_2012.REVIEWING, issue_2012.TO_SIGN})
"""States in which citations that lead nowhere can still be mended."""


@page("office:document", roles=OFFICE_ROLES, budget=40)
def document(request: HttpRequest, handling_id: int) -> HttpResponse:
    """Show a document; POST takes the step that stands in `act`."""
    handling, standing, at = found(request, handling_id), standing_of(request), timezone.now()
    if request.method == "POST":
        return _act(request, handling, standing, at=at)
    return draw(request, handling, standing, at=at, asked=request.GET.get("step", ""))


@page("office:of_case", roles=OFFICE_ROLES, budget=3)
@require_safe
def of_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """From a case to the document whose course it is."""
    handling_id = queries.handling_of_case(case_id, standing_of(request))
    if handling_id is None:
        raise Http404(_("There is no such document, or it isn't yours to see."))
    return HttpResponseRedirect(reverse("office:document", args=[handling_id]))


@page("office:file", roles=OFFICE_ROLES, budget=8)
@require_safe
def file(request: HttpRequest, handling_id: int, form: str) -> HttpResponseBase:
    """The document as a file: as it came from outside; its kept PDF; or the same pages as Word or OFD."""
    handling, standing = found(request, handling_id), standing_of(request)
    _record(handling, standing, at=timezone.now())
    held = handling.document
    name = held.title or _("document")
    if held.origin_unit_id is None:
        blob = Blob.objects.filter(digest=held.file_digest).first() if form == "original" else None
        if blob is None:
            raise Http404
        return serve(request, blob, filename=held.file_name or name, inline=True)
    papers = queries.papers_of(handling)
    version = papers.released or papers.text
    if form in ("sig", "cer"):
        return _proof(papers, version, form=form, name=name)
    if form not in rendering.FORMATS or version is None:
        raise Http404
    if form == "pdf":
        if (blob := rendering.blob_of(version.content)) is None:
            raise Http404
        return serve(request, blob, filename=f"{name}.pdf", inline=True)
    answer = HttpResponse(
        rendering.rendered(version.content, form=form), content_type=rendering.FORMATS[form]
    )
    answer["Content-Disposition"] = disposition(f"{name}.{form}", is_inline=False)
    answer["Cache-Control"] = "private, max-age=300"
    return answer


def _proof(papers: queries.Papers, version: DocumentVersion | None, *, form: str, name: str) -> HttpResponse:
    """The detached signature over the PDF that is taken along, or the certificate to check it against."""
    made = papers.signature_over(version)
    if made is None:
        raise Http404
    from yiwang.facilities.office.seals import house_certificate

    data: str | bytes = made.seal if form == "sig" else house_certificate(at=made.at)
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Content-Disposition"] = disposition(
        f"{name}.pdf.sig" if form == "sig" else "certificate.pem", is_inline=False
    )
    return answer


def standing_of(request: HttpRequest) -> Standing:
    """Who is asking."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    return standing


def found(request: HttpRequest, handling_id: int) -> Handling:
    """The handling, or the answer that there is none, also when it mustn't be known of."""
    try:
        return queries.handling_of(handling_id, standing_of(request))
    except Handling.DoesNotExist:
        raise Http404(_("There is no such document, or it isn't yours to see.")) from None


def address_of(handling: Handling) -> str:
    """Where the page of a document is."""
    return reverse("office:document", args=[handling.pk])


def draw(
    request: HttpRequest,
    handling: Handling,
    standing: Standing,
    *,
    at: datetime,
    asked: str = "",
    refused: tuple[str, forms.Form] | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    """Draw the page; `refused` is the form of a step that comes back as it was filled in."""
    _record(handling, standing, at=at)
    papers = queries.papers_of(handling)
    dossier = _dossier(handling, standing, at=at)
    names = queries.names_of([*papers.account_ids, handling.handler_id])
    type_key, version, state = queries.state_of(handling)
    badge = state_badge(type_key, version, state, look="badge")
    held, language = handling.document, get_language() or ""
    found_faults = (
        checking.findings(held, on=timezone.localdate(at)) if _is_checked(handling, state, standing) else []
    )
    text = papers.released or (
        papers.text if papers.text and papers.text.content_digest == digest_of(whole(held)) else None
    )
    content = text.content if text else {**whole(held), "number": held.number}
    mine = [one for one in papers.readings if one.account_id in standing.account_ids and one.read_at is None and one.cancelled_at is None and one.sent_at]  # fmt: skip
    to_answer = [
        one for one in papers.countersigns
        if not one.is_joint and one.answered_at is None and one.cancelled_at is None and "head" in standing.roles_at(one.unit_id)
    ]  # fmt: skip
    to_join = [
        one for one in papers.countersigns
        if one.is_joint and one.answered_at is None and one.cancelled_at is None and may_sign_for(standing, one.unit_id, on=timezone.localdate(at))
    ]  # fmt: skip
    acts = acts_of(dossier, handling, refused=refused, asked=asked) if dossier else []
    refused_verb, refused_form = refused or ("", None)
    context: dict[str, Any] = {
        "handling": handling,
        "document": held,
        "papers": papers,
        "badge": badge,
        "where": shown.where_is_it(handling, papers, state=_state_word(type_key, version, state), names=names),
        "issuer": tree().name(held.origin_unit_id, language=language) if held.origin_unit_id else held.origin,
        "sheet": shown.sheet_of(content),
        "is_outside": held.origin_unit_id is None,
        "dead": dead_citations(str(content.get("body", "")), on=timezone.localdate(at)) if state in BEFORE_SIGNING else (),
        "digest": text.digest if text else "",
        "covers": shown.covers(handling, papers, names),
        "first_acts": [act for act in acts if act.is_main or act.is_open],
        "other_acts": [act for act in acts if not (act.is_main or act.is_open)],
        "faults": found_faults,
        "main": next((act for act in acts if act.is_main), None),
        "seen_length": dossier.progress.length if dossier else 0,
        "mine": mine,
        "read_form": (refused_form if refused_verb == "read" else ReadForm(auto_id="read-%s")) if mine else None,
        "to_answer": to_answer,
        "countersign_form": (refused_form if refused_verb == "countersign" else CountersignForm(auto_id="countersign-%s")) if to_answer else None,
        "to_join": to_join,
        "joint_form": (refused_form if refused_verb == "joint" else JointForm(auto_id="joint-%s")) if to_join else None,
        "readings": [(one, names.get(one.account_id, ""), shown.reading_state(one, today=timezone.localdate(at))) for one in papers.readings],
        "countersigns": [(one, tree().name(one.unit_id, language=language), shown.answer_state(one.answer, is_joint=one.is_joint), names.get(one.account_id or 0, "")) for one in papers.countersigns],
        "deliveries": [(one, tree().name(one.unit_id, language=language)) for one in papers.deliveries],
        "opinions": [(one, names.get(one.account_id, ""), names.get(one.principal_id or 0, ""), shown.opinion_kind(one)) for one in papers.opinions],
        "tasks": rows_of(queries.tasks_of_document(handling, standing), today=timezone.localdate(at)),
        "may_give": standing.account_id is not None,
        "moments": shown.moments(dossier, papers, names) if dossier else [],
        "clock": due_clock(dossier.case.due_on, dossier.case.due_from_on, today=dossier.today) if dossier and dossier.case.ended_at is None else "",
        "may_work": may_work(standing, handling),
        "may_circulate": may_circulate(standing, handling) and handling.direction == Direction.IN,
        "may_write": standing.account_id is not None and handling.direction == Direction.IN,
        "is_draft": state == "drafting" and may_work(standing, handling),
        "may_answer_by_document": handling.direction == Direction.IN and state == "handling" and bool(standing.roles_at(handling.unit_id) & STAFF),
        "downloads": shown.downloads(handling) if text else [],
        "proof": papers.signature_over(text) is not None,
        "file_name": f"{held.title}.pdf",
        "trouble": trouble,
        "today": timezone.localdate(at),
        "is_incoming": handling.direction == Direction.IN,
    }  # fmt: skip
    return render(request, "office/document.html", context, status=status)


def _is_checked(handling: Handling, state: str, standing: Standing) -> bool:
    """Whether the rules are told here: before the signature, to those who write, review and sign."""
    return (
        handling.direction == Direction.OUT
        and state in BEFORE_SIGNING
        and bool(standing.roles_at(handling.unit_id) & OFFICE_ROLES)
    )


def _state_word(type_key: str, version: str, state: str) -> str:
    return gettext(case_type_of(type_key, version).state(state).label)


def _dossier(handling: Handling, standing: Standing, *, at: datetime) -> Dossier | None:
    """The case with its journal, for the people of its unit; a reader from elsewhere sees the document alone."""
    try:
        return dossier_of(handling.case_id or 0, standing, at=at)
    except Case.DoesNotExist:
        return None


def _record(handling: Handling, standing: Standing, *, at: datetime) -> None:
    """Whoever reads a document outside their own work is written down."""
    if not is_at_work(standing, handling):
        record_read(
            "document",
            handling.document_id,
            at=at,
            actor=standing.account_id,
            unit=handling.unit_id,
            purpose="supervising",
        )


def _act(request: HttpRequest, handling: Handling, standing: Standing, *, at: datetime) -> HttpResponse:
    """Take the step that was asked for, or give the page back with what was typed and what is wrong with it."""
    verb = request.POST.get("act", "")
    own = {"read": _read, "countersign": _countersign, "joint": _joint, "opinion": _opinion}.get(verb)
    if own is not None:
        return own(request, handling, standing, at=at)
    dossier = _dossier(handling, standing, at=at)
    variants = dossier.case_type.variants(verb) if dossier else ()
    if not variants:
        return draw(request, handling, standing, at=at, trouble=_("There is no such step."), status=404)
    form = form_of(variants[0], handling, at=at, data=request.POST, files=request.FILES)
    refused = (verb, form)
    try:
        got = entered(form, request, standing, at=at)
        if got is None:
            return draw(request, handling, standing, at=at, refused=refused, status=422)
        data, files = got
        seen = {
            "seen_length": shown.number_in(request.POST.get("seen_length", "")),
            "request_key": request.POST.get("request_key", "")[:40] or None,
        }
        if verb == "sign":
            data = {**data, "digest": request.POST.get("digest", "")}
        if verb in CHECKED:
            faults = checking.findings(handling.document, on=timezone.localdate(at))
            if faults and not request.POST.get("accepted"):
                words = _("Please look at what the rules say, and mend it or confirm that you go on with it.")
                return draw(request, handling, standing, at=at, refused=refused, trouble=words, status=422)
            data = {**data, "accepted": checking.accepted(faults)}
        perform(verb, Asked(handling, data, files, standing, at, seen))
    except BadData as bad:
        if isinstance(form, StepForm):
            form.blame(bad.faults)
        return draw(request, handling, standing, at=at, refused=refused, status=422)
    except GuardFailed as forbidden:
        return draw(
            request, handling, standing, at=at, refused=refused, trouble=said(forbidden.fault), status=422
        )
    except (OfficeFault, FileRefused) as fault:
        return draw(request, handling, standing, at=at, refused=refused, trouble=str(fault), status=422)
    except (StalePage, NotAllowedNow):
        words = _(
            "Somebody moved the document after you opened this page. See where it is now; what you typed is kept below."
        )
        return draw(
            request, found(request, handling.pk), standing, at=at, refused=refused, trouble=words, status=409
        )
    except NotPermitted:
        words = _("This step isn't yours to take.")
        return draw(request, handling, standing, at=at, refused=refused, trouble=words, status=403)
    say(
        request,
        _("%(title)s: %(done)s.")
        % {"title": handling.document.title, "done": gettext(variants[0].done_label)},
    )
    return HttpResponseRedirect(address_of(handling), status=303)


def _read(request: HttpRequest, handling: Handling, standing: Standing, *, at: datetime) -> HttpResponse:
    form = ReadForm(request.POST, auto_id="read-%s")
    if not form.is_valid():
        return draw(request, handling, standing, at=at, refused=("read", form), status=422)
    mine = [
        one.pk
        for one in queries.papers_of(handling).readings
        if one.account_id in standing.account_ids
        and one.read_at is None
        and one.cancelled_at is None
        and one.sent_at
    ]
    actions.mark_read(
        mine,
        text=form.cleaned_data["text"],
        is_instruction=form.cleaned_data["is_instruction"],
        by=standing,
        at=at,
    )
    say(
        request,
        _("Marked as read.") if mine else _("It was marked as read already, or is no longer with you."),
    )
    return HttpResponseRedirect(address_of(handling), status=303)


def _countersign(
    request: HttpRequest, handling: Handling, standing: Standing, *, at: datetime
) -> HttpResponse:
    form = CountersignForm(request.POST, auto_id="countersign-%s")
    if not form.is_valid():
        return draw(request, handling, standing, at=at, refused=("countersign", form), status=422)
    number = shown.number_in(request.POST.get("countersign", "")) or 0
    try:
        actions.countersign(
            number, answer=form.cleaned_data["answer"], text=form.cleaned_data["text"], by=standing, at=at
        )
    except OfficeFault as fault:
        return draw(request, handling, standing, at=at, trouble=str(fault), status=409)
    except (Handling.DoesNotExist, NotPermitted, NotAllowedNow):
        return draw(
            request, handling, standing, at=at, trouble=_("Your unit isn't asked any more."), status=409
        )
    say(request, _("Your unit's answer is kept beside those of the others."))
    return HttpResponseRedirect(address_of(handling), status=303)


def _joint(request: HttpRequest, handling: Handling, standing: Standing, *, at: datetime) -> HttpResponse:
    """A unit that issues the document with others signs the text shown, or refuses."""
    form = JointForm(request.POST, auto_id="joint-%s")
    if not form.is_valid():
        return draw(request, handling, standing, at=at, refused=("joint", form), status=422)
    number = shown.number_in(request.POST.get("countersign", "")) or 0
    digest = request.POST.get("digest", "")
    try:
        actions.sign_jointly(number, digest=digest, by=standing, at=at, **form.cleaned_data)
    except OfficeFault as fault:
        return draw(request, handling, standing, at=at, trouble=str(fault), status=409)
    except (Handling.DoesNotExist, NotPermitted, NotAllowedNow):
        return draw(
            request, handling, standing, at=at, trouble=_("Your unit isn't asked any more."), status=409
        )
    say(request, _("Your unit's answer is kept beside those of the others."))
    return HttpResponseRedirect(address_of(handling), status=303)


def _opinion(request: HttpRequest, handling: Handling, standing: Standing, *, at: datetime) -> HttpResponse:
    try:
        actions.write_opinion(
            handling.pk,
            text=request.POST.get("text", ""),
            is_instruction=bool(request.POST.get("is_instruction")),
            by=standing,
            at=at,
        )
    except OfficeFault as fault:
        return draw(request, handling, standing, at=at, trouble=str(fault), status=422)
    except NotPermitted:
        return draw(
            request, handling, standing, at=at, trouble=_("This step isn't yours to take."), status=403
        )
    say(request, _("Written down; it stays."))
    return HttpResponseRedirect(address_of(handling), status=303)
