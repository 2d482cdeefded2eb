"""The petition procedure of 信访工作条例 (2022): registered, sent to whoever must act, answered, concluded."""

from datetime import date

from yiwang.institutions.petitions.laws import CIVIL_CODE, REGULATIONS
from yiwang.kernel.base.text import N_
from yiwang.kernel.calendar.rules import CountUnit, RollOver
from yiwang.kernel.casework.registry import declare
from yiwang.kernel.casework.rules.casetype import (
    RESTORE,
    STAY,
    CaseType,
    Citation,
    ClockDef,
    ClockKind,
    ClockScope,
    Custody,
    FieldDef,
    FieldKind,
    LetterDef,
    Position,
    Relation,
    RemedyDef,
    Stage,
    StateDef,
    StepDef,
    Who,
)


def _article(article: int, paragraph: int | None = None, item: int | None = None, *, phrase: str) -> Citation:
    return Citation(REGULATIONS, article, paragraph, item, phrase)


ART_19 = _article(19, 1, phrase="如实记录")
ART_21 = _article(21, 2, phrase="查询、评价")
ART_22 = _article(22, 1, phrase="在15日内")
ART_22_ASSIGN = _article(22, 1, 3, phrase="办理结果")
ART_23_DIRECT = _article(23, 1, phrase="予以登记")
ART_23_NOTICE = _article(23, 3, phrase="15日内")
ART_23_OBJECT = _article(23, 3, phrase="5个工作日内")
ART_24_SUCCESSOR = _article(24, 2, phrase="继续行使其职权")
ART_28_RECUSAL = _article(28, 3, phrase="回避")
ART_30_SECRET = _article(30, 3, phrase="被检举、揭发的人员或者单位")
ART_31 = _article(31, phrase="导入相应程序处理")
ART_32 = _article(32, 1, phrase="载明信访人投诉请求、事实和理由、处理意见及其法律法规依据")
ART_34 = _article(34, phrase="60日内办结")
ART_34_EXTENSION = _article(34, phrase="30日")
ART_35 = _article(35, phrase="30日内")
CIVIL_CODE_203 = Citation(CIVIL_CODE, 203, phrase="法定休假日")

CLERK_OR_HEAD = frozenset({"clerk", "head"})
HEAD = frozenset({"head"})
BY_HOLDER = (Who(Relation.HOLDER, CLERK_OR_HEAD),)
BY_HOLDING_HEAD = (Who(Relation.HOLDER, HEAD),)
BY_ROOT = (Who(Relation.ROOT, CLERK_OR_HEAD),)
BY_PETITIONER = (Who(Relation.PETITIONER),)

REGISTERED, TRANSFERRED, OBJECTED, HANDLING = "registered", "transferred", "objected", "handling"
EXTENSION, APPROVAL, ANSWERED, DECLINED = "extension_requested", "under_approval", "answered", "declined"
CONCLUDED, ARCHIVED = "concluded", "archived"
OPEN = frozenset({REGISTERED, TRANSFERRED, OBJECTED, HANDLING, EXTENSION, APPROVAL})
AFTER = frozenset({ANSWERED, DECLINED, CONCLUDED})

STATES = (
    StateDef(
        REGISTERED,
        N_("Registered"),
        N_("Registered; the petition office is deciding who handles it"),
        Stage.WAITING,
    ),
    StateDef(
        TRANSFERRED, N_("Awaiting acceptance"), N_("Sent to the unit that is to handle it"), Stage.WAITING
    ),
    StateDef(
        OBJECTED, N_("Objection raised"), N_("It is being checked which unit is responsible"), Stage.WAITING
    ),
    StateDef(HANDLING, N_("Being handled"), N_("Accepted and being handled"), Stage.WORKING),
    StateDef(EXTENSION, N_("Extension requested"), N_("Accepted and being handled"), Stage.WORKING),
    StateDef(
        APPROVAL, N_("Answer under approval"), N_("The answer is written and being checked"), Stage.WORKING
    ),
    StateDef(ANSWERED, N_("Answered"), N_("Answered"), Stage.ANSWERED),
    StateDef(DECLINED, N_("Not accepted"), N_("Not accepted; the reasons are in the letter"), Stage.ANSWERED),
    StateDef(CONCLUDED, N_("Concluded"), N_("Concluded"), Stage.ENDED),
    StateDef(ARCHIVED, N_("Archived"), N_("Concluded and archived"), Stage.ENDED),
)

NOTE = FieldDef("note", N_("Note"), FieldKind.TEXT, is_required=False, max_length=2000)
REASONS = FieldDef(
    "reasons",
    N_("Reasons"),
    FieldKind.TEXT,
    N_("In whole sentences; they stand in the letter."),
    max_length=4000,
)
TO_UNIT = FieldDef("unit_id", N_("To which unit"), FieldKind.UNIT)
OUTCOMES = (
    ("supported", N_("Supported")),
    ("explained", N_("Explained")),
    ("not_supported", N_("Not supported")),
)
ANSWER_FIELDS = (
    FieldDef("outcome", N_("Result"), FieldKind.CHOICE, choices=OUTCOMES),
    FieldDef(
        "facts",
        N_("Facts found"),
        FieldKind.TEXT,
        N_("What was looked into and what was found."),
        max_length=20000,
    ),
    FieldDef(
        "opinion",
        N_("Opinion"),
        FieldKind.TEXT,
        N_("What is done about each request, and why."),
        max_length=20000,
    ),
    FieldDef("basis", N_("Legal basis"), FieldKind.TEXT, N_("Statute and article."), max_length=2000),
)
ANSWER_REVISION = tuple(
    FieldDef(f.key, f.label, f.kind, f.help, is_required=False, max_length=f.max_length, choices=f.choices)
    for f in ANSWER_FIELDS
)

STEPS = (
    StepDef(
        "register",
        N_("Register"),
        N_("registered"),
        frozenset(),
        REGISTERED,
        (Who(Relation.SYSTEM), Who(Relation.PETITIONER), Who(Relation.ROOT, CLERK_OR_HEAD)),
        custody=Custody.OPEN,
        letter="receipt",
        is_public=True,
        citation=ART_22,
    ),
    StepDef(
        "forward",
        N_("Forward"),
        N_("forwarded"),
        frozenset({REGISTERED, TRANSFERRED}),
        TRANSFERRED,
        BY_HOLDER,
        custody=Custody.HAND_ON,
        needs=(TO_UNIT, NOTE),
        letter="transfer",
        is_main=True,
        is_public=True,
        citation=ART_22,
        key_hint="f",
    ),
    StepDef(
        "assign",
        N_("Assign with feedback"),
        N_("assigned"),
        frozenset({REGISTERED, TRANSFERRED}),
        TRANSFERRED,
        BY_HOLDER,
        custody=Custody.HAND_ON,
        needs=(TO_UNIT, FieldDef("due_on", N_("Feedback by"), FieldKind.DATE), NOTE),
        letter="transfer",
        is_public=True,
        citation=ART_22_ASSIGN,
        key_hint="s",
    ),
    StepDef(
        "recall",
        N_("Call back"),
        N_("called back"),
        frozenset({TRANSFERRED}),
        RESTORE,
        (Who(Relation.GIVER, CLERK_OR_HEAD),),
        custody=Custody.RECALL,
        position=Position.BELOW_ROOT,
        needs=(NOTE,),
        is_public=True,
    ),
    StepDef(
        "accept",
        N_("Accept and handle"),
        N_("accepted"),
        frozenset({REGISTERED, TRANSFERRED}),
        HANDLING,
        BY_HOLDER,
        needs=(NOTE,),
        letter="acceptance",
        is_main=True,
        is_public=True,
        citation=ART_23_NOTICE,
        key_hint="a",
    ),
    StepDef(
        "decline",
        N_("Decline"),
        N_("declined"),
        frozenset({REGISTERED, TRANSFERRED}),
        DECLINED,
        BY_HOLDING_HEAD,
        needs=(
            REASONS,
            FieldDef("route", N_("Where the person can turn instead"), FieldKind.TEXT, max_length=1000),
        ),
        letter="refusal",
        is_public=True,
        citation=ART_31,
        key_hint="d",
    ),
    StepDef(
        "object",
        N_("Object to the transfer"),
        N_("objected"),
        frozenset({TRANSFERRED}),
        OBJECTED,
        BY_HOLDER,
        custody=Custody.OBJECT,
        needs=(REASONS,),
        letter="objection",
        guards=("within_objection_window",),
        citation=ART_23_OBJECT,
        key_hint="o",
    ),
    StepDef(
        "agree_objection",
        N_("Agree: take it back"),
        N_("agreed to the objection"),
        frozenset({OBJECTED}),
        RESTORE,
        BY_HOLDER,
        custody=Custody.RELEASE,
        needs=(NOTE,),
        is_main=True,
        citation=ART_23_OBJECT,
        key_hint="a",
    ),
    StepDef(
        "refuse_objection",
        N_("Disagree: it stays there"),
        N_("refused the objection"),
        frozenset({OBJECTED}),
        RESTORE,
        BY_HOLDER,
        custody=Custody.INSIST,
        needs=(REASONS,),
        citation=ART_23_OBJECT,
        key_hint="d",
    ),
    StepDef(
        "request_extension",
        N_("Request an extension"),
        N_("requested an extension"),
        frozenset({HANDLING}),
        EXTENSION,
        BY_HOLDER,
        needs=(FieldDef("days", N_("Days"), FieldKind.DAYS, minimum=1, maximum=30), REASONS),
        guards=("extended_once",),
        citation=ART_34_EXTENSION,
        key_hint="e",
    ),
    StepDef(
        "extend",
        N_("Approve the extension"),
        N_("extended"),
        frozenset({EXTENSION}),
        HANDLING,
        BY_HOLDING_HEAD,
        needs=(FieldDef("days", N_("Days"), FieldKind.DAYS, minimum=1, maximum=30), REASONS),
        letter="extension",
        is_main=True,
        is_public=True,
        is_once=True,
        guards=("not_same_person",),
        citation=ART_34_EXTENSION,
        key_hint="a",
    ),
    StepDef(
        "refuse_extension",
        N_("Refuse the extension"),
        N_("refused the extension"),
        frozenset({EXTENSION}),
        HANDLING,
        BY_HOLDING_HEAD,
        needs=(NOTE,),
        citation=ART_34_EXTENSION,
        key_hint="d",
    ),
    StepDef(
        "answer",
        N_("Write the answer"),
        N_("wrote the answer"),
        frozenset({HANDLING}),
        APPROVAL,
        BY_HOLDER,
        custody=Custody.HAND_UP,
        needs=(*ANSWER_FIELDS, FieldDef("files", N_("Attachments"), FieldKind.FILES, is_required=False)),
        is_main=True,
        citation=ART_32,
        key_hint="w",
    ),
    StepDef(
        "approve",
        N_("Approve and pass up"),
        N_("approved the answer"),
        frozenset({APPROVAL}),
        APPROVAL,
        BY_HOLDER,
        custody=Custody.HAND_UP,
        position=Position.BELOW_ROOT,
        needs=(*ANSWER_REVISION, NOTE),
        is_main=True,
        guards=("not_same_person",),
        citation=ART_32,
        key_hint="a",
    ),
    StepDef(
        "issue",
        N_("Approve and issue the answer"),
        N_("issued the answer"),
        frozenset({APPROVAL}),
        ANSWERED,
        BY_HOLDING_HEAD,
        position=Position.ROOT,
        needs=(*ANSWER_REVISION, NOTE),
        letter="answer",
        is_main=True,
        is_public=True,
        guards=("not_same_person",),
        citation=ART_32,
        key_hint="a",
    ),
    StepDef(
        "return",
        N_("Return for rework"),
        N_("returned for rework"),
        frozenset({APPROVAL}),
        RESTORE,
        BY_HOLDER,
        custody=Custody.HAND_BACK,
        needs=(REASONS,),
        key_hint="r",
    ),
    StepDef(
        "serve",
        N_("Record the service"),
        N_("served the letter"),
        frozenset({ANSWERED, DECLINED}),
        STAY,
        (*BY_ROOT, Who(Relation.HOLDER, CLERK_OR_HEAD), Who(Relation.PETITIONER)),
        needs=(
            FieldDef(
                "how",
                N_("How it was served"),
                FieldKind.CHOICE,
                choices=(
                    ("in_person", N_("Handed over in person")),
                    ("post", N_("By registered post")),
                    ("receipt_page", N_("Opened on the receipt page")),
                ),
            ),
            FieldDef("served_on", N_("Day of service"), FieldKind.DATE),
        ),
        is_public=True,
        is_once=True,
        is_main=True,
        citation=ART_35,
        key_hint="v",
    ),
    StepDef(
        "conclude",
        N_("Conclude"),
        N_("concluded"),
        frozenset({ANSWERED, DECLINED}),
        CONCLUDED,
        (*BY_ROOT, *BY_HOLDER),
        needs=(NOTE,),
        is_main=True,
        is_public=True,
        guards=("letter_served",),
        citation=ART_34,
        key_hint="c",
    ),
    StepDef(
        "archive",
        N_("Archive"),
        N_("archived"),
        frozenset({CONCLUDED}),
        ARCHIVED,
        (*BY_ROOT, *BY_HOLDER),
        needs=(NOTE,),
        is_main=True,
        key_hint="z",
    ),
    StepDef(
        "evaluate",
        N_("Evaluate"),
        N_("evaluated"),
        AFTER | {ARCHIVED},
        STAY,
        BY_PETITIONER,
        needs=(
            FieldDef("grade_office", N_("The petition office"), FieldKind.GRADE, minimum=1, maximum=5),
            FieldDef("grade_unit", N_("The handling unit"), FieldKind.GRADE, minimum=1, maximum=5),
            FieldDef(
                "comment",
                N_("In your own words"),
                FieldKind.TEXT,
                is_required=False,
                max_length=1000,
                is_private=True,
            ),
        ),
        is_public=True,
        is_once=True,
        citation=ART_21,
    ),
    StepDef(
        "supplement",
        N_("Add something"),
        N_("added something"),
        OPEN,
        STAY,
        (*BY_PETITIONER, *BY_HOLDER),
        needs=(
            FieldDef("text", N_("What is to be added"), FieldKind.TEXT, max_length=4000, is_private=True),
            FieldDef("files", N_("Attachments"), FieldKind.FILES, is_required=False),
        ),
    ),
    StepDef(
        "note",
        N_("Record work done"),
        N_("recorded work"),
        OPEN,
        STAY,
        BY_HOLDER,
        needs=(
            FieldDef("text", N_("What was done"), FieldKind.TEXT, max_length=4000),
            FieldDef("files", N_("Attachments"), FieldKind.FILES, is_required=False),
        ),
        key_hint="n",
    ),
    StepDef(
        "link_repeat",
        N_("Mark as a repeat petition"),
        N_("marked as a repeat petition"),
        OPEN | AFTER,
        STAY,
        BY_ROOT,
        needs=(FieldDef("earlier_case_id", N_("The earlier petition"), FieldKind.CASE), REASONS),
    ),
    StepDef(
        "unlink_repeat",
        N_("Not a repeat petition after all"),
        N_("took the repeat mark away"),
        OPEN | AFTER,
        STAY,
        BY_ROOT,
        needs=(REASONS,),
        guards=("is_repeat",),
    ),
    StepDef(
        "recuse",
        N_("Exclude somebody (recusal)"),
        N_("excluded somebody"),
        OPEN | AFTER,
        STAY,
        (*BY_ROOT, Who(Relation.HOLDER, CLERK_OR_HEAD)),
        needs=(FieldDef("account_id", N_("Who withdraws"), FieldKind.ACCOUNT), REASONS),
        citation=ART_28_RECUSAL,
    ),
)

CLOCKS = (
    ClockDef(
        "registration",
        N_("Register and send on"),
        N_("Registered and sent to whoever is responsible"),
        ClockKind.DUTY,
        ClockScope.CUSTODY,
        frozenset({"register"}),
        frozenset({"forward", "assign", "accept", "decline"}),
        15,
        CountUnit.CALENDAR_DAY,
        RollOver.NONE,
        (ART_22,),
        CIVIL_CODE_203,
        starts_on_field="received_on",
        reopened_by=frozenset({"agree_objection", "recall"}),
        is_root_only=True,
    ),
    ClockDef(
        "notice",
        N_("Notice of receipt"),
        N_("You are told whether it is accepted"),
        ClockKind.DUTY,
        ClockScope.CUSTODY,
        frozenset({"forward", "assign"}),
        frozenset({"accept", "decline", "forward", "assign"}),
        15,
        CountUnit.CALENDAR_DAY,
        RollOver.NONE,
        (ART_23_NOTICE,),
        CIVIL_CODE_203,
        voided_by=frozenset({"agree_objection", "recall"}),
        reopened_by=frozenset({"agree_objection", "recall"}),
        is_below_root_only=True,
    ),
    ClockDef(
        "objection",
        N_("Objection to the transfer"),
        "",
        ClockKind.WINDOW,
        ClockScope.CUSTODY,
        frozenset({"forward", "assign"}),
        frozenset({"object", "accept", "decline", "forward", "assign"}),
        5,
        CountUnit.WORKING_DAY,
        RollOver.NONE,
        (ART_23_OBJECT,),
        voided_by=frozenset({"recall"}),
        is_below_root_only=True,
        is_public=False,
    ),
    ClockDef(
        "feedback",
        N_("Feedback on the assignment"),
        "",
        ClockKind.DUTY,
        ClockScope.CUSTODY,
        frozenset({"assign"}),
        frozenset({"answer", "approve", "decline"}),
        60,
        CountUnit.CALENDAR_DAY,
        RollOver.NONE,
        (ART_22_ASSIGN,),
        CIVIL_CODE_203,
        due_on_field="due_on",
        ended_by_anybody=frozenset({"decline"}),
        voided_by=frozenset({"agree_objection", "recall"}),
        reopened_by=frozenset({"return"}),
        is_below_root_only=True,
        is_public=False,
    ),
    ClockDef(
        "handling",
        N_("Answer to the petition"),
        N_("You get a written answer"),
        ClockKind.DUTY,
        ClockScope.CASE,
        frozenset({"accept"}),
        frozenset({"issue", "decline"}),
        60,
        CountUnit.CALENDAR_DAY,
        RollOver.NONE,
        (ART_34,),
        CIVIL_CODE_203,
        extended_by="extend",
    ),
    ClockDef(
        "review",
        N_("Request for review"),
        N_("Until then you can ask for a review"),
        ClockKind.WINDOW,
        ClockScope.CASE,
        frozenset({"serve"}),
        frozenset(),
        30,
        CountUnit.CALENDAR_DAY,
        RollOver.NEXT_WORKING_DAY,
        (ART_35,),
        CIVIL_CODE_203,
        starts_in=frozenset({ANSWERED}),
        starts_on_field="served_on",
    ),
)

LETTERS = (
    LetterDef("receipt", N_("Receipt"), "信收", is_for_petitioner=True, citation=ART_22),
    LetterDef("transfer", N_("Letter of transfer"), "信转", is_for_petitioner=False, citation=ART_22),
    LetterDef(
        "acceptance", N_("Notice of acceptance"), "信受", is_for_petitioner=True, citation=ART_23_NOTICE
    ),
    LetterDef("refusal", N_("Notice of non-acceptance"), "信不受", is_for_petitioner=True, citation=ART_31),
    LetterDef(
        "objection", N_("Objection to a transfer"), "信异", is_for_petitioner=False, citation=ART_23_OBJECT
    ),
    LetterDef(
        "extension", N_("Notice of extension"), "信延", is_for_petitioner=True, citation=ART_34_EXTENSION
    ),
    LetterDef(
        "answer",
        N_("Handling opinion"),
        "信答",
        is_for_petitioner=True,
        parts=("request", "facts", "opinion", "basis"),
        citation=ART_32,
        remedy="review",
    ),
)

REMEDIES = (
    RemedyDef(
        "review",
        N_("Review"),
        N_(
            "If you don't agree with this answer, you can ask the next higher authority for a review within 30 days of receiving it."
        ),
        "review",
        ART_35,
    ),
)

PETITION = declare(
    CaseType(
        key="petition",
        version="2022",
        institution="petitions",
        label=N_("Petition"),
        valid_from_on=date(2022, 5, 1),
        number_prefix="信访",
        initial_verb="register",
        states=STATES,
        steps=STEPS,
        clocks=CLOCKS,
        letters=LETTERS,
        remedies=REMEDIES,
        purposes=(
            ("claim", N_("A request or complaint of my own")),
            ("suggestion", N_("A suggestion or opinion")),
            ("accusation", N_("A report against an official or unit")),
        ),
        confidential_purposes=frozenset({"accusation"}),
        throughout=(
            (N_("What is told by word of mouth is recorded faithfully."), ART_19),
            (N_("Whoever receives a petition directly registers it too."), ART_23_DIRECT),
            (
                N_("A unit that is merged or abolished is followed by the one with its powers."),
                ART_24_SUCCESSOR,
            ),
            (N_("An accusation is never shown to the person or unit it accuses."), ART_30_SECRET),
        ),
        ends_in=frozenset({ARCHIVED}),
        retention_years=10,
    )
)
