"""The way to write: one question a screen, kept on the server as one goes, without an account or a script."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yiwang.institutions.petitions.forms import FORMS, Question, TopicForm
from yiwang.institutions.petitions.queries import classes_like, fields_of_life, groups_in
from yiwang.institutions.petitions.rules import MAILBOX, PETITION, first_open, neighbours, questions
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.base.visitors import source_of
from yiwang.kernel.channels.actions import (
    AlreadyHandedIn,
    begin,
    discard,
    give_key,
    keep,
    note_attempt,
    take_key_back,
)
from yiwang.kernel.channels.models import Draft
from yiwang.kernel.channels.queries import Held, held_by, is_flooded

KINDS = (PETITION, MAILBOX)
MOST_DRAFTS = 60
LONGEST_RAW = 20_000


@dataclass(frozen=True)
class Screen:
    """Where somebody is in the form: the kind, the question, the draft if one was begun."""

    kind: str
    question: str
    held: Held | None

    @property
    def told(self) -> Mapping[str, Any]:
        """The answers so far."""
        return self.held.draft.data if self.held else {}

    def url(self, question: str) -> str:
        """The address of a question of this form."""
        return address(self.kind, question)

    def context(self) -> dict[str, Any]:
        """What every screen shows: how far one is, the way back."""
        order = questions(self.kind, self.told)
        before, _after = neighbours(self.kind, self.question, self.told)
        return {
            "kind": self.kind,
            "is_mailbox": self.kind == MAILBOX,
            "question": self.question,
            "number": order.index(self.question) + 1,
            "count": len(order),
            "has_draft": self.held is not None,
            "back_url": self.url(before) if before else reverse("petitions:home"),
        }


def address(kind: str, question: str) -> str:
    """The address of a question."""
    if question in ("files", "check"):
        return reverse(f"petitions:{question}", args=[kind])
    return reverse("petitions:question", args=[kind, question])


def screen_of(request: HttpRequest, kind: str, question: str) -> Screen | HttpResponse:
    """The screen somebody asked for, or where they must go instead."""
    if kind not in KINDS:
        raise Http404
    held = held_by(request, kind=kind, at=timezone.now())
    if held and held.draft.handed_in_at:
        if request.method == "POST" or question == "check":
            return redirect("petitions:done", kind)
        held = None
    screen = Screen(kind, question, held)
    order = questions(kind, screen.told)
    if question not in order:
        return redirect(address(kind, first_open(kind, screen.told)))
    first = first_open(kind, screen.told)
    if order.index(question) > order.index(first):
        return redirect(address(kind, first))
    return screen


@page("petitions:write", roles=EVERYBODY, budget=2)
@require_safe
def write(request: HttpRequest, kind: str) -> HttpResponse:
    """Begin, or go on where one stopped."""
    if kind not in KINDS:
        raise Http404
    held = held_by(request, kind=kind, at=timezone.now())
    told = held.draft.data if held and not held.draft.handed_in_at else {}
    return redirect(address(kind, first_open(kind, told)))


@page("petitions:question", roles=EVERYBODY, budget=5)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, kind: str, question: str) -> HttpResponseBase:
    """One question: shown with what was answered before, kept when it is sent."""
    if question not in FORMS:
        raise Http404
    screen = screen_of(request, kind, question)
    if isinstance(screen, HttpResponse):
        return screen
    if request.method != "POST":
        return _show(request, screen, FORMS[question](initial=_initial(screen)))
    form = FORMS[question](request.POST)
    is_valid = form.is_valid()
    if request.POST.get("go") == "back":
        return _kept(request, screen, _unfinished(screen, form), onward=screen.context()["back_url"])
    if not is_valid:
        return _show(request, screen, form, status=422)
    told = {
        **form.told(),
        "seen": sorted({*screen.told.get("seen", ()), question}),
        "raw": {key: raw for key, raw in screen.told.get("raw", {}).items() if key != question},
    }
    return _kept(request, screen, told)


def _initial(screen: Screen) -> dict[str, Any]:
    told = screen.told
    initial = {**told, "accused_unit": next(iter(told.get("accused_units", [])), None)}
    if told.get("category"):
        initial["words"] = told["category"]
    return {**initial, **told.get("raw", {}).get(screen.question, {})}


def _unfinished(screen: Screen, form: Question) -> dict[str, Any]:
    """What somebody had typed when they went back: kept as it stood, without counting as an answer."""
    raw = {name: form.data.get(name, "")[:LONGEST_RAW] for name in form.fields}
    return {"raw": {**screen.told.get("raw", {}), screen.question: raw}}


def _show(request: HttpRequest, screen: Screen, form: Question, *, status: int = 200) -> HttpResponse:
    context = {**screen.context(), "form": form, "heading": form.heading, "lead": form.lead}
    if isinstance(form, TopicForm):
        field = request.GET.get("in", "")
        context |= {
            "field": field,
            "groups": groups_in(field) if field else [],
            "fields": fields_of_life() if not field else [],
            "found": form.found,
            "chosen": screen.told.get("category", ""),
        }
        return render(request, "petitions/topic.html", context, status=status)
    return render(request, "petitions/question.html", context, status=status)


def _kept(
    request: HttpRequest, screen: Screen, told: Mapping[str, Any], *, onward: str | None = None
) -> HttpResponse:
    """Write answers into the draft (a new one at the first answer) and go on."""
    now = timezone.now()
    held = screen.held
    try:
        if held is None:
            if is_flooded(
                source_of(request), kind="draft", most=MOST_DRAFTS, within=timedelta(hours=1), at=now
            ):
                return too_many(request)
            note_attempt(source_of(request), kind="draft", at=now)
            held = begin(kind=screen.kind, at=now)
        draft = keep(held.draft.pk, told, at=now)
    except AlreadyHandedIn:
        return redirect("petitions:done", screen.kind)
    except Draft.DoesNotExist:
        held = begin(kind=screen.kind, at=now)
        draft = keep(held.draft.pk, told, at=now)
    response = HttpResponseRedirect(onward or _onward(screen, draft), status=303)
    give_key(response, held)
    return response


def _onward(screen: Screen, draft: Draft) -> str:
    """The next question; the check at once when everything was answered before."""
    first = first_open(screen.kind, draft.data)
    if first == "check":
        return screen.url("check")
    _before, after = neighbours(screen.kind, screen.question, draft.data)
    order = questions(screen.kind, draft.data)
    return screen.url(min(after, first, key=order.index))


def too_many(request: HttpRequest) -> HttpResponse:
    """The polite sentence for somebody who sends more than one person can."""
    context = {
        "title": _("Please wait a little"),
        "text": _(
            "A great many messages have come from your connection within the hour. What you wrote is kept; please send it again later."
        ),
        "mend": _("If it is urgent, please call the petition office or come in."),
        "way_out_url": reverse("petitions:home"),
        "way_out_words": _("To the start"),
    }
    return render(request, "ui/error.html", context, status=429)


@page("petitions:topics", roles=EVERYBODY, budget=1)
@require_safe
def topics(request: HttpRequest) -> HttpResponse:
    """Content classes for the as-you-type field."""
    found = classes_like(request.GET.get("q", "")[:80])
    if not found:
        return HttpResponse(
            format_html("<p>{}</p>", _("No class fits. Try another word, or look through the list."))
        )
    return HttpResponse(
        format_html_join(
            "",
            '<button type="button" role="option" data-value="{}" tabindex="-1">{}</button>',
            ((one.path, one.path.replace("/", " / ")) for one in found),
        )
    )


@page("petitions:discard", roles=EVERYBODY, budget=3)
@require_POST
def throw_away(request: HttpRequest, kind: str) -> HttpResponse:
    """Delete what was written, for those at somebody else's machine."""
    if kind not in KINDS:
        raise Http404
    held = held_by(request, kind=kind, at=timezone.now())
    response = HttpResponseRedirect(reverse("petitions:home"), status=303)
    if held:
        discard(held)
        take_key_back(response, kind=kind)
    return response
