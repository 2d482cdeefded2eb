"""One call: who calls, what was before, what it becomes, what was said; and its recording."""

from collections.abc import Sequence
from datetime import timedelta

from django.core import signing
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yiwang.facilities.hotline import actions, queries, shown
from yiwang.facilities.hotline.actions.calls import NotMergeable
from yiwang.facilities.hotline.enums import (
    WAITING_STATES,
    CallBackReason,
    CallState,
    EventKind,
    ListenMode,
    ListenPurpose,
)
from yiwang.facilities.hotline.forms import AnswerForm, ListenForm, ListenInForm, PromiseForm
from yiwang.facilities.hotline.models import Agent, Call
from yiwang.facilities.hotline.policies import (
    SERVICE_ROLES,
    may_lead_call,
    may_listen,
    may_listen_in,
    may_see_call,
    may_supervise,
)
from yiwang.facilities.hotline.registry import outcomes_for, past_matters
from yiwang.facilities.hotline.rules import ROUTES_ITSELF
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.actions import record_read
from yiwang.kernel.base.pages import page
from yiwang.kernel.files.models import Blob
from yiwang.kernel.files.pages.serving import serve
from yiwang.kernel.ui.messages import say
from yiwang.kernel.ui.parts import Moment

GRANT = "yiwang.facilities.hotline.listening"
LISTENING_TAKES = int(timedelta(hours=2).total_seconds())


@page("hotline:call", roles=SERVICE_ROLES, budget=18, reads_personal_data=True)
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """Show a call; while it rings this is what the console opens."""
    found, standing = _seen(request, call_id), shown.standing_of(request)
    record_read(
        "call",
        found.pk,
        at=timezone.now(),
        actor=standing.account_id,
        unit=found.unit_id,
        purpose=ListenPurpose.HANDLING,
    )
    return _show(request, found)


def _seen(request: HttpRequest, call_id: int) -> Call:
    """The call, or 404 for whoever doesn't work at its hotline."""
    found = get_object_or_404(
        Call.objects.select_related("agent__account", "listener__account", "merged_into"), pk=call_id
    )
    if not may_see_call(shown.standing_of(request), found):
        raise Http404
    return found


def _led(request: HttpRequest, call_id: int) -> tuple[Call, int]:
    """The call, for its agent and the head of the unit, with the account of whoever is asking."""
    found, standing = _seen(request, call_id), shown.standing_of(request)
    if standing.account_id is None or not (found.agent_id is None or may_lead_call(standing, found)):
        raise Http404
    return found, standing.account_id


def _show(
    request: HttpRequest,
    found: Call,
    *,
    answer: AnswerForm | None = None,
    promise: PromiseForm | None = None,
    status: int = 200,
    grant: str = "",
) -> HttpResponse:
    standing, now = shown.standing_of(request), timezone.now()
    may_lead = found.agent_id is None or may_lead_call(standing, found)
    # While it rings only the caller and the history matter, and matter at once; the console asks again when it is answered.
    is_new = found.state in WAITING_STATES
    context = {
        "call": found,
        "now": now,
        "may_lead": may_lead,
        "may_listen": may_listen(standing, found),
        "may_block": may_supervise(standing, found.unit_id),
        "is_live": found.state != CallState.ENDED,
        "earlier": queries.earlier_calls(found),
        "matters": past_matters(found.number, standing=standing),
        "outcomes": [] if is_new else list(found.outcomes.select_related("article", "noted_by")),
        "choices": outcomes_for(standing) if may_lead else [],
        "others": _others(found) if may_lead and not is_new else [],
        "articles": queries.first_articles(6),
        "answer": answer or AnswerForm(),
        "promise": promise or PromiseForm(initial={"number": found.number}),
        "listen": ListenForm(),
        "listen_in": _listen_in(found, standing),
        "grant": grant,
        "moments": [] if is_new else _moments(found),
    }
    return render(request, "hotline/call.html", context, status=status)


def _listen_in(found: Call, standing: Standing) -> dict[str, object] | None:
    """What a supervisor needs to listen in: a phone of their own, and nobody who does it already."""
    is_on = found.state in (CallState.TALKING, CallState.HELD) and found.driver not in ROUTES_ITSELF
    if not is_on or not may_listen_in(standing, found):
        return None
    own = queries.agent_of(standing.account_id)
    return {
        "form": ListenInForm(initial={"purpose": ListenPurpose.QUALITY}),
        "modes": ListenMode.choices,
        "has_phone": own is not None and own.has_line,
        "is_mine": own is not None and found.listener_id == own.pk,
    }


@page("hotline:listen_in", roles={"head"}, budget=0)
@require_POST
def listen_in(request: HttpRequest, call_id: int) -> HttpResponse:
    """Name a purpose and hear the call while it goes on, on one's own phone; the agent is told."""
    found, standing = _seen(request, call_id), shown.standing_of(request)
    own = queries.agent_of(standing.account_id)
    if not may_listen_in(standing, found) or standing.account_id is None:
        raise Http404
    form = ListenInForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=422)
    try:
        if own is None:
            raise actions.CommandRefused("listen")
        actions.listen_in(
            found.pk, **form.cleaned_data, agent_id=own.pk, by=standing.account_id, at=timezone.now()
        )
    except actions.CommandRefused:
        say(
            request,
            _(
                "You can't listen in now: your phone isn't connected or is in use, or somebody listens already."
            ),
            kind="soon",
        )
    return HttpResponseRedirect(reverse("hotline:call", args=[found.pk]))


def _others(found: Call) -> Sequence[Call]:
    return [] if found.merged_into_id else queries.other_recent_calls(found)


def _moments(found: Call) -> list[Moment]:
    """What happened to a call, as a time line; the agents' names in one query."""
    events = list(found.events.all())
    ids = {event.data.get("agent_id") for event in events} - {None}
    names = {a.pk: a.account.name for a in Agent.objects.filter(pk__in=ids).select_related("account")}
    return [
        Moment(
            at=event.at,
            who=names.get(event.data.get("agent_id"), ""),
            what=str(EventKind(event.kind).label),
            words=str(event.data.get("number") or ""),
        )
        for event in events
    ]


@page("hotline:note", roles=SERVICE_ROLES, budget=0)
@require_POST
def note(request: HttpRequest, call_id: int) -> HttpResponse:
    """Keep what the agent writes about a call; the console sends it as it is typed."""
    found, account_id = _led(request, call_id)
    actions.note_words(found.pk, words=request.POST.get("words", ""), by=account_id)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("hotline:call", args=[found.pk]))


@page("hotline:answered", roles=SERVICE_ROLES, budget=0)
@require_POST
def answered(request: HttpRequest, call_id: int) -> HttpResponse:
    """The matter was answered on the spot, with or without an article of the knowledge base."""
    found, account_id = _led(request, call_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _show(request, found, answer=form, status=422)
    actions.note_outcome(
        found.pk,
        outcome="answered",
        article_id=form.cleaned_data["article"],
        words=form.cleaned_data["words"],
        by=account_id,
        at=timezone.now(),
    )
    say(request, _("The answer is noted."))
    return HttpResponseRedirect(reverse("hotline:call", args=[found.pk]))


@page("hotline:promise", roles=SERVICE_ROLES, budget=0)
@require_POST
def promise(request: HttpRequest, call_id: int) -> HttpResponse:
    """A call-back was promised, until when and about what."""
    found, account_id = _led(request, call_id)
    form = PromiseForm(request.POST)
    if not form.is_valid():
        return _show(request, found, promise=form, status=422)
    now = timezone.now()
    asked = actions.ask_call_back(
        form.cleaned_data["number"],
        reason=CallBackReason.PROMISED,
        unit_id=found.unit_id,
        call_id=found.pk,
        due_at=form.cleaned_data["due_at"],
        words=form.cleaned_data["words"],
        at=now,
    )
    if asked is not None:
        actions.note_outcome(
            found.pk,
            outcome="call_back",
            subject_kind="call_back",
            subject_id=asked.pk,
            words=form.cleaned_data["words"],
            by=account_id,
            at=now,
        )
    say(request, _("The call-back is noted."))
    return HttpResponseRedirect(reverse("hotline:call", args=[found.pk]))


@page("hotline:merge", roles=SERVICE_ROLES, budget=0)
@require_POST
def merge(request: HttpRequest, call_id: int) -> HttpResponse:
    """The call is about the matter of an earlier one: its caller is an additional caller."""
    found, account_id = _led(request, call_id)
    into = request.POST.get("into", "")
    if not into.isdecimal():
        return HttpResponseBadRequest()
    first = _seen(request, int(into))
    try:
        actions.merge_calls(found.pk, into=first.pk, by=account_id, at=timezone.now())
        say(request, _("Joined. The caller is an additional caller of that matter."))
    except NotMergeable:
        say(request, _("These two calls can't be joined."), kind="soon")
    return HttpResponseRedirect(reverse("hotline:call", args=[found.pk]))


@page("hotline:wrap_up", roles=SERVICE_ROLES, budget=0)
@require_POST
def wrap_up(request: HttpRequest, call_id: int) -> HttpResponse:
    """The work after the call is done; the agent is ready for the next one."""
    found, account_id = _led(request, call_id)
    now = timezone.now()
    if "words" in request.POST:
        actions.note_words(found.pk, words=request.POST["words"], by=account_id)
    if request.POST.get("nothing") and not found.outcomes.exists():
        actions.note_outcome(found.pk, outcome="none", by=account_id, at=now)
    actions.wrap_up(found.pk, by=account_id, at=now)
    return HttpResponseRedirect(reverse("hotline:console"))


@page("hotline:listen", roles=SERVICE_ROLES, budget=0)
@require_POST
def listen(request: HttpRequest, call_id: int) -> HttpResponse:
    """Name a purpose and hear the recording; every listening stands in the log."""
    found, standing = _seen(request, call_id), shown.standing_of(request)
    if not may_listen(standing, found):
        raise Http404
    form = ListenForm(request.POST)
    if not form.is_valid():
        return _show(request, found, status=422)
    record_read(
        "recording",
        found.pk,
        at=timezone.now(),
        actor=standing.account_id,
        unit=found.unit_id,
        purpose=form.cleaned_data["purpose"],
        details={"digest": found.recording_digest},
    )
    return _show(request, found, grant=signing.dumps([standing.account_id, found.pk], salt=GRANT))


@page("hotline:recording", roles=SERVICE_ROLES, budget=6)
def recording(request: HttpRequest, call_id: int) -> HttpResponseBase:
    """The recording, whole or in part, for whoever has just named a purpose."""
    found, standing = _seen(request, call_id), shown.standing_of(request)
    if not may_listen(standing, found):
        raise Http404
    try:
        granted = signing.loads(request.GET.get("grant", ""), salt=GRANT, max_age=LISTENING_TAKES)
    except signing.BadSignature:
        granted = None
    if granted != [standing.account_id, found.pk]:
        return HttpResponseRedirect(reverse("hotline:call", args=[found.pk]))
    blob = get_object_or_404(Blob, digest=found.recording_digest)
    return serve(request, blob, filename=f"call-{found.pk}.wav", inline=True)
