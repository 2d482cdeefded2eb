"""A step as it stands on the page of a case: its button, its question, its form."""

import secrets
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from django.core.cache import cache
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from yiwang.kernel.base.addresses import address
from yiwang.kernel.base.text import in_a_row
from yiwang.kernel.casework.dossier import Choice, Dossier
from yiwang.kernel.casework.forms import StepForm, asking_about, form_for, said
from yiwang.kernel.casework.lawlinks import cited
from yiwang.kernel.casework.queries import usual_handlers
from yiwang.kernel.casework.rules.casetype import STAY, ClockKind, ClockScope, Custody, StepDef
from yiwang.kernel.ui.days import say_days
from yiwang.kernel.ui.html import escaped
from yiwang.kernel.ui.tags.forms import errors, fields
from yiwang.kernel.ui.tags.words import button

ICONS = {
    Custody.HAND_ON: "forward",
    Custody.HAND_UP: "send",
    Custody.HAND_BACK: "undo-2",
    Custody.OBJECT: "flag",
    Custody.RECALL: "corner-up-left",
}
MEANT_FOR = "meant_for"
"""The fact of a case that names the unit for which whoever brought it means it."""
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


def panel_of(dossier: Dossier, choice: Choice, *, token: str, form: StepForm | None, is_open: bool) -> Panel:
    """A step's panel. Only the main form and the one in use are made; the others come when they're opened.

    `token` is the page's token against forged requests.
    """
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
        body=body_of(dossier, choice, form=form, token=token) if is_made else None,
        url=address("casework:step", case_id=dossier.case.pk, verb=step.verb),
    )


def body_of(
    dossier: Dossier,
    choice: Choice,
    *,
    token: str,
    form: StepForm | None,
    is_fragment: bool = False,
) -> SafeString:
    """The inside of a panel: the question in words, the fields, the button that does it.

    A fragment that is fetched when somebody opens the panel takes the focus to its first field.
    """
    step = choice.step
    if choice.fault is not None:
        return SafeString(f"<p>{escaped(said(choice.fault))}</p>\n")
    proposed: Sequence[int] = ()
    if form is not None:
        inside = drawn_fields(form, is_focused=is_fragment)
    else:
        proposed = proposed_units(dossier, step)
        inside = blank_fields(
            dossier, step, unit_id=proposed[0] if proposed else None, is_focused=is_fragment
        )
    url = address("casework:step", case_id=dossier.case.pk, verb=step.verb)
    asked = question(dossier, step)
    lines = [
        f'<form method="post" action="{url}" enctype="multipart/form-data" novalidate data-draft="step-{url}">'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{escaped(token)}">'
        f'<input type="hidden" name="request_key" value="{secrets.token_hex(16)}">'
        f'<input type="hidden" name="seen_length" value="{dossier.progress.length}">',
        f"<p>{escaped(asked)}</p>" if asked else "",
        inside,
        _usual_units(dossier, proposed),
        f'<div class="buttons">{button(gettext(step.label), kind="main")}{_article(step, on=dossier.today)}</div></form>',
    ]
    return SafeString("\n" + "\n".join(lines) + "\n")


def _usual_units(dossier: Dossier, proposed: Sequence[int]) -> str:
    if not proposed or MEANT_FOR in dossier.case.facts:
        return ""
    units = " · ".join([dossier.unit_name(unit_id) for unit_id in proposed])
    words = gettext("Matters of this class usually go to: %(units)s") % {"units": units}
    return f'<p class="field-help">{escaped(words)}</p>'


def _article(step: StepDef, *, on: date) -> str:
    if not step.citation:
        return ""
    return f'<span class="muted small">{cited(step.citation, on=on)}</span>'


def drawn_fields(form: StepForm, *, is_focused: bool) -> SafeString:
    """The fields of a form, what is wrong with them first."""
    if is_focused:
        next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    return SafeString(f"{errors(form)}{fields(form)}")


def blank_fields(dossier: Dossier, step: StepDef, *, unit_id: int | None, is_focused: bool) -> SafeString:
    """The fields of a step that nobody has filled in yet.

    They are the same for every case but for its number, so that they are kept; not where words that were
    entered earlier stand in them again.
    """
    case, before = dossier.case, dossier.before(step)
    if before:
        return drawn_fields(
            form_for(step, case_id=case.pk, before=before, unit_id=unit_id), is_focused=is_focused
        )
    key = (id(step), dossier.language, unit_id, dossier.unit_name(unit_id), is_focused)
    kept = _blanks.get(key)
    if kept is None:
        form = form_for(step, case_id=ANY_CASE, unit_id=unit_id)
        # A quotation mark in what somebody wrote would be escaped: only our own addresses end like this.
        parts = drawn_fields(form, is_focused=is_focused).split(f'{asking_about(ANY_CASE)}"')
        if len(_blanks) >= MOST_BLANKS:
            _blanks.clear()
        kept = _blanks[key] = (step, tuple(parts))
    return SafeString(f'{asking_about(case.pk)}"'.join(kept[1]))


ANY_CASE = 2**62
"""A number that no case has; it stands in a form that is kept, until the case's own takes its place."""
MOST_BLANKS = 1000

_blanks: dict[Hashable, tuple[StepDef, tuple[str, ...]]] = {}
"""The fields of steps, in parts between which the number of the case stands; the step is kept along, so that
its identity stays its own."""


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
    """The unit that the case is meant for, else those that usually get matters of this class from here.

    What is usual is remembered for some minutes.
    """
    if step.custody is not Custody.HAND_ON:
        return []
    if MEANT_FOR in dossier.case.facts:
        return [int(dossier.case.facts[MEANT_FOR])]
    if not dossier.case.category:
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
