"""What an institution adds to the page of its cases: a section with an address of its own, or a page instead."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.models import Case

EVERY = "*"
"""Stands for a case type in a section that any case may have; `may_show` says which do."""


@dataclass(frozen=True)
class Section:
    """A part of a case's page that is fetched from `url_name` (reversed with the case's id)."""

    type_key: str
    label: str | Promise
    url_name: str
    may_show: Callable[[Standing, Case], bool]


_sections: dict[tuple[str, str], Section] = {}


def register_section(section: Section) -> Section:
    """Enter a section; for one case type an address is entered once."""
    _sections[section.type_key, section.url_name] = section
    return section


def sections_for(case: Case, standing: Standing) -> list[Section]:
    """The sections of a case that somebody is shown."""
    return [
        section
        for section in _sections.values()
        if section.type_key in (case.type_key, EVERY) and section.may_show(standing, case)
    ]


_pages: dict[str, str] = {}


def register_page(type_key: str, url_name: str) -> None:
    """Say that the cases of a type have a page of their own, whose address takes the case's id."""
    _pages[type_key] = url_name


def page_of_case(case: Case) -> str:
    """The URL name of the page that shows a case instead of the usual one; empty for most."""
    return _pages.get(case.type_key, "")
