"""One article: the card that shows it beside a citation, and its history through all versions."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.facilities.lawbook import queries, shown, words
from yiwang.facilities.lawbook.models import Passage
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


@page("lawbook:history", roles=EVERYBODY, budget=5)
@require_safe
def history(request: HttpRequest, ref: Reference, eid: ArticleId) -> HttpResponse:
    """An article in every loaded version of its work, the newest first, each with what it changed."""
    today = timezone.localdate()
    found = shown.opened(ref, today=today)
    held = queries.history(found.work, eid)
    if not any(passage for _version, passage in held):
        raise Http404(_("This statute has no %(article)s.") % {"article": eid.number.label()})
    stages = []
    before: Passage | None = None
    is_first = True
    for version, passage in held:
        look, told = words.status(version, work=found.work, on=today)
        change = _change(before, passage, is_first=is_first)
        pieces = marked(before.text if before else "", passage.text)[1] if passage and before else None
        stages.append(
            {
                "look": look,
                "status": told,
                "passed_on": version.passed_on,
                "change": change,
                "pieces": pieces if change is Change.CHANGED else None,
                "text": passage.text if passage else "",
                "url": f"{reverse('lawbook:article', args=[shown.reference_of(found.work, version), eid])}#art_{eid}"
                if passage
                else "",
                "amended_by": version.amended_by,
            }
        )
        before, is_first = passage, False
    context = {
        "work": found.work,
        "label": eid.number.label(),
        "stages": stages[::-1],
        "crumbs": shown.crumbs(
            Link(found.work.short_title, reverse("lawbook:statute", args=[found.reference]))
        ),
    }
    return render(request, "lawbook/history.html", context)


def _change(before: Passage | None, after: Passage | None, *, is_first: bool) -> Change | None:
    """What this version did to the article; nothing for the first one that is loaded."""
    if is_first or (before is None and after is None):
        return None
    if after is None:
        return Change.REMOVED
    if before is None:
        return Change.ADDED
    return Change.SAME if plain(before.text) == plain(after.text) else Change.CHANGED
