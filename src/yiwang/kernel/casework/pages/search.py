"""Finding matters: by number, receipt, name, or any part of what was written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base import statements
from yiwang.kernel.base.pages import page
from yiwang.kernel.base.statements import is_any_of
from yiwang.kernel.base.text import clean_line, fold
from yiwang.kernel.casework import receipts
from yiwang.kernel.casework.columns import columns
from yiwang.kernel.casework.filters import Wanted, wanted_from
from yiwang.kernel.casework.lists import PAGE_SIZE, Row, petitioners_of
from yiwang.kernel.casework.models import Case, Party
from yiwang.kernel.casework.pages.case import address_of
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.casework.queries import findable, procedures_met_by
from yiwang.kernel.people.enums import CASE_ROLES
from yiwang.kernel.search.queries import Count, Place, page_of
from yiwang.kernel.search.rules import QuestionTooLong, Segment, marked, words_of
from yiwang.kernel.ui.html import escaped
from yiwang.kernel.ui.tables import Column, Table

SNIPPET = 90
ROUNDS = 4
"""With filters, so many pages of hits are looked through before somebody has to ask for more."""
MOST_NAMED = 20


@dataclass(frozen=True)
class Found:
    """The hits of one page that fit the filters, their texts, where the search stopped, how many there are without filters."""

    rows: list[Row]
    texts: dict[int, str]
    end: Place | None
    total: Count | None


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
    except QuestionTooLong:
        context["trouble"] = _("That is too long to look for; take a few words of it.")
        return render(request, "casework/search.html", context, status=422)
    named = _named(asked, standing, wanted) if before is None else []
    named_ids = {row.id for row in named}
    rows = [row for row in found.rows if row.id not in named_ids]
    petitioners = petitioners_of([row.id for row in [*named, *rows]])
    snippets = _snippets(rows, found.texts, asked)
    context |= {
        "named": _table(named, petitioners, _("Brought by somebody of this name"), {}) if named else None,
        "table": _table(rows, petitioners, _("Found in what was written"), snippets),
        "rows": rows,
        "total": _total(found.total, wanted),
        "next_url": _next(request, found),
    }
    return render(request, "casework/search.html", context)


def _exactly(asked: str, standing: Standing) -> int | None:
    """The one matter of that number or receipt code, if the person may see it."""
    digest = receipts.digest(asked)
    if digest is None and not any(map(str.isdigit, asked)):
        return None
    mine = Case.objects.filter(visible(standing)).values_list("pk", flat=True)
    if digest is not None:
        by_receipt = mine.filter(receipt_digest=digest).first()
        if by_receipt is not None:
            return by_receipt
    return mine.filter(number=asked.upper()).first()


def _named(asked: str, standing: Standing, wanted: Wanted) -> list[Row]:
    """The newest matters of which a party bears exactly this name; part of a name finds nobody.

    Not a kept statement: how many bear the name decides how the database looks for them.
    """
    people = Party.objects.filter(name_key=fold(asked)[:80]).values("case_id")
    rows = Case.objects.filter(visible(standing), wanted.narrowed, pk__in=people).order_by("-pk")
    return [Row(*row) for row in rows.values_list(*Row._fields)[:MOST_NAMED]]


def _found(asked: str, standing: Standing, wanted: Wanted, *, before: Place | None) -> Found:
    scope = findable(standing)
    rows: list[Row] = []
    texts: dict[int, str] = {}
    total = None
    for _round in range(ROUNDS if wanted.is_narrow else 1):
        hits = page_of(asked, kind="case", predicate=scope, before=before, limit=PAGE_SIZE)
        total = total or hits.count
        for row, text in _shown(hits.ids, standing, wanted):
            rows.append(row)
            texts[row.id] = text
        before = hits.end
        if before is None or len(rows) >= PAGE_SIZE // 2:
            break
    return Found(rows, texts, before, total)


def _shown(ids: Sequence[int], standing: Standing, wanted: Wanted) -> list[tuple[Row, str]]:
    """The cases of these numbers that somebody may see and that fit the filters, in the order given; with their texts."""

    def cases() -> QuerySet[Case, Any]:
        fitting = Case.objects.filter(visible(standing), wanted.narrowed, is_any_of("id", "ids"))
        if wanted.unit_id is not None:
            fitting = fitting.filter(holder_unit_id=wanted.unit_id)
        return fitting.values_list(*Row._fields, "text")

    key = None if wanted.is_narrow else ("found", standing)
    by_id = {row[0]: (Row(*row[:-1]), row[-1]) for row in statements.rows_of(key, cases, ids=list(ids))}
    return [by_id[number] for number in ids if number in by_id]


def _snippets(rows: Sequence[Row], texts: dict[int, str], asked: str) -> dict[int, SafeString]:
    """The piece of each matter's own text in which the words stand; names of people aren't shown here."""
    words = words_of(asked)
    found = {}
    for row in rows:
        segments = marked(texts[row.id], words, width=SNIPPET)
        if not any(segment.is_hit for segment in segments):
            in_title = any(segment.is_hit for segment in marked(row.title, words))
            segments = [] if in_title else [Segment(_("in the number, a name, or what a unit wrote"), False)]
        found[row.id] = _drawn(segments)
    return found


def _drawn(segments: Sequence[Segment]) -> SafeString:
    return SafeString(
        "".join([f"<mark>{escaped(s.text)}</mark>" if s.is_hit else escaped(s.text) for s in segments])
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


def _before(text: str) -> Place | None:
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
    if found.end is None:
        return ""
    words = {key: str(value) for key, value in request.GET.items() if key != "from" and value}
    at, number = found.end
    return "?" + urlencode({**words, "from": f"{at.isoformat()}~{number}"})
