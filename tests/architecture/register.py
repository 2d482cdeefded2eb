"""The register of pages beside the addresses: what the generated tests walk through."""

from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from yiwang.kernel.base.pages import Page, page_of

FOREIGN = ("django.contrib.staticfiles.", "django.views.static.")
"""Views that aren't ours and need no entry."""


@dataclass(frozen=True)
class Address:
    """One address: its URL name with the module, what it takes, and its page's entry if it has one."""

    name: str
    takes: tuple[str, ...]
    view: Any
    page: Page | None

    def __str__(self) -> str:
        return self.name


def addresses() -> list[Address]:
    """Every address of the site, sorted by name."""
    return sorted(_below(get_resolver(), "", ()), key=lambda address: address.name)


def _below(resolver: URLResolver, space: str, takes: tuple[str, ...]) -> list[Address]:
    found: list[Address] = []
    for entry in resolver.url_patterns:
        taken = (*takes, *entry.pattern.converters)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            found += _below(entry, inner, taken)
        elif isinstance(entry, URLPattern) and not entry.callback.__module__.startswith(FOREIGN):
            found.append(Address(f"{space}{entry.name}", taken, entry.callback, page_of(entry.callback)))
    return found
