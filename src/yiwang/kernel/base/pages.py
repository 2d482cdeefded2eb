"""The register of pages: every screen says who may open it and how many queries it may cost."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpResponseBase

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

EVERYBODY = frozenset({"everybody"})
"""Audience of a public page: no account is needed."""

SIGNED_IN = frozenset({"signed_in"})
"""Audience of a page for anybody with an account, whatever the role."""


@dataclass(frozen=True)
class Page:
    """One screen: its URL name, the roles that may open it, and its query budget."""

    name: str
    roles: frozenset[str]
    budget: int
    reads_personal_data: bool = False


PAGES: dict[str, Page] = {}


class PageTwice(Exception):
    """Two views claim the same page name."""


def page(
    name: str, *, roles: Iterable[str], budget: int, reads_personal_data: bool = False
) -> Callable[[View], View]:
    """Enter a view in the register of pages; `kernel.access` refuses anybody who isn't among `roles`.

    `name` is the URL name with its module (`casework:desk`); `budget` the most database queries that one
    GET may run, with one row or with fifty. Raises `PageTwice` when the name is taken.
    """
    entry = Page(name, frozenset(str(role) for role in roles), budget, reads_personal_data)
    if name in PAGES:
        raise PageTwice(name)
    PAGES[name] = entry

    def enter(view: View) -> View:
        view.page = entry  # type: ignore[attr-defined]
        return view

    return enter


def page_of(view: Any) -> Page | None:
    """The register entry of a view, or nothing when it was never entered."""
    return getattr(view, "page", None)
