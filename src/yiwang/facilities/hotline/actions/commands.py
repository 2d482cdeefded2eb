"""Telling drivers what to do, and what became of it."""

import uuid
from datetime import datetime

from django.db import transaction

from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions.calls import hear
from yiwang.facilities.hotline.actions.record import give
from yiwang.facilities.hotline.enums import LIVE_STATES, AgentState, CallState, Direction
from yiwang.facilities.hotline.models import Agent, Call, Command
from yiwang.facilities.hotline.rules import ROUTES_ITSELF, clean_number

_WHEN: dict[type[port.Command], tuple[str, ...]] = {
    port.Answer: (CallState.RINGING,),
    port.Hold: (CallState.TALKING,),
    port.Resume: (CallState.HELD, CallState.TALKING),
    port.Consult: (CallState.TALKING, CallState.HELD),
    port.ThreeWay: (CallState.TALKING, CallState.HELD),
    port.Transfer: (CallState.TALKING, CallState.HELD),
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
    if call.driver in ROUTES_ITSELF or call.state not in _WHEN.get(type(given), ()):
        raise CommandRefused(port.command_kind(given))
    if isinstance(given, port.Consult) and not clean_number(given.number):
        raise CommandRefused("number")
    if isinstance(given, port.Transfer) and not (given.agent_id or clean_number(given.number)):
        raise CommandRefused("number")
    written = give(call, given, by=by, at=at)
    assert written is not None
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


def command_done(command_id: int, *, at: datetime, fault: str = "") -> None:
    """A driver has done a command, or says why it couldn't."""
    Command.objects.filter(pk=command_id).update(done_at=at, fault=fault[:200])
