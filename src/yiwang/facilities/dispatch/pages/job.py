"""One piece of work: where it stands, every decision with its reasons, and choosing a team by hand."""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from yiwang.facilities.dispatch import actions, candidates, queries, shown
from yiwang.facilities.dispatch.actions.deciding import INSURMOUNTABLE
from yiwang.facilities.dispatch.enums import JobState, Mode, OfferState
from yiwang.facilities.dispatch.faults import Refused
from yiwang.facilities.dispatch.models import Decision, Job, Offer
from yiwang.facilities.dispatch.policies import BOARD_ROLES, may_dispatch
from yiwang.facilities.dispatch.rules.cost import weigh
from yiwang.facilities.dispatch.subjects import described, licence_names, skill_names
from yiwang.facilities.dispatch.why import Told, told
from yiwang.facilities.dispatch.words import REFUSALS
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.orgs.queries import unit_name
from yiwang.kernel.ui.messages import say

CHOICE = 25
"""How many teams near are offered for a choice by hand."""


class HandForm(forms.Form):
    """A team chosen by hand, with the reason."""

    team = forms.ChoiceField(label=gettext_lazy("Team"))
    reason = forms.CharField(
        label=gettext_lazy("Why this team?"),
        max_length=200,
        help_text=gettext_lazy("It is kept with the decision and can be read by the head."),
    )


class TakeBackForm(forms.Form):
    """Taking work back from a team, with the reason."""

    reason = forms.CharField(label=gettext_lazy("Why is it taken back?"), max_length=200)


@dataclass(frozen=True)
class Episode:
    """A decision with what came of its offer."""

    decision: Decision
    mode: str
    told: Told
    offer: Offer | None
    outcome: str


@page("dispatch:job", roles=BOARD_ROLES, budget=22)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, job_id: int) -> HttpResponse:
    """Show the work and why; POST offers it to a team by hand or takes it back."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    at = timezone.now()
    job = get_object_or_404(queries.jobs_seen(standing), pk=job_id)
    may = may_dispatch(standing, job)
    hand = take = None
    if may and job.state in (JobState.WAITING, JobState.STUCK, JobState.OFFERED):
        hand = HandForm(request.POST if request.POST.get("act") == "offer" else None)
        hand.fields["team"].choices = _near(job, at=at)  # type: ignore[attr-defined]
    if may and job.state in (JobState.OFFERED, JobState.ACCEPTED):
        take = TakeBackForm(request.POST if request.POST.get("act") == "take_back" else None)
    if request.method == "POST" and (answer := _act(request, job, hand, take, at=at)):
        return answer
    subject = described(standing, [(job.subject_kind, job.subject_id)]).get(
        (job.subject_kind, job.subject_id)
    )
    offers: list[Offer] = job.live_offers  # type: ignore[attr-defined]
    context = {
        "job": job,
        "subject": subject,
        "title": subject.title if subject else str(job),
        "look": shown.LOOKS[JobState(job.state)],
        "window": shown.window(job),
        "skill": skill_names().get(job.skill, job.skill),
        "licence": licence_names().get(job.licence, job.licence),
        "place": unit_name(job.area_unit) if job.area_unit else "",
        "since": shown.since(job.state_at, at=at),
        "offer": offers[0] if offers else None,
        "clock": shown.countdown(offers[0].answer_by_at, at=at)
        if offers and offers[0].state == OfferState.OFFERED
        else "",
        "episodes": [_episode(decision) for decision in queries.decisions_of(job.pk)],
        "hand": hand,
        "take": take,
        "may_nearest": may and job.state in (JobState.WAITING, JobState.STUCK),
    }
    return render(request, "dispatch/job.html", context)


def _near(job: Job, *, at: datetime) -> list[tuple[str, str]]:
    """The teams near that may be chosen by hand, each with its distance and what the rules have against it."""
    wanted = candidates.wanted(job)
    choices = []
    for team in candidates.nearest_with(wanted, at=at, limit=CHOICE):
        weighed = weigh(team, wanted, at=at)
        if INSURMOUNTABLE.intersection(weighed.refusals):
            continue
        words = f"{team.name} · {shown.distance(weighed.metres)}"
        if weighed.refusals:
            words += " · " + _(", ").join(str(REFUSALS[reason]) for reason in weighed.refusals)
        choices.append((str(team.team_id), words))
    return choices


def _act(
    request: HttpRequest, job: Job, hand: HandForm | None, take: TakeBackForm | None, *, at: datetime
) -> HttpResponse | None:
    """Do what was asked, or return nothing so that the page shows what is wrong with the form."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    act = request.POST.get("act")
    form: HandForm | TakeBackForm | None = {"offer": hand, "take_back": take}.get(act or "")
    if form is not None and not form.is_valid():
        return None
    try:
        if act == "offer" and hand is not None:
            data = hand.cleaned_data
            offer = actions.offer(
                job.pk, team_id=int(data["team"]), reason=data["reason"], by=standing, at=at
            )
            say(request, _("Offered to %(team)s.") % {"team": offer.team.name})
        elif act == "take_back" and take is not None:
            actions.take_back(job.pk, reason=take.cleaned_data["reason"], by=standing, at=at)
            say(request, _("Taken back; the work waits for a team again."))
        else:
            say(request, _("Somebody was quicker; this is how it stands now."), kind="soon")
    except Refused as refused:
        say(request, str(refused), kind="soon")
    return HttpResponseRedirect(reverse("dispatch:job", args=[job.pk]), status=303)


def _episode(decision: Decision) -> Episode:
    offer = next(iter(decision.offers.all()), None)
    outcome = OfferState(offer.state).label if offer else ""
    return Episode(decision, str(Mode(decision.mode).label), told(decision), offer, str(outcome))
