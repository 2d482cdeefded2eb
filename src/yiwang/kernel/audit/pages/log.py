"""The log, for the auditor: what was done and read, by whom, for what; and whether it's sealed."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.audit import queries
from yiwang.kernel.audit.forms import LookForm
from yiwang.kernel.audit.labels import label_of, purpose_of
from yiwang.kernel.audit.models import Entry
from yiwang.kernel.base.pages import page
from yiwang.kernel.people.models import Account
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when

PAGE = 50
LARGEST = 2**63 - 1


@dataclass(frozen=True)
class Line:
    """One entry with the name of whoever did it."""

    entry: Entry
    who: str


@page("audit:log", roles={"auditor"}, budget=6)
def log(request: HttpRequest) -> HttpResponse:
    """Show a page of the log, newest first, as the filters in the address say."""
    form = LookForm(request.GET)
    is_valid = form.is_valid()
    before, after = _key(request, "before"), _key(request, "after")
    rows = (
        list(queries.entries(form.looked(), before=before, after=after, limit=PAGE + 1)) if is_valid else []
    )
    has_more = len(rows) > PAGE
    rows = rows[-PAGE:] if after is not None else rows[:PAGE]
    head = queries.latest_head()
    context = {
        "form": form,
        "head": head,
        "head_root": head.root.hex() if head else "",
        "table": _table(
            _named(rows),
            previous_url=_address(request, after=rows[0].id)
            if rows and (before is not None or (after is not None and has_more))
            else "",
            next_url=_address(request, before=rows[-1].id)
            if rows and (has_more or after is not None)
            else "",
        ),
    }
    return render(request, "audit/log.html", context, status=200 if is_valid else 422)


def _table(lines: list[Line], *, previous_url: str, next_url: str) -> Table:
    today = timezone.localdate()
    return Table(
        caption=_("Entries"),
        rows=lines,
        columns=[
            Column(_("Time"), lambda line: when(line.entry.at, today)),
            Column(_("Done by"), lambda line: line.who),
            Column(_("Action"), lambda line: label_of(line.entry.action), is_main=True),
            Column(_("Subject"), lambda line: _subject(line.entry)),
            Column(_("Purpose"), lambda line: purpose_of(line.entry.purpose)),
            Column(_("Entry"), lambda line: line.entry.id, kind="code"),
        ],
        previous_url=previous_url,
        next_url=next_url,
        empty_title=_("Nothing is found"),
        empty_words=_("No entry of the log matches these filters."),
    )


def _named(rows: list[Entry]) -> list[Line]:
    """Entries with the names of their accounts, in one query for all."""
    numbers = {entry.actor for entry in rows if entry.actor is not None}
    names = dict(Account.objects.filter(pk__in=numbers).values_list("pk", "name")) if numbers else {}
    system = _("The system")
    return [
        Line(entry, system if entry.actor is None else names.get(entry.actor, f"#{entry.actor}"))
        for entry in rows
    ]


def _subject(entry: Entry) -> str:
    """What the entry is about, in words, with its number."""
    kinds = {
        "case": _("Matter"),
        "account": _("Account"),
        "unit": _("Unit"),
        "post": _("Post"),
        "delegation": _("Delegation"),
        "calendar": _("Calendar"),
        "team": _("Team"),
    }
    kind = kinds.get(entry.subject_kind, entry.subject_kind)
    return " ".join(str(part) for part in (kind, entry.subject_id) if part)


def _key(request: HttpRequest, name: str) -> int | None:
    """A number in the address; anything else counts as none."""
    text = request.GET.get(name, "")
    return (
        int(text)
        if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST and len(text) < 20
        else None
    )


def _address(request: HttpRequest, **key: int) -> str:
    """This page with the same filters at another place."""
    kept = {name: value for name, value in request.GET.items() if name not in ("before", "after") and value}
    return "?" + urlencode(kept | {name: str(value) for name, value in key.items()})
