"""The front of the lawbook: look something up, what comes into force soon, and every work by rank and field."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.facilities.lawbook import queries, shown, words
from yiwang.facilities.lawbook.queries import Shelved
from yiwang.facilities.lawbook.rules.addresses import Reference
from yiwang.facilities.lawbook.rules.kinds import FIELDS, Rank
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.places import doors_for
from yiwang.kernel.ui.states import state
from yiwang.kernel.ui.tables import Column, Table

A_PAGE = 60


@page("lawbook:shelf", roles=EVERYBODY, budget=6)
@require_safe
def shelf(request: HttpRequest) -> HttpResponse:
    """Every work, by name; of a rank or a field, or whose title holds some words."""
    today = timezone.localdate()
    rank = request.GET.get("rank", "")
    rank = rank if rank in {one.value for one in Rank} else ""
    field = request.GET.get("field", "")
    field = field if field in FIELDS else ""
    typed, after = request.GET.get("title", "")[:100], request.GET.get("after", "")[:200]
    works = queries.shelf(on=today, rank=rank, field=field, words=typed, limit=A_PAGE + 1, after=after)
    counts = queries.shelf_counts()
    is_front = not (rank or field or typed or after)
    context = {
        "table": _table(works, chosen={"rank": rank, "field": field, "title": typed}, today=today),
        "filters": _filters(counts, rank=rank, field=field),
        "title": typed,
        "rank": rank,
        "field": field,
        "total": sum(counts.values()),
        "coming": [
            (version, str(shown.reference_of(version.work, version))) for version in queries.coming(today)[:8]
        ]
        if is_front
        else [],
        "today": today,
        "loads_url": next((door.url for door in doors_for(request) if door.key == "lawbook_loads"), ""),
    }
    return render(request, "lawbook/shelf.html", context)


def _filters(counts: dict[tuple[str, str], int], *, rank: str, field: str) -> list[Link]:
    base = reverse("lawbook:shelf")
    links = [Link(_("All"), base, is_current=not rank and not field)]
    for one in FIELDS:
        number = sum(count for (_rank, own), count in counts.items() if own == one)
        if number:
            links.append(
                Link(f"{one} {number}", f"{base}?{urlencode({'field': one})}", is_current=field == one)
            )
    for each in (Rank.REGULATION, Rank.INTERPRETATION, Rank.RULE, Rank.LOCAL, Rank.AMENDMENT, Rank.OTHER):
        number = sum(count for (own, _field), count in counts.items() if own == each.value)
        if number:
            links.append(
                Link(
                    f"{words.rank_words(each)} {number}",
                    f"{base}?rank={each.value}",
                    is_current=rank == each.value,
                )
            )
    return links


def _table(works: list[Shelved], *, chosen: dict[str, str], today: object) -> Table:
    shown_works = works[:A_PAGE]

    def status(one: Shelved) -> object:
        if one.version is None:
            return "–"
        look, told = words.status(one.version, work=one.work, on=today)  # type: ignore[arg-type]
        return state(look, words=told)

    next_url = ""
    if len(works) > A_PAGE:
        given = {key: value for key, value in chosen.items() if value}
        next_url = f"?{urlencode({**given, 'after': shown_works[-1].work.short_title})}"
    return Table(
        caption=_("Laws and regulations"),
        rows=shown_works,
        columns=[
            Column(_("Title"), lambda one: one.work.short_title, is_main=True),
            Column(_("Rank"), lambda one: words.rank_words(one.work.rank)),
            Column(
                _("Passed"),
                lambda one: f"{one.version.passed_on}" if one.version and one.version.passed_on else "–",
                kind="code",
            ),
            Column(_("Status today"), status),
            Column(_("Versions"), lambda one: one.versions, kind="number"),
        ],
        row_url=lambda one: reverse("lawbook:statute", args=[Reference(one.work.short_title)]),
        next_url=next_url,
        empty_title=_("No law of this kind is in the lawbook"),
        empty_words=_("Look for other words, or ask whoever runs this site to load more texts."),
    )
