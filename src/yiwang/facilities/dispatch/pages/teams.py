"""The teams below somebody's unit, and one team: what it can do, when it works, what it has."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.facilities.dispatch import actions, queries
from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.models import Team
from yiwang.facilities.dispatch.policies import BOARD_ROLES, units_dispatched_by
from yiwang.facilities.dispatch.subjects import licence_names, skill_names
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.orgs.queries import tree, unit_name
from yiwang.kernel.ui import states
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when

PAGE = 50
READERS = BOARD_ROLES | {"clerk"}


@page("dispatch:teams", roles=READERS, budget=8)
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """List the teams, 50 a page by number."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    after = request.GET.get("after", "")
    found = queries.teams_seen(standing).filter(is_active=True).order_by("pk")
    if after.isdecimal() and len(after) < 18:
        found = found.filter(pk__gt=int(after))
    rows = list(found[: PAGE + 1])
    at, named = timezone.now(), skill_names()
    table = Table(
        caption=_("Teams"),
        rows=rows[:PAGE],
        columns=[
            Column(_("Team"), lambda team: team.name, is_main=True),
            Column(pgettext("of a team", "Company"), lambda team: unit_name(team.unit)),
            Column(_("Status"), lambda team: _state(team, at=at)),
            Column(_("Jobs"), lambda team: f"{team.load} / {team.capacity}"),
            Column(_("Band"), lambda team: team.band or "–"),
            Column(_("Skills"), lambda team: _(", ").join(named.get(skill, skill) for skill in team.skills)),
        ],
        row_url=lambda team: reverse("dispatch:team", args=[team.pk]),
        next_url=f"?after={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
        empty_title=_("There are no teams yet"),
        empty_words=_("A company's teams are entered with its admission."),
    )
    return render(request, "dispatch/teams.html", {"table": table})


def _state(team: Team, *, at: datetime) -> SafeString:
    if team.is_suspended:
        return states.state("late", words=_("Offered nothing"))
    if not queries.is_fresh(team, at=at):
        return states.state("waiting", words=_("Position unknown"))
    if team.load >= team.capacity:
        return states.state("soon", words=_("Full"))
    return states.state("done", words=_("Free"))


@page("dispatch:team", roles=READERS, budget=14)
@require_http_methods(["GET", "HEAD", "POST"])
def team(request: HttpRequest, team_id: int) -> HttpResponse:
    """Show a team; POST suspends or restores it, for whoever dispatches."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    found = get_object_or_404(queries.teams_seen(standing), pk=team_id)
    may_suspend = bool(units_dispatched_by(standing) & frozenset(found.unit.path[:-1]))
    if request.method == "POST" and may_suspend:
        return _suspend_or_restore(request, found)
    units, at, named, licences = tree(), timezone.now(), skill_names(), licence_names()
    jobs = found.jobs.filter(state__in=(JobState.ACCEPTED, JobState.UNDER_WAY)).order_by("window_from_at")
    context = {
        "team": found,
        "company": unit_name(found.unit),
        "skills": _(", ").join(named.get(skill, skill) for skill in found.skills),
        "state": _state(found, at=at),
        "position": when(found.position_at) if found.position_at else _("never reported"),
        "areas": _(", ").join(unit_name(units.units[area]) for area in found.areas if area in units.units),
        "hours": [(WEEKDAYS[day], _clock(first), _clock(last)) for day, first, last in found.hours],
        "licences": [
            (licences.get(each.kind, each.kind), each, each.until_on < timezone.localdate(at))
            for each in found.licences.all()
        ],
        "members": [member.account.name for member in found.members.select_related("account")],
        "jobs": list(jobs[:PAGE]),
        "may_suspend": may_suspend,
    }
    return render(request, "dispatch/team.html", context)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _suspend_or_restore(request: HttpRequest, found: Team) -> HttpResponse:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    reason = clean_line(request.POST.get("reason", ""))[:200]
    if found.is_suspended:
        actions.restore(found.pk, by=standing, at=timezone.now())
        say(request, _("%(team)s is offered work again.") % {"team": found.name})
    elif reason:
        actions.suspend(found.pk, reason=reason, by=standing, at=timezone.now())
        say(request, _("%(team)s is offered nothing from now on.") % {"team": found.name})
    else:
        say(request, _("Please say why."), kind="soon")
    return HttpResponseRedirect(reverse("dispatch:team", args=[found.pk]), status=303)
