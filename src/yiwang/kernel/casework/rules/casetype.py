"""Case types are declarations: states, steps, clocks and letters, each beside the law it implements."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from yiwang.kernel.base.text import chinese_number
from yiwang.kernel.calendar.rules import CountUnit, RollOver


@dataclass(frozen=True)
class Law:
    """A statute that terms are taken from; `title` as published, `passed_on` tells versions apart."""

    key: str
    title: str
    title_en: str
    passed_on: date


@dataclass(frozen=True)
class Citation:
    """Where a rule stands in a statute; `phrase` are words that must be found there (a test looks)."""

    law: Law
    article: int
    paragraph: int | None = None
    item: int | None = None
    phrase: str = ""

    def text(self, *, language: str = "zh-hans") -> str:
        """The citation as people write it in the language."""
        if language.startswith("en"):
            paragraph = f", para. {self.paragraph}" if self.paragraph else ""
            item = f", item {self.item}" if self.item else ""
            return f"{self.law.title_en}, art. {self.article}{paragraph}{item}"
        paragraph = f"第{chinese_number(self.paragraph)}款" if self.paragraph else ""
        item = f"第({chinese_number(self.item)})项".replace("(", "（").replace(")", "）") if self.item else ""
        return f"《{self.law.title}》第{chinese_number(self.article)}条{paragraph}{item}"


@dataclass(frozen=True)
class Norm:
    """A promise that an institution makes of itself, where no statute sets a term: its words, where published."""

    text: str
    published: str


class Stage(StrEnum):
    """What a state means to somebody from outside."""

    WAITING = "waiting"
    WORKING = "working"
    ANSWERED = "answered"
    ENDED = "ended"


@dataclass(frozen=True)
class StateDef:
    """A place in the procedure; `public_label` is what the person who brought the matter reads."""

    key: str
    label: str
    public_label: str
    stage: Stage


class Relation(StrEnum):
    """How whoever takes a step stands to the case."""

    HOLDER = "holder"
    GIVER = "giver"
    ROOT = "root"
    INVOLVED = "involved"
    PETITIONER = "petitioner"
    SYSTEM = "system"


@dataclass(frozen=True)
class Who:
    """Who may take a step: a relation to the case and, for staff, one of the roles at that unit."""

    relation: Relation
    roles: frozenset[str] = frozenset()


class Custody(StrEnum):
    """What a step does to the chain of custody. `INVOLVE` lets a unit see and help; the holder stays the same."""

    KEEP = "keep"
    OPEN = "open"
    HAND_ON = "hand_on"
    INVOLVE = "involve"
    HAND_UP = "hand_up"
    HAND_BACK = "hand_back"
    OBJECT = "object"
    RELEASE = "release"
    INSIST = "insist"
    RECALL = "recall"


class Position(StrEnum):
    """Where in the chain the holder stands, when a step depends on it."""

    ANYWHERE = "anywhere"
    ROOT = "root"
    BELOW_ROOT = "below_root"


class FieldKind(StrEnum):
    """What somebody enters for a step."""

    LINE = "line"
    TEXT = "text"
    DATE = "date"
    DAYS = "days"
    CHOICE = "choice"
    UNIT = "unit"
    ACCOUNT = "account"
    CASE = "case"
    YES_NO = "yes_no"
    FILES = "files"
    MONEY = "money"
    GRADE = "grade"


@dataclass(frozen=True)
class FieldDef:
    """One thing that a step needs: its question, its help, and what is allowed.

    Money is kept in fen. A date is a day that has been, unless `is_ahead` says that it is still to come.
    """

    key: str
    label: str
    kind: FieldKind
    help: str = ""
    is_required: bool = True
    max_length: int = 200
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    is_private: bool = False
    is_ahead: bool = False


RESTORE = "*restore*"
STAY = "*stay*"


@dataclass(frozen=True)
class StepDef:
    """A verb that moves a case: from where, to where, by whom, with what, making which letter.

    `to` is a state, `STAY`, or `RESTORE` (the state the unit that gets the case back was in). `once` forbids
    the verb a second time in one case. `same_person_never` names verbs whose author may not take this step.
    """

    verb: str
    label: str
    done_label: str
    from_states: frozenset[str]
    to: str
    who: tuple[Who, ...]
    custody: Custody = Custody.KEEP
    position: Position = Position.ANYWHERE
    needs: tuple[FieldDef, ...] = ()
    letter: str | None = None
    is_main: bool = False
    is_public: bool = False
    is_once: bool = False
    is_serial: bool = True
    guards: tuple[str, ...] = ()
    citation: Citation | None = None
    key_hint: str = ""
    confirm: str = ""


class ClockKind(StrEnum):
    """A duty must be met by its day; a window is a right that ends with its day."""

    DUTY = "duty"
    WINDOW = "window"


class ClockScope(StrEnum):
    """Whether a clock runs once for the case or once for every unit in the chain."""

    CASE = "case"
    CUSTODY = "custody"


@dataclass(frozen=True)
class ClockDef:
    """A term of the law: what starts it, how long it is, what meets it, extends or suspends it.

    `starts` are verbs; for `ClockScope.CUSTODY` the step that gave the unit the case, or one taken by the
    unit; with `starts_in` only when taken in one of these states. `starts_on_field` names a date in the starting step's data (the day of receipt); `due_on_field` a
    date that replaces the term (an assignment's own day), `term_field` a number that does. `ends` count when the unit that owes it takes them,
    `ended_by_anybody` whoever takes them. `voided_by` are steps after which nobody owes it; `reopened_by` give
    the case back to the unit that owes it, with the first day as before. With `is_renewed` each later start
    begins the clock anew once it was met in time; one that was missed stays missed. `is_owed_by_root` says that
    the unit where the case came in owes it, whoever took the step that starts it. A duty stands on a statute
    or, where none sets a term, on the institution's own `norm`.
    """

    key: str
    label: str
    public_label: str
    kind: ClockKind
    scope: ClockScope
    starts: frozenset[str]
    ends: frozenset[str]
    term: int
    unit: CountUnit
    roll_over: RollOver
    citations: tuple[Citation, ...]
    roll_over_basis: Citation | None = None
    starts_in: frozenset[str] = frozenset()
    starts_on_field: str | None = None
    due_on_field: str | None = None
    term_field: str | None = None
    extended_by: str | None = None
    suspended_by: str | None = None
    resumed_by: str | None = None
    ended_by_anybody: frozenset[str] = frozenset()
    voided_by: frozenset[str] = frozenset()
    reopened_by: frozenset[str] = frozenset()
    norm: Norm | None = None
    is_renewed: bool = False
    is_owed_by_root: bool = False
    is_root_only: bool = False
    is_below_root_only: bool = False
    is_public: bool = True


@dataclass(frozen=True)
class LetterDef:
    """A letter that a step makes: its name, the mark of its number, who gets it, and what must stand in it."""

    key: str
    label: str
    mark: str
    is_for_petitioner: bool
    parts: tuple[str, ...] = ()
    citation: Citation | None = None
    remedy: str | None = None


@dataclass(frozen=True)
class RemedyDef:
    """What somebody can do next against a letter, until which clock's last day."""

    key: str
    label: str
    text: str
    clock: str
    citation: Citation


@dataclass(frozen=True)
class CaseType:
    """One procedure in one version, valid from a day; a case keeps the version it began under.

    `throughout` are rules that no single step carries out: a sentence and where it stands. `answered_by` are
    the verbs after which whoever brought the matter has an answer, `outcome_by` those whose `outcome` is the
    result, `shown_files_by` those whose files they may see. `home` is the function of the unit under which its
    cases stay; without one any unit may meet them. `bringer` is what whoever brought it (or
    whom the house began it against) is called, when not a petitioner, and `matter` what the words that they brought
    are headed with, when not a petition's. Matters that `is_internal` are the house's own papers: no monthly figure
    counts them, and lists of procedures name them last.
    """

    key: str
    version: str
    institution: str
    label: str
    valid_from_on: date
    number_prefix: str
    initial_verb: str
    states: tuple[StateDef, ...]
    steps: tuple[StepDef, ...]
    clocks: tuple[ClockDef, ...]
    letters: tuple[LetterDef, ...] = ()
    remedies: tuple[RemedyDef, ...] = ()
    purposes: tuple[tuple[str, str], ...] = ()
    confidential_purposes: frozenset[str] = frozenset()
    throughout: tuple[tuple[str, Citation], ...] = ()
    ends_in: frozenset[str] = frozenset()
    answered_by: frozenset[str] = frozenset({"issue", "decline"})
    outcome_by: frozenset[str] = frozenset({"answer", "approve", "issue"})
    shown_files_by: frozenset[str] = frozenset({"answer"})
    bringer: str = ""
    matter: str = ""
    retention_years: int = 10
    home: str = ""
    is_internal: bool = False
    _state: dict[str, StateDef] = field(default_factory=dict, compare=False, repr=False)
    _steps: dict[str, tuple[StepDef, ...]] = field(default_factory=dict, compare=False, repr=False)
    _clock: dict[str, ClockDef] = field(default_factory=dict, compare=False, repr=False)
    _letter: dict[str, LetterDef] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._state.update({state.key: state for state in self.states})
        self._clock.update({clock.key: clock for clock in self.clocks})
        self._letter.update({letter.key: letter for letter in self.letters})
        for step in self.steps:
            self._steps[step.verb] = (*self._steps.get(step.verb, ()), step)

    def state(self, key: str) -> StateDef:
        """The state of that key; raises `KeyError`."""
        return self._state[key]

    def clock(self, key: str) -> ClockDef:
        """The clock of that key; raises `KeyError`."""
        return self._clock[key]

    def letter(self, key: str) -> LetterDef:
        """The letter of that key; raises `KeyError`."""
        return self._letter[key]

    def variants(self, verb: str) -> tuple[StepDef, ...]:
        """The declared forms of a verb (they differ by position or state)."""
        return self._steps.get(verb, ())

    @property
    def verbs(self) -> frozenset[str]:
        """Every verb of the procedure."""
        return frozenset(self._steps)

    @property
    def answers(self) -> frozenset[str]:
        """The verbs that give what was asked for, rather than refuse it."""
        return self.answered_by - {"decline"}

    def citations(self) -> Iterator[tuple[str, Citation]]:
        """Every place in a statute that the declaration names, with the part of it that names it."""
        for step in self.steps:
            if step.citation is not None:
                yield f"step {step.verb}", step.citation
        for clock in self.clocks:
            for citation in clock.citations:
                yield f"clock {clock.key}", citation
            if clock.roll_over_basis is not None:
                yield f"roll-over of clock {clock.key}", clock.roll_over_basis
        for letter in self.letters:
            if letter.citation is not None:
                yield f"letter {letter.key}", letter.citation
        for remedy in self.remedies:
            yield f"remedy {remedy.key}", remedy.citation
        for rule, citation in self.throughout:
            yield f"rule {rule}", citation


class BadDeclaration(Exception):
    """A case type contradicts itself; the house doesn't start with it."""


def check(case_type: CaseType) -> None:
    """Refuse a declaration with unreachable states, dead ends, unknown verbs or unknown letters."""
    faults = list(_faults(case_type))
    if faults:
        raise BadDeclaration(f"{case_type.key} {case_type.version}: " + "; ".join(faults))


def _reached(case_type: CaseType) -> frozenset[str]:
    """The states that some chain of steps leads to from the beginning."""
    reached = {step.to for step in case_type.variants(case_type.initial_verb)}
    while True:
        further = {s.to for s in case_type.steps if s.from_states & reached} - {STAY, RESTORE} - reached
        if not further:
            return frozenset(reached)
        reached |= further


def _faults(case_type: CaseType) -> Iterable[str]:
    known = {state.key for state in case_type.states}
    for step in case_type.steps:
        for key in step.from_states - known:
            yield f"step {step.verb} starts from the unknown state {key}"
        if step.to not in known | {RESTORE, STAY}:
            yield f"step {step.verb} leads to the unknown state {step.to}"
        if step.letter is not None and step.letter not in {letter.key for letter in case_type.letters}:
            yield f"step {step.verb} makes the unknown letter {step.letter}"
    if case_type.initial_verb not in case_type.verbs:
        yield f"no step {case_type.initial_verb} begins the procedure"
    reached = _reached(case_type)
    for state in case_type.states:
        if state.key not in reached:
            yield f"state {state.key} can't be reached"
        moves_on = any(state.key in step.from_states and step.to != STAY for step in case_type.steps)
        if not moves_on and state.key not in case_type.ends_in:
            yield f"state {state.key} is a dead end"
    for clock in case_type.clocks:
        verbs = clock.starts | clock.ends | clock.ended_by_anybody | clock.voided_by | clock.reopened_by
        verbs |= {verb for verb in (clock.extended_by, clock.suspended_by, clock.resumed_by) if verb}
        for key in clock.starts_in - known:
            yield f"clock {clock.key} starts in the unknown state {key}"
        for verb in verbs - case_type.verbs:
            yield f"clock {clock.key} waits for the unknown verb {verb}"
        if clock.kind is ClockKind.DUTY and not clock.citations and clock.norm is None:
            yield f"clock {clock.key} has neither a citation nor a norm"
    for remedy in case_type.remedies:
        if remedy.clock not in {clock.key for clock in case_type.clocks}:
            yield f"remedy {remedy.key} ends with the unknown clock {remedy.clock}"
    for letter in case_type.letters:
        if letter.remedy is not None and letter.remedy not in {r.key for r in case_type.remedies}:
            yield f"letter {letter.key} speaks of the unknown remedy {letter.remedy}"
        if letter.key not in {step.letter for step in case_type.steps}:
            yield f"letter {letter.key} is made by no step"
