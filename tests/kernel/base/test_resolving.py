"""Every address is answered by the page that Django's own way through the table finds."""

import pytest
from django.urls import Resolver404, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from tests.architecture.register import addresses
from yiwang.kernel.base.resolving import BySegment


def _both():
    (ours,) = get_resolver().url_patterns
    assert isinstance(ours, BySegment)
    return ours, URLResolver(RoutePattern(""), list(ours.url_patterns))


def _said(resolver, path):
    try:
        found = resolver.resolve(path)
    except Resolver404:
        return None
    return found.func, found.args, found.kwargs, found.view_name, found.route, found.app_names


def _routes(resolver, before=""):
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _routes(entry, route)
        else:
            yield route


def _filled(route):
    """Addresses that fit a route, with several values for its places."""
    for value in ("7", "abc", "x/y", "2022", "刑法@2024-03-01"):
        path, rest = "", route
        while "<" in rest:
            before, _, rest = rest.partition("<")
            path, rest = path + before + value, rest.partition(">")[2]
        yield path + rest


def test_every_address_is_found_as_django_finds_it():
    ours, plain = _both()
    routes = list(_routes(plain))
    assert len(routes) >= len(addresses())
    found = 0
    for route in routes:
        for path in _filled(route):
            said = _said(ours, path)
            assert said == _said(plain, path), path
            found += said is not None
    assert found > len(routes) * 0.9


@pytest.mark.parametrize(
    "path", ["", "nowhere/", "cases", "cases/", "cases//", "desk/x/", "/", "cases/7/x/", "中文/"]
)
def test_what_isn_t_there_is_as_absent(path):
    ours, plain = _both()
    assert _said(ours, path) == _said(plain, path)
