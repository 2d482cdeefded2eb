"""A telephone system that was set up to tell Zammad tells us, as a form or as JSON."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.facilities.hotline.centre import RESIDENT, a_centre, an_agent, later, state_of
from yiwang.facilities.hotline.actions import block, look_after_queue
from yiwang.facilities.hotline.models import Call, CallBack, CallEvent

pytestmark = pytest.mark.django_db
TOKEN = "a-long-token"


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIWANG_CTI_TOKEN", TOKEN)


def say(event: str, *, token: str = TOKEN, as_json: bool = False, **changes: Any) -> tuple[int, Any]:
    fields = {
        "event": event,
        "from": f"86{RESIDENT}" if changes.pop("is_foreign", False) else RESIDENT,
        "to": "96519",
        "direction": "in",
        "callId": "abc-1",
        **changes,
    }
    client, address = Client(enforce_csrf_checks=True), f"/hotline/cti/{token}/"
    if as_json:
        response = client.post(address, json.dumps(fields), content_type="application/json")
    else:
        response = client.post(address, fields)
    return response.status_code, response.json()


def told() -> list[str]:
    return list(CallEvent.objects.order_by("at", "pk").values_list("kind", flat=True))


@pytest.mark.parametrize("as_json", [False, True])
def test_a_call_from_ring_to_end(as_json: bool) -> None:
    agent = an_agent(a_centre(), has_line=False, extension="8001")
    name = agent.account.name
    assert say("newCall", as_json=as_json, queue="热线", **{"user[]": [name]}) == (200, {})
    assert (Call.objects.get().state, Call.objects.get().agent_id, state_of(agent)) == (
        "ringing",
        agent.pk,
        "ringing",
    )
    assert say("answer", as_json=as_json, answeringNumber="8001") == (200, {})
    assert state_of(agent) == "talking"
    assert say("hangup", as_json=as_json, cause="normalClearing", answeringNumber="8001") == (200, {})
    call = Call.objects.get()
    assert (call.number, call.cause, call.is_missed, state_of(agent)) == (
        RESIDENT,
        "normalClearing",
        False,
        "wrap_up",
    )


def test_a_repeated_message_changes_nothing() -> None:
    an_agent(a_centre(), has_line=False, extension="8001")
    for event in ("newCall", "newCall", "answer", "answer", "hangup", "hangup", "newCall"):
        assert say(event, answeringNumber="8001") == (200, {})
    assert (Call.objects.count(), told()) == (1, ["offered", "ringing", "answered", "ended"])


def test_a_group_call_waits_for_whoever_picks_up_and_a_missed_one_is_called_back() -> None:
    unit = a_centre()
    names = [an_agent(unit, has_line=False).account.name for _ in range(2)]
    say("newCall", queue="热线", **{"user[]": names})
    assert (Call.objects.get().state, Call.objects.get().agent_id) == ("queued", None)
    say("hangup", cause="cancel")
    assert list(CallBack.objects.values_list("number", "reason")) == [(RESIDENT, "missed")]


def test_the_end_alone_of_a_call_is_a_missed_call() -> None:
    a_centre()
    say("hangup", cause="noAnswer")
    assert (Call.objects.get().is_missed, CallBack.objects.get().number) == (True, RESIDENT)


def test_a_blocked_number_is_rejected_as_busy() -> None:
    agent = an_agent(a_centre(), has_line=False)
    now = timezone.now()
    block(RESIDENT, reason="骚扰", until_at=now + timedelta(days=1), by=agent.account_id, at=now)
    assert say("newCall") == (200, {"action": "reject", "reason": "busy"})
    assert (Call.objects.get().is_blocked, CallBack.objects.count()) == (True, 0)


def test_an_outgoing_call_belongs_to_who_made_it() -> None:
    agent = an_agent(a_centre(), has_line=False, extension="8001")
    fields = {"from": "8001", "to": RESIDENT, "direction": "out", "user[]": [agent.account.name]}
    say("newCall", **fields)
    call = Call.objects.get()
    assert (call.direction, call.number, call.agent_id, call.unit_id) == (
        "outbound",
        RESIDENT,
        agent.pk,
        agent.unit_id,
    )


def test_what_is_not_understood_is_refused_with_a_reason() -> None:
    a_centre()
    assert [
        say("newCall", direction="up"),
        say("dance"),
        say("newCall", callId=""),
        say("newCall", token="wrong")[0],
    ] == [
        (422, {"error": "Invalid direction!"}),
        (422, {"error": "Invalid event!"}),
        (422, {"error": "Invalid callId!"}),
        403,
    ]
    assert Call.objects.count() == 0


def test_without_a_token_set_nobody_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("YIWANG_CTI_TOKEN")
    assert [say("newCall", token="x")[0], say("newCall", token="None")[0]] == [403, 403]


def test_a_call_of_which_nothing_more_is_said_ends_after_hours() -> None:
    agent = an_agent(a_centre(), has_line=False, extension="8001", at=later(-99))
    say("newCall", answeringNumber="8001")
    look_after_queue(at=timezone.now() + timedelta(hours=2))
    assert state_of(agent) == "ringing"
    look_after_queue(at=timezone.now() + timedelta(hours=4))
    assert (Call.objects.get().cause, state_of(agent)) == ("silent", "wrap_up")
