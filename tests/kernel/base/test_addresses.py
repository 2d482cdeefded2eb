"""Remembered addresses are those that Django gives."""

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, include, path, register_converter, reverse, set_script_prefix
from django.urls.converters import IntConverter

from yiwang.kernel.base.addresses import address


class FourDigits(IntConverter):
    """A year as a converter that writes a number otherwise than Python does."""

    regex = "[0-9]+"

    def to_url(self, value: int | str) -> str:
        """Four digits at least."""
        return f"{int(value):04d}"


register_converter(FourDigits, "four")


def _nothing(request: HttpRequest, **arguments: object) -> HttpResponse:
    return HttpResponse()


_inner = (
    [
        path("plain/", _nothing, name="plain"),
        path("<int:case>/<int:letter>/书/", _nothing, name="numbers"),
        path("<slug:kind>/", _nothing, name="slug"),
        path("word/<str:word>/", _nothing, name="word"),
        path("year/<four:year>/", _nothing, name="year"),
        path("mixed/<int:case>/<str:word>/", _nothing, name="mixed"),
    ],
    "inner",
)
urlpatterns = [path("at/<int:unit>/", include((_inner[0], "deep"))), path("in/", include(_inner))]


@pytest.fixture(autouse=True)
def _own_addresses(settings: Any) -> None:
    settings.ROOT_URLCONF = __name__


CALLS: tuple[tuple[str, dict[str, object]], ...] = (
    ("inner:plain", {}),
    ("inner:numbers", {"case": 5, "letter": 12}),
    ("inner:numbers", {"letter": 12, "case": 5}),
    ("inner:numbers", {"case": 0, "letter": 10**20}),
    ("inner:numbers", {"case": "5", "letter": 12}),
    ("inner:slug", {"kind": "visit-2"}),
    ("inner:slug", {"kind": 17}),
    ("inner:word", {"word": "云川 a?b#c%&é"}),
    ("inner:word", {"word": True}),
    ("inner:word", {"word": 1}),
    ("inner:word", {"word": 1.0}),
    ("inner:word", {"word": -1}),
    ("inner:year", {"year": 87}),
    ("inner:mixed", {"case": 7, "word": "7"}),
    ("inner:mixed", {"case": 8, "word": "7"}),
    ("inner:mixed", {"case": 8, "word": "7316042895"}),
    ("inner:mixed", {"case": 8, "word": "云 100%s"}),
    ("deep:slug", {"unit": 3, "kind": "a"}),
    ("deep:numbers", {"unit": 3, "case": 3, "letter": 3}),
)


@pytest.mark.parametrize("prefix", ["/", "/yiwang/", "/100%25/"])
@pytest.mark.parametrize(("name", "arguments"), CALLS)
def test_an_address_is_what_django_gives(name: str, arguments: dict[str, object], prefix: str) -> None:
    set_script_prefix(prefix)
    try:
        expected = reverse(name, kwargs=arguments)
        assert [address(name, **arguments) for _ in range(2)] == [expected, expected]
    finally:
        set_script_prefix("/")


def test_a_prefix_does_not_stay_after_its_request() -> None:
    before = address("inner:numbers", case=1, letter=2)
    set_script_prefix("/under/")
    under = address("inner:numbers", case=1, letter=2)
    set_script_prefix("/")
    assert (before, under, address("inner:numbers", case=1, letter=2)) == (
        "/in/1/2/%E4%B9%A6/",
        "/under/in/1/2/%E4%B9%A6/",
        "/in/1/2/%E4%B9%A6/",
    )


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("inner:gone", {}),
        ("inner:gone", {"case": 1}),
        ("inner:numbers", {"case": -1, "letter": 2}),
        ("inner:numbers", {"case": 1}),
        ("inner:numbers", {"case": None, "letter": 2}),
        ("inner:slug", {"kind": "a/b"}),
    ],
)
def test_what_has_no_address_is_refused_each_time(name: str, arguments: dict[str, object]) -> None:
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            address(name, **arguments)


def test_another_table_of_addresses_is_noticed(settings: Any) -> None:
    with pytest.raises(NoReverseMatch):
        address("ui:language", code="en")
    settings.ROOT_URLCONF = "yiwang.site.urls"
    assert address("ui:language", code="en") == reverse("ui:language", kwargs={"code": "en"})
