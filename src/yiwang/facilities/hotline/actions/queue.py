"""The queue between callers and agents: who is rung for whom, and what happens when nobody picks up."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions.record import decide, give, give_to_each, happened_to
from yiwang.facilities.hotline.enums import LIVE_STATES, AgentState, CallState, EventKind
from yiwang.facilities.hotline.models import Agent, Call
from yiwang.facilities.hotline.rules import (
    LINE_GONE_FOR,
    RING_FOR,
    ROUTES_ITSELF,
    SILENT_FOR,
    SPOKEN_PLACES,
    AgentNow,
    next_agent,
)

_HAS_CALL = (CallState.TALKING, CallState.HELD)


def put_agent(agent: Agent, state: str, *, at: datetime) -> None:
    """Let a locked agent be in a state from an instant on."""
    if agent.state != state:
        agent.state, agent.since_at = state, at
        agent.save(update_fields=["state", "since_at"])


def let_guest_go(agent: Agent, *, has_listened: bool, at: datetime) -> None:
    """An agent who was asked takes calls again; a supervisor who listened is not rung before saying so."""
    if agent.state in (AgentState.RINGING, AgentState.TALKING):
        put_agent(agent, AgentState.PAUSED if has_listened else AgentState.READY, at=at)


def seek_agent(call: Call, *, at: datetime) -> Agent | None:
    """Choose an agent for a locked call and have it rung; without one, the caller waits and is told so.

    An agent whose row is held by somebody else at this moment is passed over; the queue is looked after every
    second anyway.
    """
    ready = Agent.objects.select_for_update(skip_locked=True).filter(state=AgentState.READY, has_line=True)
    rows = ready.filter(unit_id=call.unit_id) if call.unit_id is not None else ready
    free = {agent.pk: agent for agent in rows}
    chosen = next_agent(
        [
            AgentNow(
                agent.pk,
                agent.state,
                agent.since_at,
                agent.has_line,
                frozenset((*agent.skills, *agent.languages)),
                agent.priority,
            )
            for agent in free.values()
        ],
        wants=call.wants,
        passed_over=_passed_over(call),
    )
    if chosen is None:
        if call.state != CallState.QUEUED:
            decide(call, EventKind.QUEUED, at=at)
        return None
    agent = free[chosen.agent_id]
    put_agent(agent, AgentState.RINGING, at=at)
    decide(call, EventKind.CHOSEN, at=at, data={"agent_id": agent.pk})
    give(call, port.Ring(agent_id=agent.pk), by=None, at=at)
    return agent


def _passed_over(call: Call) -> set[int]:
    returned = (event.data for event in happened_to(call) if event.kind == EventKind.RETURNED)
    return {int(data["agent_id"]) for data in returned if data.get("agent_id")}


@transaction.atomic
def serve(*, at: datetime) -> int:
    """Ring agents who are free for callers who wait, the longest waiting first; how many were rung.

    Looks at no more callers than there are agents who are free.
    """
    ready = Agent.objects.filter(state=AgentState.READY, has_line=True)
    free = Counter(ready.values_list("unit_id", flat=True))
    rung = 0
    if free:
        waiting = (
            Call.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(Q(unit_id__in=free) | Q(unit_id__isnull=True))
            .filter(state__in=(CallState.QUEUED, CallState.OFFERED), direction="inbound")
            .exclude(driver__in=ROUTES_ITSELF)
            .order_by("offered_at", "pk")
        )
        for unit_id, count in free.items():
            rung += _serve_unit(waiting.filter(unit_id=unit_id)[:count], at=at)
        if rung < free.total():
            rung += _serve_unit(waiting.filter(unit_id__isnull=True)[: free.total() - rung], at=at)
    _tell_places(at=at)
    return rung


def _serve_unit(waiting: Iterable[Call], *, at: datetime) -> int:
    rung = 0
    for call in waiting:
        if seek_agent(call, at=at) is None:
            break
        rung += 1
    return rung


@transaction.atomic
def _tell_places(*, at: datetime) -> None:
    """Tell callers who wait the place in the queue, where it has moved by as much as is worth telling.

    Waits for nobody's lock: two who tell at once would otherwise wait for one another. Whoever is passed over
    is told at the next look, a second later.
    """
    place = Window(RowNumber(), partition_by=F("unit_id"), order_by=[F("offered_at").asc(), F("pk").asc()])
    moved = dict(
        Call.objects.filter(state=CallState.QUEUED)
        .annotate(place=place)
        .filter(Q(position__isnull=True) | ~Q(position=F("place")))
        .filter(
            Q(position__isnull=True)
            | Q(place__lte=SPOKEN_PLACES)
            | Q(position__gte=F("place") + SPOKEN_PLACES)
            | Q(position__lt=F("place"))
        )
        .exclude(driver__in=ROUTES_ITSELF)
        .values_list("pk", "place")
    )
    if not moved:
        return
    free = list(
        Call.objects.select_for_update(of=("self",), skip_locked=True).filter(
            pk__in=moved, state=CallState.QUEUED
        )
    )
    for call in free:
        call.position = moved[call.pk]
    Call.objects.bulk_update(free, ["position"])
    give_to_each([(call, port.Queue(position=moved[call.pk])) for call in free], at=at)


def look_after_queue(*, at: datetime) -> None:
    """Take calls back that ring too long or whose agent's browser has gone, and ring whoever is free.

    Called every second by the voice process and every minute by the worker; finds nothing to do quickly.
    """
    _forget_silent(at=at)
    live = Call.objects.filter(state__in=LIVE_STATES, direction="inbound").exclude(driver__in=ROUTES_ITSELF)
    rings_too_long = Q(state=CallState.RINGING, rung_at__lte=at - RING_FOR)
    is_left_alone = Q(state__in=_HAS_CALL, agent__has_line=False, agent__line_at__lte=at - LINE_GONE_FOR)
    for pk, state in list(live.filter(rings_too_long | is_left_alone).values_list("pk", "state")):
        take_back(pk, reason="no_answer" if state == CallState.RINGING else "line_gone", at=at)
    if live.filter(state__in=(CallState.QUEUED, CallState.OFFERED)).exists():
        serve(at=at)


def _forget_silent(*, at: datetime) -> None:
    """End calls of which a telephone system has said nothing for hours: their end was never told."""
    silent = Call.objects.filter(
        state__in=LIVE_STATES, driver__in=ROUTES_ITSELF, offered_at__lt=at - SILENT_FOR
    ).order_by("pk")
    for pk in list(silent.values_list("pk", flat=True)):
        with transaction.atomic():
            call = Call.objects.select_for_update(of=("self",)).get(pk=pk)
            decide(call, EventKind.ENDED, at=at, data={"cause": "silent"})
            for agent in Agent.objects.select_for_update().filter(pk=call.agent_id or 0):
                if agent.state in (AgentState.RINGING, AgentState.TALKING):
                    put_agent(agent, AgentState.WRAP_UP, at=at)


@transaction.atomic
def take_back(call_id: int, *, reason: str, at: datetime) -> None:
    """Put a call back into the queue: the agent didn't answer and gets a pause, or has no line and is off."""
    call = Call.objects.select_for_update(of=("self",)).get(pk=call_id)
    if call.agent_id is None or call.state not in (CallState.RINGING, *_HAS_CALL):
        return
    agent = Agent.objects.select_for_update().get(pk=call.agent_id)
    decide(call, EventKind.RETURNED, at=at, data={"agent_id": agent.pk, "reason": reason})
    give(call, port.StopRinging(agent_id=agent.pk), by=None, at=at)
    put_agent(agent, AgentState.OFF if reason == "line_gone" else AgentState.PAUSED, at=at)
    seek_agent(call, at=at)
