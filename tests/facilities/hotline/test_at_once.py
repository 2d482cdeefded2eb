"""Many callers at the same moment: nobody is rung for two of them, and nobody is forgotten."""

import threading

import pytest
from django.db import connection

from tests.facilities.hotline.centre import a_centre, an_agent, later
from yiwang.facilities.hotline import port
from yiwang.facilities.hotline.actions import hear, look_after_queue
from yiwang.facilities.hotline.enums import CallState
from yiwang.facilities.hotline.models import Call, Command

pytestmark = pytest.mark.django_db(transaction=True)
CALLERS, AGENTS, THREADS = 24, 5, 6


def test_agents_are_given_one_caller_each_and_everybody_else_waits_in_order() -> None:
    unit = a_centre()
    agents = {an_agent(unit).pk for _ in range(AGENTS)}
    faults: list[Exception] = []

    def call(first: int) -> None:
        try:
            for number in range(first, CALLERS, THREADS):
                caller = f"139000000{number:02}"
                hear(port.CallOffered("voice", f"c{number}", later(number / 100), "inbound", caller, "96519"))
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=call, args=(first,)) for first in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    # An agent whose row another caller held at that moment is found at the next look, a second later.
    look_after_queue(at=later(1))
    rung = list(Call.objects.filter(state=CallState.RINGING).values_list("agent_id", flat=True))
    assert (sorted(rung), set(rung)) == (sorted(agents), agents)
    waiting = Call.objects.filter(state=CallState.QUEUED).order_by("offered_at")
    assert [call.position for call in waiting] == list(range(1, CALLERS - AGENTS + 1))
    assert Command.objects.filter(kind="ring").count() == AGENTS
