"""The desk of call-backs: who waits, who calls, what came of it."""

from datetime import timedelta

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.facilities.hotline import actions, queries, shown
from yiwang.facilities.hotline.actions.call_backs import TakenByAnother
from yiwang.facilities.hotline.ari.settings import placing_driver
from yiwang.facilities.hotline.enums import CallBackOutcome
from yiwang.facilities.hotline.forms import CallBackForm
from yiwang.facilities.hotline.models import CallBack
from yiwang.facilities.hotline.policies import SERVICE_ROLES, hotline_units
from yiwang.facilities.hotline.registry import desk_of, past_matters
from yiwang.kernel.base.pages import page
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.states import state
from yiwang.kernel.ui.tables import Column, Table
from yiwang.kernel.ui.tags.times import when

MOST_SHOWN = 200
AGAIN_AFTER = timedelta(hours=1)


@page("hotline:call_backs", roles=SERVICE_ROLES, budget=6)
def call_backs(request: HttpRequest) -> HttpResponse:
    """Everybody who waits to be called back, the most urgent first."""
    rows = list(queries.open_call_backs(hotline_units(shown.standing_of(request)))[:MOST_SHOWN])
    return render(request, "hotline/call_backs.html", {"table": _table(rows)})


def _table(rows: list[CallBack]) -> Table:
    now = timezone.now()

    def due(task: CallBack) -> str:
        return state("late", words=when(task.due_at)) if task.due_at <= now else when(task.due_at)

    return Table(
        caption=_("Call-backs"),
        rows=rows,
        columns=[
            Column(_("Telephone number"), lambda task: shown.number(task.number), is_main=True),
            Column(_("Why to call"), shown.why),
            Column(_("About what"), lambda task: task.words or "–"),
            Column(_("Asked"), lambda task: when(task.asked_at)),
            Column(_("By when"), due),
            Column(_("Tried"), lambda task: task.attempts, kind="number"),
            Column(_("Taken on by"), lambda task: task.taken_by.name if task.taken_by else "–"),
        ],
        row_url=lambda task: reverse("hotline:call_back", args=[task.pk]),
        empty_title=_("Nobody waits to be called back"),
        empty_words=_("A call that nobody answers appears here by itself."),
    )


@page("hotline:call_back", roles=SERVICE_ROLES, budget=10)
def call_back(request: HttpRequest, call_back_id: int) -> HttpResponse:
    """One call-back: take it on, call, and say what came of it."""
    standing = shown.standing_of(request)
    task = get_object_or_404(CallBack.objects.select_related("taken_by", "call"), pk=call_back_id)
    if task.unit_id not in hotline_units(standing):
        raise Http404
    form = CallBackForm(request.POST if request.POST.get("do") == "done" else None)
    if request.method == "POST" and standing.account_id is not None:
        answer = _do(request, task, form, account_id=standing.account_id)
        if answer is not None:
            return answer
    agent = queries.agent_of(standing.account_id)
    context = {
        "task": task,
        "form": form,
        "desk_url": desk_of(task.subject_kind, task.subject_id),
        "matters": past_matters(task.number, standing=standing),
        "is_mine": task.taken_by_id == standing.account_id,
        "may_dial": agent is not None and agent.has_line,
    }
    return render(request, "hotline/call_back.html", context, status=422 if form.errors else 200)


def _do(request: HttpRequest, task: CallBack, form: CallBackForm, *, account_id: int) -> HttpResponse | None:
    """What was asked for; nothing when the form must be shown again."""
    now, here = timezone.now(), reverse("hotline:call_back", args=[task.pk])
    match request.POST.get("do"):
        case "take":
            return _take(request, task, account_id=account_id, here=here)
        case "done":
            if desk := desk_of(task.subject_kind, task.subject_id):
                return HttpResponseRedirect(desk)
            if not form.is_valid():
                return None
            outcome, note = form.cleaned_data["outcome"], form.cleaned_data["note"]
            if outcome == CallBackOutcome.NOT_REACHED:
                actions.try_call_back(task.pk, at=now, again_at=now + AGAIN_AFTER, note=note)
                say(request, _("It comes up again in an hour."))
            else:
                actions.close_call_back(task.pk, outcome=outcome, by=account_id, at=now, note=note)
                say(request, _("The call-back is done."))
            return HttpResponseRedirect(reverse("hotline:call_backs"))
    return HttpResponseBadRequest()


def _take(request: HttpRequest, task: CallBack, *, account_id: int, here: str) -> HttpResponse:
    now = timezone.now()
    try:
        actions.take_call_back(task.pk, by=account_id, at=now)
    except TakenByAnother:
        say(request, _("Somebody else has just taken this on."), kind="soon")
        return HttpResponseRedirect(reverse("hotline:call_backs"))
    agent = queries.agent_of(account_id)
    if request.POST.get("dial") and agent is not None:
        try:
            actions.originate(task.number, agent_id=agent.pk, driver=placing_driver(), by=account_id, at=now)
        except actions.CommandRefused:
            say(
                request,
                _("This number can't be called now: your phone isn't connected, or you have a call."),
                kind="soon",
            )
    return HttpResponseRedirect(here)
