"""A dossier in words: its journal as a time line, its chain of custody, its clocks, its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from yiwang.kernel.base.addresses import address
from yiwang.kernel.base.text import mask_name, mask_phone
from yiwang.kernel.casework.basis import bases, yuan
from yiwang.kernel.casework.columns import days_left
from yiwang.kernel.casework.dossier import Dossier, role_label
from yiwang.kernel.casework.enums import PartyRole
from yiwang.kernel.casework.forms import GRADES
from yiwang.kernel.casework.models import Party
from yiwang.kernel.casework.records import LINKING
from yiwang.kernel.casework.rules.casetype import Custody, FieldDef, FieldKind, StepDef
from yiwang.kernel.casework.rules.clocks import Clock, ClockStatus, local_day
from yiwang.kernel.casework.rules.progress import Entry, Node
from yiwang.kernel.ui.days import exact_day
from yiwang.kernel.ui.parts import Fact, Hop, Link, Moment
from yiwang.kernel.ui.tags.times import clock as clock_tag

TOLD_BY_HEADING = frozenset({FieldKind.UNIT, FieldKind.FILES})
"""Kinds of entries that stand in a moment's heading or in the dossier, not among its words."""

HIDDEN = "…"


@dataclass(frozen=True)
class LetterLine:
    """One letter as the dossier lists it."""

    pk: int
    title: str
    number: str
    issued_at: datetime


@dataclass(frozen=True)
class ClockLine:
    """One clock as the case page shows it, with the address of its explanation."""

    face: SafeString
    why_url: str
    unit: str
    is_pressing: bool


def moments(dossier: Dossier, *, is_open: bool) -> list[Moment]:
    """The journal; `is_open` shows the person's own words that are for the holding unit only."""
    variants = _steps_taken(dossier)
    made: dict[int, list[Link]] = {}
    for letter in dossier.letters:
        label = gettext(dossier.case_type.letter(letter.kind).label)
        made.setdefault(letter.entry_number, []).append(
            Link(label, address("casework:letter", case_id=dossier.case.pk, letter_id=letter.pk))
        )
    told = [
        Moment(
            at=entry.at,
            who=_who(dossier, entry),
            what=_what(dossier, entry, step),
            holder=dossier.unit_name(standing.nodes[entry.node].unit_id),
            words=_words(dossier, entry, step, is_open=is_open),
            links=made.get(entry.number, ()),
        )
        for entry, standing, step in zip(dossier.entries, dossier.standings, variants, strict=True)
    ]
    last, holding = dossier.entries[-1], dossier.progress.holding
    if last.node != dossier.progress.holder:
        # Whoever got it last has done nothing yet; the line must end where the matter is all the same.
        holder = dossier.unit_name(holding.unit_id)
        told.append(Moment(at=last.at, who="", what=gettext("has it now"), holder=holder))
    return told


def letters(dossier: Dossier) -> list[LetterLine]:
    """The letters of the dossier by name and number."""
    return [
        LetterLine(
            letter.pk, gettext(dossier.case_type.letter(letter.kind).label), letter.number, letter.issued_at
        )
        for letter in dossier.letters
    ]


def hops(dossier: Dossier) -> list[Hop]:
    """The chain of custody: who has or had it, under which number, how it ended there."""
    numbers = {letter.entry_number: letter.number for letter in dossier.letters}
    return [_hop(dossier, node, numbers.get(node.entry_number, "")) for node in dossier.progress.nodes]


def clock_lines(dossier: Dossier) -> tuple[list[ClockLine], list[ClockLine]]:
    """The clocks that run, the most pressing first, and those that are over."""
    running: list[tuple[date, ClockLine]] = []
    over: list[tuple[date, ClockLine]] = []
    for clock in dossier.derived.clocks:
        status = clock.status(as_of=dossier.today)
        if status is ClockStatus.VOID:
            continue
        line = _clock_line(dossier, clock, status)
        (
            running if status in (ClockStatus.RUNNING, ClockStatus.LATE, ClockStatus.SUSPENDED) else over
        ).append((clock.due_on or date.max, line))
    return [line for _, line in sorted(running, key=lambda one: one[0])], [line for _, line in over]


def people(dossier: Dossier, *, is_open: bool) -> list[Fact]:
    """The parties: in full for the unit that holds the matter or who named a purpose, else people are masked."""
    return [
        Fact(_called(dossier, party), _person(dossier, party, is_open=is_open)) for party in dossier.parties
    ]


def _called(dossier: Dossier, party: Party) -> str:
    bringer = dossier.case_type.bringer
    is_of_it = party.role in (PartyRole.PETITIONER, PartyRole.RESPONDENT)
    return gettext(bringer) if bringer and is_of_it else role_label(party.role)


def facts(dossier: Dossier) -> list[Fact]:
    """What kind of matter it is."""
    case = dossier.case
    purposes = dict(dossier.case_type.purposes)
    found = [
        Fact(gettext("Received"), f"{exact_day(case.received_on)} · {case.get_channel_display()}"),
        Fact(
            gettext("Purpose"), gettext(purposes[case.purpose]) if case.purpose in purposes else case.purpose
        ),
        Fact(gettext("Class"), case.category.replace("/", " / ")),
        Fact(gettext("Place"), " · ".join(filter(None, (dossier.unit_name(case.place_unit_id), case.place)))),
    ]
    return [fact for fact in found if fact.value]


def field_words(definition: FieldDef, value: Any) -> str:
    """What was entered in a field, as people read it."""
    if definition.kind is FieldKind.CHOICE:
        return gettext(dict(definition.choices).get(str(value), str(value)))
    if definition.kind is FieldKind.MONEY:
        return yuan(int(value))
    if definition.kind is FieldKind.GRADE:
        return str(dict(GRADES).get(str(value), value))
    if definition.kind is FieldKind.DATE:
        return exact_day(date.fromisoformat(str(value)))
    if definition.kind is FieldKind.YES_NO:
        return pgettext("answer", "yes") if value else pgettext("answer", "no")
    return str(value)


def _steps_taken(dossier: Dossier) -> Sequence[StepDef]:
    """The declared form of each entry's verb; where a verb has several, the one of the state it came from."""
    found = []
    for entry in dossier.entries:
        variants = dossier.case_type.variants(entry.verb)
        found.append(next((v for v in variants if entry.from_state in v.from_states), variants[0]))
    return found


def _who(dossier: Dossier, entry: Entry) -> str:
    if entry.account_id is None:
        return (
            ""
            if entry.unit_id is not None
            else gettext(dossier.case_type.bringer or "the person who brought it")
        )
    name = dossier.names.get(entry.account_id, "")
    principal = dossier.principals.get(entry.number)
    if principal is None:
        return name
    return gettext("%(name)s for %(principal)s") % {
        "name": name,
        "principal": dossier.names.get(principal, ""),
    }


def _what(dossier: Dossier, entry: Entry, step: StepDef) -> str:
    done = gettext(step.done_label)
    if step.custody is Custody.HAND_ON and "unit_id" in entry.data:
        return f"{done} → {dossier.unit_name(int(entry.data['unit_id']))}"
    return done


def _words(dossier: Dossier, entry: Entry, step: StepDef, *, is_open: bool) -> str:
    """What was written, each field on its own line; the label stands before it where there are several.

    Who approves an answer sends all of it along; only what they changed is told again.
    """
    if _is_about_another(dossier, entry):
        return gettext("(of a matter that isn't yours to see)")
    before = dossier.before(step, until=entry.number)
    told = [
        (need, entry.data[need.key])
        for need in step.needs
        if need.kind not in TOLD_BY_HEADING
        and entry.data.get(need.key) not in (None, "")
        and (need.is_required or entry.data[need.key] != before.get(need.key))
    ]
    lines = []
    for need, value in told:
        if need.is_private and not is_open:
            words = gettext("(shown to the unit that holds the matter)")
        else:
            words = _named(dossier, need, value)
        is_alone = len(told) == 1 and need.kind is FieldKind.TEXT and need.key not in before
        lines.append(
            words
            if is_alone
            else gettext("%(label)s: %(words)s") % {"label": gettext(need.label), "words": words}
        )
    return "\n".join(lines)


def _is_about_another(dossier: Dossier, entry: Entry) -> bool:
    """Whether an entry links a matter that the reader mustn't know of, or takes such a link away."""
    if entry.verb not in LINKING:
        return False
    links = (e for e in dossier.entries if e.verb == "link_repeat" and e.number <= entry.number)
    named = [int(e.data["earlier_case_id"]) for e in links]
    return bool(named) and named[-1] not in dossier.linked


def _named(dossier: Dossier, need: FieldDef, value: Any) -> str:
    """A field's words, with the number of a matter and the name of a colleague in place of their ids."""
    if need.kind is FieldKind.CASE:
        return dossier.linked.get(int(value), "")
    if need.kind is FieldKind.ACCOUNT:
        return dossier.names.get(int(value), "")
    return field_words(need, value)


def _hop(dossier: Dossier, node: Node, number: str) -> Hop:
    is_here = node.index == dossier.progress.holder
    if is_here:
        state, words = "info", gettext("holds it now")
    elif node.outcome:
        variants = dossier.case_type.variants(node.outcome)
        state, words = "done", gettext(variants[0].done_label) if variants else node.outcome
    else:
        state, words = "waiting", gettext("waits for it to come back")
    return Hop(
        unit=dossier.unit_name(node.unit_id),
        number=number,
        from_on=local_day(node.given_at),
        to_on=local_day(node.until_at) if node.until_at else None,
        state=state,
        state_words=words,
        is_here=is_here,
    )


def _clock_line(dossier: Dossier, clock: Clock, status: ClockStatus) -> ClockLine:
    is_pressing = (
        clock.is_open and clock.due_on == dossier.case.due_on and clock.key == dossier.case.due_clock
    )
    left, unit = days_left(clock.due_on, today=dossier.today) if clock.due_on else (None, "calendar")
    state, ended_on = "", None
    if status in (ClockStatus.MET, ClockStatus.MET_LATE):
        state, ended_on = "done", clock.ended_on
    elif status is ClockStatus.EXPIRED:
        state, ended_on = "done", clock.due_on
    return ClockLine(
        face=clock_tag(
            label=gettext(clock.definition.label),
            due_on=clock.due_on,
            started_on=clock.start_on,
            today=dossier.today,
            left=left,
            unit=unit,
            state=state,
            ended_on=ended_on,
            size="large" if is_pressing else "",
        ),
        why_url=address("casework:why", case_id=dossier.case.pk, key=clock.key, node=clock.node),
        unit=dossier.unit_name(clock.unit_id),
        is_pressing=is_pressing,
    )


def _person(dossier: Dossier, party: Party, *, is_open: bool) -> str:
    if party.is_anonymous:
        return gettext("not named")
    if party.role == PartyRole.ACCUSED:
        known = dossier.unit_name(party.unit_id) or dossier.names.get(party.account_id or 0, "") or party.name
        return known if is_open or party.unit_id else mask_name(known)
    if is_open:
        parts = (party.name, party.phone, party.identity_number, party.address)
        return " · ".join(part for part in parts if part)
    address = HIDDEN if party.address else ""
    number = party.identity_number[:6] + "*" * 8 if party.identity_number else ""
    name = party.name if party.unit_id else mask_name(party.name)
    return " · ".join(part for part in (name, mask_phone(party.phone), number, address) if part)


def citation(clock: Clock) -> SafeString:
    """The articles, or the institution's own norm, that a clock stands on, as they were when it began."""
    return bases(clock.definition, on=clock.start_on)
