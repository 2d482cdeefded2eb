"""The two registers of a unit: what came in and what goes out; each row says where it is."""

from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from yiwang.facilities.office import actions, queries, shown
from yiwang.facilities.office.actions import FromOutside, Text
from yiwang.facilities.office.enums import Direction, DocumentKind
from yiwang.facilities.office.faults import Classified
from yiwang.facilities.office.forms import OutsideForm
from yiwang.facilities.office.models import Handling
from yiwang.facilities.office.policies import OFFICE_ROLES, STAFF, units_worked_for
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.casework.columns import due_clock, state_badge
from yiwang.kernel.files.faults import FileRefused
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui.html import format_html
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when


@page("office:incoming", roles=OFFICE_ROLES, budget=9)
def incoming(request: HttpRequest) -> HttpResponse:
    """What the unit received, newest first."""
    return _register(request, Direction.IN)


@page("office:outgoing", roles=OFFICE_ROLES, budget=9)
def outgoing(request: HttpRequest) -> HttpResponse:
    """What the unit drafts and sent, newest first."""
    return _register(request, Direction.OUT)


def _register(request: HttpRequest, direction: Direction) -> HttpResponse:
    standing: Standing = request.standing  # type: ignore[attr-defined]
    words = clean_line(request.GET.get("q", ""))[:80]
    shows_all = request.GET.get("state") == "all" or bool(words)
    rows, has_more = queries.register(
        standing,
        direction,
        before=shown.number_in(request.GET.get("before", "")),
        words=words,
        state="" if shows_all else "open",
    )
    name = "office:incoming" if direction == Direction.IN else "office:outgoing"
    address = reverse(name)
    query: dict[str, str | int] = {"state": "all"} if shows_all else {}
    query |= {"q": words} if words else {}
    context = {
        "is_incoming": direction == Direction.IN,
        "q": words,
        "filters": [
            Link(pgettext("state of a matter", "Open"), address, is_current=not shows_all),
            Link(_("All"), f"{address}?state=all", is_current=shows_all),
        ],
        "table": _table(
            rows, direction, next_url=f"?{urlencode({**query, 'before': rows[-1].pk})}" if has_more else ""
        ),
        "may_work": bool(units_worked_for(standing)),
        "address": address,
    }
    return render(request, "office/register.html", context)


def _table(rows: list[Handling], direction: Direction, *, next_url: str) -> Table:
    units, language, today = tree(), get_language() or "", timezone.localdate()

    def sender(row: Handling) -> str:
        document = row.document
        return (
            units.name(document.origin_unit_id, language=language)
            if document.origin_unit_id
            else document.origin
        )

    def place(row: Handling) -> SafeString:
        case = row.case
        assert case is not None
        badge = state_badge(case.type_key, case.type_version, case.state)
        unread: int = row.unread  # type: ignore[attr-defined]
        if not unread:
            return badge
        said = ngettext("%(count)s hasn't read it", "%(count)s haven't read it", unread) % {"count": unread}
        return format_html('{}<br><span class="small">{}</span>', badge, said)

    def left(row: Handling) -> SafeString | str:
        case = row.case
        if case is None or case.ended_at is not None:
            return "–"
        return due_clock(case.due_on, case.due_from_on, today=today)

    is_in = direction == Direction.IN
    columns = [
        Column(_("Register number") if is_in else _("Document number"),
               lambda row: (row.register_number if is_in else row.document.number) or "–", kind="code"),
        Column(_("Document"), lambda row: (shown.titled_with_number if is_in else shown.titled)(row.document), is_main=True),
        Column(_("Sender") if is_in else _("Unit"), sender if is_in else lambda row: units.name(row.unit_id, language=language)),
        Column(_("Received on") if is_in else _("Begun on"), lambda row: when(timezone.localdate(row.began_at), today=today)),
        Column(_("Where it is"), place),
        Column(_("Time left"), left),
    ]  # fmt: skip
    return Table(
        caption=_("Documents received") if is_in else _("Documents sent"),
        rows=rows,
        columns=columns,
        row_url=lambda row: reverse("office:document", args=[row.pk]),
        next_url=next_url,
        empty_title=_("No document here"),
        empty_words=_(
            "What is sent to your unit appears here by itself; paper is registered with the button above."
        )
        if is_in
        else _("Begin one with the button above."),
    )


@page("office:new", roles=STAFF, budget=30)
def new(request: HttpRequest) -> HttpResponse:
    """Begin a document: choose what it is; a POST opens the page on which it is written."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    units = units_worked_for(standing)
    answered = _answered(request, standing)
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        chosen = shown.number_in(request.POST.get("unit", ""))
        unit_id = answered.unit_id if answered else (chosen if chosen in units else units[0])
        title = clean_line(request.POST.get("title", ""))[:200]
        if kind in DocumentKind.values and title:
            to = [answered.document.origin_unit_id] if answered and answered.document.origin_unit_id else []
            text = Text(kind=kind, title=title, main_units=to)
            try:
                begun = actions.draft(
                    text, unit_id=unit_id, by=standing, at=timezone.now(), reply_to=answered
                )
            except Classified as refused:
                say(request, str(refused), kind="late")
                return HttpResponseRedirect(reverse("office:new"), status=303)
            return HttpResponseRedirect(reverse("office:text", args=[begun.pk]), status=303)
        say(request, _("Please give the document a title and a kind."), kind="soon")
    language = get_language() or ""
    context = {
        "kinds": DocumentKind.choices,
        "units": [(unit_id, tree().name(unit_id, language=language)) for unit_id in units],
        "answered": answered,
        "title": request.POST.get("title", ""),
        "kind": request.POST.get(
            "kind", "reply" if answered and answered.document.kind == "request" else "notice"
        ),
    }
    return render(request, "office/new.html", context, status=422 if request.method == "POST" else 200)


def _answered(request: HttpRequest, standing: Standing) -> Handling | None:
    """The received document that the new one answers, when the address names one of one's own."""
    number = shown.number_in(request.GET.get("answers", "") or request.POST.get("answers", ""))
    if number is None:
        return None
    try:
        found = queries.handling_of(number, standing)
    except Handling.DoesNotExist:
        return None
    return found if found.direction == Direction.IN and found.unit_id in units_worked_for(standing) else None


@page("office:receive", roles=STAFF, budget=40)
def receive(request: HttpRequest) -> HttpResponse:
    """Bring in a document from outside and register it, on one page."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    form = OutsideForm(request.POST if request.method == "POST" else None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        file = data["file"]
        new_one = FromOutside(
            kind=data["kind"], title=data["title"], origin=data["origin"], number=data["number"],
            urgency=data["urgency"], written_on=_day(data["written_on"]), due_on=_day(data["due_on"]),
            file=file.file if file else None, file_name=file.name if file else "",
        )  # fmt: skip
        try:
            unit_id = units_worked_for(standing)[0]
            handling = actions.receive_outside(new_one, unit_id=unit_id, by=standing, at=timezone.now())
        except Classified as refused:
            form.add_error(None, str(refused))
        except FileRefused as refused:
            form.add_error("file", str(refused))
        else:
            say(request, _("Registered as %(number)s.") % {"number": shown.register_number(handling)})
            return HttpResponseRedirect(reverse("office:document", args=[handling.pk]), status=303)
    return render(request, "office/receive.html", {"form": form}, status=422 if form.errors else 200)


def _day(day: object) -> date | None:
    return day if isinstance(day, date) else None
