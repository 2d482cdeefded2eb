"""The one place that writes a call: its event, and what follows from all its events."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.enums import CallState, Direction, EventKind
from yiwang.facilities.hotline.models import Agent, Call, CallEvent, Command, Line
from yiwang.facilities.hotline.rules import ROUTES_ITSELF, CallFacts, Happened, clean_number, facts_of
from yiwang.kernel.base.live import tell_several

TOPIC = "hotline"
"""What the people in a call are told when it moved; their console fetches its bar anew."""
QUEUE = "hotline.queue"
"""What everybody of the unit is told when the queue, the call-backs or the agents moved; small figures, fetched at leisure."""


def locked_call(driver: str, key: str, *, at: datetime) -> Call:
    """The call of a driver, made when it is new, and locked until the end of the transaction."""
    call = Call.objects.select_for_update(of=("self",)).filter(driver=driver, driver_key=key).first()
    if call is not None:
        return call
    # In one statement: whoever hears of the call at the same moment waits here, and finds it.
    Call.objects.bulk_create([Call(driver=driver, driver_key=key, offered_at=at)], ignore_conflicts=True)
    return Call.objects.select_for_update(of=("self",)).get(driver=driver, driver_key=key)


def append(
    call: Call, kind: str, *, at: datetime, data: Mapping[str, Any] | None = None, number: str = ""
) -> tuple[CallFacts, CallFacts]:
    """Write an event of a locked call down and let the call follow; what stood before and what stands now.

    The same event again changes nothing.
    """
    return _append(call, kind, at=at, data=data, number=number, known=happened_to(call))


def happened_to(call: Call) -> list[Happened]:
    """Every event of a locked call so far; asked once, since nobody else writes one while it is locked."""
    if call.happened is None:
        rows = CallEvent.objects.filter(call=call).values_list("kind", "at", "data")
        call.happened = [Happened(kind, at, data) for kind, at, data in rows]
    return call.happened


def look_again(call: Call) -> None:
    """Read a locked call anew, after it was moved by way of another object."""
    call.refresh_from_db()
    call.happened = None


def _append(
    call: Call, kind: str, *, at: datetime, data: Mapping[str, Any] | None, number: str, known: list[Happened]
) -> tuple[CallFacts, CallFacts]:
    before = facts_of(known)
    if any(event.kind == kind and event.at == at for event in known):
        return before, before
    values = dict(data or {})
    CallEvent.objects.create(call=call, kind=kind, at=at, data=values, number=number)
    call.happened = [*known, Happened(kind, at, values)]
    after = facts_of(call.happened)
    _follow(call, after)
    return before, after


def decide(call: Call, kind: str, *, at: datetime, data: Mapping[str, Any] | None = None) -> None:
    """Write down what the house itself decides about a locked call: it comes after all that is known of it."""
    known = happened_to(call)
    after_all = [event.at + timedelta(microseconds=1) for event in known]
    _append(call, kind, at=max([at, *after_all]), data=data, number="", known=known)


def _follow(call: Call, facts: CallFacts) -> None:
    concerned = people_in(call)
    call.state, call.direction = facts.state, facts.direction
    call.caller, call.called = facts.caller[:40], facts.called[:40]
    call.agent_id, call.others = facts.agent_id, list(facts.others)
    call.asked_id, call.is_asked_in = facts.asked_id, facts.is_asked_in
    call.listener_id, call.listening = facts.listener_id, facts.listening
    call.offered_at = facts.offered_at or call.offered_at
    call.queued_at, call.rung_at = facts.queued_at, facts.rung_at
    call.answered_at, call.ended_at = facts.answered_at, facts.ended_at
    call.cause, call.is_missed, call.is_blocked = facts.cause[:40], facts.is_missed, facts.is_blocked
    call.recording_digest, call.recording_seconds = facts.recording_digest, facts.recording_seconds
    is_inbound = facts.direction == Direction.INBOUND
    call.number = clean_number(facts.caller if is_inbound else facts.called)
    if call.unit_id is None:
        _find_unit(call, called=facts.called if is_inbound else "")
    if facts.state != CallState.QUEUED:
        call.position = None
    call.save()
    tell_pages(call, also=concerned)


def _find_unit(call: Call, *, called: str) -> None:
    """The unit whose line was dialled; a number that nobody knows comes to the first line."""
    if call.direction == Direction.OUTBOUND and call.agent is not None:
        call.unit_id = call.agent.unit_id
        return
    lines = list(Line.objects.all())
    line = next((line for line in lines if clean_number(line.number) == clean_number(called)), None)
    line = line or (lines[0] if lines else None)
    if line is not None:
        call.unit_id, call.wants = line.unit_id, line.skills


def people_in(call: Call) -> set[int]:
    """The agents in a call: its own, whoever is asked, whoever listens in."""
    return {pk for pk in (call.agent_id, call.asked_id, call.listener_id) if pk is not None}


def tell_pages(call: Call, *, also: Collection[int] = ()) -> None:
    """Let the consoles of the people in a call look anew, and of those who were in it before (`also`).

    The rest of the unit hears only that its figures may have moved.
    """
    ids = people_in(call).union(also)
    accounts = Agent.objects.filter(pk__in=ids).values_list("account_id", flat=True) if ids else ()
    unit = [] if call.unit_id is None else [f"unit:{call.unit_id}"]
    tell_several([([f"account:{pk}" for pk in accounts], TOPIC), (unit, QUEUE)])


def give(call: Call, command: port.Command, *, by: int | None, at: datetime) -> Command | None:
    """Write a command for the call's driver down; nothing for a driver that takes none."""
    if call.driver in ROUTES_ITSELF:
        return None
    return Command.objects.create(
        driver=call.driver,
        call=call,
        kind=port.command_kind(command),
        data=port.command_data(command),
        given_by_id=by,
        at=at,
    )


def give_to_each(commands: Collection[tuple[Call, port.Command]], *, at: datetime) -> None:
    """Write commands of the house for many calls down at once; none of their drivers may be one that takes none."""
    Command.objects.bulk_create(
        Command(
            driver=call.driver,
            call=call,
            kind=port.command_kind(command),
            data=port.command_data(command),
            at=at,
        )
        for call, command in commands
    )


def kind_and_data(event: port.CallEvent) -> tuple[str, dict[str, Any]]:
    """What of a driver's event is kept, under which kind."""
    match event:
        case port.CallOffered(direction=direction, caller=caller, called=called, agent_id=agent_id):
            data = {"direction": direction, "caller": caller, "called": called, "agent_id": agent_id}
            return EventKind.OFFERED, data
        case port.CallQueued(position=position):
            return EventKind.QUEUED, {"position": position}
        case port.CallRinging(agent_id=agent_id):
            return EventKind.RINGING, {"agent_id": agent_id}
        case port.CallReturned(agent_id=agent_id, reason=reason):
            return EventKind.RETURNED, {"agent_id": agent_id, "reason": reason}
        case port.CallAnswered(agent_id=agent_id):
            return EventKind.ANSWERED, {"agent_id": agent_id}
        case port.CallHeld():
            return EventKind.HELD, {}
        case port.CallResumed():
            return EventKind.RESUMED, {}
        case port.PartyJoined(agent_id=int(agent_id)):
            return EventKind.JOINED, {"agent_id": agent_id}
        case port.PartyJoined(number=number):
            return EventKind.JOINED, {"number": number}
        case port.PartyParted(agent_id=int(agent_id), reason=reason):
            return EventKind.PARTED, {"agent_id": agent_id, "reason": reason}
        case port.PartyParted(number=number):
            return EventKind.PARTED, {"number": number}
        case port.ListenerCame(agent_id=agent_id, mode=mode):
            return EventKind.LISTENED, {"agent_id": agent_id, "mode": mode}
        case port.ListenerGone(agent_id=agent_id):
            return EventKind.UNLISTENED, {"agent_id": agent_id}
        case port.CallTransferred(agent_id=agent_id, number=number):
            return EventKind.TRANSFERRED, {"agent_id": agent_id, "number": number}
        case port.CallEnded(cause=cause):
            return EventKind.ENDED, {"cause": cause}
        case port.RecordingReady(digest=digest, seconds=seconds):
            return EventKind.RECORDED, {"digest": digest, "seconds": seconds}
    raise TypeError(f"{type(event).__name__} isn't known to the hotline")
