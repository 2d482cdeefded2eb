"""The console and the screens around it, as agents and the head of the centre use them."""

import io
import wave
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import LONG_AGO, a_post, an_account
from tests.facilities.hotline.centre import RESIDENT, Caller, a_centre, an_agent, later, state_of
from yiwang.facilities.hotline import port, tickets
from yiwang.facilities.hotline.actions import ask_call_back, hear, note_outcome, write_article
from yiwang.facilities.hotline.models import (
    Agent,
    AgentSetting,
    Article,
    BlockedNumber,
    Call,
    CallBack,
    Command,
    Line,
)
from yiwang.facilities.hotline.queries import articles, calls_by_hour, forget_lines
from yiwang.facilities.hotline.registry import (
    Outcome,
    PastMatter,
    _histories,
    _outcomes,
    provide_history,
    register_outcome,
)
from yiwang.kernel.audit.models import Entry
from yiwang.kernel.files.actions import store
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.models import Account

pytestmark = pytest.mark.django_db
BACKEND = "yiwang.kernel.people.backends.AccountBackend"


@pytest.fixture
def centre() -> Unit:
    forget_lines()
    return a_centre()


def browser(account: Account | Agent) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account.account if isinstance(account, Agent) else account, backend=BACKEND)
    client.cookies["django_language"] = "en"
    return client


def a_head(unit: Unit) -> Account:
    account = an_account()
    a_post(account, unit, "head")
    return account


def send(client: Client, name: str, /, *args: int, **data: Any) -> Any:
    return client.post(reverse(f"hotline:{name}", args=args), data)


def test_service_begins_with_the_first_word_and_ends_with_the_last(centre: Unit) -> None:
    account = an_account()
    a_post(account, centre, "agent")
    client = browser(account)
    assert "You haven't begun your service." in client.get(reverse("hotline:console")).content.decode()
    send(client, "state", state="ready")
    agent = Agent.objects.get(account=account)
    assert (agent.unit_id, agent.state) == (centre.pk, "ready")
    send(client, "state", state="off")
    assert state_of(agent) == "off"
    assert send(client, "state", state="talking").status_code == 400


def test_the_page_may_use_the_microphone_and_reach_the_voice_process_and_no_other_page_may(
    centre: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIWANG_SIP_TRUNK", "10.0.0.1")
    monkeypatch.setenv("YIWANG_VOICE_PORT", "8765")
    client = browser(an_agent(centre))
    page = client.get(reverse("hotline:console"))
    assert page["Permissions-Policy"] == "camera=(), microphone=(self), geolocation=()"
    assert page["Content-Security-Policy"].endswith(" http://testserver:8765")
    assert 'data-voice="http://testserver:8765/voice/offer"' in page.content.decode()
    other = client.get(reverse("hotline:calls"))
    assert "microphone=()" in other["Permissions-Policy"]
    assert "8765" not in other["Content-Security-Policy"]


def test_a_ticket_names_the_agent_and_nobody_else_gets_one(centre: Unit) -> None:
    agent = an_agent(centre)
    given = send(browser(agent), "ticket", session="page-1").json()["ticket"]
    assert tickets.agent_of(given) == (agent.pk, "page-1")
    assert tickets.agent_of(given + "x") is None
    stranger = an_account()
    a_post(stranger, centre, "agent")
    assert send(browser(stranger), "ticket").json() == {"ticket": ""}


def test_buttons_become_commands_for_the_driver(centre: Unit) -> None:
    agent = an_agent(centre)
    client, caller = browser(agent), Caller().offer()
    send(client, "act", caller.call.pk, do="answer")
    caller.tell(port.CallAnswered, 2, agent_id=agent.pk)
    send(client, "act", caller.call.pk, do="consult", number="110")
    colleague = an_agent(centre)
    send(client, "act", caller.call.pk, do="transfer", agent=str(colleague.pk))
    assert [(row.kind, row.data) for row in Command.objects.exclude(kind="ring").order_by("pk")] == [
        ("answer", {"agent_id": agent.pk}),
        ("consult", {"number": "110", "agent_id": None}),
        ("transfer", {"agent_id": colleague.pk, "number": ""}),
    ]
    assert send(client, "act", caller.call.pk, do="dance").status_code == 400


def test_a_call_at_a_telephone_can_be_said_to_be_over_and_one_on_the_page_cannot(centre: Unit) -> None:
    agent = an_agent(centre, has_line=False)
    caller = Caller(driver="cti").offer(-9).tell(port.CallAnswered, -8, agent_id=agent.pk)
    send(browser(agent), "act", caller.call.pk, do="over")
    assert (caller.call.cause, state_of(agent)) == ("agent", "wrap_up")
    other = an_agent(centre)
    here = Caller().offer().tell(port.CallAnswered, 1, agent_id=other.pk)
    assert send(browser(other), "act", here.call.pk, do="over").status_code == 400


def test_another_agent_sees_a_call_and_does_not_lead_it(centre: Unit) -> None:
    agent, other = an_agent(centre, at=later(-60)), an_agent(centre)
    caller = Caller().offer().tell(port.CallAnswered, 1, agent_id=agent.pk)
    client = browser(other)
    assert client.get(reverse("hotline:call", args=[caller.call.pk])).status_code == 200
    assert send(client, "act", caller.call.pk, do="hang_up").status_code == 404
    assert send(client, "answered", caller.call.pk, words="好").status_code == 404
    assert not Command.objects.filter(kind="hang_up").exists()


def test_the_page_of_a_call_shows_what_was_before_and_what_it_can_become(
    centre: Unit, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = an_agent(centre)
    before = Caller(driver="cti").offer(-600).tell(port.CallAnswered, -590).tell(port.CallEnded, -500)
    note_outcome(before.call.pk, outcome="answered", words="告知了价格", by=agent.account_id, at=later(-500))
    monkeypatch.setitem(_outcomes, "sample", Outcome("sample", "Make a sample", "hotline:knowledge"))
    monkeypatch.setitem(
        _histories,
        "sample",
        lambda number, standing, limit: [PastMatter(later(-9000), "YC-1", f"of {number}", "done", "/x/")],
    )
    caller = Caller().offer()
    text = browser(agent).get(reverse("hotline:call", args=[caller.call.pk])).content.decode()
    assert [part in text for part in ("Answered on the spot", "YC-1", f"of {RESIDENT}", "Make a sample")] == [
        True
    ] * 4
    assert f"/hotline/knowledge/?call={caller.call.pk}&amp;number={RESIDENT}" in text
    read = Entry.objects.filter(action="call.read").latest("pk")
    assert (read.actor, read.subject_id, read.purpose) == (agent.account_id, caller.call.pk, "handling")


def test_an_outcome_without_a_page_is_left_out(centre: Unit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiwang.facilities.hotline.registry._outcomes", {})
    register_outcome(Outcome("nowhere", "Nowhere", "hotline:nowhere"))
    caller = Caller().offer()
    page = browser(an_agent(centre, at=later(5))).get(reverse("hotline:call", args=[caller.call.pk]))
    assert "Nowhere" not in page.content.decode()
    provide_history("none", lambda number, standing, limit: [])
    _histories.pop("none")


def test_after_the_call_comes_its_outcome_and_then_the_next_one(centre: Unit) -> None:
    agent = an_agent(centre)
    caller = Caller().offer().tell(port.CallAnswered, 2, agent_id=agent.pk).tell(port.CallEnded, 60)
    client, pk = browser(agent), caller.call.pk
    article = write_article(title="营业时间", text="全天。", review_on=later(0).date(), by=None, at=later(0))
    send(client, "note", pk, words="问营业时间")
    send(client, "answered", pk, article=article.pk, words="全天有人")
    assert state_of(agent) == "wrap_up"
    send(client, "wrap_up", pk, words="问营业时间,已答复")
    assert state_of(agent) == "ready"
    call = Call.objects.get(pk=pk)
    assert (call.words, call.wrapped_up_at is not None) == ("问营业时间,已答复", True)
    assert list(call.outcomes.values_list("key", "article_id", "words")) == [
        ("answered", article.pk, "全天有人")
    ]


def test_a_promise_becomes_a_call_back_with_its_time(centre: Unit) -> None:
    agent = an_agent(centre)
    caller = Caller().offer().tell(port.CallAnswered, 2, agent_id=agent.pk)
    due = timezone.localtime() + timedelta(hours=3)
    fields = {"number": RESIDENT, "due_at": due.strftime("%Y-%m-%dT%H:%M"), "words": "核查后回电"}
    assert (
        send(
            browser(agent), "promise", caller.call.pk, **{**fields, "due_at": "2001-01-01T00:00"}
        ).status_code
        == 422
    )
    send(browser(agent), "promise", caller.call.pk, **fields)
    task = CallBack.objects.get()
    assert (task.reason, task.words, timezone.localtime(task.due_at).hour) == (
        "promised",
        "核查后回电",
        due.hour,
    )


def a_recorded_call(agent: Agent) -> Call:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))
    made.seek(0)
    blob = store(made, filename="a.wav", at=later(0), limit_bytes=1 << 20, allowed=("audio/wav",))
    caller = Caller().offer().tell(port.CallAnswered, 1, agent_id=agent.pk).tell(port.CallEnded, 9)
    return caller.tell(port.RecordingReady, 10, digest=blob.digest, seconds=1).call


def test_a_recording_is_heard_for_a_purpose_that_stands_in_the_log(centre: Unit) -> None:
    call = a_recorded_call(an_agent(centre))
    head = a_head(centre)
    client = browser(head)
    address = reverse("hotline:recording", args=[call.pk])
    assert client.get(address).status_code == 302
    assert send(client, "listen", call.pk, purpose="curiosity").status_code == 422
    assert not Entry.objects.filter(action="recording.read").exists()
    page = send(client, "listen", call.pk, purpose="quality")
    source = page.content.decode().split('src="')[-1].split('"')[0].replace("&amp;", "&")
    part = client.get(source, headers={"range": "bytes=0-43"})
    assert (part.status_code, b"".join(part.streaming_content)[:4]) == (206, b"RIFF")
    entry = Entry.objects.get(action="recording.read")
    assert (entry.actor, entry.subject_id, entry.purpose) == (head.pk, call.pk, "quality")
    other = browser(a_head(centre))
    assert other.get(source).status_code == 302


def test_a_colleague_does_not_hear_the_recording_of_another_agent(centre: Unit) -> None:
    call = a_recorded_call(an_agent(centre, at=later(-60)))
    client = browser(an_agent(centre))
    assert send(client, "listen", call.pk, purpose="quality").status_code == 404


def test_call_backs_are_taken_on_once_tried_and_done(centre: Unit) -> None:
    first, second = an_agent(centre), an_agent(centre)
    task = ask_call_back(RESIDENT, reason="missed", unit_id=centre.pk, at=timezone.now())
    assert task is not None
    send(browser(first), "call_back", task.pk, do="take")
    send(browser(second), "call_back", task.pk, do="take")
    task.refresh_from_db()
    assert task.taken_by_id == first.account_id
    send(browser(first), "call_back", task.pk, do="done", outcome="not_reached", note="占线")
    task.refresh_from_db()
    assert (task.attempts, task.taken_by_id, task.done_at) == (1, None, None)
    send(browser(second), "call_back", task.pk, do="done", outcome="reached")
    task.refresh_from_db()
    assert (task.attempts, task.outcome, task.taken_by_id) == (2, "reached", second.account_id)


def test_the_head_blocks_a_number_for_a_time_and_lifts_it(centre: Unit) -> None:
    head = a_head(centre)
    client = browser(head)
    assert send(client, "blocked", number=RESIDENT, reason="骚扰", days="365").status_code == 422
    send(client, "blocked", number=f"+86{RESIDENT}", reason="骚扰", days="3")
    held = BlockedNumber.objects.get()
    assert (held.number, (held.until_at - held.from_at).days) == (RESIDENT, 3)
    assert Entry.objects.filter(action="number.blocked", subject_id=held.pk).count() == 1
    send(client, "blocked", lift=str(held.pk))
    held.refresh_from_db()
    assert (held.lifted_at is not None, held.lifted_by_id) == (True, head.pk)


def test_the_head_of_a_unit_without_a_line_blocks_nobody_and_writes_nothing(centre: Unit) -> None:
    unit = found_unit(code="quiet", name="安静科", kind=UnitKind.OFFICE, valid_from_on=LONG_AGO)
    client = browser(a_head(unit))
    assert send(client, "blocked", number=RESIDENT, reason="骚扰", days="3").status_code == 404
    assert send(client, "article_new", do="write", title="题").status_code == 404
    assert (BlockedNumber.objects.count(), Article.objects.count()) == (0, 0)


def test_articles_are_found_by_any_two_characters_and_every_wording_is_kept(centre: Unit) -> None:
    client = browser(a_head(centre))
    fields = {
        "title": "水管漏水",
        "section": "维修",
        "text": "先关总阀。",
        "source": "",
        "review_on": "2027-01-01",
    }
    send(client, "article_new", do="write", **fields)
    article = Article.objects.get()
    send(client, "article", article.pk, do="write", **{**fields, "text": "先关入户总阀,再断电。"})
    send(client, "article", article.pk, do="review")
    article.refresh_from_db()
    assert (article.version, [version.text for version in article.versions.all()][-1]) == (3, "先关总阀。")
    assert [articles("户总"), articles("先关总阀")] == [[article], []]
    send(client, "article", article.pk, do="withdraw")
    assert articles("户总") == []


def test_the_wallboard_counts_who_waits_and_who_was_answered_in_time(centre: Unit) -> None:
    now = timezone.now()
    agent = an_agent(centre, has_line=False)
    for number, waits in enumerate((3, 16, None, 60)):
        key = f"day{number}"
        hear(port.CallOffered("cti", key, now, "inbound", f"1390000000{number}", "96519"))
        if waits == 60:
            hear(port.CallEnded("cti", key, now + timedelta(seconds=60)))
        elif waits:
            hear(port.CallAnswered("cti", key, now + timedelta(seconds=waits), agent_id=agent.pk))
    board = browser(a_head(centre)).get(reverse("hotline:wall_figures")).context["board"]
    day = board.day
    assert (board.waiting.count, day.offered, day.answered, day.in_time, day.abandoned) == (1, 4, 2, 1, 1)
    assert (round(day.in_time_percent), board.call_backs) == (33, 1)
    assert [held.pk for held in board.agents] == [agent.pk]


def test_the_administrator_opens_a_line_and_the_unit_answers_it(centre: Unit) -> None:
    account = an_account()
    a_post(account, centre, "administrator")
    client = browser(account)
    unit = found_unit(code="second", name="第二中心", kind=UnitKind.OFFICE, valid_from_on=LONG_AGO)
    fields = {"number": "9 65 20", "name": "第二热线", "unit": str(unit.pk), "skills": "蒙古语, 方言"}
    send(client, "lines", **{**fields, "number": "none"})
    send(client, "lines", **fields)
    assert list(Line.objects.order_by("pk").values_list("number", "unit_id", "skills")) == [
        ("96519", centre.pk, []),
        ("96520", unit.pk, ["蒙古语", "方言"]),
    ]
    call = Caller(called="96520").offer().call
    assert (call.unit_id, call.wants) == (unit.pk, ["蒙古语", "方言"])


def test_the_plan_of_agents_follows_the_number_of_calls(centre: Unit) -> None:
    client = browser(a_head(centre))
    asked = {"calls": "501", "talk": "150", "after": "60", "within": "15", "target": "95"}
    page = client.get(reverse("hotline:staffing"), asked)
    assert page.context["busiest"].agents == 8
    Caller(driver="cti").offer()
    assert client.get(reverse("hotline:staffing")).context["is_measured"] is True


def test_calls_an_hour_are_counted_from_the_first_call_on_not_over_days_without_a_hotline(
    centre: Unit,
) -> None:
    for day in range(4):
        Caller(driver="cti", caller=f"1390000001{day}").offer(day * 86400)
    calls, days = calls_by_hour([centre.pk], days=28, at=later(3.5 * 86400))
    assert (days, sum(calls)) == (4, 1.0)
    calls, days = calls_by_hour([centre.pk], days=2, at=later(3.5 * 86400))
    assert (days, sum(calls)) == (2, 1.0)


def test_the_head_sets_an_agent_up_and_what_stood_before_is_kept(centre: Unit) -> None:
    head, newcomer = a_head(centre), an_account("包晓芸")
    a_post(newcomer, centre, "agent")
    client = browser(head)
    assert "包晓芸" in client.get(reverse("hotline:agents")).content.decode()
    told = {"extension": "8001", "skills": "养老、维修", "languages": "蒙古语", "priority": "2"}
    send(client, "agent", newcomer.pk, **told)
    send(client, "agent", newcomer.pk, **{**told, "skills": "维修", "is_auto_answer": "on"})
    send(client, "agent", newcomer.pk, **{**told, "skills": "维修", "is_auto_answer": "on"})
    agent = Agent.objects.get(account=newcomer)
    assert (agent.extension, agent.skills, agent.languages) == ("8001", ["维修"], ["蒙古语"])
    assert (agent.priority, agent.is_auto_answer, agent.state) == (2, True, "off")
    kept = AgentSetting.objects.filter(agent=agent).values_list("skills", "is_auto_answer", "by")
    assert list(kept) == [(["维修"], True, head.pk), (["养老", "维修"], False, head.pk)]
    logged = Entry.objects.filter(action="agent.set_up").values_list("actor", "subject_id")
    assert list(logged) == [(head.pk, agent.pk)] * 2
    with pytest.raises(IntegrityError, match="never changed or removed"), transaction.atomic():
        AgentSetting.objects.all().delete()


def test_an_extension_belongs_to_one_agent_and_looks_like_one(centre: Unit) -> None:
    an_agent(centre, extension="8001")
    other = an_agent(centre)
    client = browser(a_head(centre))
    for extension in ("8001", "Local/00900@outside", "8001&8002"):
        page = send(client, "agent", other.account_id, extension=extension, priority="5")
        assert (page.status_code, f'value="{extension.replace("&", "&amp;")}"' in page.content.decode()) == (
            422,
            True,
        )
    assert AgentSetting.objects.count() == 0


def test_only_the_head_of_the_unit_sets_its_agents_up(centre: Unit) -> None:
    agent = an_agent(centre)
    elsewhere = found_unit(code="elsewhere", name="别处", kind=UnitKind.OFFICE, valid_from_on=LONG_AGO)
    told = {"extension": "8009", "priority": "1"}
    assert send(browser(a_head(elsewhere)), "agent", agent.account_id, **told).status_code == 404
    assert send(browser(agent), "agent", agent.account_id, **told).status_code == 403
    assert AgentSetting.objects.count() == 0
