"""A small procedure for tests of the rules, and journals that somebody could have written."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from yiwang.kernel.calendar.rules import CountUnit, RollOver
from yiwang.kernel.casework.rules.casetype import (
    RESTORE,
    STAY,
    CaseType,
    Citation,
    ClockDef,
    ClockKind,
    ClockScope,
    Custody,
    Law,
    LetterDef,
    RemedyDef,
    Stage,
    StateDef,
    StepDef,
)
from yiwang.kernel.casework.rules.clocks import CHINA
from yiwang.kernel.casework.rules.progress import Entry, Progress, advance, step_for

LAW = Law("toy", "玩具条例", "Toy Regulations", date(2020, 1, 1))
CITED = Citation(LAW, 1, phrase="三日内")
OPEN, HEARING, DONE = "open", "hearing", "done"


def a_state(key: str) -> StateDef:
    return StateDef(key, key, key, Stage.WORKING)


def a_step(verb: str, from_states: set[str], to: str, **changes: Any) -> StepDef:
    return StepDef(verb, verb, verb, frozenset(from_states), to, (), **changes)


def a_clock(**changes: Any) -> ClockDef:
    fields: dict[str, Any] = {
        "key": "term",
        "label": "term",
        "public_label": "term",
        "kind": ClockKind.DUTY,
        "scope": ClockScope.CASE,
        "starts": frozenset({"begin"}),
        "ends": frozenset({"finish"}),
        "term": 10,
        "unit": CountUnit.CALENDAR_DAY,
        "roll_over": RollOver.NONE,
        "citations": (CITED,),
        "suspended_by": "suspend",
        "resumed_by": "resume",
        "extended_by": "extend",
    }
    return ClockDef(**{**fields, **changes})


def a_procedure(*clocks: ClockDef, **changes: Any) -> CaseType:
    """Begin, suspend for a hearing and resume, extend, hand on and back, finish."""
    fields: dict[str, Any] = {
        "key": "toy",
        "version": "1",
        "institution": "toys",
        "label": "Toy",
        "valid_from_on": date(2020, 1, 1),
        "number_prefix": "玩",
        "initial_verb": "begin",
        "states": (a_state(OPEN), a_state(HEARING), a_state(DONE)),
        "steps": (
            a_step("begin", set(), OPEN, custody=Custody.OPEN),
            a_step("suspend", {OPEN}, HEARING),
            a_step("resume", {HEARING}, OPEN),
            a_step("extend", {OPEN}, STAY),
            a_step("forward", {OPEN}, OPEN, custody=Custody.HAND_ON),
            a_step("recall", {OPEN}, RESTORE, custody=Custody.RECALL),
            a_step("finish", {OPEN}, DONE, letter="answer"),
        ),
        "clocks": clocks or (a_clock(),),
        "letters": (LetterDef("answer", "answer", "玩", is_for_petitioner=True, remedy="appeal"),),
        "remedies": (RemedyDef("appeal", "appeal", "appeal", "term", CITED),),
        "ends_in": frozenset({DONE}),
    }
    return CaseType(**{**fields, **changes})


def with_step(case_type: CaseType, verb: str, **changes: Any) -> CaseType:
    """The same procedure with one step declared otherwise."""
    steps = tuple(replace(s, **changes) if s.verb == verb else s for s in case_type.steps)
    return replace(case_type, steps=steps, _state={}, _steps={}, _clock={}, _letter={})


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)


class Journal:
    """A journal that grows by steps the procedure allows; `on` moves the day."""

    def __init__(self, case_type: CaseType, *, on: date) -> None:
        self.case_type = case_type
        self.day = on
        self.entries: list[Entry] = []
        self.progress = Progress()

    def on(self, day: date | int) -> "Journal":
        """Go to a day, or so many days further."""
        self.day = self.day + timedelta(days=day) if isinstance(day, int) else day
        return self

    def step(self, verb: str, **data: Any) -> "Journal":
        """Take a step on the day; raises `NotAllowedNow`."""
        before = self.progress
        step = step_for(verb, before, self.case_type)
        given: Mapping[str, Any] = {"unit_id": 1, **data} if step.custody is Custody.OPEN else data
        unit_id = before.holding.unit_id if before.nodes else int(given["unit_id"])
        entry = Entry(
            len(self.entries) + 1, verb, noon(self.day), before.holder, unit_id, None, before.state, "", given
        )
        self.progress = advance(before, entry, step)
        self.entries.append(replace(entry, to_state=self.progress.state))
        return self
