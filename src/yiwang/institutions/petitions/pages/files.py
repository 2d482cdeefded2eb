"""Photos and papers that go with a message: added, looked at, removed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from yiwang.institutions.petitions.pages.write import Screen, address, screen_of, too_many
from yiwang.institutions.petitions.rules import first_open, neighbours
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.base.visitors import source_of
from yiwang.kernel.channels.actions import AlreadyHandedIn, add_files, keep, note_attempt, remove_file
from yiwang.kernel.channels.models import Draft
from yiwang.kernel.channels.queries import is_flooded
from yiwang.kernel.channels.rules import MOST_BYTES, MOST_FILES
from yiwang.kernel.files.actions import store_each
from yiwang.kernel.ui.forms import FilesField

MOST_UPLOADS = 120


class FilesForm(forms.Form):
    """Several files at once."""

    added = FilesField(
        required=False,
        allow_empty_file=True,
        max_length=None,
        label=_("Photos, papers, recordings"),
        help_text=_("At most 9, each at most 10 MB: jpg, png, heic, pdf, doc, xls, txt, mp3, mp4."),
    )


@page("petitions:files", roles=EVERYBODY, budget=3)
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest, kind: str) -> HttpResponse:
    """Show what has been added; take more in, or take one out."""
    screen = screen_of(request, kind, "files")
    if isinstance(screen, HttpResponse):
        return screen
    if screen.held is None:
        return redirect("petitions:write", kind)
    if request.method != "POST":
        return _show(request, screen, FilesForm())
    try:
        return _sent(request, screen, draft_id=screen.held.draft.pk)
    except (AlreadyHandedIn, Draft.DoesNotExist):
        return redirect("petitions:write", kind)


def _sent(request: HttpRequest, screen: Screen, *, draft_id: int) -> HttpResponse:
    now = timezone.now()
    removed = request.POST.get("remove", "")
    if removed.isascii() and removed.isdigit() and len(removed) < 18:
        remove_file(draft_id, int(removed))
        return HttpResponseRedirect(screen.url("files"), status=303)
    form = FilesForm(request.POST, request.FILES)
    is_valid = form.is_valid()
    brought: list[Any] = form.cleaned_data.get("added") or []
    if brought:
        if is_flooded(
            source_of(request), kind="upload", most=MOST_UPLOADS, within=timedelta(hours=1), at=now
        ):
            return too_many(request)
        note_attempt(source_of(request), kind="upload", at=now)
        stored = store_each(brought, at=now, limit_bytes=MOST_BYTES)
        for sentence in stored.refused:
            form.add_error("added", sentence)
        left_over = add_files(draft_id, stored.kept, most=MOST_FILES, at=now)
        if left_over:
            form.add_error(
                "added",
                ngettext(
                    "%(n)s file found no room: at most %(most)s can go with a message.",
                    "%(n)s files found no room: at most %(most)s can go with a message.",
                    left_over,
                )
                % {"n": left_over, "most": MOST_FILES},
            )
    if not is_valid or form.errors:
        return _show(request, screen, form, status=422)
    if request.POST.get("go") == "add":
        if not brought:
            form.add_error("added", gettext("Choose one or more files first."))
            return _show(request, screen, form, status=422)
        return HttpResponseRedirect(screen.url("files"), status=303)
    return _leave(request, screen, draft_id=draft_id)


def _leave(request: HttpRequest, screen: Screen, *, draft_id: int) -> HttpResponse:
    draft = keep(draft_id, {"seen": sorted({*screen.told.get("seen", ()), "files"})}, at=timezone.now())
    before, after = neighbours(screen.kind, "files", draft.data)
    if request.POST.get("go") == "back" and before:
        return HttpResponseRedirect(screen.url(before), status=303)
    onward = "check" if first_open(screen.kind, draft.data) == "check" else after
    return HttpResponseRedirect(address(screen.kind, onward), status=303)


def _show(request: HttpRequest, screen: Screen, form: FilesForm, *, status: int = 200) -> HttpResponse:
    held = screen.held
    context = {
        **screen.context(),
        "form": form,
        "files": list(held.draft.files.all()) if held else [],
        "most": MOST_FILES,
    }
    return render(request, "petitions/files.html", context, status=status)
