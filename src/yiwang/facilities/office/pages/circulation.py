"""Circulation: what waits for me to be read, and a document's readers with everything that can be done for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yiwang.facilities.office import actions, queries, shown
from yiwang.facilities.office.enums import Direction, Mode
from yiwang.facilities.office.faults import OfficeFault
from yiwang.facilities.office.forms import ReadersForm, ReadForm
from yiwang.facilities.office.models import Handling, Reading, Urging
from yiwang.facilities.office.pages.document import address_of, found, standing_of
from yiwang.facilities.office.policies import OFFICE_ROLES, may_circulate, units_of_office
from yiwang.kernel.base.pages import page
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.casework.faults import NotPermitted
from yiwang.kernel.casework.rules.progress import NotAllowedNow
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import BulkAction, Column, Table
from yiwang.kernel.ui.tags.times import when

REPORTED = timedelta(days=90)


@page("office:reading", roles=OFFICE_ROLES, budget=9)
def reading(request: HttpRequest) -> HttpResponse:
    """What was sent to me and isn't read; POST marks the chosen ones as read, with one opinion for all."""
    standing, at = standing_of(request), timezone.now()
    if request.method == "POST":
        return _read_several(request)
    is_read = request.GET.get("state") == "read"
    rows, has_more = queries.to_read(
        standing, is_read=is_read, before=shown.number_in(request.GET.get("before", ""))
    )
    names = queries.names_of(row.account_id for row in rows if row.account_id != standing.account_id)
    address, today = reverse("office:reading"), timezone.localdate(at)
    query = {"before": rows[-1].pk if rows else "", **({"state": "read"} if is_read else {})}
    table = Table(
        caption=_("Documents to read"),
        rows=rows,
        columns=[
            Column(_("Document"), lambda row: shown.titled(row.handling.document), is_main=True),
            Column(_("Document number"), lambda row: row.handling.document.number or "–", kind="code"),
            Column(_("How it goes around"), lambda row: Mode(row.circulation.mode).label),
            Column(_("Sent on"), lambda row: when(timezone.localdate(row.sent_at), today=today)),
            Column(_("For which reader"), lambda row: names.get(row.account_id, _("me"))),
            Column(_("State"), lambda row: shown.reading_state(row, today=today)),
        ],
        row_url=lambda row: reverse("office:document", args=[row.handling_id]),
        row_key=None if is_read else lambda row: row.pk,
        bulk=() if is_read else (BulkAction("read", _("Mark as read"), icon="check"),),
        bulk_url=address,
        next_url=f"?{urlencode(query)}" if has_more else "",
        empty_title=_("Nothing waits for you to read") if not is_read else _("You have read nothing yet"),
        empty_words=_("A document that is sent to you appears here at once."),
    )
    context = {
        "table": table,
        "filters": [
            Link(_("To read"), address, is_current=not is_read),
            Link(_("Read"), f"{address}?state=read", is_current=is_read),
        ],
        "countersigns": queries.to_countersign(standing) if not is_read else [],
        "signing": len(queries.to_sign(standing, on=today))
        if not is_read and standing.roles & {"head", "leader"}
        else 0,
    }
    return render(request, "office/reading.html", context)


def _read_several(request: HttpRequest) -> HttpResponse:
    wanted = [int(row) for row in request.POST.getlist("row") if row.isdecimal() and len(row) < 18]
    form = ReadForm(request.POST)
    try:
        marked = actions.mark_read(
            wanted[:200], text=form.data.get("text", ""), by=standing_of(request), at=timezone.now()
        )
    except Handling.DoesNotExist:
        say(request, _("One of them is no longer with you; nothing was marked."), kind="soon")
    else:
        words = ngettext(
            "%(count)s document marked as read.", "%(count)s documents marked as read.", len(marked)
        )
        say(request, words % {"count": len(marked)})
    return HttpResponseRedirect(reverse("office:reading"), status=303)


@page("office:circulation", roles=OFFICE_ROLES, budget=24)
def circulation(request: HttpRequest, handling_id: int) -> HttpResponse:
    """Who has read a document and who hasn't; POST urges, takes back or sends it to somebody forgotten."""
    handling, standing, at = found(request, handling_id), standing_of(request), timezone.now()
    people = queries.colleagues(handling.unit_id)
    form = ReadersForm(
        request.POST if request.POST.get("act") == "add" else None, colleagues=people, auto_id="add-%s"
    )
    trouble = ""
    if request.method == "POST":
        try:
            answer = _do(request, handling, form)
        except OfficeFault as fault:
            trouble = str(fault)
        except (NotPermitted, NotAllowedNow, Handling.DoesNotExist):
            trouble = _("This can't be done with the document now.")
        else:
            if answer is not None:
                return answer
    papers = queries.papers_of(handling)
    names = queries.names_of(
        [*(one.account_id for one in papers.readings), *(one.account_id for one in papers.urgings),
         *(one.by_account_id for one in papers.urgings)]
    )  # fmt: skip
    today = timezone.localdate(at)
    rounds = [
        (one, str(Mode(one.mode).label), _rows(papers, one.pk, names, today=today))
        for one in queries.circulations_of(handling)
    ]
    live = [one for one in papers.readings if one.cancelled_at is None]
    context = {
        "handling": handling,
        "document": handling.document,
        "rounds": rounds,
        "read_count": sum(one.read_at is not None for one in live),
        "count": len(live),
        "read_words": _("%(read)s of %(count)s have read it")
        % {"read": sum(one.read_at is not None for one in live), "count": len(live)},
        "may": may_circulate(standing, handling) and handling.direction == Direction.IN,
        "form": form,
        "trouble": trouble,
        "crumbs": [Link(handling.document.title, address_of(handling))],
    }
    return render(request, "office/circulation.html", context, status=422 if trouble or form.errors else 200)


@dataclass(frozen=True)
class Row:
    """One reader as the table shows them."""

    reading: Reading
    name: str
    state: SafeString
    urged: Sequence[Urging]

    @property
    def may_choose(self) -> bool:
        """Whether the reader can still be reminded or left out."""
        return self.reading.read_at is None and self.reading.cancelled_at is None


def _rows(papers: queries.Papers, circulation_id: int, names: Mapping[int, str], *, today: date) -> list[Row]:
    return [
        Row(
            one,
            names.get(one.account_id, ""),
            shown.reading_state(one, today=today),
            [urging for urging in papers.urgings if urging.account_id == one.account_id],
        )
        for one in papers.readings
        if one.circulation_id == circulation_id
    ]


def _do(request: HttpRequest, handling: Handling, form: ReadersForm) -> HttpResponse | None:
    standing, at, act = standing_of(request), timezone.now(), request.POST.get("act", "")
    chosen = [int(row) for row in request.POST.getlist("row") if row.isdecimal() and len(row) < 18]
    back = HttpResponseRedirect(reverse("office:circulation", args=[handling.pk]), status=303)
    if act in ("urge", "urge_all"):
        accounts = None
        if act == "urge":
            readings = Reading.objects.filter(pk__in=chosen, handling=handling)
            accounts = list(readings.values_list("account_id", flat=True))
        reached = actions.urge(
            handling.pk,
            account_ids=accounts,
            text=clean_line(request.POST.get("text", ""))[:200],
            by=standing,
            at=at,
        )
        words = ngettext("%(count)s person was reminded.", "%(count)s people were reminded.", len(reached))
        say(request, words % {"count": len(reached)})
        return back
    if act == "cancel":
        gone = actions.cancel_readings(chosen, reason=request.POST.get("text", ""), by=standing, at=at)
        words = ngettext("Taken back from %(count)s reader.", "Taken back from %(count)s readers.", len(gone))
        say(request, words % {"count": len(gone)})
        return back
    if act == "add" and form.is_valid():
        last = shown.number_in(request.POST.get("circulation", "")) or 0
        added = actions.add_readers(last, form.cleaned_data["readers"], by=standing, at=at)
        words = ngettext("Sent to %(count)s more reader.", "Sent to %(count)s more readers.", len(added))
        say(request, words % {"count": len(added)})
        return back
    return None


@page("office:astray", roles=OFFICE_ROLES, budget=10)
def astray(request: HttpRequest) -> HttpResponse:
    """The report of what was forgotten, sent by mistake, delayed, or sent to nobody in the last ninety days."""
    standing, at = standing_of(request), timezone.now()
    since = timezone.localdate(at) - REPORTED
    report = queries.astray(standing, units_of_office(standing), since=since, at=at)
    every = (*report.forgotten, *report.mistaken, *report.delayed)
    names = queries.names_of(
        [*(one.account_id for one in every), *(one.cancelled_by for one in report.mistaken)]
    )
    context = {
        "since": since,
        "parts": [
            (_("Forgotten at first (漏传)"), _("Readers who were added later."), [(one, names.get(one.account_id, ""), "") for one in report.forgotten]),
            (_("Sent by mistake (误传)"), _("Readings that were taken back, with the reason."), [(one, names.get(one.account_id, ""), one.cancel_reason) for one in report.mistaken]),
            (_("Delayed (延误)"), _("More than three days with one reader."), [(one, names.get(one.account_id, ""), "") for one in report.delayed]),
        ],
        "nobody": report.nobody,
        "is_clean": not (every or report.nobody),
    }  # fmt: skip
    return render(request, "office/astray.html", context)
