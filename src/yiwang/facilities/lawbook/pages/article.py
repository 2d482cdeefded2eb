"""One article: the card that shows it beside a citation, and its history through all versions."""

from collections.abc import Sequence
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.facilities.lawbook import queries, shown, words
from yiwang.facilities.lawbook.models import ArticleChange, Passage, Version
from yiwang.facilities.lawbook.rules.addresses import ArticleId, Reference
from yiwang.facilities.lawbook.rules.compare import Change, marked, plain
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.ui.parts import Link


@page("lawbook:card", roles=EVERYBODY, budget=5)
@require_safe
def card(request: HttpRequest, ref: Reference, eid: ArticleId) -> HttpResponse:
    """The words of an article as a piece of a page, for showing beside a citation."""
    today = timezone.localdate()
    found = shown.opened(ref, today=today)
    passage = queries.article(found.version, eid)
    if passage is None:
        raise Http404(_("This version has no %(article)s.") % {"article": eid.number.label()})
    look, told = words.status(found.version, work=found.work, on=today)
    context = {
        "work": found.work,
        "block": shown.block(passage),
        "look": look,
        "status": told,
        "url": f"{reverse('lawbook:article', args=[found.reference, eid])}#art_{eid}",
    }
    return render(request, "lawbook/card.html", context)


@page("lawbook:history", roles=EVERYBODY, budget=8)
@require_safe
def history(request: HttpRequest, ref: Reference, eid: ArticleId) -> HttpResponse:
    """What each amendment did to an article, and how it read in every loaded version, the newest first."""
    today = timezone.localdate()
    found = shown.opened(ref, today=today)
    held = queries.history(found.work, eid)
    changes = queries.changes_of(found.work, eid)
    if not changes and not any(passage for _version, passage in held):
        raise Http404(_("This statute has no %(article)s.") % {"article": eid.number.label()})
    context = {
        "work": found.work,
        "label": eid.number.label(),
        "changes": _amendments(changes),
        "stages": _stages(found, held, eid, today=today)[::-1],
        "crumbs": shown.crumbs(
            Link(found.work.short_title, reverse("lawbook:statute", args=[found.reference]))
        ),
    }
    return render(request, "lawbook/history.html", context)


def _amendments(changes: Sequence[ArticleChange]) -> list[dict[str, object]]:
    """Each change with the instrument that made it, and the words of its instruction."""
    clauses = queries.instructions(changes)
    told: list[dict[str, object]] = []
    for one in changes:
        act, clause = one.instrument, clauses.get((one.instrument_id, one.label))
        place = f"#{shown.block(clause).anchor}" if clause else ""
        told.append(
            {
                "on": act.force_on or act.passed_on,
                "effects": words.effect_words(one.effects),
                "title": act.work.short_title,
                "label": one.label,
                "url": reverse("lawbook:statute", args=[shown.reference_of(act.work, act)]) + place,
                "words": clause.text if clause else "",
            }
        )
    return told


def _stages(
    found: shown.Opened, held: Sequence[tuple[Version, Passage | None]], eid: ArticleId, *, today: date
) -> list[dict[str, object]]:
    """The article in each version, beside the one before where it changed; the oldest first."""
    stages: list[dict[str, object]] = []
    before: Passage | None = None
    for version, passage in held:
        look, told = words.status(version, work=found.work, on=today)
        change = _change(before, passage, is_first=not stages)
        pieces = (
            marked(before.text, passage.text) if passage and before and change is Change.CHANGED else None
        )
        target = reverse("lawbook:article", args=[shown.reference_of(found.work, version), eid])
        stages.append(
            {
                "look": look,
                "status": told,
                "passed_on": version.passed_on,
                "change": change,
                "before": pieces[0] if pieces else None,
                "pieces": pieces[1] if pieces else None,
                "gone": before.text if before and change is Change.REMOVED else "",
                "text": passage.text if passage else "",
                "url": f"{target}#art_{eid}" if passage else "",
                "amended_by": version.amended_by,
            }
        )
        before = passage
    return stages


def _change(before: Passage | None, after: Passage | None, *, is_first: bool) -> Change | None:
    """What this version did to the article; nothing for the first one that is loaded."""
    if is_first or (before is None and after is None):
        return None
    if after is None:
        return Change.REMOVED
    if before is None:
        return Change.ADDED
    return Change.SAME if plain(before.text) == plain(after.text) else Change.CHANGED
