"""The agent's console: one page that stays open; a phone bar, and below it the work, which changes inside."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.facilities.hotline import actions, port, queries, shown
from yiwang.facilities.hotline.ari.settings import placing_driver
from yiwang.facilities.hotline.enums import AgentState, CallState, Direction
from yiwang.facilities.hotline.models import Agent, Call
from yiwang.facilities.hotline.pages.voice_door import offer_address, with_microphone
from yiwang.facilities.hotline.policies import (
    SERVICE_ROLES,
    hotline_units,
    is_guest,
    is_supervisor,
    may_lead_call,
)
from yiwang.facilities.hotline.rules import ROUTES_ITSELF
from yiwang.facilities.hotline.tickets import ticket_for
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.ui.messages import say

MOST_CALL_BACKS = 8


@dataclass(frozen=True)
class Bar:
    """What the phone bar shows."""

    agent: Agent | None
    call: Call | None
    waiting: queries.Waiting
    call_backs: int
    colleagues: Sequence[Agent]
    """To whom the call at hand may be passed on."""
    at: datetime

    @property
    def has_phone(self) -> bool:
        """Whether this call is led from the page, not at a telephone beside it."""
        return self.call is not None and self.call.driver not in ROUTES_ITSELF

    @property
    def is_incoming(self) -> bool:
        """Whether somebody called us."""
        return self.call is not None and self.call.direction == Direction.INBOUND

    @property
    def is_live(self) -> bool:
        """Whether somebody is on the line."""
        return self.call is not None and self.call.state != CallState.ENDED

    @property
    def is_ringing(self) -> bool:
        """Whether the agent is to pick up."""
        if self.call is None or self.is_listener:
            return False
        return not self.call.is_asked_in if self.is_asked else self.call.state == CallState.RINGING

    @property
    def is_asked(self) -> bool:
        """Whether another agent asks this one about the call."""
        return self.call is not None and self.agent is not None and self.call.asked_id == self.agent.pk

    @property
    def is_listener(self) -> bool:
        """Whether this one listens in."""
        return self.call is not None and self.agent is not None and self.call.listener_id == self.agent.pk

    @property
    def has_third(self) -> bool:
        """Whether a number or another agent has been asked in."""
        return self.call is not None and bool(self.call.others or self.call.is_asked_in)

    @property
    def is_guest(self) -> bool:
        """Whether the call is somebody else's."""
        return self.is_asked or self.is_listener

    @property
    def is_talking(self) -> bool:
        """Whether caller and agent are connected, on hold or not."""
        return self.call is not None and self.call.state in (CallState.TALKING, CallState.HELD)


def bar_of(standing: Standing, *, at: datetime) -> Bar:
    """The phone bar of whoever is asking; four queries, five during a call."""
    agent = queries.agent_of(standing.account_id)
    units = hotline_units(standing)
    call = queries.call_at_hand(agent) if agent else None
    is_talking = call is not None and call.state in (CallState.TALKING, CallState.HELD)
    return Bar(
        agent,
        call,
        queries.waiting_at(units),
        queries.open_call_backs(units).count(),
        queries.ready_agents(units) if is_talking else (),
        at,
    )


@page("hotline:console", roles=SERVICE_ROLES, budget=14)
def console(request: HttpRequest) -> HttpResponse:
    """Show the console. The script keeps it; nothing on it leads away from it."""
    standing, now = shown.standing_of(request), timezone.now()
    units = hotline_units(standing)
    context = {
        "bar": bar_of(standing, at=now),
        "has_lines": queries.has_lines(units),
        "leads": is_supervisor(standing),
        "call_backs": list(queries.open_call_backs(units)[:MOST_CALL_BACKS]),
        "voice_address": offer_address(request),
        "now": now,
    }
    return with_microphone(request, render(request, "hotline/console.html", context))


@page("hotline:bar", roles=SERVICE_ROLES, budget=8)
def bar(request: HttpRequest) -> HttpResponse:
    """The phone bar alone; the console fetches it whenever something moved."""
    context = {"bar": bar_of(shown.standing_of(request), at=timezone.now())}
    return render(request, "hotline/bar.html", context)


@page("hotline:queue", roles=SERVICE_ROLES, budget=4)
def queue(request: HttpRequest) -> HttpResponse:
    """Who waits and what is to be called back; the console fetches it at leisure when the unit's figures moved."""
    units = hotline_units(shown.standing_of(request))
    bar = {"waiting": queries.waiting_at(units), "call_backs": queries.open_call_backs(units).count()}
    return render(request, "hotline/queue.html", {"bar": bar | {"at": timezone.now()}})


@page("hotline:state", roles=SERVICE_ROLES, budget=0)
@require_POST
def state(request: HttpRequest) -> HttpResponse:
    """The agent says what they are doing; whoever says so for the first time begins their service."""
    standing, now = shown.standing_of(request), timezone.now()
    wanted = request.POST.get("state", "")
    if wanted not in AgentState.values:
        return HttpResponseBadRequest()
    agent = queries.agent_of(standing.account_id) or _begun(standing, at=now)
    try:
        actions.set_state(agent.pk, wanted, at=now)
    except actions.NotYourTurn:
        say(request, _("A call is on the line; finish it first."), kind="soon")
    except ValueError:
        return HttpResponseBadRequest()
    return _back(request)


def _begun(standing: Standing, *, at: datetime) -> Agent:
    units = sorted(hotline_units(standing))
    if standing.account_id is None or not units:
        raise Http404
    with_line = [unit for unit in units if queries.has_lines({unit})]
    return actions.enter_service(standing.account_id, unit_id=(with_line or units)[0], at=at)


@page("hotline:ticket", roles=SERVICE_ROLES, budget=0)
@require_POST
def ticket(request: HttpRequest) -> HttpResponse:
    """A ticket for the voice process, good for a minute; nothing before the service has begun."""
    agent = queries.agent_of(shown.standing_of(request).account_id)
    if agent is None or agent.state == AgentState.OFF:
        return JsonResponse({"ticket": ""})
    session = request.POST.get("session", "")[:40] or uuid.uuid4().hex
    return JsonResponse({"ticket": ticket_for(agent.pk, session=session)})


@page("hotline:act", roles=SERVICE_ROLES, budget=0)
@require_POST
def act(request: HttpRequest, call_id: int) -> HttpResponse:
    """Have something done with the call: answer, hold, resume, consult, three-way, transfer, leave, hang up.

    Whoever was asked picks up and leaves, whoever listens in leaves; the rest is for the call's agent and the head.
    A call at a telephone beside the screen can only be said to be `over`, when its system doesn't tell.
    """
    standing = shown.standing_of(request)
    call = get_object_or_404(Call.objects.select_related("agent", "asked", "listener"), pk=call_id)
    is_theirs = is_guest(standing, call) and request.POST.get("do") in ("answer", "leave")
    if not (is_theirs or may_lead_call(standing, call)) or standing.account_id is None:
        raise Http404
    if request.POST.get("do") == "over" and call.driver in ROUTES_ITSELF:
        actions.hear(port.CallEnded(call.driver, call.driver_key, timezone.now(), cause="agent"))
        return _back(request)
    wanted = _of_guest(request, call, standing) if is_theirs else _command(request, call)
    if wanted is None:
        return HttpResponseBadRequest()
    try:
        actions.command(call.pk, wanted, by=standing.account_id, at=timezone.now())
    except actions.CommandRefused:
        say(request, _("That can't be done with this call now."), kind="soon")
    return _back(request)


def _of_guest(request: HttpRequest, call: Call, standing: Standing) -> port.Command | None:
    for agent in (call.asked, call.listener):
        if agent is not None and agent.account_id == standing.account_id:
            is_answer = request.POST.get("do") == "answer"
            return port.Answer(agent_id=agent.pk) if is_answer else port.Leave(agent_id=agent.pk)
    return None


def _command(request: HttpRequest, call: Call) -> port.Command | None:
    number = request.POST.get("number", "")
    agent_id = request.POST.get("agent") or request.GET.get("agent", "")
    match request.POST.get("do"):
        case "answer" if call.agent_id is not None:
            return port.Answer(agent_id=call.agent_id)
        case "hold":
            return port.Hold()
        case "resume":
            return port.Resume()
        case "consult":
            chosen = _colleague(call, agent_id) if agent_id.isdecimal() else None
            return port.Consult(agent_id=chosen) if chosen else port.Consult(number=number)
        case "three_way":
            return port.ThreeWay()
        case "transfer":
            chosen = _colleague(call, agent_id) if agent_id.isdecimal() else None
            return port.Transfer(agent_id=chosen, number="" if chosen else number)
        case "hang_up":
            return port.HangUp()
    return None


def _colleague(call: Call, agent_id: str) -> int | None:
    """The agent of the same unit of that number: ready to take a call, or in this one already."""
    is_there = Q(state=AgentState.READY) | Q(pk=call.asked_id)
    ready = Agent.objects.filter(is_there, unit_id=call.unit_id or 0, pk=int(agent_id))
    return ready.values_list("pk", flat=True).first()


@page("hotline:dial", roles=SERVICE_ROLES, budget=0)
@require_POST
def dial(request: HttpRequest) -> HttpResponse:
    """Call a number, or whoever waits to be called back."""
    standing, now = shown.standing_of(request), timezone.now()
    agent = queries.agent_of(standing.account_id)
    if agent is None or standing.account_id is None:
        say(request, _("Begin your service first."), kind="soon")
        return _back(request)
    try:
        actions.originate(
            request.POST.get("number", ""),
            agent_id=agent.pk,
            driver=placing_driver(),
            by=standing.account_id,
            at=now,
        )
    except actions.CommandRefused:
        say(
            request,
            _("This number can't be called now: your phone isn't connected, or you have a call."),
            kind="soon",
        )
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the bar for the script, to the console for a browser without one."""
    if request.headers.get("X-Requested-With") == "fetch":
        return bar(request)
    return HttpResponseRedirect(reverse("hotline:console"))
