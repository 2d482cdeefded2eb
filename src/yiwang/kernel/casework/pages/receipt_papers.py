"""The papers behind a receipt: letters on the screen and as PDF, files, and the proof that nothing was changed."""

from datetime import date
from typing import Any

from django.db import connection
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.kernel.audit.queries import consistency, inclusion, latest_head
from yiwang.kernel.base.config import installation
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.casework import typeset
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.dossier import Dossier
from yiwang.kernel.casework.faults import NotPermitted
from yiwang.kernel.casework.letter_page import letter_words
from yiwang.kernel.casework.models import Attachment, JournalEntry, Letter
from yiwang.kernel.casework.pages.receipt import (
    definition_of,
    grouped,
    guarded,
    opened,
    outcome_letters,
    own_entries,
    remedy_of,
)
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.pages.serving import serve


@page("casework:receipt_letter", roles=EVERYBODY, budget=16)
@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def letter(request: HttpRequest, code: str, letter_id: int) -> HttpResponseBase:
    """A letter as it looks on paper; the first opening of an answer is its service, if that was agreed to."""
    found = opened(request, code)
    if isinstance(found, HttpResponse):
        return found
    paper = _paper(found, letter_id)
    address = reverse("casework:receipt_letter", args=[grouped(code), paper.pk])
    if must_be_opened(found, paper):
        if request.method != "POST":
            return _render(request, found, paper, code, template="casework/receipt_open.html")
        _serve(found)
    if request.method == "POST":
        return HttpResponseRedirect(address, status=303)
    return _render(request, found, paper, code, template="casework/receipt_letter.html")


def must_be_opened(dossier: Dossier, paper: Letter) -> bool:
    """Whether opening this letter is its service: the person agreed, and nobody has served it yet."""
    is_agreed = bool(dossier.case.facts.get("electronic_service"))
    return is_agreed and paper.kind in outcome_letters(dossier) and dossier.choice("serve") is not None


def _serve(dossier: Dossier) -> None:
    data = {"how": "receipt_page", "served_on": dossier.today}
    try:
        take(
            dossier.case.pk,
            "serve",
            by=dossier.standing,
            at=dossier.at,
            data=data,
            request_key="receipt-page",
        )
    except (NotAllowedNow, NotPermitted):
        return  # Somebody served it at this very moment; the letter is open either way.


def _paper(dossier: Dossier, letter_id: int) -> Letter:
    paper = (
        Letter.objects.filter(case=dossier.case, pk=letter_id, is_for_petitioner=True)
        .select_related("unit")
        .first()
    )
    if paper is None:
        raise Http404
    return paper


def _render(
    request: HttpRequest, dossier: Dossier, paper: Letter, code: str, *, template: str
) -> HttpResponse:
    content = letter_words(paper.content)
    context = {
        "case": dossier.case,
        "code": grouped(code),
        "paper": paper,
        "label": _(definition_of(dossier, paper).label),
        "content": content,
        "signed_on": date.fromisoformat(content["day"]) if content.get("day") else None,
        "back_url": reverse("casework:receipt", args=[grouped(code)]),
        "pdf_url": reverse("casework:receipt_letter_pdf", args=[grouped(code), paper.pk]),
        "remedy": remedy_of(dossier) if definition_of(dossier, paper).remedy else None,
    }
    return render(request, template, context)


@page("casework:receipt_letter_pdf", roles=EVERYBODY, budget=14)
@require_safe
@guarded
def letter_pdf(request: HttpRequest, code: str, letter_id: int) -> HttpResponseBase:
    """The same letter for the printer."""
    found = opened(request, code)
    if isinstance(found, HttpResponse):
        return found
    paper = _paper(found, letter_id)
    if must_be_opened(found, paper):
        return HttpResponseRedirect(reverse("casework:receipt_letter", args=[grouped(code), paper.pk]))
    return typeset.letter_response(request, paper)


@page("casework:receipt_pdf", roles=EVERYBODY, budget=10)
@require_safe
@guarded
def receipt_pdf(request: HttpRequest, code: str) -> HttpResponseBase:
    """The receipt itself on paper, with code and QR."""
    found = opened(request, code)
    if isinstance(found, HttpResponse):
        return found
    path = reverse("casework:receipt", args=[grouped(code)])
    public = installation().public_url
    address = f"{public.rstrip('/')}{path}" if public else request.build_absolute_uri(path)
    pdf = typeset.receipt_pdf(found.case, grouped(code), address=address)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = "inline"
    return response


@page("casework:receipt_file", roles=EVERYBODY, budget=10)
@require_safe
@guarded
def attachment(request: HttpRequest, code: str, attachment_id: int) -> HttpResponseBase:
    """A file that the person brought, or that came with the answer."""
    found = opened(request, code)
    if isinstance(found, HttpResponse):
        return found
    row = Attachment.objects.filter(case=found.case, pk=attachment_id).first()
    is_theirs = row is not None and row.entry_number in own_entries(found)
    is_answer = row is not None and row.is_public and bool(found.progress.verbs & found.case_type.answers)
    blob = Blob.objects.filter(digest=row.digest).first() if row and (is_theirs or is_answer) else None
    if row is None or blob is None:
        raise Http404
    return serve(request, blob, filename=row.name, inline=True)


@page("casework:receipt_check", roles=EVERYBODY, budget=10)
@require_safe
@guarded
def how_to_check(request: HttpRequest, code: str) -> HttpResponseBase:
    """How anybody can check, without trusting us, that nothing was changed or removed."""
    found = opened(request, code)
    if isinstance(found, HttpResponse):
        return found
    head = latest_head()
    context = {
        "case": found.case,
        "code": grouped(code),
        "head": head,
        "head_root": head.root.hex() if head else "",
        "length": found.progress.length,
    }
    return render(request, "casework/receipt_check.html", context)


@page("casework:receipt_proof", roles=EVERYBODY, budget=80)
@require_safe
@guarded
def proof(request: HttpRequest, code: str) -> HttpResponseBase:
    """The proofs for every line of this matter's journal, and for the head that somebody noted (`since`).

    A list that `offline.py` reads as it is; `entry` and `digest` say which line of the journal each is for.
    """
    found = opened(request, code)
    if isinstance(found, HttpResponse):
        return found
    head = latest_head()
    digests = dict(JournalEntry.objects.filter(case=found.case).values_list("number", "digest"))
    claims: list[dict[str, Any]] = []
    for number, entry_id in _log_entries(found.case.pk) if head else []:
        proven = inclusion(entry_id, size=head.size) if head and entry_id < head.next_id else None
        if proven is not None:
            digest = bytes(digests.get(number) or b"").hex()
            claims.append({**proven.as_json(), "entry": number, "digest": digest})
    since = request.GET.get("since", "")
    if head and since.isascii() and since.isdigit() and 0 < int(since[:18]) <= head.size:
        unchanged = consistency(int(since[:18]), head.size)
        claims += [unchanged.as_json()] if unchanged else []
    response = JsonResponse(claims, safe=False, json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="proof-{found.case.pk}.json"'
    return response


def _log_entries(case_id: int) -> list[tuple[int, int]]:
    """The number of each journal line with the number of its entry in the log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (details ->> 'entry')::int, id FROM audit_entry WHERE subject_kind = 'case'"
            " AND subject_id = %s AND action = 'journal.appended' ORDER BY 1",
            [case_id],
        )
        return [(int(number), int(entry_id)) for number, entry_id in cursor.fetchall()]
