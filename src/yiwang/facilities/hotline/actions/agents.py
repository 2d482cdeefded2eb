"""Agents: whether they are there, what they do, what they can."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.facilities.hotline.actions.queue import put_agent, serve
from yiwang.facilities.hotline.actions.record import QUEUE, TOPIC
from yiwang.facilities.hotline.enums import LIVE_STATES, AgentState
from yiwang.facilities.hotline.events import AgentSetUp
from yiwang.facilities.hotline.models import Agent, AgentSetting, Call
from yiwang.facilities.hotline.queries import theirs
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.live import tell_several

CHOSEN_BY_HAND = (AgentState.OFF, AgentState.READY, AgentState.WRAP_UP, AgentState.PAUSED)

SET_UP = ("extension", "skills", "languages", "priority", "is_auto_answer")
"""What a supervisor keeps of an agent."""


class ExtensionTaken(ValueError):
    """Two agents can't have one telephone."""


class NotYourTurn(ValueError):
    """An agent with a call on the line can't be anything but in that call."""


def enter_service(account_id: int, *, unit_id: int, at: datetime, extension: str = "") -> Agent:
    """The agent of an account, made when it comes for the first time; moved when its post is elsewhere now."""
    agent, _ = Agent.objects.get_or_create(
        account_id=account_id, defaults={"unit_id": unit_id, "since_at": at, "extension": extension}
    )
    if agent.unit_id != unit_id:
        agent.unit_id = unit_id
        agent.save(update_fields=["unit"])
    return agent


@transaction.atomic
def set_state(agent_id: int, state: str, *, at: datetime) -> Agent:
    """An agent says: ready, pause, after-call work, signed off. A ready one is rung for whoever waits.

    Raises `NotYourTurn` while a call is on the line or rings, `ValueError` for a state nobody can choose.
    """
    if state not in CHOSEN_BY_HAND:
        raise ValueError(state)
    agent = Agent.objects.select_for_update().get(pk=agent_id)
    if Call.objects.filter(theirs(agent), state__in=LIVE_STATES).exists():
        raise NotYourTurn(agent_id)
    put_agent(agent, state, at=at)
    _tell(agent)
    if state == AgentState.READY:
        serve(at=at)
        agent.refresh_from_db()
    return agent


@transaction.atomic
def note_line(agent_id: int, *, is_up: bool, at: datetime) -> None:
    """An agent's phone is there, or has gone; who has gone without a call is not rung and not paused either."""
    agent = Agent.objects.select_for_update().get(pk=agent_id)
    if agent.has_line == is_up or (agent.line_at is not None and agent.line_at > at):
        return
    agent.has_line, agent.line_at = is_up, at
    agent.save(update_fields=["has_line", "line_at"])
    _tell(agent)


@transaction.atomic
def set_up_agent(agent_id: int, *, by: int | None, at: datetime, **wanted: Any) -> Agent:
    """Say how an agent works: `extension skills languages priority is_auto_answer`, or some of them.

    What stood before is kept; nothing is written when nothing changes. Doesn't ask who may.
    Raises `ExtensionTaken` when another agent has the extension.
    """
    agent = Agent.objects.select_for_update().get(pk=agent_id)
    for name in ("skills", "languages"):
        if name in wanted:
            wanted[name] = sorted({word.strip()[:30] for word in wanted[name] if word.strip()})
    changed = {name: value for name, value in wanted.items() if getattr(agent, name) != value}
    if not changed.keys() <= set(SET_UP):
        raise TypeError(sorted(changed.keys() - set(SET_UP)))
    if not changed:
        return agent
    for name, value in changed.items():
        setattr(agent, name, value)
    try:
        with transaction.atomic():
            agent.save(update_fields=list(changed))
    except IntegrityError as error:
        raise ExtensionTaken(agent.extension) from error
    AgentSetting.objects.create(
        agent=agent, by_id=by, at=at, **{name: getattr(agent, name) for name in SET_UP}
    )
    publish(AgentSetUp(agent.pk, by, at))
    _tell(agent)
    return agent


def _tell(agent: Agent) -> None:
    tell_several([([f"account:{agent.account_id}"], TOPIC), ([f"unit:{agent.unit_id}"], QUEUE)])
