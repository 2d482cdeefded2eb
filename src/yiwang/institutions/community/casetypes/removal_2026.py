"""Removal of a company: evidence, notice, statement, decision, service, public notice, objection.

The centre ends a contract for cause as the Civil Code has it (563, 565) and makes public at once what it does
(电子商务法 36). That the company is heard first, and may object, are the centre's own rules, agreed in the contract.
"""

from datetime import date

from yiwang.institutions.community.laws import CONTRACTS, E_COMMERCE
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
    LetterDef,
    Norm,
    Relation,
    Stage,
    StateDef,
    StepDef,
    Who,
)

KEY = "company_removal"

CAUSE = Citation(CONTRACTS, 563, 1, phrase="当事人可以解除合同")
NOTIFIED = Citation(CONTRACTS, 565, 1, phrase="应当通知对方")
COURT = Citation(CONTRACTS, 565, 1, phrase="请求人民法院或者仲裁机构确认解除行为的效力")
AFTERWARDS = Citation(CONTRACTS, 566, 1, phrase="终止履行")
PUBLIC = Citation(E_COMMERCE, 36, phrase="应当及时公示")
REVIEWS_KEPT = Citation(E_COMMERCE, 39, 2, phrase="不得删除")

PROMISE = N_("Rules for companies of the centre, on its page “Companies”")
HEARD = Norm(
    N_("A company may state its case within ten working days before anything is decided against it."), PROMISE
)
DECIDED = Norm(
    N_("Ten working days after the statement, or after its term, it is decided with reasons."), PROMISE
)
PUBLISHED = Norm(
    N_("A warning or a removal stands in public within three working days after it was served."), PROMISE
)
MAY_OBJECT = Norm(N_("A company may object within ten working days after it was served."), PROMISE)
REVIEWED = Norm(N_("An objection is decided within ten working days, by somebody else."), PROMISE)

OFFICE = frozenset({"clerk", "head"})
BY_OFFICE = (Who(Relation.ROOT, OFFICE),)
BY_HEAD = (Who(Relation.ROOT, frozenset({"head"})),)
BY_COMPANY = (Who(Relation.HOLDER, OFFICE),)
BY_HOUSE = (Who(Relation.SYSTEM),)

OPENED, NOTIFIED_STATE, STATED, DECIDED_STATE = "opened", "notified", "stated", "decided"
SERVED, OBJECTED, REVIEWED_STATE = "served", "objected", "reviewed"
CONCLUDED, ARCHIVED = "concluded", "archived"
OPEN = frozenset({OPENED, NOTIFIED_STATE, STATED, DECIDED_STATE, SERVED, OBJECTED, REVIEWED_STATE})

STATES = (
    StateDef(OPENED, N_("Evidence gathered"), N_("The centre is gathering evidence"), Stage.WORKING),
    StateDef(NOTIFIED_STATE, N_("The company may state its case"), N_("The company may state its case"), Stage.WAITING),
    StateDef(STATED, N_("To be decided"), N_("The centre is deciding"), Stage.WORKING),
    StateDef(DECIDED_STATE, N_("To be served"), N_("Decided; the company is being told"), Stage.WORKING),
    StateDef(SERVED, N_("Served"), N_("Decided and served"), Stage.ANSWERED),
    StateDef(OBJECTED, N_("Objection to be decided"), N_("The company has objected"), Stage.ANSWERED),
    StateDef(REVIEWED_STATE, N_("Objection decided"), N_("The objection is decided"), Stage.ANSWERED),
    StateDef(CONCLUDED, N_("Concluded"), N_("Concluded"), Stage.ENDED),
    StateDef(ARCHIVED, N_("Archived"), N_("Concluded and archived"), Stage.ENDED),
)  # fmt: skip

KEPT, WARNED, REMOVED = "kept", "warned", "removed"
DECISIONS = (
    (KEPT, N_("It stays; nothing is held against it")),
    (WARNED, N_("It is warned")),
    (REMOVED, N_("It is removed")),
)
WAYS_TO_SERVE = (
    ("house", N_("On its desk in this house")),
    ("hand", N_("Handed over against signature")),
    ("post", N_("By registered post")),
)
NOTE = FieldDef("note", N_("Note"), FieldKind.TEXT, is_required=False, max_length=2000)
FILES = FieldDef("files", N_("Attachments"), FieldKind.FILES, is_required=False)
REASONS = FieldDef(
    "reasons", N_("Reasons"), FieldKind.TEXT, N_("In whole sentences; they stand in the letter."), max_length=4000
)  # fmt: skip
ENDS_ON = FieldDef(
    "ends_on", N_("Last day of the membership, if it is removed"), FieldKind.DATE, is_required=False, is_ahead=True
)  # fmt: skip
TO_COMPANY = FieldDef("unit_id", N_("Company"), FieldKind.UNIT)

STEPS = (
    StepDef(
        "open", N_("Begin a removal"), N_("began a removal"), frozenset(), OPENED, (*BY_OFFICE, *BY_HOUSE),
        custody=Custody.OPEN, citation=CAUSE,
    ),
    StepDef(
        "evidence", N_("Add evidence"), N_("added evidence"), frozenset({OPENED, NOTIFIED_STATE, STATED}), STAY, BY_OFFICE,
        needs=(FieldDef("text", N_("What it shows"), FieldKind.TEXT, max_length=4000), FILES), key_hint="v",
    ),
    StepDef(
        "notify", N_("Notify the company"), N_("notified the company"), frozenset({OPENED}), NOTIFIED_STATE, BY_OFFICE,
        needs=(FieldDef("grounds", N_("What is held against it"), FieldKind.TEXT, N_("In whole sentences; they stand in the letter."), max_length=4000),),
        letter="notice", is_main=True, citation=NOTIFIED, key_hint="o",
        confirm=N_("The company sees the matter with its evidence from now on and may state its case."),
    ),
    StepDef(
        "deliver", N_("Give it to the company"), N_("gave it to the company"), frozenset({NOTIFIED_STATE, SERVED}), STAY, BY_HOUSE,
        custody=Custody.HAND_ON, needs=(TO_COMPANY,),
    ),
    StepDef(
        "state", N_("State our case"), N_("stated its case"), frozenset({NOTIFIED_STATE}), STATED, BY_COMPANY,
        custody=Custody.HAND_UP,
        needs=(FieldDef("text", N_("What we say to it"), FieldKind.TEXT, max_length=8000), FILES), is_main=True, key_hint="s",
    ),
    StepDef(
        "lapse", N_("Go on without a statement"), N_("went on without a statement"), frozenset({NOTIFIED_STATE}), STATED, BY_OFFICE,
        custody=Custody.HAND_UP, needs=(NOTE,), guards=("statement_term_over",),
    ),
    StepDef(
        "decide", N_("Decide"), N_("decided"), frozenset({STATED}), DECIDED_STATE, BY_HEAD,
        needs=(FieldDef("decision", N_("Decision"), FieldKind.CHOICE, choices=DECISIONS), REASONS, ENDS_ON),
        letter="decision", is_main=True, guards=("another_opened",), citation=CAUSE, key_hint="e",
        confirm=N_("If it is removed, its teams are offered nothing from this moment, and what they haven't begun is given to others."),
    ),
    StepDef(
        "serve", N_("Record the service"), N_("served the decision"), frozenset({DECIDED_STATE}), SERVED, BY_OFFICE,
        needs=(
            FieldDef("way", N_("How"), FieldKind.CHOICE, choices=WAYS_TO_SERVE),
            FieldDef("served_on", N_("Day of receipt"), FieldKind.DATE), NOTE,
        ),
        is_main=True, citation=NOTIFIED, key_hint="r",
    ),
    StepDef(
        "object", N_("Object"), N_("objected"), frozenset({SERVED}), OBJECTED, BY_COMPANY,
        custody=Custody.HAND_UP,
        needs=(FieldDef("text", N_("Why we object"), FieldKind.TEXT, max_length=8000), FILES),
        is_once=True, guards=("objection_term_open",), key_hint="b",
    ),
    StepDef(
        "review", N_("Decide on the objection"), N_("decided on the objection"), frozenset({OBJECTED}), REVIEWED_STATE, BY_HEAD,
        needs=(FieldDef("decision", N_("Decision"), FieldKind.CHOICE, choices=DECISIONS), REASONS, ENDS_ON),
        letter="review", is_main=True, guards=("another_decided",), key_hint="w",
    ),
    StepDef(
        "publish", N_("Make it public"), N_("made it public"), frozenset({SERVED, OBJECTED, REVIEWED_STATE}), STAY, BY_OFFICE,
        needs=(FieldDef("words", N_("Public notice"), FieldKind.TEXT, N_("What was done and why, without naming a resident."), max_length=2000),),
        is_public=True, is_once=True, guards=("something_to_publish",), citation=PUBLIC, key_hint="p",
    ),
    StepDef(
        "conclude", N_("Conclude"), N_("concluded"), frozenset({SERVED, REVIEWED_STATE}), CONCLUDED, (*BY_OFFICE, *BY_HOUSE),
        custody=Custody.HAND_UP, needs=(NOTE,), guards=("published_and_final",), citation=AFTERWARDS, key_hint="c",
    ),
    StepDef(
        "note", N_("Record work done"), N_("recorded work"), OPEN, STAY, BY_OFFICE,
        needs=(FieldDef("text", N_("What was done"), FieldKind.TEXT, max_length=4000), FILES), key_hint="n",
    ),
    StepDef("archive", N_("Archive"), N_("archived"), frozenset({CONCLUDED}), ARCHIVED, (*BY_OFFICE, *BY_HOUSE), needs=(NOTE,), key_hint="z"),
)  # fmt: skip

CLOCKS = (
    ClockDef(
        "statement", N_("Right to state its case"), N_("Until then the company may state its case"),
        ClockKind.WINDOW, ClockScope.CASE, frozenset({"notify"}), frozenset({"state"}),
        10, CountUnit.WORKING_DAY, RollOver.NONE, (), norm=HEARD,
    ),
    ClockDef(
        "decision", N_("Decide on the removal"), N_("It is decided"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"state", "lapse"}), frozenset({"decide"}),
        10, CountUnit.WORKING_DAY, RollOver.NONE, (), norm=DECIDED, is_owed_by_root=True,
    ),
    ClockDef(
        "publication", N_("Make it public"), N_("It is made public"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"serve"}), frozenset({"publish"}),
        3, CountUnit.WORKING_DAY, RollOver.NONE, (PUBLIC,), norm=PUBLISHED, starts_on_field="served_on", is_owed_by_root=True,
        voided_by=frozenset({"conclude"}),
    ),
    ClockDef(
        "objection", N_("Right to object"), N_("Until then the company may object"),
        ClockKind.WINDOW, ClockScope.CASE, frozenset({"serve"}), frozenset({"object"}),
        10, CountUnit.WORKING_DAY, RollOver.NONE, (), norm=MAY_OBJECT, starts_on_field="served_on", is_owed_by_root=True,
    ),
    ClockDef(
        "review", N_("Decide on the objection"), N_("The objection is decided"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"object"}), frozenset({"review"}),
        10, CountUnit.WORKING_DAY, RollOver.NONE, (), norm=REVIEWED, is_owed_by_root=True,
    ),
)  # fmt: skip

LETTERS = (
    LetterDef("notice", N_("Notice of an intended removal"), "社告", is_for_petitioner=False, citation=NOTIFIED),
    LetterDef("decision", N_("Decision on the removal"), "社决", is_for_petitioner=False, citation=CAUSE),
    LetterDef("review", N_("Decision on the objection"), "社复", is_for_petitioner=False, citation=COURT),
)  # fmt: skip

REMOVAL = declare(
    CaseType(
        key=KEY,
        version="2026",
        institution="community",
        label=N_("Removal of a company"),
        bringer=N_("Company"),
        matter=N_("Why the company is to be removed"),
        valid_from_on=date(2026, 1, 1),
        number_prefix="社清",
        initial_verb="open",
        states=STATES,
        steps=STEPS,
        clocks=CLOCKS,
        letters=LETTERS,
        throughout=((N_("What residents said of a removed company is never removed."), REVIEWS_KEPT),),
        ends_in=frozenset({ARCHIVED}),
        answered_by=frozenset({"decide"}),
        outcome_by=frozenset({"decide"}),
        shown_files_by=frozenset(),
        retention_years=10,
    )
)
