"""Short messages through a real HTTP gateway of our own: taken, refused, tried again, and forgotten."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.builders import NOON
from yiwang.kernel.base.problems import Problem
from yiwang.kernel.channels import messages
from yiwang.kernel.channels.actions import clear_expired, hand_over, queue_message
from yiwang.kernel.channels.enums import MessageState
from yiwang.kernel.channels.gateway import Gateway, gateway
from yiwang.kernel.channels.models import Message

NUMBER, WORDS = "13900001234", "您的验证码为“042917”，10分钟内有效&请勿告诉他人"
JSON_BODY = '{"phone": "{number}", "content": "{words}", "key": "{secret}"}'


class Provider:
    """An SMS provider that keeps what it was sent and answers as it is told."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, str]]] = []
        self.status, self.answer = 200, '{"code":0}'
        provider = self

        class Handler(BaseHTTPRequestHandler):
            """One request."""

            def do_POST(self) -> None:
                """Keep it and answer."""
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.heard.append((body, dict(self.headers)))
                self.send_response(provider.status)
                if provider.status == 302:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(provider.answer.encode())

            def log_message(self, *_args: object) -> None:
                """Nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/send"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider that listens."""
    found = Provider()
    yield found
    found.server.shutdown()
    found.server.server_close()


def ended(message: Message) -> tuple[str, str, str, str]:
    """State, answer, number and words as they are kept."""
    message.refresh_from_db()
    return message.state, message.answer, message.number, message.words


def a_message(*, is_code: bool = True) -> Message:
    """A code on its way."""
    return queue_message(NUMBER, WORDS, is_code=is_code, at=NOON)


@pytest.mark.django_db
def test_what_was_taken_is_forgotten_but_for_the_log(provider: Provider) -> None:
    message = a_message()
    to = Gateway(provider.url, JSON_BODY, "X-Key: {secret}", 's"x', '"code":0')
    assert hand_over(message.pk, to=to, at=NOON) is True
    body, headers = provider.heard[0]
    assert json.loads(body) == {"phone": NUMBER, "content": WORDS, "key": 's"x'}
    assert (headers["X-Key"], headers["Content-Type"]) == ('s"x', "application/json; charset=utf-8")
    assert ended(message) == (MessageState.SENT, "HTTP 200", "", "")
    assert message.hint == "1234"
    assert hand_over(message.pk, to=to, at=NOON) is True
    assert len(provider.heard) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "answer", "state", "is_over"),
    [
        (200, '{"code":17}', MessageState.REFUSED, True),
        (403, "", MessageState.REFUSED, True),
        (302, "", MessageState.REFUSED, True),
        (429, "", MessageState.WAITING, False),
        (503, "", MessageState.WAITING, False),
    ],
)
def test_a_refusal_is_believed_and_trouble_is_tried_again(
    provider: Provider, status: int, answer: str, state: str, is_over: bool
) -> None:
    provider.status, provider.answer = status, answer
    message = a_message()
    to = Gateway(provider.url, expect='"code":0')
    assert hand_over(message.pk, to=to, at=NOON) is is_over
    assert (ended(message)[0], len(provider.heard)) == (state, 1)
    provider.status, provider.answer = 200, '{"code":0}'
    assert hand_over(message.pk, to=to, at=NOON + timedelta(seconds=5)) is True
    assert ended(message)[0] == (state if is_over else MessageState.SENT)


@pytest.mark.django_db
def test_a_code_is_not_sent_after_ten_minutes_and_other_words_are(provider: Provider) -> None:
    late, to = NOON + timedelta(minutes=10), Gateway(provider.url)
    code, news = a_message(), a_message(is_code=False)
    assert [hand_over(one.pk, to=to, at=late) for one in (code, news)] == [True, True]
    assert [ended(one)[0] for one in (code, news)] == [MessageState.LOST, MessageState.SENT]
    assert [parse_qs(body) for body, _ in provider.heard] == [{"number": [NUMBER], "words": [WORDS]}]


@pytest.mark.django_db
def test_nothing_of_an_unreachable_gateway_s_message_stays_in_log_or_answer() -> None:
    message = a_message()
    assert hand_over(message.pk, to=Gateway("http://127.0.0.1:9/"), at=NOON) is False
    message.refresh_from_db()
    assert message.answer in ("URLError", "ConnectionRefusedError")
    clear_expired(at=NOON + timedelta(hours=1))
    assert ended(message)[0::2] == (MessageState.LOST, "")
    clear_expired(at=NOON + timedelta(days=91))
    assert Message.objects.count() == 0


@pytest.mark.django_db
def test_the_database_keeps_no_words_of_what_has_ended() -> None:
    message = a_message()
    with pytest.raises(IntegrityError):
        Message.objects.filter(pk=message.pk).update(state=MessageState.SENT)


@pytest.mark.django_db
def test_a_page_puts_a_job_in_and_doesn_t_wait(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIWANG_SMS_URL", provider.url)
    assert (messages.is_delivering(), messages.is_shown_on_the_page()) == (True, False)
    assert messages.send(NUMBER, WORDS, at=NOON, is_code=True) is True
    job = ProcrastinateJob.objects.get(task_name__endswith="channels.tasks.deliver")
    assert job.args == {"message_id": Message.objects.get().pk}
    assert provider.heard == []


@pytest.mark.django_db
def test_settings_that_cannot_work_are_said_and_count_as_no_gateway(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("YIWANG_SMS_URL", "https://sms.example.cn/")
    for name, value in (
        ("YIWANG_SMS_URL", "file:///etc/passwd"),
        ("YIWANG_SMS_BODY", "to={number}"),
        ("YIWANG_SMS_HEADER", "Bearer"),
        ("YIWANG_SMS_SECRET_FILE", str(tmp_path / "none")),
    ):
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            with pytest.raises(Problem, match=name):
                gateway()
            assert messages.has_gateway() is False
    assert messages.has_gateway() is True


@given(number=st.text(max_size=20), words=st.text(max_size=60))
def test_whatever_is_put_in_stays_in_its_place(number: str, words: str) -> None:
    sent = Gateway("https://x/", JSON_BODY, secret="{words}{number}").request(number, words).data
    assert json.loads(bytes(sent)) == {"phone": number, "content": words, "key": "{words}{number}"}  # type: ignore[arg-type]
