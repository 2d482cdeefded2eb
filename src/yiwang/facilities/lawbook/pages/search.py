"""Looking something up: an article by its number, a law by its title, any words in any text, as of a day."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.facilities.lawbook import queries, shown, words
from yiwang.facilities.lawbook.queries import Hit
from yiwang.facilities.lawbook.rules.addresses import (
    ArticleId,
    Reference,
    anchor,
    asked_article,
    year_month_day,
)
from yiwang.facilities.lawbook.rules.structure import NodeKind
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.search.rules import QuestionTooLong

A_PAGE = 30


@page("lawbook:search", roles=EVERYBODY, budget=8)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The article asked for by number, then laws by title, then passages that hold every word."""
    today = timezone.localdate()
    typed = request.GET.get("q", "").strip()
    typed_day = request.GET.get("on", "").strip()
    in_law = request.GET.get("law", "").strip()[:200]
    is_every = request.GET.get("every") == "1"
    day = year_month_day(typed_day) if typed_day else None
    error = ""
    if typed_day and day is None:
        error = _("Write the day as 2024-03-01.")
    context: dict[str, object] = {
        "q": typed,
        "on": typed_day,
        "law": in_law,
        "is_every": is_every,
        "error": error,
        "crumbs": shown.crumbs(),
        "day": day or today,
        "is_past": day is not None and day != today,
    }
    if typed and not error:
        try:
            context |= _answers(request, typed, on=day or today, in_law=in_law, is_every=is_every)
        except QuestionTooLong:
            context["error_words"] = _("These are too many words to look for; leave some out.")
    return render(request, "lawbook/search.html", context, status=422 if error else 200)


def _answers(
    request: HttpRequest, typed: str, *, on: object, in_law: str, is_every: bool
) -> dict[str, object]:
    day = on
    after = request.GET.get("after", "")[:40]
    work = queries.work_named(in_law) if in_law else None
    if in_law and work is None:
        return {"law_unknown": in_law}
    direct = None if after else _direct(typed, on=day)
    titles = [] if after or work else queries.shelf(on=day, words=typed, limit=6)  # type: ignore[arg-type]
    found = queries.find(typed, on=None if is_every else day, work=work, after=after, limit=A_PAGE)  # type: ignore[arg-type]
    next_url = ""
    if len(found.hits) == A_PAGE:
        given = {key: str(value) for key, value in request.GET.items() if key != "after"}
        next_url = f"?{urlencode({**given, 'after': found.hits[-1].key})}"
    return {
        "direct": direct,
        "titles": [
            {
                "title": one.work.short_title,
                "rank": words.rank_words(one.work.rank),
                "url": reverse("lawbook:statute", args=[Reference(one.work.short_title)]),
            }
            for one in titles
        ],
        "hits": [{"hit": hit, "label": _label(hit), "url": hit_url(hit)} for hit in found.hits],
        "count": f"{found.count:,}{'+' if found.is_more_than_counted else ''}",
        "next_url": next_url,
        "has_answers": bool(direct or titles or found.hits),
    }


def _direct(typed: str, *, on: object) -> dict[str, object] | None:
    """The article that was asked for by law and number, in the version of the day."""
    asked = asked_article(typed)
    if asked is None:
        return None
    name, number = asked
    work = queries.work_named(name)
    if work is None:
        return None
    version = queries.version_on(queries.versions_of(work), on)  # type: ignore[arg-type]
    passage = queries.article(version, ArticleId(number)) if version else None
    if version is None or passage is None:
        return {"missing": f"{work.short_title} {number.label()}", "title": work.short_title}
    eid = ArticleId(number)
    url = reverse("lawbook:article", args=[shown.reference_of(work, version), eid])
    return {
        "title": work.short_title,
        "label": number.label(),
        "block": shown.block(passage),
        "url": f"{url}#art_{eid}",
    }


def hit_url(hit: Hit) -> str:
    """Where a hit opens: its article, or the place of a heading, in the version that holds it."""
    ref = Reference(hit.short_title, hit.version_on)
    own = anchor(hit.kind, number=hit.number, annex=hit.annex, place=hit.place)
    if hit.kind == NodeKind.ARTICLE and hit.number is not None:
        return f"{reverse('lawbook:article', args=[ref, ArticleId(hit.number, hit.annex)])}#{own}"
    return f"{reverse('lawbook:piece', args=[ref, hit.place])}#{own}"


def _label(hit: Hit) -> str:
    if hit.number is None:
        return shown.heading_words(hit.kind, None, hit.heading)
    if hit.kind == NodeKind.ARTICLE:
        return hit.number.label()
    if hit.kind == NodeKind.CLAUSE:
        return hit.number.label("")
    return shown.heading_words(hit.kind, hit.number, hit.heading)
