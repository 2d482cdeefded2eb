"""Who has read an announcement and who hasn't, for its own unit: the question that the stairwell never answered."""

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.notices.policies import WRITERS, worked_on_by
from yiwang.kernel.notices.queries.announcements import of_number, readers_of
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui.parts import Link

MOST_SHOWN = 400
"""More names than this nobody reads through; the figures by unit stand above them."""


@page("notices:readers", roles=WRITERS, budget=10)
@require_safe
def show(request: HttpRequest, announcement_id: int) -> HttpResponse:
    """How many have read, by unit; and the names of those who haven't."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    found = of_number(announcement_id, worked_on_by(standing))
    if found is None or found.current is None or found.must_read_within is None:
        raise Http404(_("There is no such announcement, or it isn't for you."))
    readers = readers_of(found, on=timezone.now())
    language, units = get_language() or "", tree()
    rows = []
    for unit_id, group in groupby(readers, key=lambda reader: reader.unit_id):
        people = list(group)
        noted = sum(person.noted_at is not None for person in people)
        rows.append((units.name(unit_id, language=language), noted, len(people)))
    late = [
        (reader.name, units.name(reader.unit_id, language=language))
        for reader in readers
        if reader.noted_at is None
    ]
    context = {
        "announcement": found,
        "title": found.current.title,
        "total": len(readers),
        "noted": len(readers) - len(late),
        "rows": rows,
        "late": late[:MOST_SHOWN],
        "not_shown": max(0, len(late) - MOST_SHOWN),
        "read": [
            (reader.name, units.name(reader.unit_id, language=language), reader.noted_at)
            for reader in readers
            if reader.noted_at is not None
        ][:MOST_SHOWN],
        "crumbs": [
            Link(_("Notice board"), reverse("notices:board")),
            Link(found.current.title, reverse("notices:announcement", args=[found.pk])),
        ],
    }
    return render(request, "notices/readers.html", context)
