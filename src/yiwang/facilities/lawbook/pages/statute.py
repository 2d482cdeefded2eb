"""A statute to read like a book: contents, status, versions, and its articles with an anchor down to each item."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.facilities.lawbook import queries, shown, words
from yiwang.facilities.lawbook.rules.addresses import ArticleId, Outlined, Piece, Reference
from yiwang.facilities.lawbook.rules.numerals import article_number
from yiwang.facilities.lawbook.rules.structure import HEADINGS, NodeKind
from yiwang.kernel.base.pages import EVERYBODY, page

MOST_NUMBERS = 700
"""A cover lists the numbers of the articles up to so many; a longer code has a field for the number."""


@page("lawbook:statute", roles=EVERYBODY, budget=12)
@require_safe
def statute(request: HttpRequest, ref: Reference) -> HttpResponse:
    """A whole statute, or the cover of one that is too long for a page."""
    today = timezone.localdate()
    found = shown.opened(ref, today=today)
    outline = queries.outline(found.version)
    cuts = shown.cut(outline)
    if number := request.GET.get("article", "").strip():
        return _to_article(number, found=found, outline=outline, request=request)
    if len(cuts) > 1:
        return _cover(request, found, outline, cuts, today=today)
    return _piece(request, found, outline, cuts, cuts[0] if cuts else None, today=today)


@page("lawbook:piece", roles=EVERYBODY, budget=12)
@require_safe
def piece(request: HttpRequest, ref: Reference, place: int) -> HttpResponse:
    """One page of a long statute."""
    today = timezone.localdate()
    found = shown.opened(ref, today=today)
    outline = queries.outline(found.version)
    cuts = shown.cut(outline)
    if not any(one.first <= place <= one.last for one in cuts):
        raise Http404(_("This statute has no such page."))
    return _piece(request, found, outline, cuts, shown.piece_with(cuts, place), today=today)


@page("lawbook:article", roles=EVERYBODY, budget=12)
@require_safe
def article(request: HttpRequest, ref: Reference, eid: ArticleId) -> HttpResponse:
    """The page of a statute on which an article stands."""
    today = timezone.localdate()
    found = shown.opened(ref, today=today)
    outline = queries.outline(found.version)
    cuts = shown.cut(outline)
    at = _place_of(outline, eid)
    if at is None:
        raise Http404(_("This version has no %(article)s.") % {"article": eid.number.label()})
    return _piece(request, found, outline, cuts, shown.piece_with(cuts, at), today=today)


def _place_of(outline: list[Outlined], wanted: ArticleId) -> int | None:
    return next(
        (
            one.place
            for one in outline
            if one.kind == NodeKind.ARTICLE and one.number == wanted.number and one.annex == wanted.annex
        ),
        None,
    )


def _to_article(
    typed: str, *, found: shown.Opened, outline: list[Outlined], request: HttpRequest
) -> HttpResponse:
    """Go to the article whose number was typed, or say that there is none."""
    wanted: ArticleId | None
    try:
        wanted = ArticleId(article_number(typed))
    except ValueError:
        wanted = None
    if wanted is not None and _place_of(outline, wanted) is not None:
        target = reverse("lawbook:article", args=[found.reference, wanted])
        return HttpResponseRedirect(f"{target}#art_{wanted}")
    return _cover(request, found, outline, shown.cut(outline), today=timezone.localdate(), refused=typed[:40])


def _frame(found: shown.Opened, *, today: date) -> dict[str, object]:
    version, work = found.version, found.work
    look, told = words.status(version, work=work, on=today)
    return {
        "work": work,
        "version": version,
        "ref": str(found.reference),
        "look": look,
        "status": told,
        "basis": words.basis_words(version.force_basis),
        "is_elsewhere": found.is_dated and not (version.in_force and found.on in version.in_force),
        "asked_on": found.on,
        "rank": words.rank_words(work.rank),
        "versions": shown.version_lines(found, today=today),
        "crumbs": shown.crumbs(),
        "repealed_by": work.repealed_by,
        "current": _current(found, today=today),
    }


def _current(found: shown.Opened, *, today: date) -> str:
    """The address of the version in force today, where another one is shown."""
    now = queries.version_on(found.versions, today)
    if now is None or now.pk == found.version.pk:
        return ""
    return reverse("lawbook:statute", args=[shown.reference_of(found.work, now)])


def _cover(
    request: HttpRequest,
    found: shown.Opened,
    outline: list[Outlined],
    cuts: list[Piece],
    *,
    today: date,
    refused: str = "",
) -> HttpResponse:
    entries = shown.contents(outline, cuts, ref=found.reference, here=None)
    numbers = [one for one in outline if one.kind == NodeKind.ARTICLE and one.number and not one.annex]
    context = {
        **_frame(found, today=today),
        "contents": entries,
        "pages": [shown.page_url(found.reference, one, cuts) for one in cuts] if not entries else [],
        "numbers": [one.number.eid for one in numbers if one.number] if len(numbers) <= MOST_NUMBERS else [],
        "first_url": shown.page_url(found.reference, cuts[0], cuts) if cuts else "",
        "refused": refused,
    }
    return render(request, "lawbook/cover.html", context, status=422 if refused else 200)


def _piece(
    request: HttpRequest,
    found: shown.Opened,
    outline: list[Outlined],
    cuts: list[Piece],
    here: Piece | None,
    *,
    today: date,
) -> HttpResponse:
    passages = queries.passages(found.version, first=here.first, last=here.last) if here else []
    index = cuts.index(here) if here else 0
    context = {
        **_frame(found, today=today),
        "contents": shown.contents(outline, cuts, ref=found.reference, here=here),
        "blocks": shown.with_links(
            shown.with_histories([shown.block(passage) for passage in passages], found),
            on=found.on,
            title=found.work.title,
        ),
        "is_whole": len(cuts) == 1,
        "cover_url": reverse("lawbook:statute", args=[found.reference]),
        "previous_url": shown.page_url(found.reference, cuts[index - 1], cuts) if index else "",
        "next_url": shown.page_url(found.reference, cuts[index + 1], cuts) if index + 1 < len(cuts) else "",
        "above": _above(outline, here),
    }
    return render(request, "lawbook/statute.html", context)


def _above(outline: list[Outlined], here: Piece | None) -> list[str]:
    """The headings under which a page of a long statute begins, those that stand on an earlier page."""
    found: list[Outlined] = []
    for one in outline:
        if here is None or one.place >= here.first:
            if here is not None and one.place == here.first and one.kind in HEADINGS:
                found = [above for above in found if above.depth < one.depth]
            break
        if one.kind in HEADINGS:
            found = [above for above in found if above.depth < one.depth] + [one]
    return [shown.heading_words(one.kind, one.number, one.heading) for one in found]
