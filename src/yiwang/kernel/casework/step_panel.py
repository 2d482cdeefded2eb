"""A step as it stands on the page of a case: its button, its question, its form."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from yiwang.kernel.base.text import in_a_row
from yiwang.kernel.casework.dossier import Choice, Dossier
from yiwang.kernel.casework.forms import StepForm, form_for, said
from yiwang.kernel.casework.queries import usual_handlers
from yiwang.kernel.casework.rules.casetype import STAY, ClockKind, ClockScope, Custody, StepDef
from yiwang.kernel.ui.days import say_days

ICONS = {
    Custody.HAND_ON: "forward",
    Custody.HAND_UP: "send",
    Custody.HAND_BACK: "undo-2",
    Custody.OBJECT: "flag",
    Custody.RECALL: "corner-up-left",
}
PROPOSED_FOR = 600
"""Seconds for which the units proposed for a class are remembered."""


@dataclass(frozen=True)
class Panel:
    """One step of the page; `body` is empty until somebody opens it, unless it's the main one."""

    choice: Choice
    label: str
    name: str
    kind: str
    icon: str
    shortcut: str
    is_open: bool
    body: SafeString | None
    url: str


def panel_of(
    dossier: Dossier, choice: Choice, *, request: HttpRequest, form: StepForm | None, is_open: bool
) -> Panel:
    """A step's panel. Only the main form and the one in use are made; the others come when they're opened."""
    step = choice.step
    is_made = is_open or choice.is_main
    return Panel(
        choice=choice,
        label=gettext(step.label),
        name=step.verb,
        kind="main" if choice.is_main else ("" if choice.is_move else "plain"),
        icon=ICONS.get(step.custody, "") if choice.is_move else "",
        shortcut=step.key_hint,
        is_open=is_open,
        body=body_of(dossier, choice, form=form, request=request) if is_made else None,
        url=reverse("casework:step", args=[dossier.case.pk, step.verb]),
    )


def body_of(
    dossier: Dossier,
    choice: Choice,
    *,
    request: HttpRequest,
    form: StepForm | None,
    is_fragment: bool = False,
) -> SafeString:
    """The inside of a panel: the question in words, the fields, the button that does it.

    A fragment that is fetched when somebody opens the panel takes the focus to its first field.
    """
    step = choice.step
    proposed: Sequence[int] = ()
    if form is None and choice.fault is None:
        proposed = proposed_units(dossier, step)
        form = form_for(
            step,
            dossier.case,
            before=dossier.before(step),
            unit_id=proposed[0] if proposed else None,
        )
    if form is not None and is_fragment:
        next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    context = {
        "form": form,
        "fault": said(choice.fault) if choice.fault else "",
        "question": question(dossier, step),
        "article": step.citation.text(language=get_language() or "") if step.citation else "",
        "label": gettext(step.label),
        "url": reverse("casework:step", args=[dossier.case.pk, step.verb]),
        "request_key": secrets.token_hex(16),
        "seen_length": dossier.progress.length,
        "proposed": [dossier.unit_name(unit_id) for unit_id in proposed],
        "verb": step.verb,
    }
    return SafeString(render_to_string("casework/step_form.html", context, request=request))


def question(dossier: Dossier, step: StepDef) -> str:
    """What happens by it, as a plain question; nothing for a step that only adds to the journal."""
    if step.confirm:
        return gettext(step.confirm)
    if step.custody is Custody.HAND_ON:
        return in_a_row(gettext("Hand it to the unit below?"), _terms_given(dossier, step))
    if step.custody in (Custody.HAND_UP, Custody.OBJECT) and dossier.progress.giver is not None:
        giver = dossier.unit_name(dossier.progress.giver.unit_id)
        return gettext("It goes back to %(unit)s, which decides on it.") % {"unit": giver}
    if step.letter is not None and dossier.case_type.letter(step.letter).is_for_petitioner:
        letter = gettext(dossier.case_type.letter(step.letter).label)
        return gettext(
            "The person is told at once, with the letter “%(letter)s”. It can't be taken back."
        ) % {"letter": letter}
    if step.to != STAY and step.custody is Custody.KEEP:
        return gettext("It stands in the journal from then on and can't be taken back.")
    return ""


def _terms_given(dossier: Dossier, step: StepDef) -> str:
    """By when the unit that gets the case has to say something."""
    for definition in dossier.case_type.clocks:
        is_theirs = definition.scope is ClockScope.CUSTODY and definition.is_below_root_only
        if is_theirs and definition.kind is ClockKind.DUTY and step.verb in definition.starts:
            unit = "working" if definition.unit.value.startswith("working") else "calendar"
            return gettext("It will say within %(days)s whether it accepts.") % {
                "days": say_days(definition.term, unit=unit)
            }
    return ""


def proposed_units(dossier: Dossier, step: StepDef) -> list[int]:
    """The units that usually get matters of this class from here; remembered for some minutes."""
    if step.custody is not Custody.HAND_ON or not dossier.case.category:
        return []
    case, progress = dossier.case, dossier.progress
    key = f"proposed:{progress.holding.unit_id}:{case.place_unit_id}:{crc32(case.category.encode())}"
    found: list[int] | None = cache.get(key)
    if found is None:
        found = usual_handlers(case, dossier.standing, node=progress.holder)
        cache.set(key, found, PROPOSED_FOR)
    had = set(progress.unit_ids) | set(case.excluded_units)
    return [unit_id for unit_id in found if unit_id not in had]


def words_after(dossier: Dossier, step: StepDef, unit: str) -> str:
    """What was done, in one sentence, for the page that follows."""
    if unit:
        return gettext("%(number)s: handed to %(unit)s.") % {"number": dossier.case.number, "unit": unit}
    return gettext("%(number)s: %(done)s.") % {
        "number": dossier.case.number,
        "done": gettext(step.done_label),
    }
