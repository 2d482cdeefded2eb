"""Words of the hotline in the log, and deeds of its people written down."""

from django.utils.translation import gettext_lazy as _

from yiwang.facilities.hotline.enums import ListenPurpose
from yiwang.facilities.hotline.events import AgentSetUp, NumberBlocked
from yiwang.kernel.audit.actions import record
from yiwang.kernel.audit.labels import name_action, name_purpose
from yiwang.kernel.base.events import handles_within

name_action("call.read", _("Read a call"))
name_action("live_call.read", _("Listened in on a call"))
name_action("recording.read", _("Listened to a recording"))
name_action("number.blocked", _("Blocked a number"))
name_action("agent.set_up", _("Set up a hotline agent"))
for purpose in ListenPurpose:
    name_purpose(purpose.value, purpose.label)


@handles_within(NumberBlocked)
def on_number_blocked(event: NumberBlocked) -> None:
    """A number was blocked: the log says so."""
    record(
        "number.blocked",
        at=event.at,
        actor=event.by,
        subject_kind="blocked_number",
        subject_id=event.blocked_id,
    )


@handles_within(AgentSetUp)
def on_agent_set_up(event: AgentSetUp) -> None:
    """An agent was set up anew: the log says by whom; how, the agent's history says."""
    record(
        "agent.set_up",
        at=event.at,
        actor=event.by,
        subject_kind="hotline_agent",
        subject_id=event.agent_id,
    )
