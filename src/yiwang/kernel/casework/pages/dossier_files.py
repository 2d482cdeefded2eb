"""The files and letters of a dossier, for whoever may see the case."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.access.rules import WORKING_ROLES
from yiwang.kernel.audit.actions import record_read
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.enums import ReadPurpose
from yiwang.kernel.casework.letter_page import letter_words
from yiwang.kernel.casework.models import Attachment, Case, Letter
from yiwang.kernel.casework.policies import roles_for, visible
from yiwang.kernel.casework.typeset import letter_response
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.pages.serving import serve
from yiwang.kernel.people.enums import CASE_ROLES
from yiwang.kernel.ui.parts import Link


@page("casework:file", roles=CASE_ROLES, budget=6, reads_personal_data=True)
def file(request: HttpRequest, case_id: int, attachment_id: int) -> HttpResponseBase:
    """One file of the dossier, shown or downloaded; its reading is recorded."""
    case = _case(request, case_id)
    attachment = Attachment.objects.filter(case=case, pk=attachment_id).first()
    blob = Blob.objects.filter(digest=attachment.digest).first() if attachment else None
    if attachment is None or blob is None:
        raise Http404(_("There is no such file in this dossier."))
    _record(request, case, file=attachment.pk)
    return serve(request, blob, filename=attachment.name, inline=True)


@page("casework:letter", roles=CASE_ROLES, budget=10, reads_personal_data=True)
def letter(request: HttpRequest, case_id: int, letter_id: int) -> HttpResponse:
    """A letter as it looks on paper; its reading is recorded."""
    case, found = _letter(request, case_id, letter_id)
    context = {
        "case": case,
        "letter": found,
        "content": letter_words(found.content),
        "signed_on": date.fromisoformat(found.content["day"]),
        "crumbs": [
            Link(_("Waiting for me"), reverse("casework:desk")),
            Link(case.number, reverse("casework:case", args=[case_id])),
        ],
    }
    return render(request, "casework/letter.html", context)


@page("casework:letter_pdf", roles=CASE_ROLES, budget=8, reads_personal_data=True)
def letter_pdf(request: HttpRequest, case_id: int, letter_id: int) -> HttpResponseBase:
    """A letter for paper, after the standard of official documents; its reading is recorded."""
    _, found = _letter(request, case_id, letter_id)
    return letter_response(request, found)


def _letter(request: HttpRequest, case_id: int, letter_id: int) -> tuple[Case, Letter]:
    case = _case(request, case_id)
    found = Letter.objects.filter(case=case, pk=letter_id).first()
    if found is None:
        raise Http404(_("There is no such letter in this dossier."))
    _record(request, case, letter=found.pk)
    return case, found


def _case(request: HttpRequest, case_id: int) -> Case:
    standing = request.standing  # type: ignore[attr-defined]
    case = Case.objects.filter(visible(standing), pk=case_id).first()
    if case is None:
        raise Http404(_("There is no such matter, or it isn't yours to see."))
    return case


def _record(request: HttpRequest, case: Case, **details: int) -> None:
    standing = request.standing  # type: ignore[attr-defined]
    is_ours = bool(roles_for(standing, case.holder_unit_id) & WORKING_ROLES)
    record_read(
        "case",
        case.pk,
        at=timezone.now(),
        actor=standing.account_id,
        unit=case.holder_unit_id if is_ours else next((p.unit_id for p in standing.posts), None),
        purpose=(ReadPurpose.HANDLING if is_ours else ReadPurpose.SUPERVISING).value,
        details=details,
    )
