"""Guests in a call on the screens: another agent who is asked, and a supervisor who listens in."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.builders import a_post
from tests.facilities.hotline.centre import NOON, Caller, an_agent, later, state_of
from tests.facilities.hotline.test_screens import a_head, browser, centre, send  # noqa: F401
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import CommandRefused, command, command_done, hear
from yiwang.facilities.hotline.models import Agent, Command
from yiwang.kernel.access.queries import forget_standings
from yiwang.kernel.audit.models import Entry
from yiwang.kernel.orgs.models import Unit

pytestmark = pytest.mark.django_db


def by_now(seconds: float) -> float:
    """So many seconds from now on, counted from noon: what the page commanded comes before."""
    return (timezone.now() - NOON).total_seconds() + seconds


def test_another_agent_is_asked_from_the_page_and_only_answers_or_leaves(centre: Unit) -> None:  # noqa: F811
    agent, other = an_agent(centre, at=later(-60)), an_agent(centre)
    caller = Caller().offer().tell(port.CallAnswered, 1, agent_id=agent.pk)
    pk = caller.call.pk
    asking, asked = browser(agent), browser(other)
    assert f'value="{other.pk}">{other.account.name}' in asking.get(reverse("hotline:bar")).content.decode()
    send(asking, "act", pk, do="consult", agent=str(other.pk))
    assert (state_of(other), caller.call.asked_id) == ("ringing", other.pk)
    bar = asked.get(reverse("hotline:bar")).content.decode()
    assert f"{agent.account.name} asks you about this call" in bar
    assert asked.get(reverse("hotline:call", args=[pk])).status_code == 200
    send(asked, "act", pk, do="answer")
    caller.tell(port.CallHeld, by_now(1)).tell(port.PartyJoined, by_now(2), agent_id=other.pk)
    assert state_of(other) == "talking"
    assert send(asked, "act", pk, do="hang_up").status_code == 404
    assert f"Hand over to {other.account.name}" in asking.get(reverse("hotline:bar")).content.decode()
    send(asked, "act", pk, do="leave")
    caller.tell(port.PartyParted, by_now(3), agent_id=other.pk)
    assert (state_of(other), state_of(agent), caller.call.asked_id) == ("ready", "talking", None)
    assert list(Command.objects.exclude(kind="ring").order_by("pk").values_list("kind", "data")) == [
        ("consult", {"number": "", "agent_id": other.pk}),
        ("answer", {"agent_id": other.pk}),
        ("leave", {"agent_id": other.pk}),
    ]


def test_an_agent_whose_driver_cannot_reach_them_is_free_again(centre: Unit) -> None:  # noqa: F811
    agent, other = an_agent(centre, at=later(-60)), an_agent(centre)
    caller = Caller().offer().tell(port.CallAnswered, 1, agent_id=agent.pk)
    given = command(caller.call.pk, port.Consult(agent_id=other.pk), by=agent.account_id, at=later(2))
    with pytest.raises(CommandRefused):
        command(caller.call.pk, port.Consult(agent_id=other.pk), by=agent.account_id, at=later(3))
    command_done(given.pk, fault="the agent isn't free", at=later(4))
    assert (state_of(other), caller.call.asked_id) == ("ready", None)


def test_the_head_listens_in_for_a_purpose_and_the_agent_reads_who_it_is(centre: Unit) -> None:  # noqa: F811
    agent, head = an_agent(centre, at=later(-60)), a_head(centre)
    caller = Caller().offer().tell(port.CallAnswered, 1, agent_id=agent.pk)
    pk, client = caller.call.pk, browser(head)
    assert "open the console" in client.get(reverse("hotline:call", args=[pk])).content.decode()
    send(client, "state", state="paused")
    own = Agent.objects.get(account=head)
    hear(port.AgentLine("voice", own.pk, is_up=True, at=timezone.now()))
    assert send(client, "listen_in", pk, mode="listen", purpose="curiosity").status_code == 422
    send(client, "listen_in", pk, mode="listen", purpose="quality")
    given = Command.objects.get(kind="listen")
    assert given.data == {"agent_id": own.pk, "mode": "listen"}
    entry = Entry.objects.get(action="live_call.read")
    assert (entry.actor, entry.subject_id, entry.purpose) == (head.pk, pk, "quality")
    caller.tell(port.ListenerCame, by_now(1), agent_id=own.pk, mode="listen")
    assert (
        f"{head.name} is in this call: Listen only"
        in browser(agent).get(reverse("hotline:bar")).content.decode()
    )
    assert (state_of(own), send(client, "state", state="ready").status_code) == ("talking", 302)
    assert state_of(own) == "talking"
    caller.tell(port.CallEnded, by_now(2))
    assert (state_of(own), caller.call.listener_id) == ("paused", None)


def test_an_agent_does_not_listen_in_and_nobody_in_their_own_call(centre: Unit) -> None:  # noqa: F811
    agent, other = an_agent(centre, at=later(-60)), an_agent(centre)
    caller = Caller().offer().tell(port.CallAnswered, 1, agent_id=agent.pk)
    told = {"mode": "listen", "purpose": "quality"}
    assert send(browser(other), "listen_in", caller.call.pk, **told).status_code == 403
    a_post(agent.account, centre, "head")
    forget_standings()
    assert send(browser(agent), "listen_in", caller.call.pk, **told).status_code == 404
    assert not Command.objects.filter(kind="listen").exists()
