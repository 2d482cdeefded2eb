"""Issuing a document: draft, review, countersigning, signature, last check, number, printing, release.

党政机关公文处理工作条例, chapters 5 and 6. What a step does to the document itself (the frozen text, the
signature, the number, the deliveries) is written by the office's actions in the same transaction; the guards
look whether it stands there, so that no other way to the step exists.
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

KEY = "document_issue"

CONSULT = Citation(DOCUMENTS, 19, item=6, phrase="征求相关地区或者部门意见")
REVIEW = Citation(DOCUMENTS, 20, phrase="公文文稿签发前")
SENT_BACK = Citation(DOCUMENTS, 21, phrase="退回起草单位并说明理由")
SIGNED_BY = Citation(DOCUMENTS, 22, phrase="经本机关负责人审批签发")
SIGNED_JOINTLY = Citation(DOCUMENTS, 22, phrase="联合发文由所有联署机关的负责人会签")
LAST_CHECK = Citation(DOCUMENTS, 25, item=1, phrase="进行复核")
AGAIN = Citation(DOCUMENTS, 25, item=1, phrase="应当报原签批人复审")
ENTERED = Citation(DOCUMENTS, 25, item=2, phrase="应当确定发文字号、分送范围和印制份数")
PRINTED_WELL = Citation(DOCUMENTS, 25, item=3, phrase="必须确保质量和时效")
GIVEN_OUT = Citation(DOCUMENTS, 25, item=4, phrase="检查后分发")
IN_TIME = Norm(
    N_(
        "A document goes out within ten working days after it was handed in, or on the day that was asked for."
    ),
    N_("Rules of the office, on its page “Procedures”"),
)

PEOPLE = frozenset({"clerk", "head"})
ANYBODY = (Who(Relation.ROOT, PEOPLE | {"leader"}),)
BY_STAFF = (Who(Relation.ROOT, PEOPLE),)
BY_SIGNER = (Who(Relation.ROOT, frozenset({"head", "leader"})),)
BY_HOUSE = (Who(Relation.SYSTEM),)

DRAFTING, REVIEWING, COUNTERSIGNING, TO_SIGN = "drafting", "reviewing", "countersigning", "to_sign"
JOINT_SIGNING = "joint_signing"
SIGNED, CHECKED, NUMBERED, PRINTED = "signed", "checked", "numbered", "printed"
RELEASED, WITHDRAWN, ARCHIVED = "released", "withdrawn", "archived"
BEFORE_RELEASE = frozenset(
    {DRAFTING, REVIEWING, COUNTERSIGNING, TO_SIGN, JOINT_SIGNING, SIGNED, CHECKED, NUMBERED, PRINTED}
)

STATES = (
    StateDef(DRAFTING, N_("Being drafted"), N_("Being drafted"), Stage.WORKING),
    StateDef(REVIEWING, N_("Under review"), N_("Under review"), Stage.WORKING),
    StateDef(COUNTERSIGNING, N_("Being countersigned"), N_("Being countersigned"), Stage.WORKING),
    StateDef(TO_SIGN, N_("To be signed"), N_("To be signed"), Stage.WORKING),
    StateDef(JOINT_SIGNING, N_("To be signed by the other units"), N_("To be signed"), Stage.WORKING),
    StateDef(SIGNED, N_("Signed, to be checked"), N_("Signed"), Stage.WORKING),
    StateDef(CHECKED, N_("Checked, to be numbered"), N_("Signed"), Stage.WORKING),
    StateDef(NUMBERED, N_("Numbered, to be printed"), N_("Signed"), Stage.WORKING),
    StateDef(PRINTED, N_("Printed, to be released"), N_("Signed"), Stage.WORKING),
    StateDef(RELEASED, N_("Released"), N_("Released"), Stage.ENDED),
    StateDef(WITHDRAWN, N_("Given up"), N_("Given up"), Stage.ENDED),
    StateDef(ARCHIVED, N_("Archived"), N_("Released"), Stage.ENDED),
)

NOTE = FieldDef("note", N_("Note"), FieldKind.TEXT, is_required=False, max_length=2000)
REASONS = FieldDef("reasons", N_("Reasons"), FieldKind.TEXT, max_length=2000)
NEEDED_ON = FieldDef(
    "needed_on", N_("Must be out by"), FieldKind.DATE, N_("An urgent document needs a day."), is_required=False, is_ahead=True
)  # fmt: skip
ACCEPTED = FieldDef("accepted", N_("Went on in spite of"), FieldKind.TEXT, is_required=False, max_length=2000)
JOINT_UNIT = FieldDef("unit_name", N_("Unit"), FieldKind.LINE)
DIGEST = FieldDef("digest", N_("Digest of what was signed"), FieldKind.LINE, max_length=64)

STEPS = (
    StepDef(
        "draft", N_("Draft a document"), N_("began a draft"), frozenset(), DRAFTING, (*BY_STAFF, *BY_HOUSE),
        custody=Custody.OPEN,
    ),
    StepDef(
        "submit", N_("Hand in for review"), N_("handed it in for review"), frozenset({DRAFTING}), REVIEWING, BY_STAFF,
        needs=(NEEDED_ON, NOTE, ACCEPTED), is_main=True, guards=("text_kept", "rules_kept"), citation=REVIEW, key_hint="s",
    ),
    StepDef(
        "pass", N_("Pass on for signature"), N_("reviewed it and passed it on for signature"), frozenset({REVIEWING}), TO_SIGN, BY_STAFF,
        needs=(NOTE, ACCEPTED), is_main=True, guards=("not_the_drafter", "text_kept", "all_countersigned", "rules_kept"), citation=REVIEW, key_hint="p",
    ),
    StepDef(
        "return_draft", N_("Return to the drafter"), N_("returned it to the drafter"),
        frozenset({REVIEWING, COUNTERSIGNING, TO_SIGN}), DRAFTING, ANYBODY,
        needs=(REASONS,), citation=SENT_BACK, key_hint="r",
    ),
    StepDef(
        "take_back", N_("Take it back to change it"), N_("took it back to change it"), frozenset({REVIEWING}), DRAFTING, BY_STAFF,
        needs=(NOTE,),
    ),
    StepDef(
        "ask_countersign", N_("Ask departments to countersign"), N_("asked departments to countersign"),
        frozenset({REVIEWING}), COUNTERSIGNING, BY_STAFF,
        needs=(FieldDef("units", N_("Departments"), FieldKind.TEXT, max_length=2000), NOTE),
        guards=("text_kept", "countersigning_asked"), citation=CONSULT, key_hint="k",
    ),
    StepDef(
        "countersigned", N_("Countersign"), N_("countersigned"), frozenset({COUNTERSIGNING}), STAY, BY_HOUSE,
        needs=(
            FieldDef("unit_name", N_("Department"), FieldKind.LINE),
            FieldDef("answer", N_("Answer"), FieldKind.LINE),
            FieldDef("text", N_("Your opinion"), FieldKind.TEXT, is_required=False, max_length=4000),
        ),
        citation=CONSULT,
    ),
    StepDef(
        "end_countersigning", N_("End the countersigning"), N_("ended the countersigning"),
        frozenset({COUNTERSIGNING}), REVIEWING, (*BY_STAFF, *BY_HOUSE),
        needs=(NOTE,), is_main=True, guards=("all_countersigned",), citation=CONSULT, key_hint="e",
    ),
    StepDef(
        "sign", N_("Sign"), N_("signed"), frozenset({TO_SIGN}), SIGNED, BY_SIGNER,
        needs=(DIGEST, FieldDef("opinion", N_("Your opinion"), FieldKind.TEXT, is_required=False, max_length=2000), ACCEPTED),
        is_main=True, guards=("not_the_drafter", "signer_of_the_unit", "first_signer", "signature_made", "rules_kept"), citation=SIGNED_BY, key_hint="g",
        confirm=N_("You sign exactly the text shown. Whatever is changed afterwards must come back to you."),
    ),
    StepDef(
        "ask_joint", N_("Ask the other units to sign"), N_("asked the other units to sign"), frozenset({SIGNED}), JOINT_SIGNING, BY_HOUSE,
        needs=(FieldDef("units", N_("Units"), FieldKind.TEXT, max_length=2000),), citation=SIGNED_JOINTLY,
    ),
    StepDef(
        "sign_jointly", N_("Sign with the others"), N_("signed with the others"), frozenset({JOINT_SIGNING}), STAY, BY_HOUSE,
        needs=(JOINT_UNIT, DIGEST, FieldDef("opinion", N_("Your opinion"), FieldKind.TEXT, is_required=False, max_length=4000)),
        citation=SIGNED_JOINTLY,
    ),
    StepDef(
        "refuse_joint", N_("Refuse to sign"), N_("refused to sign"), frozenset({JOINT_SIGNING}), DRAFTING, BY_HOUSE,
        needs=(JOINT_UNIT, REASONS), citation=SIGNED_JOINTLY,
    ),
    StepDef(
        "all_signed", N_("Signed by all"), N_("has the signatures of all"), frozenset({JOINT_SIGNING}), SIGNED, BY_HOUSE,
        guards=("signed_by_all",), citation=SIGNED_JOINTLY,
    ),
    StepDef(
        "check", N_("Checked, nothing to change"), N_("checked the signed text"), frozenset({SIGNED}), CHECKED, BY_STAFF,
        needs=(NOTE,), is_main=True, guards=("text_as_signed", "signed_by_all"), citation=LAST_CHECK, key_hint="c",
    ),
    StepDef(
        "reopen", N_("Change the substance"), N_("opened the signed text again"), frozenset({JOINT_SIGNING, SIGNED, CHECKED, NUMBERED, PRINTED}), DRAFTING, BY_STAFF,
        needs=(REASONS,), citation=AGAIN,
        confirm=N_("The signature ends with this. After the change it goes back to whoever signed."),
    ),
    StepDef(
        "enter", N_("Give it a number"), N_("gave it a number"), frozenset({CHECKED}), NUMBERED, BY_STAFF,
        needs=(
            FieldDef("number", N_("Document number"), FieldKind.LINE, max_length=60),
            FieldDef("recipients", N_("Sent to"), FieldKind.TEXT, max_length=4000),
            FieldDef("copies", N_("Copies on paper"), FieldKind.DAYS, minimum=0, maximum=99999),
        ),
        is_main=True, guards=("text_as_signed", "numbered"), citation=ENTERED, key_hint="m",
    ),
    StepDef(
        "print", N_("Printed"), N_("had it printed"), frozenset({NUMBERED}), PRINTED, BY_STAFF,
        needs=(NOTE,), is_main=True, guards=("text_as_signed",), citation=PRINTED_WELL, key_hint="i",
    ),
    StepDef(
        "release", N_("Check the print and release"), N_("released it"), frozenset({PRINTED}), RELEASED, BY_STAFF,
        needs=(DIGEST, NOTE), is_main=True, guards=("text_as_signed", "released_here"), citation=GIVEN_OUT, key_hint="l",
        confirm=N_("It goes to every addressee at once and can't be taken back."),
    ),
    StepDef(
        "withdraw", N_("Give it up"), N_("gave it up"), BEFORE_RELEASE, WITHDRAWN, BY_STAFF,
        needs=(REASONS,), guards=("number_void",),
        confirm=N_("If it has a number, the number stays in the register as void, with your reasons."),
    ),
    StepDef(
        "urge", N_("Urge"), N_("urged"), BEFORE_RELEASE, STAY, ANYBODY,
        needs=(FieldDef("text", N_("What should be done"), FieldKind.TEXT, max_length=1000),), key_hint="u",
    ),
    StepDef(
        "recuse", N_("Keep somebody away"), N_("kept somebody away"), BEFORE_RELEASE, STAY, BY_STAFF,
        needs=(FieldDef("account_id", N_("Whom"), FieldKind.ACCOUNT), REASONS),
    ),
    StepDef(
        "archive", N_("Archive"), N_("archived"), frozenset({RELEASED, WITHDRAWN}), ARCHIVED, (*BY_STAFF, *BY_HOUSE),
        needs=(NOTE,), key_hint="z",
    ),
)  # fmt: skip

CLOCKS = (
    ClockDef(
        "issuing", N_("Get it out"), N_("The document goes out"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"submit"}), frozenset({"release"}),
        10, CountUnit.WORKING_DAY, RollOver.NONE, (PRINTED_WELL,), norm=IN_TIME, due_on_field="needed_on",
        voided_by=frozenset({"withdraw"}), is_owed_by_root=True, is_public=False,
    ),
)  # fmt: skip

ISSUE = declare(
    CaseType(
        key=KEY,
        version="2012",
        institution="office",
        label=N_("Issuing a document"),
        valid_from_on=date(2012, 7, 1),
        number_prefix="发文",
        initial_verb="draft",
        states=STATES,
        steps=STEPS,
        clocks=CLOCKS,
        ends_in=frozenset({ARCHIVED}),
        answered_by=frozenset({"release"}),
        outcome_by=frozenset(),
        shown_files_by=frozenset(),
        bringer=N_("Drafter"),
        retention_years=30,
        is_internal=True,
    )
)
