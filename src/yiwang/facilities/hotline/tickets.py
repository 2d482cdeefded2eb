"""Tickets with which an agent's page shows the voice process whose phone it is."""

from django.core import signing

SALT = "yiwang.facilities.hotline.ticket"
GOOD_FOR = 60
"""Seconds; a page fetches a new one for each connection."""


def ticket_for(agent_id: int, *, session: str) -> str:
    """A signed note that the bearer is this agent; `session` names the page, so that a reload replaces it."""
    return signing.dumps({"agent": agent_id, "session": session}, salt=SALT)


def agent_of(ticket: str) -> tuple[int, str] | None:
    """The agent and the page of a ticket, or nothing when it is forged or too old."""
    try:
        held = signing.loads(ticket, salt=SALT, max_age=GOOD_FOR)
        return int(held["agent"]), str(held["session"])
    except (signing.BadSignature, KeyError, TypeError, ValueError):
        return None
