"""How calls, agents and durations are shown on the hotline's screens."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.facilities.hotline.enums import AgentState, CallBackReason, CallState, Direction
from yiwang.facilities.hotline.models import Agent, Call, CallBack, CallOutcome
from yiwang.facilities.hotline.registry import outcome_label
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.ui.html import format_html
from yiwang.kernel.ui.states import state

AGENT_KINDS = {
    AgentState.OFF: "none",
    AgentState.READY: "done",
    AgentState.RINGING: "soon",
    AgentState.TALKING: "info",
    AgentState.WRAP_UP: "waiting",
    AgentState.PAUSED: "waiting",
}
CALL_KINDS = {
    CallState.OFFERED: "soon",
    CallState.QUEUED: "soon",
    CallState.RINGING: "soon",
    CallState.TALKING: "info",
    CallState.HELD: "waiting",
    CallState.ENDED: "done",
}


def standing_of(request: HttpRequest) -> Standing:
    """Who is asking."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    return standing


def agent_state(agent: Agent) -> str:
    """What an agent is doing, as a word with its shape."""
    return state(AGENT_KINDS[AgentState(agent.state)], words=str(AgentState(agent.state).label))


def call_state(call: Call) -> str:
    """Where a call is, or how it ended."""
    if call.is_blocked:
        return state("none", words=_("Refused"))
    if call.is_missed:
        return state("late", words=_("Not answered"))
    return state(CALL_KINDS[CallState(call.state)], words=str(CallState(call.state).label))


def duration(span: timedelta | float | None) -> str:
    """A span as a clock shows it: 2:05, or 1:02:05 beyond an hour."""
    if span is None:
        return "–"
    seconds = max(0, round(span.total_seconds() if isinstance(span, timedelta) else span))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def talked(call: Call) -> str:
    """How long was spoken."""
    return duration(call.ended_at - call.answered_at) if call.ended_at and call.answered_at else "–"


def waited(call: Call) -> str:
    """How long the caller waited for an answer or in vain."""
    until = call.answered_at or call.ended_at
    return duration(until - call.offered_at) if until and call.direction == Direction.INBOUND else "–"


def running(since_at: datetime | None, *, at: datetime) -> str:
    """A span that runs on while the page is open; the console's script counts it."""
    if since_at is None:
        return ""
    return format_html(
        '<span class="running" data-since="{}">{}</span>',
        int(since_at.timestamp() * 1000),
        duration(at - since_at),
    )


def outcome_words(outcome: CallOutcome) -> str:
    """What a call became, in words."""
    return {
        "answered": _("Answered on the spot"),
        "additional_caller": _("Additional caller"),
        "call_back": _("Call-back promised"),
        "none": _("Nothing to do"),
    }.get(outcome.key) or outcome_label(outcome.key)


def outcomes_words(outcomes: Iterable[CallOutcome]) -> str:
    """What a call became, one after the other."""
    return " · ".join(dict.fromkeys(outcome_words(outcome) for outcome in outcomes)) or "–"


def who(call: Call) -> str:
    """The agent of a call."""
    return call.agent.account.name if call.agent is not None else "–"


def why(task: CallBack) -> str:
    """Why somebody is to be called back, and how often they tried."""
    told = str(CallBackReason(task.reason).label)
    if task.times > 1:
        told += " · " + ngettext("%(n)d call", "%(n)d calls", task.times) % {"n": task.times}
    return told


def number(text: str) -> str:
    """A telephone number, or the word for its absence."""
    if not text:
        return format_html('<span class="muted">{}</span>', _("no number shown"))
    return format_html('<span class="code">{}</span>', text)
