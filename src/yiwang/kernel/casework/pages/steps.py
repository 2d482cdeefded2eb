"""Taking a step: its form as a fragment, and the POST that goes through the one door."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.actions import FileData, take
from yiwang.kernel.casework.dossier import Dossier
from yiwang.kernel.casework.enums import ReadPurpose
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted, StalePage
from yiwang.kernel.casework.forms import StepForm, form_for
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.pages.case import address_of, dossier_or_404, draw
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.casework.rules.casetype import Custody, StepDef
from yiwang.kernel.casework.rules.data import BadData, Fault
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.casework.step_panel import body_of, words_after
from yiwang.kernel.files.actions import store
from yiwang.kernel.files.faults import FileRefused
from yiwang.kernel.people.enums import CASE_ROLES
from yiwang.kernel.ui.messages import say

LARGEST_FILE = 50 * 1024 * 1024
MOST_FILES = 20


@page("casework:step", roles=CASE_ROLES, budget=14)
def step(request: HttpRequest, case_id: int, verb: str) -> HttpResponse:
    """GET: the form of a step, for a panel that was opened. POST: take the step."""
    dossier = dossier_or_404(request, case_id)
    if request.method == "POST":
        return _take(request, dossier, verb)
    choice = dossier.choice(verb)
    if choice is None:
        return HttpResponse(_("This step isn't open any more; load the page anew."))
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"{address_of(case_id)}?step={verb}#panel-{verb}")
    body = body_of(dossier, choice, form=None, token=get_token(request), is_fragment=True)
    return HttpResponse(body)


@page("casework:undo", roles=CASE_ROLES, budget=14)
@require_POST
def undo(request: HttpRequest, case_id: int, length: int) -> HttpResponse:
    """Call a case back that was handed on a moment ago, unless somebody has moved it since."""
    dossier = dossier_or_404(request, case_id)
    back = next((c.step for c in dossier.choices if c.step.custody is Custody.RECALL), None)
    try:
        if back is None:
            raise StalePage(dossier.progress.length)
        take(case_id, back.verb, by=dossier.standing, at=timezone.now(), seen_length=length)
    except (NotPermitted, NotAllowedNow, StalePage, BadData):
        say(request, _("It can't be called back any more: the other unit has already acted."), kind="soon")
    else:
        say(request, _("Called back; the matter is in your hands again."))
    return HttpResponseRedirect(address_of(case_id))


def _take(request: HttpRequest, dossier: Dossier, verb: str) -> HttpResponse:
    """Take the step, or give the page back with what was typed and a sentence that says what is wrong."""
    variants = dossier.case_type.variants(verb)
    choice = dossier.choice(verb)
    definition = choice.step if choice else (variants[0] if variants else None)
    if definition is None:
        return _again(request, dossier, None, _("There is no such step."), status=404)
    form = form_for(definition, case_id=dossier.case.pk, data=request.POST, files=request.FILES)
    now = timezone.now()
    try:
        if not form.is_valid():
            raise BadData({})
        data = form.entered(dossier.standing)
        done = take(
            dossier.case.pk,
            verb,
            by=dossier.standing,
            at=now,
            data=data,
            files=stored(form.uploaded(), at=now),
            request_key=request.POST.get("request_key", "")[:40] or None,
            seen_length=_number(request.POST.get("seen_length", "")),
        )
    except BadData as bad:
        form.blame(bad.faults)
        return _again(request, dossier, form)
    except FileRefused as refused:
        form.blame({"files": Fault(str(refused))})
        return _again(request, dossier, form)
    except GuardFailed as forbidden:
        form.blame({"": forbidden.fault})
        return _again(request, dossier, form)
    except StalePage:
        return _again(request, dossier, form, moved_meanwhile(dossier, request.POST), status=409)
    except NotPermitted:
        return _again(request, dossier, form, _("This step isn't yours to take at this point."), status=403)
    except NotAllowedNow:
        sentence = moved_meanwhile(dossier, request.POST)
        return _again(request, dossier, form, sentence, status=409)
    _say_done(request, dossier, definition, done.data, length=done.number)
    return HttpResponseRedirect(_after(dossier), status=303)


def stored(files: Sequence[Any], *, at: datetime) -> list[FileData]:
    """Keep what was uploaded; raises `FileRefused` with the name of the file that can't be taken."""
    if len(files) > MOST_FILES:
        raise TooManyFiles
    return [
        FileData(store(file.file, filename=file.name, at=at, limit_bytes=LARGEST_FILE), file.name)
        for file in files
    ]


class TooManyFiles(FileRefused):
    """More files than one step may bring."""

    def __str__(self) -> str:
        return _("At most %(most)s files at once.") % {"most": MOST_FILES}


def moved_meanwhile(dossier: Dossier, posted: Any) -> str:
    """Who moved the case after the page was shown, what they did and when."""
    seen = _number(posted.get("seen_length", "")) or 0
    since = [entry for entry in dossier.entries if entry.number > seen]
    if not since:
        return _("This step isn't open in the present state of the matter.")
    last = since[-1]
    variants = dossier.case_type.variants(last.verb)
    who = dossier.names.get(last.account_id or 0, "") or dossier.unit_name(last.unit_id) or _("somebody")
    moment = timezone.localtime(last.at)
    return _(
        "Somebody moved it meanwhile: %(who)s, “%(what)s”, %(when)s. This is how it stands now; what you typed is kept below."
    ) % {
        "who": who,
        "what": _(variants[0].done_label) if variants else last.verb,
        "when": f"{moment:%m-%d %H:%M}",
    }


def _again(
    request: HttpRequest, dossier: Dossier, form: StepForm | None, trouble: str = "", *, status: int = 422
) -> HttpResponse:
    purpose = ReadPurpose.HANDLING if dossier.is_ours else ReadPurpose.SUPERVISING
    return draw(
        request,
        dossier,
        purpose=purpose,
        is_open=dossier.is_ours,
        refused=form,
        trouble=trouble,
        status=status,
    )


def _say_done(request: HttpRequest, dossier: Dossier, definition: StepDef, data: Any, *, length: int) -> None:
    is_given = definition.custody is Custody.HAND_ON
    unit = dossier.unit_name(int(data["unit_id"])) if is_given else ""
    back = reverse("casework:undo", args=[dossier.case.pk, length]) if is_given else ""
    say(request, words_after(dossier, definition, unit), undo_url=back)


def _after(dossier: Dossier) -> str:
    """Back to the page of the case, if the person may still see it (who recuses themselves may not)."""
    still = Case.objects.filter(visible(dossier.standing), pk=dossier.case.pk).exists()
    return address_of(dossier.case.pk) if still else reverse("casework:desk")


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None
