"""Agents of a hotline as their supervisor keeps them: telephone, skills, languages, priority, automatic answer."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.facilities.hotline import actions, queries, shown
from yiwang.facilities.hotline.actions.agents import SET_UP
from yiwang.facilities.hotline.forms import AgentForm
from yiwang.facilities.hotline.policies import may_supervise, supervised_units
from yiwang.facilities.hotline.queries import Seat
from yiwang.kernel.base.pages import page
from yiwang.kernel.orgs.queries import unit_name
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.tables import Column, Table


@page("hotline:agents", roles={"head"}, budget=8)
def agents(request: HttpRequest) -> HttpResponse:
    """Everybody with a post as hotline agent at the units that somebody heads."""
    seats = queries.seats_of(supervised_units(shown.standing_of(request)), on=timezone.localdate())
    return render(request, "hotline/agents.html", {"table": _table(seats)})


def _table(seats: object) -> Table:
    def told(seat: Seat, name: str) -> str:
        return str(getattr(seat.agent, name) or "–") if seat.agent is not None else "–"

    def words(seat: Seat) -> str:
        return "、".join((*seat.agent.languages, *seat.agent.skills)) or "–" if seat.agent else "–"

    return Table(
        caption=_("Agents"),
        rows=list(seats),  # type: ignore[call-overload]
        columns=[
            Column(_("Name"), lambda seat: seat.account.name, is_main=True),
            Column(_("Unit"), lambda seat: unit_name(seat.unit)),
            Column(_("State"), lambda seat: shown.agent_state(seat.agent) if seat.agent else _("Not set up")),
            Column(_("Extension or SIP address"), lambda seat: told(seat, "extension")),
            Column(_("Languages and skills"), words),
            Column(_("Priority"), lambda seat: told(seat, "priority"), kind="number"),
            Column(
                _("Automatic answer"),
                lambda seat: _("Yes") if seat.agent and seat.agent.is_auto_answer else _("No"),
            ),
        ],
        row_url=lambda seat: reverse("hotline:agent", args=[seat.account.pk]),
        empty_title=_("Nobody takes calls here yet"),
        empty_words=_("The administrator gives people the post of a hotline agent at your unit."),
    )


@page("hotline:agent", roles={"head"}, budget=8)
def agent(request: HttpRequest, agent_account_id: int) -> HttpResponse:
    """How one agent works, and how it was before; the head of the unit changes it."""
    standing, now = shown.standing_of(request), timezone.now()
    seats = queries.seats_of(supervised_units(standing), on=timezone.localdate(now))
    seat = next((seat for seat in seats if seat.account.pk == agent_account_id), None)
    if seat is None or not may_supervise(standing, seat.unit.pk):
        raise Http404
    form = AgentForm(request.POST or None, initial=_initial(seat))
    if request.method == "POST" and form.is_valid():
        held = seat.agent or actions.enter_service(seat.account.pk, unit_id=seat.unit.pk, at=now)
        try:
            actions.set_up_agent(held.pk, by=standing.account_id, at=now, **form.cleaned_data)
        except actions.ExtensionTaken:
            form.add_error("extension", _("Another agent has this telephone; choose a different one."))
        else:
            say(request, _("Kept. It counts from the next call on."))
            return HttpResponseRedirect(reverse("hotline:agent", args=[seat.account.pk]))
    context = {"seat": seat, "form": form, "settings": queries.settings_of(seat.agent)}
    return render(request, "hotline/agent.html", context, status=422 if form.errors else 200)


def _initial(seat: Seat) -> dict[str, object]:
    if seat.agent is None:
        return {}
    told = {name: getattr(seat.agent, name) for name in SET_UP}
    return told | {name: "、".join(told[name]) for name in ("skills", "languages")}
