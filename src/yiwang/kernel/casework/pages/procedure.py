"""What the house knows of a procedure: its states, steps, permissions and clocks, each with its article."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.base.pages import page
from yiwang.kernel.calendar.rules import CountUnit
from yiwang.kernel.casework.basis import bases
from yiwang.kernel.casework.lawlinks import cited
from yiwang.kernel.casework.queries import procedures_met_by
from yiwang.kernel.casework.registry import UnknownCaseType, case_type_of
from yiwang.kernel.casework.rules.casetype import (
    RESTORE,
    STAY,
    CaseType,
    ClockDef,
    ClockKind,
    Position,
    Relation,
    StepDef,
    Who,
)
from yiwang.kernel.people.enums import CASE_ROLES, Role
from yiwang.kernel.ui.days import say_days
from yiwang.kernel.ui.parts import Link

RELATIONS = {
    Relation.HOLDER: gettext_lazy("of the unit that holds it"),
    Relation.GIVER: gettext_lazy("of the unit that gave it"),
    Relation.ROOT: gettext_lazy("of the unit where it came in"),
    Relation.INVOLVED: gettext_lazy("of any unit that has or had it, or helps"),
    Relation.PETITIONER: gettext_lazy("whoever brought it"),
    Relation.SYSTEM: gettext_lazy("the house itself"),
}
POSITIONS = {
    Position.ANYWHERE: "",
    Position.ROOT: gettext_lazy("only where it came in"),
    Position.BELOW_ROOT: gettext_lazy("only where it was handed on to"),
}


@dataclass(frozen=True)
class StepLine:
    """One step as a line of the page."""

    label: str
    before: str
    after: str
    who: str
    letter: str
    article: str
    key: str


@dataclass(frozen=True)
class ClockLine:
    """One clock as a line of the page."""

    label: str
    term: str
    starts: str
    ends: str
    article: str


@page("casework:procedures", roles=CASE_ROLES, budget=2)
def procedures(request: HttpRequest) -> HttpResponse:
    """The procedures of this house."""
    met = procedures_met_by(request.standing, on=timezone.localdate())  # type: ignore[attr-defined]
    links = [
        Link(f"{_(one.label)} ({one.version})", reverse("casework:procedure", args=[one.key, one.version]))
        for one in met
    ]
    return render(request, "casework/procedures.html", {"links": links})


@page("casework:procedure", roles=CASE_ROLES, budget=2)
def procedure(request: HttpRequest, key: str, version: str) -> HttpResponse:
    """One procedure in one version."""
    try:
        case_type = case_type_of(key, version)
    except UnknownCaseType:
        raise Http404(_("There is no such procedure.")) from None
    today = timezone.localdate()
    context = {
        "case_type": case_type,
        "label": _(case_type.label),
        "states": [(_(state.label), _(state.public_label)) for state in case_type.states],
        "steps": [_step(step, case_type, today=today) for step in case_type.steps],
        "clocks": [_clock(clock, case_type, today=today) for clock in case_type.clocks],
        "crumbs": [Link(_("Procedures"), reverse("casework:procedures"))],
    }
    return render(request, "casework/procedure.html", context)


def _step(step: StepDef, case_type: CaseType, *, today: date) -> StepLine:
    before = [_(state.label) for state in case_type.states if state.key in step.from_states]
    place = str(POSITIONS[step.position])
    people = " · ".join(_people(who) for who in step.who)
    return StepLine(
        label=_(step.label),
        before=_("; ").join(before) or "–",
        after=_after(step, case_type),
        who=f"{people} ({place})" if place else people,
        letter=_(case_type.letter(step.letter).label) if step.letter else "",
        article=cited(step.citation, on=today) if step.citation else "",
        key=step.key_hint,
    )


def _after(step: StepDef, case_type: CaseType) -> str:
    if step.to == STAY:
        return _("stays")
    if step.to == RESTORE:
        return _("as it was there before")
    return _(case_type.state(step.to).label)


def _people(who: Who) -> str:
    relation = str(RELATIONS[who.relation])
    if not who.roles:
        return relation
    roles = _(", ").join(str(role.label) for role in Role if role.value in who.roles)
    return _("%(roles)s %(relation)s") % {"roles": roles, "relation": relation}


def _clock(clock: ClockDef, case_type: CaseType, *, today: date) -> ClockLine:
    unit = "working" if clock.unit is CountUnit.WORKING_DAY else "calendar"
    kind = _("a duty") if clock.kind is ClockKind.DUTY else _("a right")
    return ClockLine(
        label=_(clock.label),
        term=f"{say_days(clock.term, unit=unit)} · {kind}",
        starts=_verbs(clock.starts, case_type),
        ends=_verbs(clock.ends, case_type),
        article=bases(clock, on=today),
    )


def _verbs(verbs: frozenset[str], case_type: CaseType) -> str:
    labels = {step.verb: _(step.label) for step in case_type.steps if step.verb in verbs}
    return _("; ").join(labels.values())
