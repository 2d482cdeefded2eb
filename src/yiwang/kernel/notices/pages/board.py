"""The board: announcements for me, newest first, with search; and one announcement, which one notes below its words."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import SIGNED_IN, page
from yiwang.kernel.calendar.queries import current
from yiwang.kernel.files.pages.serving import serve
from yiwang.kernel.notices import actions
from yiwang.kernel.notices.faults import NotNow
from yiwang.kernel.notices.forms import audience_words
from yiwang.kernel.notices.models import Announcement
from yiwang.kernel.notices.pages.shown import STATUS_WORDS, files_shown, status_shown
from yiwang.kernel.notices.pages.steps import open_steps
from yiwang.kernel.notices.policies import (
    findable,
    may_read,
    may_work_on,
    readable,
    worked_on_by,
    writing_units,
)
from yiwang.kernel.notices.queries.announcements import (
    board,
    of_number,
    status_now,
    stored_files,
    versions_of,
)
from yiwang.kernel.notices.rules import Status, read_by_on
from yiwang.kernel.orgs.queries import unit_name
from yiwang.kernel.search.queries import find
from yiwang.kernel.search.rules import QuestionTooLong
from yiwang.kernel.ui import states
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when


def board_links(here: str, standing: Standing) -> list[Link]:
    """The parts of the board: what holds, what is over, what one's own unit writes."""
    links = [
        ("now", pgettext("announcement", "In force"), reverse("notices:board")),
        ("over", pgettext("announcements", "Earlier"), f"{reverse('notices:board')}?over=1"),
    ]
    if writing_units(standing):
        links.append(("own", _("From my unit"), reverse("notices:own")))
    return [Link(label, url, is_current=key == here) for key, label, url in links]


@page("notices:board", roles=SIGNED_IN, budget=8)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """List what somebody may read; with `q` what was found."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now, question = timezone.now(), request.GET.get("q", "").strip()
    is_over, problem, ids = request.GET.get("over") == "1", "", None
    if question:
        try:
            hits = find(question, kind="announcement", predicate=findable(standing, at=now))
            ids = [hit.object_id for hit in hits]
        except QuestionTooLong:
            problem, ids = _("Please look for fewer words."), []
    before = key_of(request.GET.get("before", ""))
    rows, has_more = board(standing, at=now, is_over=is_over, before=before, ids=ids)
    context = {
        "question": question,
        "problem": problem,
        "tabs": board_links("over" if is_over else "now", standing),
        "table": _table(rows, has_more=has_more, is_over=is_over, question=question, at=now),
        "may_write": bool(writing_units(standing)),
    }
    return render(request, "notices/board.html", context)


def _table(rows: list[Announcement], *, has_more: bool, is_over: bool, question: str, at: datetime) -> Table:
    next_url = ""
    if has_more and rows[-1].published_at:
        over = "&over=1" if is_over else ""
        next_url = f"?before={rows[-1].published_at.isoformat().replace('+', '%2B')}_{rows[-1].pk}{over}"
    return Table(
        caption=_("Notice board"),
        rows=rows,
        columns=[
            Column(_("Title"), lambda row: row.current.title if row.current else "", is_main=True),
            Column(_("Issued by"), lambda row: unit_name(row.unit)),
            Column(_("Published"), lambda row: when(row.published_at)),
            Column(_("Status"), lambda row: _my_status(row, at=at)),
        ],
        row_url=lambda row: reverse("notices:announcement", args=[row.pk]),
        next_url=next_url,
        empty_title=_("Nothing was found") if question else _("No announcements"),
        empty_words=(
            _("No announcement that you may read holds all of these words.")
            if question
            else _("What is announced to you or to everybody stands here as long as it holds.")
        ),
    )


def _my_status(row: Announcement, *, at: datetime) -> SafeString:
    """What it is to the reader: over, to be noted, new, noted."""
    if row.current is None:
        return states.state("none", words="–")
    status = status_now(row, row.current, at=at)
    if status is not Status.PUBLISHED:
        return status_shown(status)
    if row.is_noted:  # type: ignore[attr-defined]
        return states.state("done", words=_("Noted"))
    if row.must_read_within is not None:
        return states.state("soon", words=_("To be noted"))
    return states.state("info", words=_("New"))


def key_of(word: str) -> tuple[datetime, int] | None:
    """The key of a page as it stands in an address; nothing when it is none."""
    at_word, _sign, number = word.rpartition("_")
    try:
        at = parse_datetime(at_word)
    except ValueError:
        return None
    if at is None or at.tzinfo is None or not number.isdecimal() or len(number) > 18:
        return None
    return at, int(number)


@page("notices:announcement", roles=SIGNED_IN, budget=12)
@require_http_methods(["GET", "HEAD", "POST"])
def announcement(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """One announcement; POST notes the version that was seen. Its own unit has its steps here too."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now = timezone.now()
    found = found_for(standing, announcement_id, at=now)
    if request.method == "POST":
        return _note(request, found, at=now)
    versions = versions_of(found)
    is_worked_on = may_work_on(standing, found)
    shown = found.current or versions[0]
    shown = next(version for version in versions if version.pk == shown.pk)
    status = status_now(found, versions[0], at=now)
    reading = _reading(found, standing)
    context = {
        "announcement": found,
        "version": shown,
        "versions": [version for version in versions if version.approved_at is not None],
        "newest": versions[0],
        "unit": unit_name(found.unit),
        "status": status,
        "status_shown": status_shown(status),
        "is_held_back": status is Status.WITHDRAWN and not is_worked_on,
        "audience": audience_words(found.audience),
        "files": files_shown(found, shown, name="notices:file"),
        "noted_at": reading,
        "may_note": may_read(standing, found, at=now) and status is Status.PUBLISHED and reading is None,
        "read_by_on": _read_by(found),
        "is_worked_on": is_worked_on,
        "crumbs": [Link(_("Notice board"), reverse("notices:board"))],
    }
    if is_worked_on:
        context |= open_steps(standing, found, versions[0], status)
    return render(request, "notices/announcement.html", context)


def found_for(standing: Standing, announcement_id: int, *, at: datetime) -> Announcement:
    """An announcement that somebody reads or works on; raises `Http404`."""
    found = of_number(announcement_id, readable(standing, at=at) | worked_on_by(standing))
    if found is None:
        raise Http404(_("There is no such announcement, or it isn't for you."))
    return found


def _note(request: HttpRequest, found: Announcement, *, at: datetime) -> HttpResponse:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    word = request.POST.get("version", "")
    version = int(word) if word.isdecimal() and len(word) < 5 else 0
    try:
        actions.note(found.pk, version=version, by=standing, at=at)
        say(request, _("Noted."))
    except NotNow as fault:
        say(request, fault, kind="soon")
    except Announcement.DoesNotExist:
        raise Http404 from None
    return HttpResponseRedirect(reverse("notices:announcement", args=[found.pk]), status=303)


def _reading(found: Announcement, standing: Standing) -> datetime | None:
    noted = found.readings.filter(account_id=standing.account_id or 0, version__gte=found.read_from)
    return noted.values_list("at", flat=True).first()


def _read_by(found: Announcement) -> object:
    if found.must_read_within is None or found.published_at is None:
        return None
    return read_by_on(timezone.localdate(found.published_at), found.must_read_within, calendar=current())


@page("notices:print", roles=SIGNED_IN, budget=10)
@require_safe
def printed(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """An announcement for paper."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now = timezone.now()
    found = found_for(standing, announcement_id, at=now)
    versions = versions_of(found)
    shown = next((version for version in versions if version.pk == found.current_id), versions[0])
    status = status_now(found, shown, at=now)
    if status is Status.WITHDRAWN and not may_work_on(standing, found):
        raise Http404(STATUS_WORDS[status])
    context = {
        "announcement": found,
        "version": shown,
        "unit": found.unit.name,
        "status_shown": status_shown(status),
        "files": shown.files.all(),
        "audience": audience_words(found.audience),
    }
    return render(request, "notices/print.html", context)


@page("notices:file", roles=SIGNED_IN, budget=8)
@require_safe
def file(request: HttpRequest, announcement_id: int, file_id: int) -> HttpResponseBase:
    """A file of an announcement, for whoever may read it."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now = timezone.now()
    found = found_for(standing, announcement_id, at=now)
    is_worked_on = may_work_on(standing, found)
    for version in versions_of(found):
        for one in version.files.all():
            is_shown = version.pk == found.current_id and found.withdrawn_at is None
            if one.pk == file_id and (is_shown or is_worked_on):
                blob = stored_files([one]).get(one.digest)
                if blob is not None:
                    return serve(request, blob, filename=one.name, inline=True)
    raise Http404(_("There is no such file."))
