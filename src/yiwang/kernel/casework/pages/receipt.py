"""The receipt: found by its code, opened without an account or a script, light enough for any telephone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from django import forms
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import get_random_string
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from yiwang.kernel.access import locks
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.audit.queries import latest_head
from yiwang.kernel.base.pages import EVERYBODY, page
from yiwang.kernel.base.visitors import source_of
from yiwang.kernel.calendar.queries import current as current_calendar
from yiwang.kernel.calendar.queries import explained
from yiwang.kernel.casework import receipts
from yiwang.kernel.casework.columns import days_left
from yiwang.kernel.casework.dossier import Dossier
from yiwang.kernel.casework.forms import StepForm
from yiwang.kernel.casework.lawlinks import cited
from yiwang.kernel.casework.models import Attachment, Case, JournalEntry, Letter
from yiwang.kernel.casework.receipt_faces import face_of
from yiwang.kernel.casework.rules.casetype import ClockKind, LetterDef, Stage
from yiwang.kernel.casework.rules.clocks import Clock, ClockStatus, local_day
from yiwang.kernel.casework.story import citation
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.ui.days import say_day
from yiwang.kernel.ui.parts import Day, File, Hop

MOST_WRONG = 30
WRONG_WITHIN = 3600
NO_CODE = receipts.digest("0" * receipts.LENGTH)

View = Callable[..., HttpResponseBase]


class CodeForm(forms.Form):
    """The code as somebody types it."""

    code = forms.CharField(
        label=gettext_lazy("Receipt code"),
        help_text=gettext_lazy(
            "Sixteen letters and figures, for example 7K3M-0QXT-9HWD-V2RB. Blanks and small letters don't matter."
        ),
        max_length=60,
        error_messages={
            "required": gettext_lazy("Please type the code."),
            "max_length": gettext_lazy("This is longer than a code can be."),
        },
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


def guarded(view: View) -> View:
    """Keep a receipt's page out of histories, caches and search engines as far as headers can.

    The referrer stays within this site (the house's own policy); "no-referrer" would turn the origin of our
    own forms into "null", which the protection against forged forms refuses.
    """

    @wraps(view)
    def guarding(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Referrer-Policy"] = "same-origin"
        return response

    return guarding


def case_id_of(code: str) -> int | None:
    """The case that a code opens; a wrong code and an impossible one cost the same query."""
    wanted = receipts.digest(code)
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_case_of_receipt(%s)", [wanted or NO_CODE])
        found = cursor.fetchone()[0]
    return int(found) if found is not None and wanted is not None else None


def opened(request: HttpRequest, code: str) -> Dossier | HttpResponse:
    """The dossier behind a code, asked for as the holder of its receipt; else the page that says it's unknown."""
    if _is_guessing(request):
        return _lookup_page(request, CodeForm(), status=429, guessing=True)
    case_id = case_id_of(code)
    if case_id is None:
        return _unknown(request, code, status=404)
    standing = Standing.holder_of_receipt(case_id)
    locks.assume(standing)
    case = Case.objects.select_related("holder_unit", "root_unit").get(pk=case_id)
    return Dossier(case, standing, at=timezone.now())


def _is_guessing(request: HttpRequest) -> bool:
    return int(cache.get(f"receipt-wrong:{source_of(request)}", 0)) >= MOST_WRONG


def _unknown(request: HttpRequest, code: str, *, status: int) -> HttpResponse:
    key = f"receipt-wrong:{source_of(request)}"
    cache.add(key, 0, WRONG_WITHIN)
    try:
        cache.incr(key)
    except ValueError:
        cache.set(key, 1, WRONG_WITHIN)
    form = CodeForm({"code": code[:60]})
    form.is_valid()
    form.add_error("code", _("No message has this code. Please compare it with your receipt, sign by sign."))
    return _lookup_page(request, form, status=status)


def _lookup_page(
    request: HttpRequest, form: CodeForm, *, status: int = 200, guessing: bool = False
) -> HttpResponse:
    context = {"form": form, "is_guessing": guessing}
    return render(request, "casework/receipt_lookup.html", context, status=status)


@page("casework:receipt_lookup", roles=EVERYBODY, budget=1)
@require_http_methods(["GET", "HEAD", "POST"])
@guarded
def lookup(request: HttpRequest) -> HttpResponseBase:
    """Ask for the code; a good one leads to its page."""
    if request.method != "POST":
        return _lookup_page(request, CodeForm())
    if _is_guessing(request):
        return _lookup_page(request, CodeForm(), status=429, guessing=True)
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _lookup_page(request, form, status=422)
    typed = form.cleaned_data["code"]
    if case_id_of(typed) is None:
        return _unknown(request, typed, status=422)
    return HttpResponseRedirect(reverse("casework:receipt", args=[grouped(typed)]), status=303)


def grouped(code: str) -> str:
    """A code in its plain form, in groups of four."""
    letters = receipts.plain(code) or ""
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


@dataclass(frozen=True)
class ClockShown:
    """A clock in the words of the person, with its explanation when it was asked for."""

    key: str
    label: str
    due_on: date | None
    start_on: date
    ended_on: date | None
    state: str
    left: int | None
    unit: str
    citation: str
    is_window: bool
    is_provisional: bool
    is_explained: bool
    days: list[Day]
    fixed: bool


@dataclass(frozen=True)
class LetterShown:
    """A letter to the person as its list shows it."""

    title: str
    number: str
    day: date
    url: str
    is_new: bool


@page("casework:receipt", roles=EVERYBODY, budget=10)
@require_safe
@guarded
@gzip_page
def receipt(request: HttpRequest, code: str) -> HttpResponseBase:
    """Where the matter is, by when what happens, what has come, and what can be done now."""
    found = opened(request, code)
    if isinstance(found, HttpResponse):
        return found
    return show(request, found, code)


def show(
    request: HttpRequest,
    dossier: Dossier,
    code: str,
    *,
    forms_sent: Mapping[str, StepForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The receipt's page; a form that was sent and refused comes back open, with all that was typed."""
    sent = forms_sent or {}
    case = dossier.case
    code = grouped(code)
    clocks = _clocks(dossier, asked=request.GET.get("why", ""))
    head = latest_head()
    face = face_of(case.type_key)
    context = {
        "case": case,
        "code": code,
        "state_words": _(dossier.case_type.state(case.state).public_label),
        "stages": stages(dossier),
        "holder": dossier.unit_name(case.holder_unit_id),
        "is_underway": dossier.case_type.state(case.state).stage in (Stage.WAITING, Stage.WORKING),
        "running": [clock for clock in clocks if clock.state != "done"],
        "over": [clock for clock in clocks if clock.state == "done"],
        "letters": _letters(dossier, code),
        "files": _files(dossier, code),
        "hops": _hops(dossier),
        "remedy": remedy_of(dossier),
        "evaluate_form": sent.get("evaluate") or form_of(dossier, "evaluate"),
        "add_form": sent.get("supplement") or form_of(dossier, "supplement"),
        "is_adding": "supplement" in sent,
        "is_evaluated": case.grade_unit is not None,
        "head": head,
        "head_root": head.root.hex() if head else "",
        "leaf": _last_digest(case.pk),
        "request_key": get_random_string(24),
        "today": dossier.today,
        "acts": acts_of(dossier, sent),
        "face_template": face.template,
        **face.context(dossier, code),
    }
    response = render(request, "casework/receipt.html", context, status=status)
    patch_vary_headers(response, ["Cookie"])
    return response


def form_of(dossier: Dossier, verb: str) -> StepForm | None:
    """The form of a step when the person may take it now."""
    choice = dossier.choice(verb)
    return StepForm(choice.step, case_id=dossier.case.pk) if choice and choice.fault is None else None


@dataclass(frozen=True)
class ActShown:
    """A step that the person may take now: its words, its form, whether it stands open."""

    verb: str
    label: str
    send: str
    form: StepForm
    is_open: bool


def acts_of(dossier: Dossier, sent: Mapping[str, StepForm]) -> list[ActShown]:
    """What the institution lets the person do from the receipt, as far as it is open now."""
    face = face_of(dossier.case.type_key)
    found = []
    for act in face.acts:
        form = sent.get(act.verb) or form_of(dossier, act.verb)
        if form is not None:
            for key in face.given.get(act.verb, {}):
                form.fields.pop(key, None)
            act.narrow(form)
            is_open = act.is_open or act.verb in sent
            found.append(ActShown(act.verb, str(act.label), str(act.send or act.label), form, is_open))
    return found


ORDER = (Stage.WAITING, Stage.WORKING, Stage.ANSWERED, Stage.ENDED)


def stages(dossier: Dossier) -> list[Hop]:
    """The way of the matter in four steps, those gone with their day."""
    words = {
        Stage.WAITING: _("Received"),
        Stage.WORKING: _("Being handled"),
        Stage.ANSWERED: _("Answered"),
        Stage.ENDED: _("Concluded"),
        **{stage: str(said) for stage, said in face_of(dossier.case.type_key).stages.items()},
    }
    reached: dict[Stage, date] = {}
    for entry in dossier.entries:
        reached.setdefault(dossier.case_type.state(entry.to_state).stage, local_day(entry.at))
    here = dossier.case_type.state(dossier.progress.state).stage
    shown = []
    for stage in ORDER:
        is_gone = ORDER.index(stage) < ORDER.index(here)
        day = reached.get(stage) if is_gone or stage is here else None
        if is_gone and day is None:
            continue
        shown.append(
            Hop(
                unit=words[stage],
                number=say_day(day, today=dossier.today) if day else "",
                to_on=day if is_gone else None,
                state="done" if is_gone else "info" if stage is here else "none",
                state_words=_("done") if is_gone else _("now") if stage is here else _("to come"),
                is_here=stage is here,
            )
        )
    return shown


def _clocks(dossier: Dossier, *, asked: str) -> list[ClockShown]:
    found = []
    for clock in dossier.derived.clocks:
        status = clock.status(as_of=dossier.today)
        if status is ClockStatus.VOID or not clock.definition.is_public:
            continue
        found.append(_clock_shown(dossier, clock, status, asked=asked))
    return sorted(found, key=lambda clock: clock.due_on or date.max)


def _clock_shown(dossier: Dossier, clock: Clock, status: ClockStatus, *, asked: str) -> ClockShown:
    key = f"{clock.key}-{clock.node}"
    is_over = status in (ClockStatus.MET, ClockStatus.MET_LATE, ClockStatus.EXPIRED)
    left, unit = days_left(clock.due_on, today=dossier.today) if clock.due_on else (None, "calendar")
    counted = clock.explained(current_calendar()) if asked == key or clock.is_open else None
    return ClockShown(
        key=key,
        label=_owed(dossier, clock),
        due_on=clock.due_on,
        start_on=clock.start_on,
        ended_on=clock.ended_on or (clock.due_on if is_over else None),
        state="done" if is_over else "",
        left=left,
        unit=unit,
        citation=citation(clock),
        is_window=clock.definition.kind is ClockKind.WINDOW,
        is_provisional=bool(counted and clock.is_open and counted.is_provisional),
        is_explained=asked == key,
        days=explained(counted) if counted and asked == key else [],
        fixed=clock.fixed_on is not None,
    )


def _owed(dossier: Dossier, clock: Clock) -> str:
    """What is owed and, where several units owe the same, by whom."""
    words = _(clock.definition.public_label or clock.definition.label)
    is_repeated = sum(other.key == clock.key for other in dossier.derived.clocks) > 1
    return f"{words} · {dossier.unit_name(clock.unit_id)}" if is_repeated else words


def outcome_letters(dossier: Dossier) -> frozenset[str]:
    """The kinds of letters whose arrival counts: those made by a step after which they are served."""
    served_in = {state for step in dossier.case_type.variants("serve") for state in step.from_states}
    return frozenset(step.letter for step in dossier.case_type.steps if step.letter and step.to in served_in)


def _letters(dossier: Dossier, code: str) -> list[LetterShown]:
    kinds = outcome_letters(dossier)
    is_unserved = dossier.choice("serve") is not None
    rows = Letter.objects.filter(case=dossier.case, is_for_petitioner=True).defer("content").order_by("-pk")
    return [
        LetterShown(
            title=_(definition_of(dossier, row).label),
            number=row.number,
            day=local_day(row.issued_at),
            url=reverse("casework:receipt_letter", args=[code, row.pk]),
            is_new=is_unserved and row.kind in kinds,
        )
        for row in rows
    ]


def definition_of(dossier: Dossier, letter: Letter) -> LetterDef:
    """What the procedure says of a letter's kind."""
    return dossier.case_type.letter(letter.kind)


def own_entries(dossier: Dossier) -> list[int]:
    """The lines of the journal that the person wrote themselves."""
    return [
        e.number for e in dossier.entries if e.account_id is None and e.verb in ("register", "supplement")
    ]


def _files(dossier: Dossier, code: str) -> list[File]:
    rows = Attachment.objects.filter(case=dossier.case).order_by("pk")
    own = own_entries(dossier)
    is_told = bool(dossier.progress.verbs & dossier.case_type.answers)
    return [
        File(row.name, row.size, reverse("casework:receipt_file", args=[code, row.pk]))
        for row in rows
        if row.entry_number in own or (row.is_public and is_told)
    ]


def _hops(dossier: Dossier) -> list[Hop]:
    language = get_language() or "zh-hans"
    return [
        Hop(
            unit=tree().name(node.unit_id, language=language),
            from_on=local_day(node.given_at),
            to_on=local_day(node.until_at) if node.until_at else None,
            is_here=node.index == dossier.progress.holder,
        )
        for node in dossier.progress.nodes
    ]


def remedy_of(dossier: Dossier) -> dict[str, Any] | None:
    """What the person can do next against the answer, and until when; nothing before there is one."""
    if not dossier.progress.verbs & dossier.case_type.answers:
        return None
    for remedy in dossier.case_type.remedies:
        clock = next((c for c in dossier.derived.clocks if c.key == remedy.clock), None)
        return {
            "label": _(remedy.label),
            "text": _(remedy.text),
            "due_on": clock.due_on if clock else None,
            "is_over": clock is not None and clock.due_on is not None and dossier.today > clock.due_on,
            "citation": cited(remedy.citation, on=dossier.today),
        }
    return None


def _last_digest(case_id: int) -> str:
    digest = (
        JournalEntry.objects.filter(case_id=case_id)
        .order_by("-number")
        .values_list("digest", flat=True)
        .first()
    )
    return bytes(digest).hex() if digest else ""
