"""Finding matters: by number, receipt, name, or any part of what was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.base.text import clean_line, fold
from yiwang.kernel.casework import receipts
from yiwang.kernel.casework.columns import columns
from yiwang.kernel.casework.filters import Wanted, wanted_from
from yiwang.kernel.casework.lists import PAGE_SIZE, Row, petitioners_of, rows_of
from yiwang.kernel.casework.models import Case, Party
from yiwang.kernel.casework.pages.case import address_of
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.casework.queries import findable, procedures_met_by
from yiwang.kernel.people.enums import CASE_ROLES
from yiwang.kernel.search.queries import Count, Hit, count, find
from yiwang.kernel.search.rules import QuestionTooLong, Segment, marked, words_of
from yiwang.kernel.ui.tables import Column, Table

SNIPPET = 90
ROUNDS = 4
"""With filters, so many pages of hits are looked through before somebody has to ask for more."""
MOST_NAMED = 20


@dataclass(frozen=True)
class Found:
    """The hits of one page that fit the filters, where the search stopped, and how many hits were looked through."""

    rows: list[Row]
    stopped: Hit | None
    number: int


@page("casework:search", roles=CASE_ROLES, budget=10)
def search(request: HttpRequest) -> HttpResponse:
    """Search; a number or receipt code that is exactly right opens its matter at once."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    asked = clean_line(request.GET.get("q", ""))
    today = timezone.localdate()
    wanted = wanted_from(
        request.GET,
        account_id=standing.account_id,
        on=today,
        unit_ids=standing.unit_ids,
        procedures=procedures_met_by(standing, on=today),
    )
    context: dict[str, Any] = {"search_words": asked, "form": wanted.form, "is_narrow": wanted.is_narrow}
    if not asked:
        return render(request, "casework/search.html", context)
    exact = None if wanted.is_narrow else _exactly(asked, standing)
    if exact is not None:
        return HttpResponseRedirect(address_of(exact))
    before = _before(request.GET.get("from", ""))
    try:
        found = _found(asked, standing, wanted, before=before)
        total = _count(asked, standing, found) if before is None else None
    except QuestionTooLong:
        context["trouble"] = _("That is too long to look for; take a few words of it.")
        return render(request, "casework/search.html", context, status=422)
    named = _named(asked, standing, wanted) if before is None else []
    named_ids = {row.id for row in named}
    rows = [row for row in found.rows if row.id not in named_ids]
    petitioners = petitioners_of([row.id for row in [*named, *rows]])
    snippets = _snippets([row.id for row in rows], asked)
    context |= {
        "named": _table(named, petitioners, _("Brought by somebody of this name"), {}) if named else None,
        "table": _table(rows, petitioners, _("Found in what was written"), snippets),
        "rows": rows,
        "total": _total(total, wanted),
        "next_url": _next(request, found),
    }
    return render(request, "casework/search.html", context)


def _exactly(asked: str, standing: Standing) -> int | None:
    """The one matter of that number or receipt code, if the person may see it."""
    mine = Case.objects.filter(visible(standing)).values_list("pk", flat=True)
    digest = receipts.digest(asked)
    if digest is not None:
        by_receipt = mine.filter(receipt_digest=digest).first()
        if by_receipt is not None:
            return by_receipt
    return mine.filter(number=asked.upper()).first()


def _named(asked: str, standing: Standing, wanted: Wanted) -> list[Row]:
    """The newest matters of which a party bears exactly this name; part of a name finds nobody."""
    people = Party.objects.filter(name_key=fold(asked)[:80]).values("case_id")
    rows = Case.objects.filter(visible(standing), wanted.narrowed, pk__in=people).order_by("-pk")
    return [Row(*row) for row in rows.values_list(*Row._fields)[:MOST_NAMED]]


def _found(asked: str, standing: Standing, wanted: Wanted, *, before: tuple[datetime, int] | None) -> Found:
    scope = findable(standing)
    rows: list[Row] = []
    number = 0
    for _round in range(ROUNDS if wanted.is_narrow else 1):
        hits = find(asked, kind="case", predicate=scope, before=before, limit=PAGE_SIZE)
        ids = [hit.object_id for hit in hits]
        number += len(ids)
        if wanted.is_narrow and ids:
            fitting = Case.objects.filter(visible(standing), wanted.narrowed, pk__in=ids)
            if wanted.unit_id is not None:
                fitting = fitting.filter(holder_unit_id=wanted.unit_id)
            by_id = {row[0]: Row(*row) for row in fitting.values_list(*Row._fields)}
            rows += [by_id[number] for number in ids if number in by_id]
        else:
            rows += rows_of(ids, standing)
        if len(hits) < PAGE_SIZE:
            return Found(rows, None, number)
        before = hits[-1].key
        if len(rows) >= PAGE_SIZE // 2:
            break
    return Found(rows, hits[-1], number)


def _count(asked: str, standing: Standing, found: Found) -> Count:
    """How many hits there are; a search that came to its end on the first page needn't count them again."""
    if found.stopped is None:
        return Count(found.number, is_more=False)
    return count(asked, kind="case", predicate=findable(standing))


def _snippets(ids: Sequence[int], asked: str) -> dict[int, SafeString]:
    """The piece of each matter's own text in which the words stand; names of people aren't shown here."""
    words = words_of(asked)
    texts = Case.objects.filter(pk__in=ids).values_list("pk", "title", "text")
    found = {}
    for number, title, text in texts:
        segments = marked(text, words, width=SNIPPET)
        if not any(segment.is_hit for segment in segments):
            in_title = any(segment.is_hit for segment in marked(title, words))
            segments = [] if in_title else [Segment(_("in the number, a name, or what a unit wrote"), False)]
        found[number] = _drawn(segments)
    return found


def _drawn(segments: Sequence[Segment]) -> SafeString:
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", s.text) if s.is_hit else s.text,) for s in segments),
    )


def _table(
    rows: list[Row], petitioners: dict[int, str], caption: str, snippets: dict[int, SafeString]
) -> Table:
    shown = columns(petitioners, rows=rows, today=timezone.localdate(), is_newest_first=True)
    if snippets:
        shown.insert(2, Column(_("Found in"), lambda row: snippets.get(row.id, "")))
        shown = [column for column in shown if column.label != _("Class")]
    return Table(
        caption=caption,
        columns=shown,
        rows=rows,
        row_url=lambda row: address_of(row.id),
        is_caption_hidden=False,
    )


def _total(total: Count | None, wanted: Wanted) -> str:
    if total is None:
        return ""
    if wanted.is_narrow:
        return _("%(number)s without filters") % {"number": total}
    return _("%(number)s found") % {"number": total}


def _before(text: str) -> tuple[datetime, int] | None:
    """Where the page before ended, as it stands in the address."""
    moment, separator, number = text.rpartition("~")
    if not separator or not number.isdecimal() or len(number) > 18:
        return None
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(number)) if timezone.is_aware(at) else None


def _next(request: HttpRequest, found: Found) -> str:
    if found.stopped is None:
        return ""
    words = {key: str(value) for key, value in request.GET.items() if key != "from" and value}
    at, number = found.stopped.key
    return "?" + urlencode({**words, "from": f"{at.isoformat()}~{number}"})
