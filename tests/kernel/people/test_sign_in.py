"""Signing in, out, and the wait after wrong passwords."""

import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from tests.builders import NOON, PASSWORD, an_account
from yiwang.kernel.base import config, events
from yiwang.kernel.people import queries
from yiwang.kernel.people.actions import close_account, create_account, end_sessions, set_password
from yiwang.kernel.people.events import SignedIn, SignedOut, SignInFailed
from yiwang.kernel.people.models import SignInThrottle
from yiwang.kernel.people.queries import DemoSignIn
from yiwang.kernel.people.rules import TRIES_FOR_A_NAME, wait_after
from yiwang.kernel.people.sign_in import TooManyTries, checked

pytestmark = pytest.mark.django_db
ADDRESS = "/people/sign-in/"


@pytest.fixture
def client() -> Client:
    """A browser that reads English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def heard(monkeypatch):
    """The events of signing in, in order."""
    told = []
    for kind in (SignedIn, SignedOut, SignInFailed):
        monkeypatch.setitem(events._handlers_within, kind, [told.append])
    return told


def signed_in(client, account, *, password=PASSWORD, **more):
    """The answer to name and password."""
    return client.post(ADDRESS, {"username": account.username, "password": password, **more})


def words(response):
    """The page's text on one line."""
    return " ".join(response.content.decode().split())


def test_right_password_leads_on_and_wrong_one_keeps_the_name_and_never_the_password(client, heard):
    account = an_account()
    wrong = signed_in(client, account, password="not this one", next="/calendar/")
    assert wrong.status_code == 422
    assert f'value="{account.username}"' in words(wrong)
    assert 'name="next" value="/calendar/"' in words(wrong)
    assert "not this one" not in words(wrong)
    right = signed_in(client, account, next="/calendar/count/?term=5")
    assert (right.status_code, right["Location"]) == (302, "/calendar/count/?term=5")
    assert [(type(event), event.account_id) for event in heard] == [
        (SignInFailed, account.pk),
        (SignedIn, account.pk),
    ]


def test_signing_out_ends_the_session_and_only_a_post_does_it(client, heard):
    account = an_account()
    signed_in(client, account)
    assert client.get("/people/sign-out/").status_code == 405
    assert client.get("/people/me/").status_code == 200
    assert client.post("/people/sign-out/")["Location"] == ADDRESS
    assert client.get("/people/me/")["Location"] == f"{ADDRESS}?next=/people/me/"
    assert isinstance(heard[-1], SignedOut)


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:///evil.example",
        "\x08//evil.example",
    ],
)
def test_one_is_never_led_to_another_site(client, target):
    assert signed_in(client, an_account(), next=target)["Location"] == "/home/"


def test_unknown_closed_and_wrong_look_the_same(client):
    known, closed = an_account(), an_account()
    close_account(closed, by=None, at=NOON)
    pages = [
        words(client.post(ADDRESS, {"username": name, "password": "wrong wrong wrong"})).replace(name, "N")
        for name in (known.username, closed.username, "nobody-of-this-name")
    ]
    bare = [page[page.index("<main") :].split("csrfmiddlewaretoken")[0] for page in pages]
    assert bare[0] == bare[1] == bare[2]
    right_but_closed = signed_in(client, closed)
    assert right_but_closed.status_code == 422


def test_an_unknown_name_costs_a_password_hash_too(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    account = an_account()

    def seconds(name: str) -> float:
        begun = time.perf_counter()
        assert checked(username=name, password="wrong", address="::1", at=NOON) is None
        return time.perf_counter() - begun

    assert seconds("nobody-of-this-name") > seconds(account.username) / 3


def test_after_five_wrong_passwords_one_waits_and_is_told_how_long(client):
    account = an_account()
    answers = [signed_in(client, account, password="wrong").status_code for _ in range(TRIES_FOR_A_NAME)]
    assert answers == [422] * TRIES_FOR_A_NAME
    right = signed_in(client, account)
    assert right.status_code == 429
    assert "Please wait 1 minute and try again." in words(right)
    assert client.get("/people/me/").status_code == 302
    unknown = [
        client.post(ADDRESS, {"username": "nobody", "password": "wrong"}).status_code
        for _ in range(TRIES_FOR_A_NAME + 1)
    ]
    assert unknown == [*answers, 429]


def test_the_wait_runs_out_grows_and_is_for_that_address_only():
    account = an_account()

    def attempt(at, *, password="wrong", address="10.0.0.1"):
        try:
            return checked(username=account.username, password=password, address=address, at=at)
        except TooManyTries as tries:
            return tries.minutes

    assert [attempt(NOON) for _ in range(6)] == [None] * 5 + [1]
    assert attempt(NOON, address="10.0.0.2", password=PASSWORD) == account
    later = NOON + timedelta(seconds=61)
    assert attempt(later) is None
    assert attempt(later) == 2
    later += timedelta(minutes=2)
    assert attempt(later, password=PASSWORD) == account
    assert [attempt(later) for _ in range(6)] == [None] * 5 + [1]


def test_wrong_passwords_are_forgotten_after_half_an_hour():
    account = an_account()

    def wrong(at):
        return checked(username=account.username, password="wrong", address="10.0.0.1", at=at)

    assert [wrong(NOON) for _ in range(4)] == [None] * 4
    assert [wrong(NOON + timedelta(minutes=31)) for _ in range(4)] == [None] * 4


def test_trying_many_names_from_one_address_makes_it_wait():
    answers = [
        checked(username=f"name{number}", password="wrong", address="10.0.0.3", at=NOON)
        for number in range(50)
    ]
    assert answers == [None] * 50
    with pytest.raises(TooManyTries):
        checked(username="another", password="wrong", address="10.0.0.3", at=NOON)


def test_an_office_that_mistypes_and_then_knows_its_passwords_never_waits():
    accounts = [an_account() for _ in range(20)]
    for account in accounts:
        for password in ("one", "two", "three", "four"):
            assert checked(username=account.username, password=password, address="10.0.0.4", at=NOON) is None
        assert checked(username=account.username, password=PASSWORD, address="10.0.0.4", at=NOON) == account
    assert SignInThrottle.objects.get().wrong == 0


@pytest.mark.parametrize(
    ("wrong", "minutes"), [(1, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (999, 15)]
)
def test_waits_double_up_to_a_quarter_of_an_hour(wrong, minutes):
    assert wait_after(wrong, tries=5) == timedelta(minutes=minutes)


def test_the_session_ends_after_twelve_hours(client, monkeypatch):
    signed_in(client, an_account())
    assert client.cookies["sessionid"]["max-age"] == 12 * 3600
    assert client.get("/people/me/").status_code == 200
    now = time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 12 * 3600 - 5)
    assert client.get("/people/me/").status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 12 * 3600 + 5)
    assert client.get("/people/me/").status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "end",
    [
        lambda account: set_password(account, password="an entirely new one", at=NOON),
        lambda account: end_sessions(account, at=NOON),
        lambda account: close_account(account, by=None, at=NOON),
    ],
)
def test_every_session_ends_with_the_password_the_account_or_a_sign_out_everywhere(client, end):
    account = an_account()
    signed_in(client, account)
    assert client.get("/people/me/").status_code == 200
    end(account)
    assert client.get("/people/me/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_signing_out_everywhere_ends_the_other_device_too(client):
    account, other = an_account(), Client()
    signed_in(client, account)
    signed_in(other, account)
    assert client.post("/people/sign-out-everywhere/").status_code == 302
    assert [browser.get("/people/me/").status_code for browser in (client, other)] == [302, 302]


@pytest.mark.django_db(transaction=True)
def test_changing_the_password_keeps_this_session_and_ends_the_other(client):
    account, other = an_account(), Client()
    signed_in(client, account)
    signed_in(other, account)
    typed = {"current": PASSWORD, "new": "four unrelated words", "again": "four unrelated words"}
    assert client.post("/people/password/", typed)["Location"] == "/people/me/"
    assert [browser.get("/people/me/").status_code for browser in (client, other)] == [200, 302]
    assert signed_in(Client(), account, password="four unrelated words").status_code == 302


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"current": "wrong"}, "This isn&#x27;t your present password."),
        ({"again": "something else"}, "The two new passwords differ."),
        ({"new": "short", "again": "short"}, "at least 10 characters"),
        ({"new": "password123", "again": "password123"}, "too common"),
        ({"new": PASSWORD, "again": PASSWORD}, "Choose another password"),
        ({"new": "长" * 200, "again": "长" * 200}, "at most 128"),
    ],
)
def test_a_password_that_does_not_do_is_refused_in_a_sentence(client, change, sentence):
    account = an_account()
    signed_in(client, account)
    typed = {"current": PASSWORD, "new": "four unrelated words", "again": "four unrelated words"}
    answer = client.post("/people/password/", typed | change)
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert "four unrelated words" not in words(answer)


@pytest.mark.django_db(transaction=True)
def test_a_one_time_password_opens_nothing_but_the_choice_of_another(client):
    account = create_account(
        username="newcomer", name="新人", password="handed over once", at=NOON, is_one_time=True
    )
    first = signed_in(client, account, password="handed over once", next="/calendar/count/")
    assert first["Location"] == "/people/password/?next=%2Fcalendar%2Fcount%2F"
    assert client.get("/people/me/")["Location"] == "/people/password/"
    typed = {
        "current": "handed over once",
        "new": "four unrelated words",
        "again": "four unrelated words",
        "next": "/calendar/count/",
    }
    assert client.post("/people/password/", typed)["Location"] == "/calendar/count/"
    assert client.get("/people/me/").status_code == 200


def test_a_weak_password_makes_no_account():
    with pytest.raises(ValidationError):
        create_account(username="weak", name="弱", password="12345", at=NOON)


@pytest.mark.parametrize("is_demo", [True, False])
def test_only_a_demo_shows_its_people_and_fills_in_the_password(client, monkeypatch, is_demo):
    monkeypatch.setattr(queries, "_demo", [lambda: [DemoSignIn("demo.clerk", "demo-pass-word", "Clerk")]])
    here = config.installation()
    monkeypatch.setattr(queries, "installation", lambda: type(here)(**{**here.__dict__, "is_demo": is_demo}))
    page = words(client.get(f"{ADDRESS}?as=demo.clerk"))
    assert ("demo-pass-word" in page, "?as=demo.clerk" in page) == (is_demo, is_demo)


def test_bad_input_is_answered_in_a_sentence_and_kept(client):
    for username, password in [
        ("", "x"),
        ("a" * 41, "x"),
        ("<script>alert(1)</script>", ""),
        ("a\x00b", "x"),
    ]:
        answer = client.post(ADDRESS, {"username": username, "password": password})
        assert answer.status_code == 422
        assert "<script>alert" not in words(answer)
        assert 'aria-invalid="true"' in words(answer) or "Null characters" in words(answer)


def test_whoever_is_signed_in_is_led_on(client):
    signed_in(client, an_account())
    assert client.get(ADDRESS)["Location"] == "/home/"


def test_signing_in_is_in_chinese_by_default():
    with translation.override(None):
        assert "登录" in words(Client().get(ADDRESS))
    assert timezone.get_current_timezone_name() == "Asia/Shanghai"
