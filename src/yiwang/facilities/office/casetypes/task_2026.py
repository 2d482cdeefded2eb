"""A task: what somebody was told to do, by when, what was done so far, the proof, and whether that was enough.

The giver's unit is where the case comes in; the unit that does it holds it until the giver is content. No statute
sets the term: the giver does, in working days or as a day.
"""

from datetime import date

from yiwang.facilities.office.laws import DOCUMENTS
from yiwang.kernel.base.text import N_
from yiwang.kernel.calendar.rules import CountUnit, RollOver
from yiwang.kernel.casework.registry import declare
from yiwang.kernel.casework.rules.casetype import (
    STAY,
    CaseType,
    Citation,
    ClockDef,
    ClockKind,
    ClockScope,
    Custody,
    FieldDef,
    FieldKind,
    Norm,
    Relation,
    Stage,
    StateDef,
    StepDef,
    Who,
)

KEY = "task"

URGED = Citation(DOCUMENTS, 24, item=6, phrase="督促承办部门按期办结")
IN_TIME = Norm(
    N_("A task is done within the working days or by the day that its giver set; without either, in ten."),
    N_("Rules of the office, on its page “Procedures”"),
)

ROLES = frozenset({"clerk", "head", "leader"})
BY_GIVER = (Who(Relation.ROOT, ROLES),)
BY_HOLDER = (Who(Relation.HOLDER, ROLES),)
BY_ALL_INVOLVED = (Who(Relation.INVOLVED, ROLES),)

GIVEN, WORKING, REPORTED = "given", "working", "reported"
CONFIRMED, CONCLUDED, WITHDRAWN = "confirmed", "concluded", "withdrawn"
OPEN = frozenset({GIVEN, WORKING, REPORTED})

STATES = (
    StateDef(GIVEN, N_("To be given out"), N_("To be given out"), Stage.WAITING),
    StateDef(WORKING, N_("Being done"), N_("Being done"), Stage.WORKING),
    StateDef(REPORTED, N_("Reported done, to be confirmed"), N_("Reported done"), Stage.WORKING),
    StateDef(CONFIRMED, N_("Confirmed, to be concluded"), N_("Confirmed"), Stage.ANSWERED),
    StateDef(CONCLUDED, N_("Concluded"), N_("Concluded"), Stage.ENDED),
    StateDef(WITHDRAWN, N_("Taken back"), N_("Taken back"), Stage.ENDED),
)

NOTE = FieldDef("note", N_("Note"), FieldKind.TEXT, is_required=False, max_length=2000)
REASONS = FieldDef("reasons", N_("Reasons"), FieldKind.TEXT, max_length=2000)
FILES = FieldDef("files", N_("Evidence as files"), FieldKind.FILES, is_required=False)
DAYS = FieldDef("days", N_("Working days more"), FieldKind.DAYS, minimum=1, maximum=120)
HELPER = FieldDef("unit_id", N_("Which unit helps"), FieldKind.UNIT)
TERM = (
    FieldDef("account_id", N_("Who does it"), FieldKind.ACCOUNT, is_required=False),
    FieldDef("days", N_("Working days for it"), FieldKind.DAYS, is_required=False, minimum=1, maximum=250),
    FieldDef("due_on", N_("By which day"), FieldKind.DATE, is_required=False, is_ahead=True),
)

STEPS = (
    StepDef(
        "give", N_("Give a task"), N_("gave the task"), frozenset(), GIVEN, BY_GIVER,
        custody=Custody.OPEN,
    ),
    StepDef(
        "assign", N_("Give it to a unit"), N_("gave it to a unit"), frozenset({GIVEN}), WORKING, BY_GIVER,
        custody=Custody.HAND_ON, needs=(FieldDef("unit_id", N_("Which unit does it"), FieldKind.UNIT), *TERM),
        is_main=True, key_hint="g",
    ),
    StepDef(
        "keep", N_("Give it to somebody of the unit"), N_("gave it to somebody of the unit"), frozenset({GIVEN}), WORKING, BY_GIVER,
        needs=TERM, key_hint="i",
    ),
    StepDef(
        "involve", N_("Ask a unit to help"), N_("asked a unit to help"), frozenset({GIVEN, WORKING}), STAY, BY_GIVER,
        custody=Custody.INVOLVE, needs=(HELPER,), key_hint="h",
    ),
    StepDef(
        "answer", N_("Report it done"), N_("reported it done"), frozenset({WORKING}), REPORTED, BY_HOLDER,
        needs=(FieldDef("text", N_("What came of it"), FieldKind.TEXT, max_length=4000), FILES),
        is_main=True, key_hint="a",
    ),
    StepDef(
        "feedback", N_("Report progress"), N_("reported progress"), frozenset({WORKING}), STAY, BY_ALL_INVOLVED,
        needs=(FieldDef("text", N_("How far it is"), FieldKind.TEXT, max_length=4000), FILES), key_hint="n",
    ),
    StepDef(
        "request_extension", N_("Ask for more time"), N_("asked for more time"), frozenset({WORKING}), STAY, BY_HOLDER,
        needs=(DAYS, REASONS), guards=("no_extension_waits",), key_hint="e",
    ),
    StepDef(
        "extend", N_("Grant more time"), N_("granted more time"), frozenset({WORKING}), STAY, BY_GIVER,
        needs=(DAYS, REASONS), guards=("extension_waits", "not_same_person"), key_hint="x",
    ),
    StepDef(
        "refuse_extension", N_("Refuse more time"), N_("refused more time"), frozenset({WORKING}), STAY, BY_GIVER,
        needs=(REASONS,), guards=("extension_waits", "not_same_person"),
    ),
    StepDef(
        "urge", N_("Urge"), N_("urged"), frozenset({WORKING}), STAY, BY_GIVER,
        needs=(FieldDef("text", N_("What should be done"), FieldKind.TEXT, max_length=1000),), citation=URGED, key_hint="u",
    ),
    StepDef(
        "confirm", N_("Confirm that it is done"), N_("confirmed that it is done"), frozenset({REPORTED}), CONFIRMED, BY_GIVER,
        needs=(NOTE,), is_main=True, guards=("not_same_person", "giver_confirms"), key_hint="c",
    ),
    StepDef(
        "return", N_("Return it, not done yet"), N_("returned it as not done yet"), frozenset({REPORTED}), WORKING, BY_GIVER,
        needs=(REASONS,), guards=("giver_confirms",), key_hint="r",
        confirm=N_("Its last day stays as it was; grant more time if it needs any."),
    ),
    StepDef(
        "conclude", N_("Conclude"), N_("concluded"), frozenset({CONFIRMED}), CONCLUDED, BY_GIVER,
        needs=(NOTE,), is_main=True, key_hint="z",
    ),
    StepDef(
        "withdraw", N_("Take the task back"), N_("took the task back"), OPEN, WITHDRAWN, BY_GIVER,
        needs=(REASONS,), guards=("giver_confirms",),
    ),
)  # fmt: skip

CLOCKS = (
    ClockDef(
        "doing", N_("Do it and report"), N_("It is reported done"),
        ClockKind.DUTY, ClockScope.CUSTODY, frozenset({"assign", "keep"}), frozenset({"answer"}),
        10, CountUnit.WORKING_DAY, RollOver.NONE, (URGED,), norm=IN_TIME, due_on_field="due_on", term_field="days",
        extended_by="extend", voided_by=frozenset({"withdraw"}), reopened_by=frozenset({"return"}), is_public=False,
    ),
)  # fmt: skip

TASK = declare(
    CaseType(
        key=KEY,
        version="2026",
        institution="office",
        label=N_("Task"),
        matter=N_("Task"),
        valid_from_on=date(2026, 1, 1),
        number_prefix="交办",
        initial_verb="give",
        states=STATES,
        steps=STEPS,
        clocks=CLOCKS,
        ends_in=frozenset({CONCLUDED, WITHDRAWN}),
        answered_by=frozenset({"answer"}),
        outcome_by=frozenset(),
        shown_files_by=frozenset(),
        bringer=N_("Giver"),
        retention_years=10,
        is_internal=True,
    )
)
