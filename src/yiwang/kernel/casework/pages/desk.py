"""The desk: what waits for me, what my unit holds or awaits back, what I watch, and everything I may see."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.access.rules import WORKING_ROLES, Standing
from yiwang.kernel.base.addresses import address
from yiwang.kernel.base.pages import page
from yiwang.kernel.base.statements import Given, rows_of
from yiwang.kernel.casework import queries
from yiwang.kernel.casework.columns import columns
from yiwang.kernel.casework.filters import Wanted, quick_links, wanted_from
from yiwang.kernel.casework.lists import Listing, Slice, key_from, page_by_key
from yiwang.kernel.casework.models import SavedView
from yiwang.kernel.people.enums import CASE_ROLES
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import BulkAction, Table

HAND_OVER = BulkAction("hand_over", gettext_lazy("Hand over"), icon="forward")
WATCH = BulkAction("watch", gettext_lazy("Watch"), icon="eye")


@dataclass(frozen=True)
class Screen:
    """One of the four lists: its words, and what to say when it is empty."""

    name: str
    title: str | Promise
    empty_title: str | Promise
    empty_words: str | Promise
    bulk: tuple[BulkAction, ...]
    has_form: bool = False


DESK = Screen(
    "casework:desk",
    gettext_lazy("Waiting for me"),
    gettext_lazy("Nothing waits for you"),
    gettext_lazy(
        "Whatever came to you has been passed on or answered. New matters appear here by themselves."
    ),
    (HAND_OVER, WATCH),
)
UNIT = Screen(
    "casework:unit",
    gettext_lazy("My unit"),
    gettext_lazy("Your unit holds no open matter"),
    gettext_lazy("Matters appear here as soon as they are registered by your unit or handed to it."),
    (HAND_OVER, WATCH),
    has_form=True,
)
WATCHED = Screen(
    "casework:watched",
    gettext_lazy("Watched"),
    gettext_lazy("You watch no matter"),
    gettext_lazy("Choose Watch on the page of a matter to find it here again, whoever holds it."),
    (BulkAction("unwatch", gettext_lazy("Watch no longer"), icon="x"),),
)
ALL = Screen(
    "casework:all",
    gettext_lazy("All matters"),
    gettext_lazy("There is no matter you may see yet"),
    gettext_lazy("You see the matters that your unit has or had in its hands."),
    (WATCH,),
    has_form=True,
)


@page("casework:desk", roles=WORKING_ROLES, budget=5)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for whoever is signed in, sorted by clock."""
    return _show(request, DESK, lambda standing, today, wanted: queries.waiting_for(standing, on=today))


@page("casework:unit", roles=WORKING_ROLES, budget=5)
def unit(request: HttpRequest) -> HttpResponse:
    """What the unit holds, or has given out and awaits back."""

    def chosen(standing: Standing, today: date, wanted: Wanted) -> Listing:
        mine = queries.own_units(standing, on=today)
        if wanted.words.get("part") == "out":
            return queries.given_out_by(mine)
        return queries.held_by(mine, state=wanted.words.get("state"))

    return _show(request, UNIT, chosen)


@page("casework:watched", roles=CASE_ROLES, budget=5)
def watched(request: HttpRequest) -> HttpResponse:
    """What somebody keeps an eye on."""
    return _show(
        request, WATCHED, lambda standing, today, wanted: queries.watched_by(standing.account_id or 0)
    )


@page("casework:all", roles=CASE_ROLES, budget=5)
def everything(request: HttpRequest) -> HttpResponse:
    """Every case that somebody may see, ended ones too, newest first or one unit's by clock."""

    def chosen(standing: Standing, today: date, wanted: Wanted) -> Listing:
        if wanted.unit_id is not None:
            return queries.held_ever_by(wanted.unit_id, state=wanted.words.get("state"))
        return queries.everything(standing)

    return _show(request, ALL, chosen)


@page("casework:news", roles=WORKING_ROLES, budget=2)
def news(request: HttpRequest) -> HttpResponse:
    """A line that says how many matters have come since the page was shown; the list itself keeps still."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    now = timezone.now()
    since = _moment(request.GET.get("since", "")) or now
    number = queries.arrived_since(standing, since=since, on=timezone.localdate())
    return render(request, "casework/news.html", {"number": number})


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if timezone.is_aware(moment) else None


def _show(
    request: HttpRequest, screen: Screen, chosen: Callable[[Standing, date, Wanted], Listing]
) -> HttpResponse:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    today = timezone.localdate()
    unit_ids = standing.unit_ids if screen is ALL else None
    wanted = wanted_from(
        request.GET,
        account_id=standing.account_id,
        on=today,
        unit_ids=unit_ids,
        procedures=queries.procedures_met_by(standing, on=today),
    )
    listing = chosen(standing, today, wanted)
    listing = listing.narrow(wanted.narrowed, key=wanted.key)
    found = page_by_key(
        listing,
        standing,
        after=key_from(request.GET.get("after", "")),
        before=key_from(request.GET.get("before", "")),
    )
    context: dict[str, Any] = {
        "title": screen.title,
        "table": _table(screen, wanted, found, listing, today=today),
        "filters": quick_links(wanted),
        "parts": _parts(wanted) if screen is UNIT else [],
        "wanted": wanted,
        "form": wanted.form if screen.has_form else None,
        "views": _views(standing, screen),
        "screen": screen.name,
        "now": timezone.now().isoformat(),
        "is_live": screen in (DESK, UNIT),
    }
    return render(request, "casework/desk.html", context)


def _table(screen: Screen, wanted: Wanted, found: Slice, listing: Listing, *, today: date) -> Table:
    number = f"{found.total or 0:,}{'+' if found.is_more else ''}"
    is_narrow = wanted.is_narrow
    everything_link = [Link(_("Show all of them"), wanted.address(**dict.fromkeys(wanted.words)))]
    return Table(
        caption=screen.title,
        columns=columns(
            found.petitioners, rows=found.rows, today=today, is_newest_first=not listing.is_by_clock
        ),
        rows=found.rows,
        row_url=lambda row: f"/cases/{row.id}/",
        row_key=lambda row: row.id,
        bulk=screen.bulk,
        bulk_url=address("casework:bulk"),
        previous_url=wanted.address(before=str(found.before)) if found.before else "",
        next_url=wanted.address(after=str(found.after)) if found.after else "",
        total=_("%(number)s matters") % {"number": number} if found.total else "",
        empty_title=_("No matter fits these filters") if is_narrow else screen.empty_title,
        empty_words=_("Take a filter away to see more.") if is_narrow else screen.empty_words,
        empty_links=everything_link if is_narrow else (),
    )


def _parts(wanted: Wanted) -> list[Link]:
    part = wanted.words.get("part", "")
    return [
        Link(_("In our hands"), wanted.address(part=None), is_current=part != "out"),
        Link(_("Given out, awaited back"), wanted.address(part="out"), is_current=part == "out"),
    ]


def _views(standing: Standing, screen: Screen) -> list[SavedView]:
    account_id = standing.account_id or 0
    mine = rows_of("views", _views_of_account, account=account_id)
    return [
        SavedView(pk=number, account_id=account_id, name=name, query=query)
        for number, name, query in mine
        if query.partition("?")[0] == address(screen.name)
    ]


def _views_of_account() -> QuerySet[SavedView, Any]:
    mine = SavedView.objects.filter(account_id=Given("account", of=BigIntegerField()))
    return mine.order_by("name").values_list("pk", "name", "query")
