"""Two versions of a statute side by side, article by article."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.facilities.lawbook import queries, shown, words
from yiwang.facilities.lawbook.models import Version
from yiwang.facilities.lawbook.rules.addresses import ArticleId, Reference
from yiwang.facilities.lawbook.rules.compare import Change, marked, paired
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.ui.parts import Link

ROWS_A_PAGE = 40


@page("lawbook:compare", roles=EVERYBODY, budget=6)
@require_safe
def compare(request: HttpRequest, ref: Reference) -> HttpResponse:
    """What changed from one version to another; what differs in punctuation only counts as the same."""
    today = timezone.localdate()
    found = shown.opened(ref, today=today)
    before, after = _chosen(request, found)
    context: dict[str, object] = {
        "work": found.work,
        "versions": [
            (
                version.pk,
                f"{version.passed_on or '–'} · {words.status(version, work=found.work, on=today)[1]}",
            )
            for version in found.versions
        ],
        "crumbs": shown.crumbs(
            Link(found.work.short_title, reverse("lawbook:statute", args=[found.reference]))
        ),
        "before": before,
        "after": after,
    }
    if before is not None and after is not None:
        context |= _difference(request, found, before, after)
    return render(request, "lawbook/compare.html", context)


def _chosen(request: HttpRequest, found: shown.Opened) -> tuple[Version | None, Version | None]:
    """The two versions asked for; without a choice, the one shown and the one before it."""
    by_id = {str(version.pk): version for version in found.versions}
    first, last = request.GET.get("from", ""), request.GET.get("to", "")
    if first or last:
        if first not in by_id or last not in by_id:
            raise Http404(_("This statute has no such version."))
        return by_id[first], by_id[last]
    index = found.versions.index(found.version)
    if index + 1 < len(found.versions):
        return found.versions[index + 1], found.version
    return None, None


def _difference(
    request: HttpRequest, found: shown.Opened, before: Version, after: Version
) -> dict[str, object]:
    old, new = queries.article_texts(before), queries.article_texts(after)
    pairs = paired(old, new)
    counts = {change: sum(one[2] is change for one in pairs) for change in Change}
    changed = [one for one in pairs if one[2] is not Change.SAME]
    start = max(0, int(request.GET.get("at", "0"))) if request.GET.get("at", "0").isdecimal() else 0
    rows = [
        _row(pair, old=old, new=new, found=found, before=before, after=after)
        for pair in changed[start : start + ROWS_A_PAGE]
    ]
    base = f"?from={before.pk}&to={after.pk}&at="
    return {
        "rows": rows,
        "counts": {change.value: count for change, count in counts.items()},
        "before_on": before.passed_on,
        "after_on": after.passed_on,
        "previous_url": f"{base}{max(0, start - ROWS_A_PAGE)}" if start else "",
        "next_url": f"{base}{start + ROWS_A_PAGE}" if start + ROWS_A_PAGE < len(changed) else "",
    }


def _row(
    pair: tuple[ArticleId | None, ArticleId | None, Change],
    *,
    old: dict[ArticleId, str],
    new: dict[ArticleId, str],
    found: shown.Opened,
    before: Version,
    after: Version,
) -> dict[str, object]:
    left, right, change = pair
    texts = old[left] if left else "", new[right] if right else ""
    pieces = marked(*texts) if left and right else (None, None)

    def url(version: Version, eid: ArticleId | None) -> str:
        if eid is None:
            return ""
        target = reverse("lawbook:article", args=[shown.reference_of(found.work, version), eid])
        return f"{target}#art_{eid}"

    return {
        "change": change,
        "left": left.number.label() if left else "",
        "right": right.number.label() if right else "",
        "left_url": url(before, left),
        "right_url": url(after, right),
        "left_pieces": pieces[0],
        "right_pieces": pieces[1],
        "left_text": texts[0],
        "right_text": texts[1],
    }
