"""Agents: whether they are there, what they do, what they can."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yiwang.facilities.hotline.actions.queue import put_agent, serve
from yiwang.facilities.hotline.actions.record import TOPIC
from yiwang.facilities.hotline.enums import LIVE_STATES, AgentState
from yiwang.facilities.hotline.models import Agent, Call
from yiwang.kernel.base.live import tell

CHOSEN_BY_HAND = (AgentState.OFF, AgentState.READY, AgentState.WRAP_UP, AgentState.PAUSED)


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
    if Call.objects.filter(agent=agent, state__in=LIVE_STATES).exists():
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


def set_skills(agent_id: int, skills: Iterable[str]) -> None:
    """Say what an agent can do: dialects, languages, fields."""
    Agent.objects.filter(pk=agent_id).update(
        skills=sorted({skill.strip()[:30] for skill in skills if skill.strip()})
    )


def set_auto_answer(agent_id: int, *, is_on: bool) -> None:
    """Let calls of an agent be answered without a click, after a tone."""
    Agent.objects.filter(pk=agent_id).update(is_auto_answer=is_on)


def _tell(agent: Agent) -> None:
    tell([f"unit:{agent.unit_id}", f"account:{agent.account_id}"], TOPIC)
