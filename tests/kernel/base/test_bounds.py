"""A request that is too large is refused in a sentence, before anything of it is read."""

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory
from django.urls import reverse

from yiwang.kernel.base.bounds import LARGEST_FROM_ANYBODY, LARGEST_FROM_THE_STAFF, BoundedRequests


def refusal(client: Client, *, size: str) -> tuple[int, bool]:
    """The answer to a request that announces a size, and whether it says what to do."""
    response = client.post("/people/sign-in/", CONTENT_LENGTH=size)
    return response.status_code, "fewer" in response.content.decode() or "减少" in response.content.decode()


@pytest.mark.parametrize("size", [str(LARGEST_FROM_ANYBODY + 1), "9" * 30, "-1", "1e3", "²"])
def test_too_much_is_refused_before_it_is_read(size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().post("/", CONTENT_LENGTH=size)
    monkeypatch.setattr(type(request), "_load_post_and_files", lambda self: pytest.fail("it was read"))
    with pytest.raises(RequestDataTooBig):
        BoundedRequests(lambda _request: pytest.fail("it was answered")).process_view(request, None, (), {})


@pytest.mark.django_db
def test_the_page_says_what_to_do() -> None:
    assert refusal(Client(), size=str(LARGEST_FROM_ANYBODY + 1)) == (400, True)


def test_the_staff_may_bring_recordings() -> None:
    request = RequestFactory().post("/", CONTENT_LENGTH=str(LARGEST_FROM_THE_STAFF))
    request.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    BoundedRequests(lambda _request: pytest.fail("not asked")).process_view(request, None, (), {})


@pytest.mark.django_db
def test_two_thousand_fields_and_foreign_hosts_are_refused_without_a_trace(settings: object) -> None:
    many = {f"f{number}": "x" for number in range(2100)}
    response = Client().post(reverse("people:sign_in"), many)
    assert (response.status_code, b"Traceback" in response.content) == (400, False)
    settings.ALLOWED_HOSTS = ["127.0.0.1"]  # type: ignore[attr-defined]
    response = Client().get("/", HTTP_HOST="evil.example")
    assert (response.status_code, response.content) == (400, b"Bad Request")
