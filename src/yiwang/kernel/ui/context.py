"""What every page's frame shows: whose office this is, who is here, what is new, which language.

The frame asks upper floors through `provide`, because it may not know them. Each answer is asked for only
when the page shows it, and only once in a request.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, get_script_prefix
from django.utils.http import urlencode
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from yiwang.kernel.base.addresses import address

from .kept import TopBar
from .parts import Link, NewsLine
from .places import Door, Doors, is_signed_in, open_doors


@dataclass(frozen=True)
class Providers:
    """The functions that answer for the frame; each takes the request."""

    county: Callable[[HttpRequest], str] | None = None
    institution: Callable[[HttpRequest], str] | None = None
    person: Callable[[HttpRequest], str] | None = None
    post: Callable[[HttpRequest], str] | None = None
    unread: Callable[[HttpRequest], int] | None = None
    live_url: Callable[[HttpRequest], str] | None = None
    notices_url: Callable[[HttpRequest], str] | None = None
    search_url: Callable[[HttpRequest], str] | None = None
    home_url: Callable[[HttpRequest], str] | None = None
    sign_in_url: Callable[[HttpRequest], str] | None = None
    sign_out_url: Callable[[HttpRequest], str] | None = None
    person_links: Callable[[HttpRequest], list[Link]] | None = None
    news_line: Callable[[HttpRequest], NewsLine | None] | None = None


_providers = Providers()


def provide(**functions: Callable[[HttpRequest], Any]) -> None:
    """Answer for a part of the frame (`institution`, `unread`, …: the fields of `Providers`)."""
    global _providers
    _providers = replace(_providers, **functions)


Counts = Mapping[str, int | str]
"""How many things wait in a place, by its key; in words where they were not counted to the end."""

_counters: list[Callable[[HttpRequest], Counts]] = []


def count_in_places(function: Callable[[HttpRequest], Counts]) -> None:
    """Count what waits in some places of the navigation; every module counts for its own places."""
    if function not in _counters:
        _counters.append(function)


class Frame:
    """The frame of one page; templates read `frame.institution`, `frame.places` and so on."""

    def __init__(self, request: HttpRequest, *, providers: Providers) -> None:
        self.request = request
        self.providers = providers

    def _ask(self, name: str, default: Any) -> Any:
        function = getattr(self.providers, name)
        return default if function is None else function(self.request)

    @cached_property
    def county(self) -> str:
        """The county's name."""
        return str(self._ask("county", "") or getattr(settings, "YIWANG_COUNTY", "") or _("Yiwang"))

    @cached_property
    def institution(self) -> str:
        """The name of the institution at work here; empty on pages of the whole county."""
        return str(self._ask("institution", ""))

    @cached_property
    def title(self) -> str:
        """What stands at the top left: the institution, else the county."""
        return self.institution or self.county

    @cached_property
    def person(self) -> str:
        """The name of whoever is signed in; empty for nobody."""
        return str(self._ask("person", "") or (self._account_name() if self.is_signed_in else ""))

    def _account_name(self) -> str:
        user = getattr(self.request, "user", None)
        return str(getattr(user, "name", "") or getattr(user, "username", "") or user or "")

    @cached_property
    def post(self) -> str:
        """The post in which that person acts."""
        return str(self._ask("post", ""))

    @cached_property
    def is_signed_in(self) -> bool:
        """Whether somebody with an account is here."""
        return is_signed_in(self.request)

    @cached_property
    def unread(self) -> int:
        """How many notices wait to be read."""
        return int(self._ask("unread", 0) or 0) if self.is_signed_in else 0

    @cached_property
    def live_url(self) -> str:
        """Where live news comes from; empty when there is none."""
        return str(self._ask("live_url", "")) if self.is_signed_in else ""

    @cached_property
    def notices_url(self) -> str:
        """Where the bell leads."""
        return str(self._ask("notices_url", ""))

    @cached_property
    def search_url(self) -> str:
        """Where the search box asks; without it there is no box."""
        return str(self._ask("search_url", ""))

    @cached_property
    def home_url(self) -> str:
        """Where the institution's name leads."""
        return str(self._ask("home_url", "/"))

    @cached_property
    def sign_in_url(self) -> str:
        """Where staff sign in."""
        return str(self._ask("sign_in_url", ""))

    @cached_property
    def sign_out_url(self) -> str:
        """Where a POST signs out."""
        return str(self._ask("sign_out_url", ""))

    @cached_property
    def person_links(self) -> list[Link]:
        """Further entries of the person's menu."""
        return list(self._ask("person_links", []))

    @cached_property
    def open_doors(self) -> Doors:
        """Every place open to whoever is asking."""
        return open_doors(self.request)

    @property
    def places(self) -> tuple[Door, ...]:
        """The at most seven places."""
        return self.open_doors.shown

    @property
    def doors(self) -> tuple[Door, ...]:
        """Every place, for the command palette."""
        return self.open_doors.every

    @cached_property
    def place_counts(self) -> dict[str, int | str]:
        """How many things wait in a place, by its key; in words where they were not counted to the end."""
        found: dict[str, int | str] = {}
        for function in _counters if self.is_signed_in else ():
            found |= function(self.request)
        return found

    @cached_property
    def news_line(self) -> NewsLine | None:
        """What stands in the line at the top; nothing most of the time."""
        found: NewsLine | None = self._ask("news_line", None) if self.is_signed_in else None
        return found

    @cached_property
    def language(self) -> str:
        """The language of the page."""
        return get_language() or ""

    @cached_property
    def top_bar(self) -> TopBar:
        """What the bar at the top of staff pages shows."""
        bar = TopBar(
            language=self.language,
            title=self.title,
            home_url=self.home_url,
            search_url=self.search_url,
            is_signed_in=self.is_signed_in,
            languages=language_addresses(self.language, get_script_prefix()),
        )
        if not self.is_signed_in:
            return replace(bar, sign_in_url=self.sign_in_url)
        return replace(
            bar,
            notices_url=self.notices_url,
            person=self.person,
            post=self.post,
            person_links=tuple([(str(link.label), link.url) for link in self.person_links]),
            sign_out_url=self.sign_out_url,
        )

    @cached_property
    def languages(self) -> list[Link]:
        """The languages, each in its own words; the present one is marked."""
        return languages(self.request)


def languages(request: HttpRequest) -> list[Link]:
    """Links that change the language and come back to this page."""
    query = way_back(request)
    return [
        Link(link.label, f"{link.url}?{query}", is_current=link.is_current, lang=link.lang)
        for link in language_addresses(get_language(), get_script_prefix())
    ]


def way_back(request: HttpRequest) -> str:
    """What a link to another language ends in, so that one comes back to this page; safe in HTML."""
    return urlencode({"next": request.get_full_path()})


@lru_cache(maxsize=64)
def language_addresses(now: str | None, prefix: str) -> tuple[Link, ...]:
    """The languages, each in its own words and with its address, not yet with the way back."""
    found = []
    for code, _name in settings.LANGUAGES:
        try:
            url = address("ui:language", code=code)
        except NoReverseMatch:
            return ()
        name = get_language_info(code)["name_local"]
        found.append(Link(name, url, is_current=code == now, lang=code))
    return tuple(found)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: gives every template its `frame`."""
    return {"frame": Frame(request, providers=_providers)}
