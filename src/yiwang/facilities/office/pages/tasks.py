"""Tasks: the lists by clock, the one form that gives a task, and where a task comes from."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yiwang.facilities.office import actions, queries, shown
from yiwang.facilities.office.actions import NewTask
from yiwang.facilities.office.casetypes import task_2026
from yiwang.facilities.office.faults import OfficeFault
from yiwang.facilities.office.forms_tasks import TaskForm, named
from yiwang.facilities.office.models import Handling, Opinion, Task
from yiwang.facilities.office.policies import OFFICE_ROLES, units_of_office
from yiwang.facilities.office.policies import visible as visible_documents
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.pages import page
from yiwang.kernel.casework.columns import due_clock, state_badge
from yiwang.kernel.casework.lists import Row, key_from, page_by_key
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui.html import format_html
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Link
from yiwang.kernel.ui.tables import Column, Table

PARTS = ("mine", "given", "unit")
STATES = ("open", "late", "all")


@page("office:tasks", roles=OFFICE_ROLES, budget=9)
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """The tasks to do, given, or of the unit, by their clocks."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    today = timezone.localdate()
    part = shown.one_of(PARTS, request.GET.get("part", ""))
    state = shown.one_of(STATES, request.GET.get("state", ""))
    found = page_by_key(
        queries.tasks_listing(standing, part=part, state=state, today=today),
        standing,
        after=key_from(request.GET.get("after", "")),
        before=key_from(request.GET.get("before", "")),
    )
    address, query = reverse("office:tasks"), {"part": part, "state": state}

    def link(label: str, **changes: str) -> Link:
        wanted = {**query, **changes}
        return Link(label, f"{address}?{urlencode(wanted)}", is_current=wanted == query)

    table = _table(
        found.rows,
        today=today,
        **shown.beside(found, query),
    )
    context = {
        "whose": [
            link(_("Mine to do"), part="mine"),
            link(_("Given by me"), part="given"),
            link(_("My unit's"), part="unit"),
        ],
        "which": [
            link(pgettext("state of a matter", "Open"), state="open"),
            link(_("Overdue"), state="late"),
            link(_("All"), state="all"),
        ],
        "table": table,
    }
    return render(request, "office/tasks.html", context)


def _table(rows: list[Row], *, today: date, previous_url: str, next_url: str) -> Table:
    held = queries.tasks_by_case(row.id for row in rows)
    names = queries.names_of(
        account for one in held.values() for account in (one.given_by, one.holder_account_id)
    )

    def holder(row: Row) -> SafeString | str:
        return holder_words(held[row.id], names)

    columns = [
        Column(_("Task"), lambda row: row.title, is_main=True),
        Column(_("Given by"), lambda row: names.get(held[row.id].given_by, "")),
        Column(_("Done by whom"), holder),
        Column(_("Where it stands"), lambda row: state_badge(row.type_key, row.type_version, row.state)),
        Column(_("Time left"), lambda row: shown.time_left(row, today=today)),
    ]
    return Table(
        caption=_("Tasks"),
        rows=rows,
        columns=columns,
        row_url=lambda row: reverse("casework:case", args=[row.id]),
        previous_url=previous_url,
        next_url=next_url,
        empty_title=_("No task here"),
        empty_words=_("What is given to you, or by you, appears here by itself, the most urgent first."),
    )


def holder_words(task: Task, names: Mapping[int, str]) -> SafeString | str:
    """The unit that does a task, and the person if one was named."""
    unit = tree().name(task.holder_unit_id, language=get_language() or "")
    if task.holder_account_id is None:
        return unit
    return format_html('{}<br><span class="name">{}</span>', unit, names.get(task.holder_account_id, ""))


# ------------------------------------------------------------------------------------------ giving one


@page("office:give", roles=OFFICE_ROLES, budget=60)
def give(request: HttpRequest) -> HttpResponse:
    """Give a task: from an instruction, from a case, or freely, in one form."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    at = timezone.now()
    source = _source(request, standing)
    units = units_of_office(standing)
    handling = source["handling"]
    unit_id = handling.unit_id if handling and handling.unit_id in units else units[0]
    on = timezone.localdate(at)
    if request.method != "POST":
        form = TaskForm(initial=source["initial"], unit_id=unit_id, on=on, auto_id="task-%s")
        return render(request, "office/give.html", {"form": form, **source})
    form = TaskForm(request.POST, unit_id=unit_id, on=on, auto_id="task-%s")
    if form.is_valid():
        data = form.cleaned_data
        new = NewTask(
            title=data["title"], text=data["text"],
            holder_unit_id=data["holder_unit_id"], holder_account_id=data["holder_account_id"],
            helper_unit_ids=[int(one) for one in data["helpers"]], days=data["days"], due_on=data["due_on"],
            handling_id=handling.pk if handling else None,
            opinion_id=source["opinion"].pk if source["opinion"] else None,
            from_case_id=source["case"].pk if source["case"] else None, key=data["key"],
        )  # fmt: skip
        try:
            task = actions.give_task(new, unit_id=unit_id, by=standing, at=at)
        except OfficeFault as fault:
            form.add_error(None, str(fault))
        else:
            say(request, _("Given. Whoever does it has been told."))
            return HttpResponseRedirect(reverse("casework:case", args=[task.case_id]), status=303)
    return render(request, "office/give.html", {"form": form, **source}, status=422)


def _source(request: HttpRequest, standing: Standing) -> dict[str, Any]:
    """What the task comes from, as the address or the form names it, and what the form takes over from there."""

    def number(name: str) -> int | None:
        return shown.number_in(request.POST.get(name, "") or request.GET.get(name, ""))

    found: dict[str, Any] = {"handling": None, "opinion": None, "case": None, "initial": {}}
    if (opinion_id := number("opinion")) is not None:
        opinion = Opinion.objects.select_related("handling__document").filter(pk=opinion_id).first()
        if opinion is None:
            raise Http404(_("There is no such document, or it isn't yours to see."))
        found |= {"opinion": opinion, "handling": _seen(opinion.handling_id, standing)}
    elif (handling_id := number("handling")) is not None:
        found["handling"] = _seen(handling_id, standing)
    elif (case_id := number("case")) is not None:
        case = Case.objects.filter(visible(standing), pk=case_id).first()
        if case is None:
            raise Http404(_("There is no such matter, or it isn't yours to see."))
        found |= {"case": case, "initial": {"title": _("About %(number)s") % {"number": case.number}}}
    if found["handling"] is not None:
        title = found["handling"].document.title
        text = found["opinion"].text if found["opinion"] else ""
        found["initial"] = {"title": title[:120], "text": text, **named(found["handling"].unit_id)}
    return found


def _seen(handling_id: int, standing: Standing) -> Handling:
    try:
        return queries.handling_of(handling_id, standing)
    except Handling.DoesNotExist:
        raise Http404(_("There is no such document, or it isn't yours to see.")) from None


# ------------------------------------------------------------------------------- where a task comes from


@page("office:task_source", roles=OFFICE_ROLES, budget=8)
@require_safe
def task_source(request: HttpRequest, case_id: int) -> HttpResponse:
    """The document or matter that a task comes from, as far as the reader may see it, and who does it."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    seen = Case.objects.filter(visible(standing), pk=case_id, type_key=task_2026.KEY)
    task = Task.objects.filter(case__in=seen).select_related("opinion").first()
    if task is None:
        raise Http404(_("There is no such matter, or it isn't yours to see."))
    names = queries.names_of([task.given_by, task.holder_account_id])
    handling = None
    if task.handling_id is not None:
        own = Handling.objects.filter(visible_documents(standing), pk=task.handling_id)
        handling = own.select_related("document").first()
    matter = None
    if task.from_case_id is not None:
        matter = Case.objects.filter(visible(standing), pk=task.from_case_id).only("number").first()
    context = {
        "task": task,
        "handling": handling,
        "matter": matter,
        "giver": names.get(task.given_by, ""),
        "holder": holder_words(task, names),
    }
    return render(request, "office/task_source.html", context)


@page("office:tasks_of_case", roles=OFFICE_ROLES, budget=8)
@require_safe
def tasks_of_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """The tasks that came of a matter, whatever institution it belongs to, and the way to give one."""
    standing: Standing = request.standing  # type: ignore[attr-defined]
    if not Case.objects.filter(visible(standing), pk=case_id).exists():
        raise Http404(_("There is no such matter, or it isn't yours to see."))
    rows = rows_of(queries.tasks_of_case(case_id, standing), today=timezone.localdate())
    return render(request, "office/tasks_of_case.html", {"rows": rows, "case_id": case_id})


def rows_of(found: list[Task], *, today: date) -> list[tuple[Task, Any, Any, Any]]:
    """Tasks as they stand on the page of what they came of: each with who does it, its state and its clock."""
    names = queries.names_of(task.holder_account_id for task in found)
    return [
        (
            task,
            holder_words(task, names),
            state_badge(task.case.type_key, task.case.type_version, task.case.state),
            due_clock(task.case.due_on, task.case.due_from_on, today=today) if task.case.due_on else "",
        )
        for task in found
    ]
