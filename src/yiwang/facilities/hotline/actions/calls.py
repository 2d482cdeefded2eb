"""What happens to calls. `hear` is the only door for what drivers tell."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions.agents import note_line
from yiwang.facilities.hotline.actions.call_backs import ask_call_back, close_for_caller
from yiwang.facilities.hotline.actions.queue import let_guest_go, put_agent, seek_agent, serve
from yiwang.facilities.hotline.actions.record import (
    append,
    decide,
    give,
    kind_and_data,
    locked_call,
    look_again,
    tell_pages,
)
from yiwang.facilities.hotline.enums import (
    LIVE_STATES,
    AgentState,
    CallBackReason,
    CallState,
    Direction,
    EventKind,
)
from yiwang.facilities.hotline.events import CallCame, CallFinished, CallTaken, OutcomeNoted
from yiwang.facilities.hotline.models import Agent, BlockedNumber, Call, CallOutcome, Command
from yiwang.facilities.hotline.rules import ROUTES_ITSELF, CallFacts
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.text import clean_text


def hear(event: port.Event) -> Call | None:
    """Take in what a driver tells: write it down, let the call, its agent and the queue follow.

    May be told twice, late or in any order: a call is what all its events make of it. Returns the call, or
    nothing for what concerns no single one.
    """
    match event:
        case port.DriverLost(driver=driver, at=at):
            lose_driver(driver, at=at)
            return None
        case port.AgentLine(agent_id=agent_id, is_up=is_up, at=at):
            note_line(agent_id, is_up=is_up, at=at)
            if is_up:
                serve(at=at)
            return None
        case port.CallEvent():
            return _hear(event)


@transaction.atomic
def _hear(event: port.CallEvent) -> Call:
    call = locked_call(event.driver, event.key, at=event.at)
    kind, data = kind_and_data(event)
    before, after = append(call, kind, at=event.at, data=data)
    if before == after and kind != EventKind.OFFERED:
        return call
    is_first = before == CallFacts() or (
        not before.caller and call.events.filter(kind=EventKind.OFFERED).count() == 1
    )
    if kind == EventKind.OFFERED and is_first:
        _came(call, at=event.at)
    _agents_follow(call, before, after, at=event.at)
    if after.answered_at is not None and before.answered_at is None:
        _taken(call, at=after.answered_at)
    was_nameless = not before.caller and bool(after.caller)
    if after.ended_at is not None and (before.ended_at is None or was_nameless):
        _finished(call, after, at=event.at)
    return call


def _came(call: Call, *, at: datetime) -> None:
    if call.direction == Direction.OUTBOUND:
        return
    if _is_blocked(call, at=at):
        decide(call, EventKind.ENDED, at=at, data={"cause": "blocked"})
        give(call, port.Refuse(cause="blocked"), by=None, at=at)
        return
    publish(CallCame(call.pk, call.number, call.unit_id, at))
    is_ours = call.driver not in ROUTES_ITSELF and call.state == CallState.OFFERED
    if is_ours and seek_agent(call, at=at) is None:
        serve(at=at)
        look_again(call)


def _is_blocked(call: Call, *, at: datetime) -> bool:
    held = BlockedNumber.objects.filter(
        number=call.number, lifted_at__isnull=True, from_at__lte=at, until_at__gt=at
    )
    return bool(call.number) and held.update(refused=F("refused") + 1) > 0


def _agents_follow(call: Call, before: CallFacts, after: CallFacts, *, at: datetime) -> None:
    """Let the agents of a call, guests among them, be in the state that follows from it."""
    has_moved = (before.state, before.agent_id) != (after.state, after.agent_id)
    ids = sorted({*_everybody(before), *_everybody(after)})
    if not ids or not (has_moved or _guests(before) != _guests(after)):
        return
    for agent in Agent.objects.select_for_update().filter(pk__in=ids).order_by("pk"):
        if agent.pk == after.agent_id and after.ended_at is None:
            if after.state == CallState.RINGING:
                if agent.state == AgentState.READY:
                    put_agent(agent, AgentState.RINGING, at=at)
            elif after.state in (CallState.TALKING, CallState.HELD, CallState.OFFERED):
                put_agent(agent, AgentState.TALKING, at=at)
        elif agent.pk in _guests(after):
            is_ringing = agent.pk == after.asked_id and not after.is_asked_in
            put_agent(agent, AgentState.RINGING if is_ringing else AgentState.TALKING, at=at)
        elif agent.pk in _guests(before):
            let_guest_go(agent, has_listened=agent.pk == before.listener_id, at=at)
        else:
            _let_go(agent, before, after, at=at)
    if has_moved and after.state == CallState.QUEUED and call.driver not in ROUTES_ITSELF:
        seek_agent(call, at=at)


def _guests(facts: CallFacts) -> dict[int, str]:
    """The agents in a call that isn't theirs, each with what they do there."""
    asked = {} if facts.asked_id is None else {facts.asked_id: str(facts.is_asked_in)}
    return asked if facts.listener_id is None else {**asked, facts.listener_id: facts.listening}


def _everybody(facts: CallFacts) -> set[int]:
    return {*_guests(facts), *(() if facts.agent_id is None else (facts.agent_id,))}


def _let_go(agent: Agent, before: CallFacts, after: CallFacts, *, at: datetime) -> None:
    """An agent has no more to do with a call: after talking comes the work after it, after mere ringing the next."""
    if agent.state == AgentState.TALKING:
        put_agent(agent, AgentState.WRAP_UP, at=at)
    elif agent.state == AgentState.RINGING:
        is_unanswered = after.state == CallState.QUEUED
        put_agent(agent, AgentState.PAUSED if is_unanswered else AgentState.READY, at=at)


def _taken(call: Call, *, at: datetime) -> None:
    if call.direction == Direction.OUTBOUND:
        return
    close_for_caller(call, at=at)
    waited = max(0.0, (at - call.offered_at).total_seconds())
    publish(CallTaken(call.pk, call.number, call.agent.account_id if call.agent else None, waited, at))


def _finished(call: Call, facts: CallFacts, *, at: datetime) -> None:
    """A call is over: whoever got no word, or lost the line, is called back."""
    if facts.is_lost and call.direction == Direction.INBOUND:
        ask_call_back(call.number, reason=CallBackReason.LOST, unit_id=call.unit_id, call_id=call.pk, at=at)
    elif facts.is_missed:
        ask_call_back(call.number, reason=CallBackReason.MISSED, unit_id=call.unit_id, call_id=call.pk, at=at)
    publish(CallFinished(call.pk, call.number, facts.is_missed, facts.cause, at))
    if call.driver not in ROUTES_ITSELF:
        serve(at=at)


def lose_driver(driver: str, *, at: datetime) -> int:
    """A driver is gone: every live call of it is lost and becomes a call-back; how many they were."""
    keys = list(
        Call.objects.filter(driver=driver, state__in=LIVE_STATES).values_list("pk", flat=True).order_by("pk")
    )
    for pk in keys:
        with transaction.atomic():
            call = Call.objects.select_for_update(of=("self",)).get(pk=pk)
            before, after = append(call, EventKind.LOST, at=at)
            _agents_follow(call, before, after, at=at)
            if before.ended_at is None and after.ended_at is not None:
                _finished(call, after, at=at)
    if driver not in ROUTES_ITSELF:
        Agent.objects.filter(has_line=True).update(has_line=False, line_at=at)
        Command.objects.filter(driver=driver, done_at__isnull=True).update(
            done_at=at, fault="the driver was gone"
        )
    return len(keys)


@transaction.atomic
def note_words(call_id: int, *, words: str, by: int) -> None:
    """Keep what an agent writes about a call, beside it."""
    Call.objects.filter(pk=call_id).update(words=clean_text(words)[:4000])


@transaction.atomic
def note_outcome(
    call_id: int,
    *,
    outcome: str,
    by: int | None,
    at: datetime,
    subject_kind: str = "",
    subject_id: int | None = None,
    article_id: int | None = None,
    words: str = "",
) -> CallOutcome:
    """Write down what a call became; the same matter is written down once. Doesn't ask who may."""
    call = Call.objects.select_for_update(of=("self",)).get(pk=call_id)
    if subject_id is not None:
        known = call.outcomes.filter(subject_kind=subject_kind, subject_id=subject_id).first()
        if known is not None:
            return known
    noted = CallOutcome.objects.create(
        call=call,
        key=outcome,
        subject_kind=subject_kind,
        subject_id=subject_id,
        article_id=article_id,
        words=clean_text(words)[:4000],
        noted_by_id=by,
        at=at,
    )
    publish(OutcomeNoted(call.pk, outcome, subject_kind, subject_id, by, at))
    tell_pages(call)
    return noted


class NotMergeable(ValueError):
    """A call can't be joined to itself, nor to one that is joined to it."""


@transaction.atomic
def merge_calls(call_id: int, *, into: int, by: int, at: datetime) -> None:
    """Join a call to an earlier one of the same matter: its caller is an additional caller of that matter.

    What the earlier call became counts for this one too. Raises `NotMergeable`.
    """
    calls = {
        call.pk: call
        for call in Call.objects.select_for_update(of=("self",)).filter(pk__in=(call_id, into)).order_by("pk")
    }
    call, first = calls[call_id], calls[into]
    if first.merged_into_id is not None and first.merged_into_id != call.pk:
        first = Call.objects.get(pk=first.merged_into_id)
    if first.pk == call.pk or first.merged_into_id == call.pk or call.unit_id != first.unit_id:
        raise NotMergeable(call_id)
    call.merged_into = first
    call.save(update_fields=["merged_into"])
    for outcome in first.outcomes.all():
        note_outcome(
            call.pk,
            outcome="additional_caller",
            subject_kind=outcome.subject_kind,
            subject_id=outcome.subject_id,
            words=outcome.words,
            by=by,
            at=at,
        )
    tell_pages(call)


@transaction.atomic
def wrap_up(call_id: int, *, by: int, at: datetime) -> None:
    """The work after a call is done: the agent is ready for the next one."""
    call = Call.objects.select_for_update(of=("self",)).get(pk=call_id)
    if call.wrapped_up_at is None:
        call.wrapped_up_at = at
        call.save(update_fields=["wrapped_up_at"])
    agent = Agent.objects.select_for_update().filter(account_id=by).first()
    if agent is not None and agent.state == AgentState.WRAP_UP:
        put_agent(agent, AgentState.READY, at=at)
    tell_pages(call, also=[agent.pk] if agent is not None else ())
    serve(at=at)
