"""The steps of a document as its page offers them: which form each has, and which act it becomes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from yiwang.facilities.office import actions, queries
from yiwang.facilities.office.enums import Direction
from yiwang.facilities.office.forms import CirculateForm, NumberForm, UnitsForm
from yiwang.facilities.office.models import Handling
from yiwang.facilities.office.rules.numbering import number_text
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.actions import FileData
from yiwang.kernel.casework.actions import take as take_step
from yiwang.kernel.casework.dossier import Dossier
from yiwang.kernel.casework.faults import GuardFailed
from yiwang.kernel.casework.forms import StepForm, form_for, said
from yiwang.kernel.casework.guards import check_guards
from yiwang.kernel.casework.lawlinks import cited
from yiwang.kernel.casework.policies import may_take
from yiwang.kernel.casework.rules.casetype import STAY, StepDef
from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.casework.rules.data import NOT_A_DATE, BadData, Fault
from yiwang.kernel.casework.rules.progress import open_steps
from yiwang.kernel.files.actions import store

MADE_HERE = frozenset(
    {"text_kept", "countersigning_asked", "signature_made", "numbered", "released_here", "registered_here",
     "circulating", "urgent_has_day", "number_void"}
)  # fmt: skip
"""Rules that the act itself satisfies; asked beforehand they would always forbid."""

CHECKED = frozenset({"submit", "pass", "sign"})
"""Steps before which a document is looked at by the rules; whoever goes on with faults confirms them."""

FILLED_HERE = frozenset(
    {"accepted", "digest", "number", "recipients", "units", "readers", "unit_name", "copies"}
)
"""What the act enters by itself."""

LARGEST_FILE = 50 * 1024 * 1024


@dataclass(frozen=True)
class Act:
    """One step on the page: its words, its form, and what forbids it."""

    verb: str
    label: str
    form: forms.Form | None
    confirm: str
    citation: str
    trouble: str
    is_main: bool
    is_open: bool
    is_move: bool
    is_checked: bool
    shortcut: str
    url: str = ""


@dataclass(frozen=True)
class Asked:
    """A step that somebody wants to take, with everything the page knows of it."""

    handling: Handling
    data: Mapping[str, Any]
    files: Sequence[FileData]
    by: Standing
    at: datetime
    seen: Mapping[str, Any]


def acts_of(
    dossier: Dossier, handling: Handling, *, refused: tuple[str, forms.Form] | None = None, asked: str = ""
) -> list[Act]:
    """The steps open to the reader, the main one first; `refused` is a form that comes back as it was filled in."""
    steps = [
        step
        for step in open_steps(dossier.progress, dossier.case_type)
        if may_take(dossier.standing, step, dossier.progress, dossier.case)
        and step.verb not in ("countersigned", "urge", "deliver", "draft")
    ]
    found = []
    for step in steps:
        trouble = _trouble(dossier, step)
        is_move = step.to != STAY
        if trouble and not is_move:
            continue
        was_refused = refused is not None and refused[0] == step.verb
        form = refused[1] if refused is not None and was_refused else form_of(step, handling, at=dossier.at)
        found.append(
            Act(
                step.verb,
                gettext(step.label),
                None if trouble else form,
                gettext(step.confirm) if step.confirm else "",
                cited(step.citation, on=dossier.today) if step.citation else "",
                trouble,
                step.is_main and not trouble,
                was_refused or step.verb == asked,
                is_move,
                step.verb in CHECKED and not trouble,
                step.key_hint,
            )
        )
    found.sort(key=lambda act: (not act.is_main, bool(act.trouble), not act.is_move))
    # One main button: the step most likely wanted; the others stand beside it.
    return [replace(act, is_main=act.is_main and place == 0) for place, act in enumerate(found)]


def _trouble(dossier: Dossier, step: StepDef) -> str:
    """The sentence of the rule that forbids a step, of those that the act doesn't satisfy by itself."""
    trimmed = replace(step, guards=tuple(name for name in step.guards if name not in MADE_HERE))
    try:
        check_guards(dossier.case, trimmed, {}, dossier.derived, by=dossier.standing, on=dossier.today)
    except GuardFailed as forbidden:
        return said(forbidden.fault)
    return ""


def form_of(
    step: StepDef, handling: Handling, *, at: datetime, data: QueryDict | None = None, files: Any = None
) -> forms.Form:
    """The form of a step: what its procedure declares, or one of the office's own."""
    on = local_day(at)
    if step.verb == "circulate":
        return CirculateForm(data, colleagues=queries.colleagues(handling.unit_id), auto_id="circulate-%s")
    if step.verb == "ask_countersign":
        return UnitsForm(data, unit_id=handling.unit_id, on=on, auto_id="ask-%s")
    if step.verb == "enter" and handling.direction == Direction.OUT:
        return NumberForm(data, choices=numbers_offered(handling, on=on), auto_id="enter-%s")
    before = {"due_on": handling.due_on.isoformat()} if step.verb == "assign" and handling.due_on else {}
    return form_for(_shown(step), case_id=handling.case_id or 0, data=data, files=files, before=before)


def _shown(step: StepDef) -> StepDef:
    needs = tuple(need for need in step.needs if need.key not in FILLED_HERE)
    return replace(step, needs=needs)


def numbers_offered(handling: Handling, *, on: date) -> list[tuple[str, str]]:
    """The next number of each series of the unit that fits, and those kept back."""
    series = queries.series_of([handling.unit_id], kind=handling.document.kind)
    offered = [(f"next-{one.pk}", _("the next of %(mark)s") % {"mark": one.mark}) for one in series]
    for row in queries.reserved_of([one.pk for one in series], year=on.year):
        words = number_text(row.series.mark, year=row.year, number=row.number)
        offered.append(
            (
                f"kept-{row.series_id}-{row.pk}",
                _("%(number)s, kept back: %(reason)s") % {"number": words, "reason": row.reason},
            )
        )
    return offered


def entered(
    form: forms.Form, request: HttpRequest, by: Standing, *, at: datetime
) -> tuple[dict[str, Any], list[FileData]] | None:
    """What a form holds and the files that came with it; nothing when the form says what is wrong."""
    if not form.is_valid():
        return None
    if not isinstance(form, StepForm):
        return dict(form.cleaned_data), []
    try:
        data = form.entered(by)
    except BadData as bad:
        form.blame(bad.faults)
        return None
    files = [
        FileData(store(one.file, filename=one.name, at=at, limit_bytes=LARGEST_FILE), one.name)
        for one in form.uploaded()
    ]
    return data, files


def perform(verb: str, asked: Asked) -> None:
    """Take a step by the act that belongs to it, or plainly through the one door."""
    table = OUT if asked.handling.direction == Direction.OUT else IN
    special = table.get(verb)
    if special is not None:
        special(asked)
        return
    assert asked.handling.case_id is not None
    take_step(
        asked.handling.case_id,
        verb,
        by=asked.by,
        at=asked.at,
        data=asked.data,
        files=asked.files,
        **asked.seen,
    )


def _day(asked: Asked, key: str) -> date | None:
    value = asked.data.get(key)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError as error:
        raise BadData({key: Fault(NOT_A_DATE)}) from error


def _submit(a: Asked) -> None:
    actions.submit(
        a.handling.pk,
        needed_on=_day(a, "needed_on"),
        note=_word(a, "note"),
        accepted=_word(a, "accepted"),
        by=a.by,
        at=a.at,
        **a.seen,
    )


def _ask(a: Asked) -> None:
    units = [int(unit_id) for unit_id in a.data["units"]]
    actions.ask_countersign(a.handling.pk, units, note=a.data["note"], by=a.by, at=a.at, **_length(a))


def _end(a: Asked) -> None:
    actions.end_countersigning(a.handling.pk, note=_word(a, "note"), by=a.by, at=a.at, **_length(a))


def _sign(a: Asked) -> None:
    actions.sign(
        a.handling.pk,
        digest=_word(a, "digest"),
        opinion=_word(a, "opinion"),
        accepted=_word(a, "accepted"),
        by=a.by,
        at=a.at,
        **a.seen,
    )


def _number(a: Asked) -> None:
    kind, _sep, rest = str(a.data["number"]).partition("-")
    series, _sep, reserved = rest.partition("-")
    actions.enter(
        a.handling.pk,
        series_id=int(series),
        reserved_id=int(reserved) if kind == "kept" else None,
        copies=a.data["copies"],
        by=a.by,
        at=a.at,
        **a.seen,
    )


def _release(a: Asked) -> None:
    actions.release(a.handling.pk, note=_word(a, "note"), by=a.by, at=a.at, **a.seen)


def _withdraw(a: Asked) -> None:
    actions.withdraw(a.handling.pk, reasons=_word(a, "reasons"), by=a.by, at=a.at, **_length(a))


def _sign_for(a: Asked) -> None:
    actions.sign_for(a.handling.pk, note=_word(a, "note"), by=a.by, at=a.at, **a.seen)


def _enter(a: Asked) -> None:
    due_on = _day(a, "due_on")
    actions.enter_receipt(a.handling.pk, due_on=due_on, note=_word(a, "note"), by=a.by, at=a.at, **a.seen)


def _return(a: Asked) -> None:
    actions.return_document(a.handling.pk, reasons=_word(a, "reasons"), by=a.by, at=a.at, **a.seen)


def _assign(a: Asked) -> None:
    account = a.data.get("account_id")
    actions.assign(
        a.handling.pk,
        account_id=int(account) if account else None,
        proposal=_word(a, "proposal"),
        due_on=_day(a, "due_on"),
        by=a.by,
        at=a.at,
        **a.seen,
    )


def _circulate(a: Asked) -> None:
    data = a.data
    actions.circulate(
        a.handling.pk, data["readers"], mode=data["mode"], note=data["note"], by=a.by, at=a.at, **a.seen
    )


def _answer(a: Asked) -> None:
    actions.answer(a.handling.pk, text=_word(a, "text"), files=a.files, by=a.by, at=a.at, **a.seen)


def _word(a: Asked, key: str) -> str:
    return str(a.data.get(key, "") or "")


def _length(a: Asked) -> dict[str, Any]:
    return {"seen_length": a.seen.get("seen_length")}


OUT: dict[str, Callable[[Asked], None]] = {
    "submit": _submit,
    "ask_countersign": _ask,
    "end_countersigning": _end,
    "sign": _sign,
    "enter": _number,
    "release": _release,
    "withdraw": _withdraw,
}
IN: dict[str, Callable[[Asked], None]] = {
    "sign_for": _sign_for,
    "enter": _enter,
    "return_document": _return,
    "assign": _assign,
    "circulate": _circulate,
    "answer": _answer,
}
