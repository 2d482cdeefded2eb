"""The places of casework in the navigation, and what the frame asks of it."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.access.rules import WORKING_ROLES, Standing
from yiwang.kernel.base.addresses import address
from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.casework.queries import number_waiting
from yiwang.kernel.people.enums import CASE_ROLES
from yiwang.kernel.ui.context import count_in_places, provide
from yiwang.kernel.ui.places import Place, register

COUNTED_TO = 99

register(
    Place(
        "terms",
        _("Terms"),
        "casework:terms",
        frozenset({"administrator"}),
        order=45,
        icon="clock",
        shortcut="c",
    )
)

register(
    Place("desk", _("Waiting for me"), "casework:desk", WORKING_ROLES, order=10, icon="inbox", shortcut="d")
)
register(
    Place("unit", _("My unit"), "casework:unit", WORKING_ROLES, order=20, icon="building-2", shortcut="u")
)
register(
    Place(
        "watched", _("Watched"), "casework:watched", frozenset(CASE_ROLES), order=40, icon="eye", shortcut="w"
    )
)
register(
    Place(
        "all", _("All matters"), "casework:all", frozenset(CASE_ROLES), order=50, icon="folder", shortcut="a"
    )
)
register(
    Place(
        "search", _("Search"), "casework:search", frozenset(CASE_ROLES), order=85, icon="search", shortcut="f"
    )
)
register(
    Place(
        "procedures",
        _("Procedures"),
        "casework:procedures",
        frozenset(CASE_ROLES),
        order=90,
        icon="book-open",
    )
)


def search_url(request: HttpRequest) -> str:
    """Where the search box of the frame asks; only those who see cases have one."""
    standing = getattr(request, "standing", None)
    return address("casework:search") if standing is not None and standing.roles & CASE_ROLES else ""


_waiting: Remembered[tuple[Standing, date], tuple[int, bool]] = Remembered()


def place_counts(request: HttpRequest) -> dict[str, str]:
    """How many matters wait, counted no further than people read."""
    standing: Standing | None = getattr(request, "standing", None)
    if standing is None or not standing.working_unit_ids:
        return {}
    if request.COOKIES.get("messages"):
        _waiting.forget(lambda key: key[0] == standing)  # something was just done: the number must be right
    today = timezone.localdate()
    number, is_more = _waiting.get(
        (standing, today), lambda: number_waiting(standing, on=today, cap=COUNTED_TO)
    )
    if number == 0:
        return {}
    return {"desk": f"{number}+" if is_more else str(number)}


provide(search_url=search_url)
count_in_places(place_counts)
