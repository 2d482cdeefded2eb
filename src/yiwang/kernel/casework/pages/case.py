"""The page of a case, read from top to bottom like a letter."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record_read
from yiwang.kernel.base.addresses import address
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework import story
from yiwang.kernel.casework.case_parts import clock_part, letter_list, panel_row, section_part
from yiwang.kernel.casework.columns import state_badge
from yiwang.kernel.casework.dossier import Dossier, dossier_of
from yiwang.kernel.casework.enums import ReadPurpose
from yiwang.kernel.casework.forms import StepForm
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.sections import page_of_case, sections_for
from yiwang.kernel.casework.step_panel import Panel, panel_of
from yiwang.kernel.casework.watching import unwatch, watch
from yiwang.kernel.people.enums import CASE_ROLES
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Fact, File, Link

PURPOSES = (ReadPurpose.ANSWERING, ReadPurpose.SUPERVISING)
"""Purposes that somebody outside the holding unit may name; handling is the holder's."""


@page("casework:case", roles=CASE_ROLES, budget=7, reads_personal_data=True)
def show(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show a case; every reading is recorded with its purpose."""
    dossier = dossier_or_404(request, case_id)
    if own := page_of_case(dossier.case):
        return HttpResponseRedirect(address(own, case_id=case_id))
    purpose = ReadPurpose.HANDLING if dossier.is_ours else ReadPurpose.SUPERVISING
    if request.method == "POST":
        named = request.POST.get("purpose", "")
        if named not in PURPOSES:
            say(request, _("Please say what you need the personal data for."), kind="soon")
            return HttpResponseRedirect(address_of(case_id))
        purpose = ReadPurpose(named)
    # Whoever asked for confidentiality was promised that only the holding unit reads the name.
    is_kept = dossier.case.facts.get("signing") == "confidential"
    is_open = dossier.is_ours or (request.method == "POST" and not is_kept)
    if request.method == "POST" and not is_open:
        say(
            request,
            _("The person asked that only the unit that holds the matter sees who they are."),
            kind="soon",
        )
    return draw(request, dossier, purpose=purpose, is_open=is_open, asked=request.GET.get("step", ""))


@page("casework:print", roles=CASE_ROLES, budget=7, reads_personal_data=True)
def on_paper(request: HttpRequest, case_id: int) -> HttpResponse:
    """The same page for paper, without what can be done."""
    dossier = dossier_or_404(request, case_id)
    purpose = ReadPurpose.HANDLING if dossier.is_ours else ReadPurpose.SUPERVISING
    return draw(request, dossier, purpose=purpose, is_open=dossier.is_ours, is_paper=True)


@page("casework:watch", roles=CASE_ROLES, budget=6)
@require_POST
def toggle_watch(request: HttpRequest, case_id: int) -> HttpResponse:
    """Keep an eye on a case, or no longer."""
    dossier = dossier_or_404(request, case_id)
    account_id = dossier.standing.account_id or 0
    if request.POST.get("watch") == "1":
        watch([case_id], account_id=account_id, at=timezone.now())
    else:
        unwatch([case_id], account_id=account_id)
    return HttpResponseRedirect(address_of(case_id))


def dossier_or_404(request: HttpRequest, case_id: int) -> Dossier:
    """The dossier, or the answer that there is no such matter, also when it mustn't be known of."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    try:
        return dossier_of(case_id, standing)
    except Case.DoesNotExist:
        raise Http404(_("There is no such matter, or it isn't yours to see.")) from None


def address_of(case_id: int) -> str:
    """Where the page of a case is."""
    return address("casework:case", case_id=case_id)


def draw(
    request: HttpRequest,
    dossier: Dossier,
    *,
    purpose: ReadPurpose,
    is_open: bool,
    asked: str = "",
    refused: StepForm | None = None,
    trouble: str = "",
    is_paper: bool = False,
    status: int = 200,
) -> HttpResponse:
    """Draw the page and record that it was read; `refused` is a form that comes back as it was filled in."""
    case = dossier.case
    record_read(
        "case",
        case.pk,
        at=dossier.at,
        actor=dossier.standing.account_id,
        unit=_own_unit(dossier),
        purpose=purpose.value,
        details={"personal": is_open},
    )
    running, over = story.clock_lines(dossier)
    letters, token = story.letters(dossier), get_token(request)
    panels = [] if is_paper else _panels(dossier, token=token, asked=asked, refused=refused)
    moves = [panel for panel in panels if panel.choice.is_move or panel.choice.is_main]
    others = [panel for panel in panels if not (panel.choice.is_move or panel.choice.is_main)]
    context: dict[str, Any] = {
        "csrf_token": token,
        "case": case,
        "dossier": dossier,
        "base": "ui/print.html" if is_paper else "ui/staff.html",
        "badge": state_badge(case.type_key, case.type_version, case.state, look="badge"),
        "matter_words": _(dossier.case_type.matter) if dossier.case_type.matter else _("The matter"),
        "people_and_facts": [*story.people(dossier, is_open=is_open), *story.facts(dossier)],
        "holder": dossier.unit_name(case.holder_unit_id),
        "moves": moves,
        "panels": SafeString(f"{panel_row(moves)}\n{panel_row(others)}") if panels else "",
        "clocks": clock_part(running, over),
        "hops": story.hops(dossier),
        "files": [_file(dossier, one) for one in dossier.attachments],
        "letters": letter_list(letters, case, today=dossier.today) if letters else "",
        "moments": story.moments(dossier, is_open=is_open),
        "today": dossier.today,
        "is_open": is_open,
        "purposes": PURPOSES,
        "trouble": trouble,
        "kept": _kept(panels, refused),
        "crumbs": [Link(_("Waiting for me"), address("casework:desk"))],
        "is_paper": is_paper,
        "watch_url": address("casework:watch", case_id=case.pk),
        "print_url": address("casework:print", case_id=case.pk),
        "sections": "" if is_paper else section_part(sections_for(case, dossier.standing), case),
    }
    return render(request, "casework/case.html", context, status=status)


def _own_unit(dossier: Dossier) -> int | None:
    """The unit for which somebody reads: the holding one if it's theirs, else one of theirs in the chain."""
    posts = dossier.standing.posts
    held = [post.unit_id for post in posts if post.unit_id == dossier.case.holder_unit_id]
    chain = [post.unit_id for post in posts if post.unit_id in dossier.case.unit_ids]
    return next(iter([*held, *chain, *(post.unit_id for post in posts)]), None)


def _panels(dossier: Dossier, *, token: str, asked: str, refused: StepForm | None) -> list[Panel]:
    found = []
    for choice in dossier.choices:
        form = refused if refused is not None and refused.step.verb == choice.step.verb else None
        is_asked = form is not None or choice.step.verb == asked
        found.append(panel_of(dossier, choice, form=form, is_open=is_asked, token=token))
    return found


def _kept(panels: list[Panel], refused: StepForm | None) -> list[Fact]:
    """What was typed for a step that isn't open any more, so that it can be copied."""
    if refused is None or any(panel.name == refused.step.verb for panel in panels):
        return []
    typed = ((bound.label, refused.data.get(bound.name, "")) for bound in refused)
    return [Fact(label, format_html('<span class="prose">{}</span>', text)) for label, text in typed if text]


def _file(dossier: Dossier, attachment: Any) -> File:
    return File(
        attachment.name,
        attachment.size,
        address("casework:file", case_id=dossier.case.pk, attachment_id=attachment.pk),
    )
