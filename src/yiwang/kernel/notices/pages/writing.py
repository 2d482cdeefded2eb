"""Writing an announcement: a new one, a draft again, a correction; and what one's own unit has written."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.files.actions import store_each
from yiwang.kernel.notices import actions
from yiwang.kernel.notices.actions import Draft
from yiwang.kernel.notices.faults import ChangedMeanwhile, NotNow
from yiwang.kernel.notices.forms import AnnouncementForm, CorrectionForm, audience_words, initial_of
from yiwang.kernel.notices.models import Announcement, AnnouncementVersion
from yiwang.kernel.notices.pages.board import board_links
from yiwang.kernel.notices.pages.shown import STATUS_WORDS, status_shown
from yiwang.kernel.notices.policies import WRITERS, worked_on_by, writing_units
from yiwang.kernel.notices.queries.announcements import life_of, of_number, status_now, versions_of, worked_on
from yiwang.kernel.notices.rules import Status, writing_status
from yiwang.kernel.orgs.queries import unit_name
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when

LARGEST = 20_000_000
WRITTEN = frozenset({Status.DRAFT, Status.RETURNED})


@page("notices:own", roles=WRITERS, budget=8)
@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """List what one's units write, with where each stands."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now, word = timezone.now(), request.GET.get("before", "")
    before = int(word) if word.isdecimal() and len(word) < 18 else None
    rows, has_more = worked_on(standing, before=before)
    table = Table(
        caption=_("From my unit"),
        rows=rows,
        columns=[
            Column(_("Title"), lambda row: row[1].title, is_main=True),
            Column(_("Issued by"), lambda row: unit_name(row[0].unit)),
            Column(_("For whom"), lambda row: audience_words(row[0].audience)),
            Column(_("Begun"), lambda row: when(row[0].begun_at)),
            Column(_("Status"), lambda row: status_shown(status_now(row[0], row[1], at=now))),
        ],
        row_url=lambda row: reverse("notices:announcement", args=[row[0].pk]),
        next_url=f"?before={rows[-1][0].pk}" if has_more else "",
        empty_title=_("Your unit has announced nothing yet"),
        empty_words=_("Write an announcement; the head of the unit approves it."),
    )
    context = {
        "table": table,
        "tabs": board_links("own", standing),
        "may_write": bool(writing_units(standing)),
    }
    return render(request, "notices/own.html", context)


@page("notices:write", roles=WRITERS, budget=16)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """Write a new announcement; POST keeps it as a draft, or hands it in at once."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now, units = timezone.now(), writing_units(standing)
    if request.method != "POST":
        return _form_page(request, AnnouncementForm(own_units=units, at=now))
    form = AnnouncementForm(request.POST, request.FILES, own_units=units, at=now)
    draft = _draft(form) if form.is_valid() else None
    if draft is None:
        return _form_page(request, form)
    found = actions.begin(draft, unit_id=form.cleaned_data["unit"], by=standing, at=now)
    return _kept(request, found)


@page("notices:edit", roles=WRITERS, budget=20)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Change a draft or a correction that isn't handed in; two windows on one draft notice one another."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now, units = timezone.now(), writing_units(standing)
    found = of_number(announcement_id, worked_on_by(standing))
    newest = versions_of(found)[0] if found is not None else None
    if found is None or newest is None or found.unit_id not in units:
        raise Http404(_("There is no such draft, or it isn't yours."))
    if newest.approved_at is not None or writing_status(life_of(newest)) not in WRITTEN:
        if request.method != "POST":
            raise Http404(_("It isn't a draft any more."))
        say(request, NotNow(), kind="soon")
        return HttpResponseRedirect(reverse("notices:announcement", args=[found.pk]), status=303)
    is_correction = newest.number > 1
    if request.method != "POST":
        return _form_page(request, _edit_form(found, newest, units, now), found=found, newest=newest)
    form: Any = (
        CorrectionForm(request.POST, request.FILES)
        if is_correction
        else AnnouncementForm(request.POST, request.FILES, own_units=units, at=now)
    )
    draft = _draft(form, request, newest) if form.is_valid() else None
    if draft is None:
        return _form_page(request, form, found=found, newest=newest)
    seen = request.POST.get("seen", "")
    try:
        actions.revise(
            found.pk, draft, seen=int(seen) if seen.isdecimal() and len(seen) < 9 else -1, by=standing, at=now
        )
    except ChangedMeanwhile as fault:
        form.add_error(None, str(fault))
        return _form_page(request, form, found=found, newest=newest, is_changed_meanwhile=True)
    return _kept(request, found)


def _edit_form(found: Announcement, newest: AnnouncementVersion, units: frozenset[int], now: Any) -> Any:
    initial = initial_of(found, newest)
    if newest.number > 1:
        return CorrectionForm(initial=initial)
    return AnnouncementForm(initial=initial, own_units=units, at=now)


def _draft(
    form: Any, request: HttpRequest | None = None, newest: AnnouncementVersion | None = None
) -> Draft | None:
    """What a sound form says; nothing when a file can't be taken, which is then said beside the field."""
    data = form.cleaned_data
    brought = store_each(data["attachments"], at=timezone.now(), limit_bytes=LARGEST)
    for sentence in brought.refused:
        form.add_error("attachments", sentence)
    if brought.refused:
        return None
    kept = None
    if request is not None and newest is not None:
        gone = {int(word) for word in request.POST.getlist("remove") if word.isdecimal() and len(word) < 18}
        kept = frozenset(file.pk for file in newest.files.all() if file.pk not in gone)
    if isinstance(form, CorrectionForm):
        return Draft(
            title=data["title"],
            text=data["text"],
            change=data["change"],
            asks_again=data["asks_again"],
            files=brought.kept,
            kept_files=kept,
        )
    return Draft(
        title=data["title"],
        text=data["text"],
        audience=form.audience(),
        must_read_within=data["within"] if data["must_read"] else None,
        is_on_screen=data["is_on_screen"],
        publish_from_at=data["publish_from_at"],
        until_on=data["until_on"],
        files=brought.kept,
        kept_files=kept,
    )


def _kept(request: HttpRequest, found: Announcement) -> HttpResponse:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    if request.POST.get("then") == "submit":
        actions.submit(found.pk, by=standing, at=timezone.now())
        say(request, _("Handed in. Whoever approves has been told."))
    else:
        say(request, _("Kept as a draft."))
    return HttpResponseRedirect(reverse("notices:announcement", args=[found.pk]), status=303)


def _form_page(
    request: HttpRequest,
    form: Any,
    *,
    found: Announcement | None = None,
    newest: AnnouncementVersion | None = None,
    is_changed_meanwhile: bool = False,
) -> HttpResponse:
    context = {
        "form": form,
        "is_correction": newest is not None and newest.number > 1,
        "found": found,
        "newest": newest,
        "returned": newest if newest is not None and newest.returned_at else None,
        "status_words": STATUS_WORDS[Status.RETURNED],
        "files": list(newest.files.all()) if newest else [],
        "is_changed_meanwhile": is_changed_meanwhile,
        "crumbs": [Link(_("Notice board"), reverse("notices:board"))],
    }
    return render(request, "notices/write.html", context, status=422 if form.is_bound else 200)
