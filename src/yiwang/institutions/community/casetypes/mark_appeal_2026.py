"""Appeal of a company against a figure of its mark: raised for one order, decided by the head with reasons."""

from datetime import date

from yiwang.institutions.community.laws import E_COMMERCE
from yiwang.kernel.base.text import N_
from yiwang.kernel.calendar.rules import CountUnit, RollOver
from yiwang.kernel.casework.registry import declare
from yiwang.kernel.casework.rules.casetype import (
    CaseType,
    Citation,
    ClockDef,
    ClockKind,
    ClockScope,
    Custody,
    FieldDef,
    FieldKind,
    LetterDef,
    Norm,
    Relation,
    Stage,
    StateDef,
    StepDef,
    Who,
)

KEY = "mark_appeal"

FAIR_RATING = Citation(E_COMMERCE, 39, 1, phrase="公示信用评价规则")
RATING_KEPT = Citation(E_COMMERCE, 39, 2, phrase="不得删除")
PROMISE = N_("Rules for companies of the centre, on its page “Companies”")
DECIDED = Norm(N_("An appeal against a mark is decided within five working days."), PROMISE)

BY_HEAD = (Who(Relation.ROOT, frozenset({"head"})),)
BY_OFFICE = (Who(Relation.ROOT, frozenset({"clerk", "head"})),)
BY_HOUSE = (Who(Relation.SYSTEM),)
RAISED, DECIDED_STATE, ARCHIVED = "raised", "decided", "archived"
UPHELD, REJECTED = "upheld", "rejected"
DECISIONS = (
    (UPHELD, N_("The order doesn't count for this figure")),
    (REJECTED, N_("The figure stays as it is")),
)
NOTE = FieldDef("note", N_("Note"), FieldKind.TEXT, is_required=False, max_length=2000)

MARK_APPEAL = declare(
    CaseType(
        key=KEY,
        version="2026",
        institution="community",
        label=N_("Appeal against a mark"),
        bringer=N_("Company"),
        matter=N_("What the appeal says"),
        valid_from_on=date(2026, 1, 1),
        number_prefix="社评",
        initial_verb="raise",
        states=(
            StateDef(RAISED, N_("To be decided"), N_("The centre is deciding"), Stage.WAITING),
            StateDef(DECIDED_STATE, N_("Decided"), N_("Decided"), Stage.ENDED),
            StateDef(ARCHIVED, N_("Archived"), N_("Concluded and archived"), Stage.ENDED),
        ),
        steps=(
            StepDef(
                "raise", N_("Appeal against a mark"), N_("appealed against a mark"), frozenset(), RAISED, BY_HOUSE,
                custody=Custody.OPEN, citation=FAIR_RATING,
            ),
            StepDef(
                "decide", N_("Decide"), N_("decided"), frozenset({RAISED}), DECIDED_STATE, BY_HEAD,
                needs=(
                    FieldDef("decision", N_("Decision"), FieldKind.CHOICE, choices=DECISIONS),
                    FieldDef("reasons", N_("Reasons"), FieldKind.TEXT, N_("In whole sentences; they stand in the letter."), max_length=2000),
                ),
                letter="decision", is_main=True, citation=FAIR_RATING, key_hint="e",
            ),
            StepDef(
                "archive", N_("Archive"), N_("archived"), frozenset({DECIDED_STATE}), ARCHIVED, (*BY_OFFICE, *BY_HOUSE),
                needs=(NOTE,), key_hint="z",
            ),
        ),
        clocks=(
            ClockDef(
                "decision", N_("Decide on the appeal"), N_("The appeal is decided"),
                ClockKind.DUTY, ClockScope.CASE, frozenset({"raise"}), frozenset({"decide"}),
                5, CountUnit.WORKING_DAY, RollOver.NONE, (FAIR_RATING,), norm=DECIDED,
            ),
        ),
        letters=(LetterDef("decision", N_("Decision on the appeal against a mark"), "社评复", is_for_petitioner=False, citation=FAIR_RATING),),
        throughout=((N_("An appeal changes what counts, never what a resident said."), RATING_KEPT),),
        ends_in=frozenset({ARCHIVED}),
        answered_by=frozenset({"decide"}),
        outcome_by=frozenset({"decide"}),
        shown_files_by=frozenset(),
        retention_years=3,
    )
)  # fmt: skip
