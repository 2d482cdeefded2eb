"""The team's phone: offers with clock and distance, today's work, start and finish; it also works offline.

Every form carries a number of its own (`key`), so that what is sent twice counts once. Scripts keep forms
that can't be sent and send them later (`team.js`, `worker.js`); without scripts the forms work as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yiwang.facilities.dispatch import actions, queries, shown
from yiwang.facilities.dispatch.enums import LIVE, JobState
from yiwang.facilities.dispatch.faults import NotYours
from yiwang.facilities.dispatch.models import Job, Offer
from yiwang.facilities.dispatch.origin import origin
from yiwang.facilities.dispatch.rules.plane import metres, to_plane
from yiwang.facilities.dispatch.subjects import Described, described, kind_of
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.orgs.queries import unit_name
from yiwang.kernel.ui.messages import say

WORKER = frozenset({"worker"})
SCRIPT = Path(__file__).resolve().parents[1] / "static" / "dispatch" / "worker.js"
TOLD_AFTERWARDS = timedelta(days=1)
"""So long after the work ended its team still reads whom it was for; after that the office answers for it."""
MAY = "geolocation=(self), camera=(self), microphone=()"
"""What this page may use of the phone; every other page may use none of it."""


@dataclass(frozen=True)
class OfferCard:
    """An offer as the phone shows it: no name and no exact address before it is accepted."""

    offer: Offer
    place: str
    distance: str
    window: str
    clock: SafeString
    key: str
    decline_key: str


@dataclass(frozen=True)
class JobCard:
    """A piece of accepted work."""

    job: Job
    subject: Described | None
    title: str
    place: str
    window: str
    look: str
    url: str
    key: str
    departed: str

    @property
    def may_depart(self) -> bool:
        """Whether the team may say that it is on its way."""
        return self.job.state == JobState.ACCEPTED and self.job.departed_at is None

    @property
    def stamp(self) -> str:
        """What a phone that keeps the page knows it by: another one when something happened."""
        return f"{self.job.pk}.{self.job.state}.{self.job.state_at.timestamp():.0f}"


@page("dispatch:phone", roles=WORKER, budget=10)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show offers and the work of today and tomorrow."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    at = timezone.now()
    teams = queries.teams_of(standing)
    jobs = queries.jobs_of(teams, until=at + timedelta(hours=36))
    subjects = described(standing, [(job.subject_kind, job.subject_id) for job in jobs], to_team=True)
    context = {
        "teams": teams,
        "offers": [_offer_card(offer, at=at) for offer in queries.offers_of(teams)],
        "jobs": [_job_card(job, subjects.get((job.subject_kind, job.subject_id))) for job in jobs],
        "account_id": standing.account_id,
    }
    return _for_phone(render(request, "dispatch/phone.html", context))


def _for_phone(response: HttpResponse) -> HttpResponse:
    response.headers["Permissions-Policy"] = MAY
    return response


def _offer_card(offer: Offer, *, at: datetime) -> OfferCard:
    job, team = offer.job, offer.team
    return OfferCard(
        offer,
        place=unit_name(job.area_unit) if job.area_unit else "",
        distance=shown.distance(metres((team.x, team.y), (job.x, job.y))),
        window=shown.window(job),
        clock=shown.countdown(offer.answer_by_at, at=at),
        key=str(uuid4()),
        decline_key=str(uuid4()),
    )


def _job_card(job: Job, subject: Described | None) -> JobCard:
    return JobCard(
        job,
        subject,
        title=subject.title if subject else str(job),
        place=subject.place if subject else (unit_name(job.area_unit) if job.area_unit else ""),
        window=shown.window(job),
        look=shown.LOOKS[JobState(job.state)],
        url=reverse("dispatch:phone_job", args=[job.pk]),
        key=str(uuid4()),
        departed=f"{timezone.localtime(job.departed_at):%H:%M}" if job.departed_at else "",
    )


@page("dispatch:phone_job", roles=WORKER, budget=12, reads_personal_data=True)
@require_safe
def job(request: HttpRequest, job_id: int) -> HttpResponse:
    """Show accepted work with what is needed to begin or to finish it."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    found = _own_job(standing, job_id)
    return _job_page(request, found, form=_form_for(found, request))


def _own_job(standing: Standing, job_id: int) -> Job:
    teams = queries.teams_of(standing)
    found = Job.objects.filter(pk=job_id, team__in=teams).select_related("team", "area_unit").first()
    if found is None:
        raise Http404
    return found


def _form_for(job: Job, request: HttpRequest) -> forms.Form | None:
    """What whoever asked for the team wants to know at this step; nothing when nobody asks."""
    kind = kind_of(job.subject_kind)
    if kind is None:
        return None
    wanted = {JobState.ACCEPTED: kind.start_form, JobState.UNDER_WAY: kind.finish_form}.get(
        JobState(job.state)
    )
    if wanted is None:
        return None
    return wanted(request.POST, request.FILES) if request.method == "POST" else wanted()


def _job_page(
    request: HttpRequest, job: Job, *, form: forms.Form | None, words: str = "", status: int = 200
) -> HttpResponse:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    pair = (job.subject_kind, job.subject_id)
    kind = kind_of(job.subject_kind)
    after = kind.finish_form if kind is not None and job.state == JobState.ACCEPTED else None
    is_theirs = job.state in LIVE or timezone.now() < job.state_at + TOLD_AFTERWARDS
    subject = described(standing, [pair], to_team=True).get(pair) if is_theirs else None
    context = {
        "card": _job_card(job, subject),
        "form": form,
        "words": words,
        "act": {JobState.ACCEPTED: "start", JobState.UNDER_WAY: "finish"}.get(JobState(job.state), ""),
        "key": str(uuid4()),
        "is_ahead": job.state == JobState.ACCEPTED,
        "form_after": after(auto_id="after_%s") if after is not None else None,
        "key_after": str(uuid4()),
        "account_id": standing.account_id,
    }
    return _for_phone(render(request, "dispatch/phone_job.html", context, status=status))


@page("dispatch:phone_act", roles=WORKER, budget=60)
@require_POST
def act(request: HttpRequest, kind: str, subject_id: int) -> HttpResponse:
    """Take one act of a phone: accept or decline an offer, set out, start or finish work. Sent twice it counts once.

    A script that asks for JSON gets `{"ok": …, "words": …}`; a plain form is led on to the next page.
    """
    do = {"accept": _accept, "decline": _decline, "depart": _depart, "start": _begin, "finish": _finish}.get(
        kind
    )
    key = _key(request.POST.get("key", ""))
    if do is None:
        raise Http404
    if key is None:
        return HttpResponse(status=400)
    return do(request, subject_id, key)


def _key(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None


def _accept(request: HttpRequest, offer_id: int, key: UUID) -> HttpResponse:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    at = timezone.now()
    answer = _once(
        request, key, "accept", offer_id, lambda: actions.accept(offer_id, by=standing, at=at), at=at
    )
    return _answer(request, answer, _("Accepted. The address is below."))


def _decline(request: HttpRequest, offer_id: int, key: UUID) -> HttpResponse:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    at = timezone.now()
    reason = clean_line(request.POST.get("reason", ""))[:200]
    answer = _once(
        request,
        key,
        "decline",
        offer_id,
        lambda: actions.decline(offer_id, reason=reason, by=standing, at=at),
        at=at,
    )
    return _answer(request, answer, _("Declined; another team is asked."))


def _depart(request: HttpRequest, job_id: int, key: UUID) -> HttpResponse:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    found = _own_job(standing, job_id)
    at = _done_at(request, found)
    answer = _once(request, key, "depart", job_id, lambda: actions.depart(job_id, by=standing, at=at), at=at)
    return _answer(request, answer, _("You are on your way; the resident sees it."))


def _begin(request: HttpRequest, job_id: int, key: UUID) -> HttpResponse:
    return _work(request, job_id, key, "start", actions.start, _("Begun."))


def _finish(request: HttpRequest, job_id: int, key: UUID) -> HttpResponse:
    return _work(request, job_id, key, "finish", actions.finish, _("Finished. Thank you."))


def _work(
    request: HttpRequest, job_id: int, key: UUID, kind: str, do: Callable[..., Job], words: str
) -> HttpResponse:
    """Start or finish; a form with a fault is shown again with it, and its number stays unused."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    found = _own_job(standing, job_id)
    expected = JobState.ACCEPTED if kind == "start" else JobState.UNDER_WAY
    form = _form_for(found, request) if found.state == expected else None
    if form is not None and not form.is_valid():
        faults = " ".join(str(fault) for faults in form.errors.values() for fault in faults)
        if _wants_json(request):
            return JsonResponse({"ok": False, "words": faults})
        return _job_page(request, found, form=form, status=422)
    at = _done_at(request, found)
    data = form.cleaned_data if form is not None else {}
    answer = _once(request, key, kind, job_id, lambda: do(job_id, data=data, by=standing, at=at), at=at)
    if not answer["ok"] and not _wants_json(request):
        found = _own_job(standing, job_id)
        return _job_page(request, found, form=form, words=str(answer["words"]), status=422)
    return _answer(request, answer, words)


def _done_at(request: HttpRequest, job: Job) -> datetime:
    """When it was done as the phone says, never before what was done last."""
    claimed = _moment(request.POST.get("done_at", ""))
    return max(actions.moment_of(claimed, now=timezone.now()), job.state_at)


def _moment(word: str) -> datetime | None:
    try:
        found = parse_datetime(word)
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _once(
    request: HttpRequest, key: UUID, kind: str, subject_id: int, do: Callable[[], Any], *, at: datetime
) -> dict[str, Any]:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    try:
        return actions.once(key, kind=kind, subject_id=subject_id, by=standing, at=at, do=do)
    except (NotYours, Job.DoesNotExist, Offer.DoesNotExist):
        raise Http404 from None


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _answer(request: HttpRequest, answer: dict[str, Any], words: str) -> HttpResponse:
    said = words if answer["ok"] else str(answer["words"])
    if _wants_json(request):
        return JsonResponse({"ok": answer["ok"], "words": said})
    say(request, said, kind="done" if answer["ok"] else "soon")
    return HttpResponseRedirect(reverse("dispatch:phone"), status=303)


@page("dispatch:phone_position", roles=WORKER, budget=12)
@require_POST
def position(request: HttpRequest) -> HttpResponse:
    """Note where the phone says it is, for every team of whoever carries it; answers nothing."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    try:
        latitude, longitude = float(request.POST["latitude"]), float(request.POST["longitude"])
    except (KeyError, ValueError):
        return HttpResponse(status=400)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return HttpResponse(status=400)
    x, y = to_plane(latitude, longitude, origin=origin())
    at = timezone.now()
    for team in queries.teams_of(standing):
        actions.report_position(team.pk, x=x, y=y, at=at)
    return HttpResponse(status=204)


@page("dispatch:phone_worker", roles={"everybody"}, budget=0)
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker's script: it must lie where the pages lie that it keeps."""
    return HttpResponse(SCRIPT.read_bytes(), content_type="text/javascript; charset=utf-8")
