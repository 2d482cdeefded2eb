"""Who may see, lead and listen to which calls."""

from yiwang.facilities.hotline.models import Call
from yiwang.kernel.access.rules import Standing

SERVICE_ROLES = frozenset({"agent", "head"})
"""Who works at a hotline: agents take calls, the head of their unit supervises."""


def hotline_units(standing: Standing) -> frozenset[int]:
    """The units at whose hotline somebody works; which of them answer a line, the lines say."""
    return frozenset(post.unit_id for post in standing.posts if post.role in SERVICE_ROLES)


def may_see_call(standing: Standing, call: Call) -> bool:
    """Whether somebody works at the hotline that took the call."""
    return call.unit_id in hotline_units(standing)


def may_supervise(standing: Standing, unit_id: int | None) -> bool:
    """Whether somebody heads a unit: sees its agents, blocks numbers, keeps its knowledge."""
    return unit_id is not None and "head" in standing.roles_at(unit_id)


def supervised_units(standing: Standing) -> frozenset[int]:
    """The units that somebody heads."""
    return frozenset(post.unit_id for post in standing.posts if post.role == "head")


def is_supervisor(standing: Standing) -> bool:
    """Whether somebody heads any unit with a hotline."""
    return "head" in standing.roles


def may_lead_call(standing: Standing, call: Call) -> bool:
    """Whether somebody may hold, pass on or end a call: its agent, and the head of the unit."""
    is_own = call.agent is not None and call.agent.account_id == standing.account_id
    return may_see_call(standing, call) and (is_own or may_supervise(standing, call.unit_id))


def is_guest(standing: Standing, call: Call) -> bool:
    """Whether somebody is in a call that isn't theirs: asked by its agent, or listening in."""
    guests = {agent.account_id for agent in (call.asked, call.listener) if agent is not None}
    return may_see_call(standing, call) and standing.account_id in guests


def may_listen_in(standing: Standing, call: Call) -> bool:
    """Whether somebody may hear a call that goes on: the head of the unit, never in a call of their own."""
    is_own = call.agent is not None and call.agent.account_id == standing.account_id
    return may_supervise(standing, call.unit_id) and not is_own


def may_listen(standing: Standing, call: Call) -> bool:
    """Whether somebody may hear a recording: the agent who spoke, and the head of the unit."""
    return bool(call.recording_digest) and may_lead_call(standing, call)
