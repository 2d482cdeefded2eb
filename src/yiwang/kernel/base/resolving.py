"""Which page answers an address: Django's table of addresses, looked at by its first segment.

Django tries one pattern after the other, through every module. The house has some two hundred, of which an
address's first segment (`cases`, `desk`, …) leaves a handful.
"""

from collections.abc import Sequence
from typing import Any

from django.urls import URLPattern, URLResolver
from django.urls.resolvers import ResolverMatch, RoutePattern

Entry = URLPattern | URLResolver


class BySegment(URLResolver):
    """All patterns of the site at its root; finds what Django finds, and raises `Resolver404` as it does."""

    def __init__(self, patterns: Sequence[Entry]) -> None:
        super().__init__(RoutePattern(""), list(patterns))
        self._narrowed: dict[str, URLResolver] | None = None
        self._others: URLResolver | None = None

    def resolve(self, path: Any) -> ResolverMatch:
        """The page and its arguments."""
        if self._narrowed is None or self._others is None:
            known = {segment for entry in self.url_patterns for segment in _segments(entry)} - {None}
            self._others = _narrowed(self, None)
            self._narrowed = {segment: _narrowed(self, segment) for segment in known if segment is not None}
        return self._narrowed.get(str(path).partition("/")[0], self._others).resolve(path)


def _segments(entry: Entry) -> set[str | None]:
    """The first segments with which an address of this entry can begin; None stands for any."""
    route = str(entry.pattern)
    if not isinstance(entry.pattern, RoutePattern):
        return {None}
    if isinstance(entry, URLResolver) and not route:
        return {segment for below in entry.url_patterns for segment in _segments(below)}
    first, slash, _rest = route.partition("/")
    if "<" in first or (isinstance(entry, URLResolver) and not slash):
        return {None}
    return {first}


def _narrowed(resolver: URLResolver, segment: str | None) -> URLResolver:
    """The same resolver without the entries that can't answer an address with this first segment."""
    kept: list[Entry] = []
    for entry in resolver.url_patterns:
        begins = _segments(entry)
        if None in begins or segment in begins:
            if isinstance(entry, URLResolver) and not str(entry.pattern):
                kept.append(_narrowed(entry, segment))
            else:
                kept.append(entry)
    return URLResolver(resolver.pattern, kept, resolver.default_kwargs, resolver.app_name, resolver.namespace)
