"""Telling drivers what to do, and what became of it."""

import uuid
from datetime import datetime

from django.db import transaction

from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions.calls import hear
from yiwang.facilities.hotline.actions.queue import put_agent
from yiwang.facilities.hotline.actions.record import decide, give
from yiwang.facilities.hotline.enums import (
    LIVE_STATES,
    AgentState,
    CallState,
    Direction,
    EventKind,
    ListenMode,
)
from yiwang.facilities.hotline.models import Agent, Call, Command
from yiwang.facilities.hotline.rules import ROUTES_ITSELF, clean_number
from yiwang.kernel.audit.actions import record_read

_WHEN: dict[type[port.Command], tuple[str, ...]] = {
    port.Answer: (CallState.RINGING,),
    port.Hold: (CallState.TALKING,),
    port.Resume: (CallState.HELD, CallState.TALKING),
    port.Consult: (CallState.TALKING, CallState.HELD),
    port.ThreeWay: (CallState.TALKING, CallState.HELD),
    port.Transfer: (CallState.TALKING, CallState.HELD),
    port.Listen: (CallState.TALKING, CallState.HELD),
    port.Leave: (CallState.TALKING, CallState.HELD),
    port.HangUp: tuple(LIVE_STATES),
}


class CommandRefused(ValueError):
    """The call isn't in a state in which this can be done, its driver takes no commands, or a number is missing."""


@transaction.atomic
def command(call_id: int, given: port.Command, *, by: int, at: datetime) -> Command:
    """Have a call's driver do something; it is done when the driver says so. Doesn't ask who may.

    Raises `CommandRefused`.
    """
    call = Call.objects.select_for_update(of=("self",)).get(pk=call_id)
    is_asked = isinstance(given, port.Answer) and given.agent_id == call.asked_id
    if call.driver in ROUTES_ITSELF or not (is_asked or call.state in _WHEN.get(type(given), ())):
        raise CommandRefused(port.command_kind(given))
    if isinstance(given, port.Consult | port.Transfer) and not (given.agent_id or clean_number(given.number)):
        raise CommandRefused("number")
    if isinstance(given, port.Consult) and given.agent_id is not None:
        _ask(call, given.agent_id, at=at)
    written = give(call, given, by=by, at=at)
    assert written is not None
    return written


def _ask(call: Call, agent_id: int, *, at: datetime) -> None:
    """Let an agent be asked about a locked call: rung by nobody else from now on."""
    agent = Agent.objects.select_for_update().get(pk=agent_id)
    if call.asked_id is not None or agent.state != AgentState.READY or not agent.has_line:
        raise CommandRefused("busy")
    put_agent(agent, AgentState.RINGING, at=at)
    decide(call, EventKind.ASKED, at=at, data={"agent_id": agent_id})


@transaction.atomic
def listen_in(call_id: int, *, mode: str, purpose: str, agent_id: int, by: int, at: datetime) -> Command:
    """Let a supervisor's phone into a call that goes on; the log says who, why and how. Doesn't ask who may.

    Given again it changes the mode. The agent in the call is told on the console, and by a tone.
    Raises `CommandRefused` when the call is over, somebody else listens, or the phone isn't there or is in use.
    """
    call = Call.objects.select_for_update(of=("self",)).get(pk=call_id)
    agent = Agent.objects.select_for_update().get(pk=agent_id)
    is_free = agent.has_line and agent.state not in (AgentState.RINGING, AgentState.TALKING)
    if mode not in ListenMode.values or call.listener_id not in (None, agent_id):
        raise CommandRefused("listen")
    if not (is_free or call.listener_id == agent_id):
        raise CommandRefused("listen")
    if agent.state == AgentState.READY:
        put_agent(agent, AgentState.PAUSED, at=at)
    written = command(call_id, port.Listen(agent_id=agent_id, mode=mode), by=by, at=at)
    record_read(
        "live_call", call.pk, at=at, actor=by, unit=call.unit_id, purpose=purpose, details={"mode": mode}
    )
    return written


@transaction.atomic
def originate(number: str, *, agent_id: int, driver: str, by: int, at: datetime) -> Call:
    """Call a number for an agent; the call is there at once, and the driver is told to make it.

    Raises `CommandRefused` for a number without digits, or an agent who has a call or no phone.
    """
    cleaned = clean_number(number)
    agent = Agent.objects.select_for_update().get(pk=agent_id)
    is_busy = agent.state in (AgentState.RINGING, AgentState.TALKING)
    if not cleaned or is_busy or not agent.has_line or driver in ROUTES_ITSELF:
        raise CommandRefused("originate")
    key = f"out-{uuid.uuid4().hex}"
    call = hear(
        port.CallOffered(driver, key, at, Direction.OUTBOUND, caller="", called=cleaned, agent_id=agent_id)
    )
    assert call is not None
    give(call, port.Originate(number=cleaned, agent_id=agent_id, key=key), by=by, at=at)
    return call


@transaction.atomic
def take_commands(driver: str, *, at: datetime) -> list[port.Given]:
    """The commands that wait for a driver, in order, taken off the heap: no two processes get the same one."""
    rows = list(
        Command.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(driver=driver, taken_at__isnull=True)
        .select_related("call")
        .order_by("pk")
    )
    Command.objects.filter(pk__in=[row.pk for row in rows]).update(taken_at=at)
    return [
        port.Given(row.pk, row.call.driver_key if row.call else "", port.command_of(row.kind, row.data))
        for row in rows
    ]


@transaction.atomic
def command_done(command_id: int, *, at: datetime, fault: str = "") -> None:
    """A driver has done a command, or says why it couldn't; an agent who couldn't be asked is free again."""
    Command.objects.filter(pk=command_id).update(done_at=at, fault=fault[:200])
    if not fault:
        return
    row = Command.objects.select_related("call").get(pk=command_id)
    asked = row.data.get("agent_id") if row.kind == "consult" else None
    if asked is not None and row.call is not None:
        hear(port.PartyParted(row.driver, row.call.driver_key, at, agent_id=asked, reason="busy"))
