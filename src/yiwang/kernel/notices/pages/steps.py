"""The steps of an announcement on its page: hand in, approve, send back, correct, withdraw, put away."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.notices import actions
from yiwang.kernel.notices.faults import Refused
from yiwang.kernel.notices.models import Announcement, AnnouncementVersion
from yiwang.kernel.notices.pages.shown import status_shown
from yiwang.kernel.notices.policies import (
    WRITERS,
    holds_approval,
    may_approve,
    worked_on_by,
    writing_units,
)
from yiwang.kernel.notices.queries.announcements import life_of, of_number
from yiwang.kernel.notices.rules import Status, writing_status
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link

WRITTEN = frozenset({Status.DRAFT, Status.RETURNED})
HOLDS = frozenset({Status.PUBLISHED, Status.PLANNED})
OVER = frozenset({Status.EXPIRED, Status.WITHDRAWN})


class ReasonForm(forms.Form):
    """Why something is sent back or withdrawn."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


def open_steps(
    standing: Standing, found: Announcement, newest: AnnouncementVersion, status: Status
) -> dict[str, object]:
    """Which steps somebody of the unit may take now."""
    is_open = newest.approved_at is None and found.withdrawn_at is None and found.archived_at is None
    writing = writing_status(life_of(newest)) if is_open else None
    writes, approves = found.unit_id in writing_units(standing), holds_approval(standing, found)
    is_author = newest.written_by is not None and newest.written_by in standing.account_ids
    return {
        "writing": writing,
        "writing_shown": status_shown(writing) if writing and status in HOLDS else "",
        "may_edit": writes and writing in WRITTEN,
        "may_submit": writes and writing in WRITTEN,
        "may_approve": writing is Status.WAITING and may_approve(standing, found, newest),
        "is_own_words": writing is Status.WAITING and approves and is_author,
        "may_send_back": writing is Status.WAITING and approves,
        "may_correct": writes and not is_open and status in HOLDS,
        "may_withdraw": (approves or is_author) and status in HOLDS,
        "may_archive": writes and status in OVER,
        "has_readers": found.must_read_within is not None and found.published_at is not None,
        "send_back_form": ReasonForm(auto_id="id_send_back_%s"),
        "withdraw_form": ReasonForm(auto_id="id_withdraw_%s"),
    }


def _submit(found: Announcement, request: HttpRequest, at: datetime) -> str:
    actions.submit(found.pk, by=_by(request), at=at)
    return _("Handed in. Whoever approves has been told.")


def _approve(found: Announcement, request: HttpRequest, at: datetime) -> str:
    seen = request.POST.get("seen", "")
    status = actions.approve(
        found.pk, by=_by(request), at=at, seen=int(seen) if seen.isdecimal() and len(seen) < 9 else None
    )
    if status is Status.PLANNED:
        return _("Approved. It is published at the time that was chosen.")
    return _("Approved and published; open pages show it now.")


def _send_back(found: Announcement, request: HttpRequest, at: datetime) -> str:
    actions.send_back(found.pk, reason=request.POST["reason"], by=_by(request), at=at)
    return _("Sent back to its author.")


def _correct(found: Announcement, request: HttpRequest, at: datetime) -> str:
    actions.correct(found.pk, by=_by(request), at=at)
    return _("A new version is begun; the present words hold until it is approved.")


def _withdraw(found: Announcement, request: HttpRequest, at: datetime) -> str:
    actions.withdraw(found.pk, reason=request.POST["reason"], by=_by(request), at=at)
    return _("Withdrawn. Whoever opens it sees the reason.")


def _archive(found: Announcement, request: HttpRequest, at: datetime) -> str:
    actions.archive(found.pk, by=_by(request), at=at)
    return _("Put away.")


STEPS: dict[str, Callable[[Announcement, HttpRequest, datetime], str]] = {
    "submit": _submit,
    "approve": _approve,
    "send_back": _send_back,
    "correct": _correct,
    "withdraw": _withdraw,
    "archive": _archive,
}
WITH_REASON = frozenset({"send_back", "withdraw"})


def _by(request: HttpRequest) -> Standing:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    return standing


@page("notices:act", roles=WRITERS, budget=20)
@require_POST
def act(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """Take one step; what can't be done is said on the page as it stands now."""
    found = of_number(announcement_id, worked_on_by(_by(request)))
    if found is None:
        raise Http404(_("There is no such announcement, or it isn't for you."))
    verb = request.POST.get("act", "")
    if verb in WITH_REASON:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return _ask_again(request, found, verb, form)
    elif verb not in STEPS:
        say(request, _("Please choose what to do."), kind="soon")
        return _back(found)
    try:
        say(request, STEPS[verb](found, request, timezone.now()))
    except Refused as fault:
        say(request, fault, kind="soon")
        return _back(found)
    if verb == "correct":
        return HttpResponseRedirect(reverse("notices:edit", args=[found.pk]), status=303)
    return _back(found)


def _ask_again(request: HttpRequest, found: Announcement, verb: str, form: Any) -> HttpResponse:
    context = {
        "form": form,
        "verb": verb,
        "title": _("Send back") if verb == "send_back" else pgettext("announcement", "Withdraw"),
        "back_url": reverse("notices:announcement", args=[found.pk]),
        "crumbs": [Link(_("Notice board"), reverse("notices:board"))],
    }
    return render(request, "notices/reason.html", context, status=422)


def _back(found: Announcement) -> HttpResponse:
    return HttpResponseRedirect(reverse("notices:announcement", args=[found.pk]), status=303)
