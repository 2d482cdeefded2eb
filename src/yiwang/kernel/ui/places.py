"""The places of the navigation: where one can go, in the words of the work."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.functional import Promise
from django.utils.translation import get_language

from yiwang.kernel.base.addresses import address

MOST = 7
"""More places than this nobody reads; what is beyond stays reachable through the command palette."""

SIGNED_IN = "signed_in"
"""Stands among a place's roles when anybody with an account may go there."""


@dataclass(frozen=True)
class Place:
    """One place of the navigation, shown to whoever has one of its roles."""

    key: str
    label: str | Promise
    url_name: str
    roles: frozenset[str]
    order: int = 100
    icon: str = "circle"
    shortcut: str = field(default="")
    """The letter that, after `g`, leads here."""
    is_for: Callable[[HttpRequest], bool] | None = None
    """Asked beside the roles, where they don't tell enough: the place of one unit's work, say."""

    def __hash__(self) -> int:
        return hash(self.key)  # as quick as can be: places are looked up by on every page


@dataclass(frozen=True)
class Door:
    """A place as one request sees it: with its address, and whether one stands in it."""

    key: str
    label: str
    url: str
    icon: str
    shortcut: str
    is_here: bool


@dataclass(frozen=True, eq=False)
class Doors:
    """Every place open to somebody, in one language; the same object as long as none of it changes."""

    every: tuple[Door, ...]

    @property
    def shown(self) -> tuple[Door, ...]:
        """The at most seven of the navigation."""
        return self.every[:MOST]


@dataclass(frozen=True)
class PublicDoor:
    """What an institution offers on the front of the public portal: a name, a line about it, and its address."""

    key: str
    label: str | Promise
    words: str | Promise
    url_name: str
    order: int = 100
    icon: str = "circle"

    @property
    def url(self) -> str:
        """Where it leads."""
        return address(self.url_name)


class PlaceTwice(Exception):
    """Two places claim the same key."""


_places: dict[str, Place] = {}
_public: dict[str, PublicDoor] = {}


def register(place: Place) -> Place:
    """Enter a place; entering the same one again changes nothing, another one of its key is refused."""
    if _places.get(place.key, place) != place:
        raise PlaceTwice(place.key)
    _places[place.key] = place
    return place


def offer(door: PublicDoor) -> PublicDoor:
    """Enter what stands on the front of the portal; a key is entered once."""
    if _public.get(door.key, door) != door:
        raise PlaceTwice(door.key)
    _public[door.key] = door
    return door


def public_doors() -> list[PublicDoor]:
    """Everything that institutions offer on the front of the portal, in order."""
    return sorted(_public.values(), key=lambda door: (door.order, door.key))


def places() -> list[Place]:
    """Every registered place in its order."""
    return sorted(_places.values(), key=lambda place: (place.order, place.key))


def roles_of(request: HttpRequest) -> frozenset[str]:
    """The roles of whoever is asking; none when nobody is signed in."""
    standing = getattr(request, "standing", None)
    roles: Iterable[str] = getattr(standing, "roles", ())
    return frozenset(str(role) for role in roles)


def is_signed_in(request: HttpRequest) -> bool:
    """Whether somebody with an account is asking."""
    return bool(roles_of(request)) or bool(getattr(getattr(request, "user", None), "is_authenticated", False))


def may_enter(place: Place, *, roles: frozenset[str], is_known: bool) -> bool:
    """Whether somebody with these roles sees this place."""
    return bool(place.roles & roles) or (is_known and SIGNED_IN in place.roles)


def open_doors(request: HttpRequest) -> Doors:
    """Every place open to whoever is asking, with its address; a place without a page is left out."""
    roles, is_known = roles_of(request), is_signed_in(request)
    found = []
    for place in places():
        if may_enter(place, roles=roles, is_known=is_known) and (
            place.is_for is None or place.is_for(request)
        ):
            try:
                found.append((place, address(place.url_name)))
            except NoReverseMatch:
                continue
    here = _here(request.path, [url for _, url in found])
    return _labelled(tuple(found), here, get_language())


def doors_for(request: HttpRequest) -> list[Door]:
    """Every place open to whoever is asking."""
    return list(open_doors(request).every)


def places_for(request: HttpRequest) -> list[Door]:
    """The at most seven places of the navigation for whoever is asking."""
    return list(open_doors(request).shown)


@lru_cache(maxsize=1024)
def _labelled(found: tuple[tuple[Place, str], ...], here: str | None, language: str | None) -> Doors:
    return Doors(
        tuple(
            Door(place.key, str(place.label), url, place.icon, place.shortcut, url == here)
            for place, url in found
        )
    )


def _here(path: str, addresses: list[str]) -> str | None:
    """The longest address that the path lies under."""
    under = [
        address for address in addresses if path == address or (address != "/" and path.startswith(address))
    ]
    return max(under, key=len, default=None)
