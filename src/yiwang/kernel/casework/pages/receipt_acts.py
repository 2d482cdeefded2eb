"""What the holder of a receipt may do: add something, and say in the end how it was."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.casework.actions import FileData, take
from yiwang.kernel.casework.dossier import Dossier
from yiwang.kernel.casework.faults import GuardFailed, NotPermitted
from yiwang.kernel.casework.forms import StepForm, said
from yiwang.kernel.casework.pages.receipt import grouped, guarded, opened, show
from yiwang.kernel.casework.receipt_faces import face_of
from yiwang.kernel.casework.rules.data import BadData
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.files.actions import store_each
from yiwang.kernel.ui.messages import say

MOST_FILES = 9
MOST_BYTES = 10 * 1024 * 1024


@page("casework:receipt_add", roles=EVERYBODY, budget=20)
@require_POST
@guarded
def add(request: HttpRequest, code: str) -> HttpResponseBase:
    """Add words and files to the matter."""
    return _take(
        request, code, "supplement", thanks=_("Added. The unit that holds your message sees it at once.")
    )


@page("casework:receipt_evaluate", roles=EVERYBODY, budget=20)
@require_POST
@guarded
def evaluate(request: HttpRequest, code: str) -> HttpResponseBase:
    """Say how the petition office and the unit did, once."""
    return _take(
        request, code, "evaluate", thanks=_("Thank you. Your evaluation counts in the figures of both.")
    )


@page("casework:receipt_act", roles=EVERYBODY, budget=40)
@require_POST
@guarded
def act(request: HttpRequest, code: str, verb: str) -> HttpResponseBase:
    """Take a step that the institution lets the holder of a receipt take."""
    found = opened(request, code)
    if isinstance(found, HttpResponse):
        return found
    known = face_of(found.case.type_key).act(verb)
    if known is None:
        return HttpResponseRedirect(reverse("casework:receipt", args=[grouped(code)]), status=303)
    return _take(request, code, verb, thanks=str(known.thanks), found=found)


def _take(
    request: HttpRequest, code: str, verb: str, *, thanks: str, found: Dossier | HttpResponse | None = None
) -> HttpResponse:
    found = found or opened(request, code)
    if isinstance(found, HttpResponse):
        return found
    page_url = reverse("casework:receipt", args=[grouped(code)])
    key = request.POST.get("request_key", "")[:40] or None
    variants = found.case_type.variants(verb)
    if not variants:
        return HttpResponseRedirect(page_url, status=303)
    form = StepForm(variants[0], case_id=found.case.pk, data=request.POST, files=request.FILES)
    form.is_valid()
    files = _files(form, found)
    if not form.errors:
        try:
            data = form.entered(found.standing)
            known = face_of(found.case.type_key).act(verb)
            if known is not None and (faults := known.faults(data)):
                raise BadData(faults)
            data |= face_of(found.case.type_key).given.get(verb, {})
            take(found.case.pk, verb, by=found.standing, at=found.at, data=data, files=files, request_key=key)
            say(request, thanks)
            return HttpResponseRedirect(page_url, status=303)
        except BadData as bad:
            form.blame(bad.faults)
        except GuardFailed as failed:
            form.add_error(None, said(failed.fault))
        except (NotAllowedNow, NotPermitted):
            say(request, _("This isn't possible any more; the matter has moved on meanwhile."), kind="soon")
            return HttpResponseRedirect(page_url, status=303)
    return show(request, found, code, forms_sent={verb: form}, status=422)


def _files(form: StepForm, dossier: Dossier) -> list[FileData]:
    uploaded = form.uploaded() if form.is_bound and not form.errors else []
    if len(uploaded) > MOST_FILES:
        form.add_error("files", _("At most %(most)s files at once.") % {"most": MOST_FILES})
        return []
    brought = store_each(uploaded, at=dossier.at, limit_bytes=MOST_BYTES)
    for sentence in brought.refused:
        form.add_error("files", sentence)
    return [FileData(blob, name) for blob, name in brought.kept]
