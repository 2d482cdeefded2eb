"""An information report (信息上报): written in a unit, sent up by its head, judged by whoever receives it.

A report is never rewritten: what was returned is written anew as a report of its own, taken over from the first.
"""

from datetime import date

from yiwang.kernel.base.text import N_
from yiwang.kernel.calendar.rules import CountUnit, RollOver
from yiwang.kernel.casework.registry import declare
from yiwang.kernel.casework.rules.casetype import (
    STAY,
    CaseType,
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

KEY = "information_report"
INSTITUTION = "information"

JUDGED_IN = Norm(
    N_("A report is adopted, not adopted, or returned within five working days after it came up."),
    N_("Rules of the office, on its page “Procedures”"),
)

ROLES = frozenset({"clerk", "head", "leader"})
BY_WRITERS = (Who(Relation.ROOT, ROLES),)
BY_RECEIVERS = (Who(Relation.HOLDER, ROLES),)

WRITTEN, SENT_UP, ADOPTED, NOT_ADOPTED = "written", "sent_up", "adopted", "not_adopted"
RETURNED, WITHDRAWN = "returned", "withdrawn"

LEVELS = (
    ("county", N_("In the county's bulletin")),
    ("city", N_("By the city")),
    ("province", N_("By the province")),
    ("state", N_("By the State Council's or the Party's central offices")),
    ("instruction", N_("A leader wrote an instruction on it")),
)
"""How far up a report got; what a leader wrote on it counts as a mark of its own."""

STATES = (
    StateDef(WRITTEN, N_("Written, to be sent up"), N_("Written"), Stage.WAITING),
    StateDef(SENT_UP, N_("Sent up, to be judged"), N_("Sent up"), Stage.WORKING),
    StateDef(ADOPTED, N_("Adopted"), N_("Adopted"), Stage.ENDED),
    StateDef(NOT_ADOPTED, N_("Not adopted"), N_("Not adopted"), Stage.ENDED),
    StateDef(RETURNED, N_("Returned, to be written anew"), N_("Returned"), Stage.ENDED),
    StateDef(WITHDRAWN, N_("Given up"), N_("Given up"), Stage.ENDED),
)

REASONS = FieldDef("reasons", N_("Reasons"), FieldKind.TEXT, max_length=2000)
MARK = (
    FieldDef("level", N_("How it was adopted"), FieldKind.CHOICE, choices=LEVELS),
    FieldDef("bulletin", N_("In which bulletin"), FieldKind.LINE, N_("Its name, as it stands on its head."), is_required=False, max_length=60),
    FieldDef("issue", N_("Which issue"), FieldKind.LINE, is_required=False, max_length=20),
    FieldDef("words", N_("Words for the writers"), FieldKind.TEXT, N_("Also what a leader wrote on it."), is_required=False, max_length=1000),
)  # fmt: skip

STEPS = (
    StepDef(
        "write", N_("Write a report"), N_("wrote the report"), frozenset(), WRITTEN, BY_WRITERS,
        custody=Custody.OPEN,
    ),
    StepDef(
        "send_up", N_("Send it up"), N_("sent it up"), frozenset({WRITTEN}), SENT_UP, BY_WRITERS,
        custody=Custody.HAND_ON, needs=(FieldDef("unit_id", N_("Which unit gets it"), FieldKind.UNIT),),
        is_main=True, guards=("sent_up_by_head",), key_hint="s",
    ),
    StepDef(
        "adopt", N_("Adopt it"), N_("adopted it"), frozenset({SENT_UP}), ADOPTED, BY_RECEIVERS,
        needs=MARK, is_main=True, key_hint="a",
        confirm=N_("The writers see by whom it was adopted, where, and your words."),
    ),
    StepDef(
        "adopt", N_("Enter a further adoption"), N_("entered a further adoption"), frozenset({ADOPTED}), STAY, BY_RECEIVERS,
        needs=MARK, key_hint="a",
        confirm=N_("It stands beside the earlier marks; none is taken away."),
    ),
    StepDef(
        "pass_over", N_("Don't adopt it"), N_("didn't adopt it"), frozenset({SENT_UP}), NOT_ADOPTED, BY_RECEIVERS,
        needs=(REASONS,), key_hint="n",
        confirm=N_("The writers see your reasons."),
    ),
    StepDef(
        "return_report", N_("Return it, to be written anew"), N_("returned it, to be written anew"), frozenset({SENT_UP}), RETURNED, BY_RECEIVERS,
        custody=Custody.HAND_UP, needs=(REASONS,), key_hint="r",
        confirm=N_("The writers get it back with your reasons and write a new one, which begins with the words of this one."),
    ),
    StepDef(
        "withdraw", N_("Give it up"), N_("gave it up"), frozenset({WRITTEN}), WITHDRAWN, BY_WRITERS,
        needs=(REASONS,),
    ),
)  # fmt: skip

CLOCKS = (
    ClockDef(
        "judging", N_("Say whether it is adopted"), N_("It is adopted or not"),
        ClockKind.DUTY, ClockScope.CUSTODY, frozenset({"send_up"}), frozenset({"adopt", "pass_over", "return_report"}),
        5, CountUnit.WORKING_DAY, RollOver.NONE, (), norm=JUDGED_IN, is_public=False,
    ),
)  # fmt: skip

REPORT = declare(
    CaseType(
        key=KEY,
        version="2026",
        institution=INSTITUTION,
        label=N_("Information report"),
        matter=N_("Report"),
        valid_from_on=date(2026, 1, 1),
        number_prefix="信息",
        initial_verb="write",
        states=STATES,
        steps=STEPS,
        clocks=CLOCKS,
        ends_in=frozenset({ADOPTED, NOT_ADOPTED, RETURNED, WITHDRAWN}),
        answered_by=frozenset({"adopt", "pass_over"}),
        outcome_by=frozenset(),
        shown_files_by=frozenset(),
        bringer=N_("Writer"),
        retention_years=10,
    )
)
