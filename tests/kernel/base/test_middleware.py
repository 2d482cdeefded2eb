"""The cookie of the form's token: sent where the browser hasn't got it, and still what forms are held against."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
FORM = "/people/sign-in/"


def token(browser: Client) -> str:
    """The token in the page's form."""
    return browser.get(FORM).content.decode().split('csrfmiddlewaretoken" value="')[1].split('"')[0]


def test_the_cookie_is_sent_once_and_forms_of_later_pages_are_good() -> None:
    browser = Client(enforce_csrf_checks=True)
    first = browser.get(FORM)
    assert "csrftoken" in first.cookies
    second = browser.get(FORM)
    assert "csrftoken" not in second.cookies
    assert "Cookie" in second.headers["Vary"]
    sent = {"username": "nobody", "password": "nothing"}
    assert browser.post(FORM, {**sent, "csrfmiddlewaretoken": token(browser)}).status_code != 403
    assert browser.post(FORM, {**sent, "csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert browser.post(FORM, sent).status_code == 403


@pytest.mark.parametrize("broken", ["", "short", "x" * 32 + "!"])
def test_a_broken_cookie_is_replaced(broken: str) -> None:
    browser = Client()
    browser.cookies["csrftoken"] = broken
    assert len(browser.get(FORM).cookies["csrftoken"].value) == 32


def test_a_token_of_another_cookie_is_refused() -> None:
    other, browser = Client(), Client(enforce_csrf_checks=True)
    foreign = token(other)
    token(browser)
    sent = {"username": "nobody", "password": "nothing", "csrfmiddlewaretoken": foreign}
    assert browser.post(FORM, sent).status_code == 403
