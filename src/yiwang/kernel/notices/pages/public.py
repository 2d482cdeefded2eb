"""What the county's offices make known, for everybody without an account; and the screen in the lobby."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.files.pages.serving import serve
from yiwang.kernel.notices.models import Announcement
from yiwang.kernel.notices.pages.board import key_of
from yiwang.kernel.notices.pages.shown import files_shown
from yiwang.kernel.notices.queries.announcements import (
    holding,
    of_number,
    on_screen,
    public_now,
    stored_files,
)
from yiwang.kernel.notices.rules import AudienceKind, screens_of, turn_of
from yiwang.kernel.ui.parts import Link

SECONDS_A_PAGE = 14
SCRIPT = Path(__file__).resolve().parents[1] / "static" / "notices" / "lobby-worker.js"


@page("notices:public", roles=EVERYBODY, budget=4)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """List the public announcements that hold, newest first."""
    rows, has_more = public_now(at=timezone.now(), before=key_of(request.GET.get("before", "")))
    next_url = ""
    if has_more and rows[-1].published_at:
        next_url = f"?before={rows[-1].published_at.isoformat().replace('+', '%2B')}_{rows[-1].pk}"
    return render(request, "notices/public.html", {"rows": rows, "next_url": next_url})


@page("notices:public_announcement", roles=EVERYBODY, budget=6)
@require_safe
def announcement(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """One public announcement; one that was withdrawn says why, one that has run out isn't there any more."""
    found = _found(announcement_id)
    version = found.current
    if version is None:
        raise Http404
    context = {
        "announcement": found,
        "version": version,
        "files": files_shown(found, version, name="notices:public_file"),
        "crumbs": [Link(_("Public announcements"), reverse("notices:public"))],
    }
    return render(request, "notices/public_announcement.html", context)


@page("notices:public_file", roles=EVERYBODY, budget=6)
@require_safe
def file(request: HttpRequest, announcement_id: int, file_id: int) -> HttpResponseBase:
    """A file of a public announcement that holds."""
    found = _found(announcement_id)
    if found.current is not None and found.withdrawn_at is None:
        for one in found.current.files.filter(pk=file_id):
            blob = stored_files([one]).get(one.digest)
            if blob is not None:
                return serve(request, blob, filename=one.name, inline=True)
    raise Http404(_("There is no such file."))


def _found(announcement_id: int) -> Announcement:
    now = timezone.now()
    public = {"audience__contains": [AudienceKind.PUBLIC.value]}
    found = of_number(announcement_id, holding(at=now), **public)
    if found is None:
        withdrawn = {"published_at__lte": now, "archived_at": None, "withdrawn_at__isnull": False}
        found = Announcement.objects.filter(pk=announcement_id, **public, **withdrawn).first()
    if found is None:
        raise Http404(_("There is no such announcement, or it doesn't hold any more."))
    return found


@page("notices:lobby", roles=EVERYBODY, budget=2)
@require_safe
def lobby(request: HttpRequest) -> HttpResponse:
    """The screen in the lobby: one page at a time, the next by itself; only what is public, no name of anybody."""
    now = timezone.now()
    rows = on_screen(at=now)
    texts = [screens_of(row.current.text if row.current else "") for row in rows]
    word = request.GET.get("page", "0")
    turn = turn_of([len(pages) for pages in texts], int(word) if word.isdecimal() and len(word) < 9 else 0)
    context = {
        "now": timezone.localtime(now),
        "seconds": SECONDS_A_PAGE,
        "next_url": f"{reverse('notices:lobby')}?page={turn.next if turn else 0}",
        "row": rows[turn.announcement] if turn else None,
        "text": texts[turn.announcement][turn.page] if turn else "",
        "page": turn.page + 1 if turn else 0,
        "pages": len(texts[turn.announcement]) if turn else 0,
        "place": turn.announcement + 1 if turn else 0,
        "number": len(rows),
    }
    response = render(request, "notices/lobby.html", context)
    response["Cache-Control"] = "no-store"
    return response


@page("notices:lobby_worker", roles=EVERYBODY, budget=0)
@require_safe
def lobby_worker(request: HttpRequest) -> HttpResponse:
    """The script that keeps the screen's last picture when the network is gone; it must lie beside the screen."""
    return HttpResponse(SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")
