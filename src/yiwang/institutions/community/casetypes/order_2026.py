"""An order for a service: verified, offered to a team, done at the door, called back, concluded."""

from datetime import date

from yiwang.institutions.community.laws import CONSUMERS, CONTRACTS, E_COMMERCE, PERSONAL_DATA, PRICES
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
    RemedyDef,
    Stage,
    StateDef,
    StepDef,
    Who,
)

KEY = "community_order"

PERFORMANCE = Citation(CONTRACTS, 509, 1, phrase="按照约定全面履行")
WITHDRAWAL = Citation(CONTRACTS, 787, phrase="可以随时解除合同")
REMEDY = Citation(CONTRACTS, 781, phrase="修理、重作、减少报酬、赔偿损失")
RECORDS = Citation(E_COMMERCE, 31, phrase="不少于三年")
RATING = Citation(E_COMMERCE, 39, 1, phrase="进行评价的途径")
RATING_KEPT = Citation(E_COMMERCE, 39, 2, phrase="不得删除")
COMPLAINTS = Citation(E_COMMERCE, 59, phrase="及时受理并处理")
WAYS = Citation(E_COMMERCE, 60, phrase="协商和解")
ASSISTANCE = Citation(E_COMMERCE, 61, phrase="积极协助消费者维护合法权益")
EVIDENCE = Citation(E_COMMERCE, 62, phrase="交易记录")
RULES = Citation(E_COMMERCE, 63, phrase="公平、公正地解决")
LISTENING = Citation(CONSUMERS, 17, phrase="听取消费者")
VOUCHER = Citation(CONSUMERS, 22, phrase="服务单据")
NECESSARY_DATA = Citation(PERSONAL_DATA, 6, 2, phrase="最小范围")
NO_HIDDEN_PRICE = Citation(PRICES, 13, 2, phrase="不得收取任何未予标明的费用")

PROMISE = N_("Service promise of the centre, on its page “How it works”")
VERIFIED_IN_A_DAY = Norm(
    N_("Every order is verified, or refused with reasons, within one working day."), PROMISE
)
CALLED_BACK = Norm(N_("Everybody is asked within two working days whether the work was done well."), PROMISE)
DECIDED = Norm(N_("A dispute is decided within five working days."), PROMISE)
MAY_DISPUTE = Norm(N_("Who isn't content can say so within seven days of the work."), PROMISE)

CENTRE = frozenset({"agent", "dispatcher", "clerk", "head"})
DECIDERS = frozenset({"dispatcher", "head"})
BY_CENTRE = (Who(Relation.ROOT, CENTRE),)
BY_DECIDER = (Who(Relation.ROOT, DECIDERS),)
BY_HEAD = (Who(Relation.ROOT, frozenset({"head"})),)
BY_RESIDENT = (Who(Relation.PETITIONER),)
BY_HOUSE = (Who(Relation.SYSTEM),)

REGISTERED, VERIFIED, OFFERED, ASSIGNED = "registered", "verified", "offered", "assigned"
UNDER_WAY, DONE, DISPUTED = "under_way", "done", "disputed"
CONCLUDED, DECLINED, CANCELLED, ARCHIVED = "concluded", "declined", "cancelled", "archived"
OPEN = frozenset({REGISTERED, VERIFIED, OFFERED, ASSIGNED, UNDER_WAY, DONE, DISPUTED})
BEFORE_WORK = frozenset({REGISTERED, VERIFIED, OFFERED, ASSIGNED})

STATES = (
    StateDef(REGISTERED, N_("To be verified"), N_("Received; the centre is checking it"), Stage.WAITING),
    StateDef(VERIFIED, N_("Looking for a team"), N_("Confirmed; we are looking for a team near you"), Stage.WAITING),
    StateDef(OFFERED, N_("Offered to a team"), N_("Confirmed; we are looking for a team near you"), Stage.WAITING),
    StateDef(ASSIGNED, N_("Team assigned"), N_("A team has taken it on and will come in the agreed time"), Stage.WORKING),
    StateDef(UNDER_WAY, N_("Work under way"), N_("The team is at work"), Stage.WORKING),
    StateDef(DONE, N_("To be followed up"), N_("The team says it is done; please tell us whether it is"), Stage.ANSWERED),
    StateDef(DISPUTED, N_("In dispute"), N_("You aren't content; the centre is deciding"), Stage.ANSWERED),
    StateDef(CONCLUDED, N_("Concluded"), N_("Concluded"), Stage.ENDED),
    StateDef(DECLINED, N_("Not served"), N_("We can't serve this; the reasons are in the letter"), Stage.ENDED),
    StateDef(CANCELLED, N_("Cancelled"), N_("Cancelled"), Stage.ENDED),
    StateDef(ARCHIVED, N_("Archived"), N_("Concluded and archived"), Stage.ENDED),
)  # fmt: skip

NOTE = FieldDef("note", N_("Note"), FieldKind.TEXT, is_required=False, max_length=2000)
REASONS = FieldDef("reasons", N_("Reasons"), FieldKind.TEXT, max_length=2000)
TEAM = FieldDef("team", N_("Team"), FieldKind.LINE, max_length=80)
SERVICE_ON = FieldDef("service_on", N_("Agreed day"), FieldKind.DATE, is_ahead=True)
WAYS_TO_VERIFY = (
    ("code", N_("Code sent to the telephone")),
    ("call", N_("Called back and spoken with")),
    ("known", N_("Known resident")),
    ("address", N_("Address checked")),
)
WAYS_TO_ASK = (
    ("call", N_("Called")),
    ("message", N_("By message and receipt page")),
    ("visit", N_("Visited")),
)
SOLVED, PARTLY, UNSOLVED, UNREACHED = "solved", "partly", "unsolved", "unreached"
OUTCOMES = (
    (SOLVED, N_("Done well")),
    (PARTLY, N_("Done in part")),
    (UNSOLVED, N_("Not done")),
    (UNREACHED, N_("Nobody reached")),
)
AGAIN, REFUND, REFUSED = "again", "refund", "refused"
DECISIONS = (
    (AGAIN, N_("The work is done again")),
    (REFUND, N_("Money is given back")),
    (REFUSED, N_("The work was as agreed")),
)
WISHES = (
    (AGAIN, N_("Do it again")),
    (REFUND, N_("Give money back")),
    ("other", N_("Something else")),
)
COMMENT = FieldDef(
    "comment", N_("In your own words"), FieldKind.TEXT, is_required=False, max_length=1000, is_private=True
)
GRADE_CENTRE = FieldDef("grade_office", N_("The service centre"), FieldKind.GRADE, minimum=1, maximum=5)
GRADE_TEAM = FieldDef("grade_unit", N_("The team"), FieldKind.GRADE, minimum=1, maximum=5)


def _optional(field: FieldDef) -> FieldDef:
    return FieldDef(
        field.key, field.label, field.kind, is_required=False, minimum=field.minimum, maximum=field.maximum
    )


STEPS = (
    StepDef(
        "register", N_("Order"), N_("ordered"), frozenset(), REGISTERED,
        (*BY_HOUSE, *BY_RESIDENT, *BY_CENTRE),
        custody=Custody.OPEN, letter="receipt", is_public=True, citation=RECORDS,
    ),
    StepDef(
        "verify", N_("Verify"), N_("verified"), frozenset({REGISTERED}), VERIFIED, BY_CENTRE,
        needs=(FieldDef("how", N_("How it was verified"), FieldKind.CHOICE, choices=WAYS_TO_VERIFY), SERVICE_ON, NOTE),
        is_main=True, is_public=True, citation=PERFORMANCE, key_hint="v",
    ),
    StepDef(
        "decline", N_("Don't serve it"), N_("didn't serve it"), frozenset({REGISTERED, VERIFIED}), DECLINED, BY_CENTRE,
        needs=(
            FieldDef("reasons", N_("Reasons"), FieldKind.TEXT, N_("In whole sentences; they stand in the letter."), max_length=2000),
            FieldDef("route", N_("Who else can help"), FieldKind.TEXT, is_required=False, max_length=1000),
        ),
        letter="refusal", is_public=True, key_hint="d",
    ),
    StepDef("offer", N_("Offer to a team"), N_("offered to a team"), frozenset({VERIFIED}), OFFERED, BY_HOUSE, needs=(TEAM,)),
    StepDef(
        "refuse", N_("Offer not taken"), N_("didn't take the offer"), frozenset({OFFERED}), VERIFIED, BY_HOUSE,
        needs=(TEAM, FieldDef("reasons", N_("Reasons"), FieldKind.TEXT, is_required=False, max_length=200)),
    ),
    StepDef(
        "miss", N_("No team found"), N_("found no team"), frozenset({VERIFIED, OFFERED}), VERIFIED, BY_HOUSE, needs=(NOTE,),
    ),
    StepDef(
        "accept", N_("Take it on"), N_("took it on"), frozenset({OFFERED}), ASSIGNED, BY_HOUSE,
        custody=Custody.HAND_ON, needs=(FieldDef("unit_id", N_("Company"), FieldKind.UNIT), TEAM), is_public=True,
        citation=PERFORMANCE,
    ),
    StepDef(
        "depart", N_("Set out"), N_("set out"), frozenset({ASSIGNED}), STAY, BY_HOUSE, is_public=True,
    ),
    StepDef(
        "new_pin", N_("Make a new PIN"), N_("made a new PIN"), frozenset({ASSIGNED}), STAY, (*BY_RESIDENT, *BY_CENTRE),
        is_public=True, guards=("has_another_pin",),
    ),
    StepDef(
        "release", N_("Give it back"), N_("gave it back"), frozenset({ASSIGNED}), VERIFIED, BY_HOUSE,
        custody=Custody.HAND_UP, needs=(TEAM, REASONS), is_public=True,
    ),
    StepDef(
        "start", N_("Begin"), N_("began the work"), frozenset({ASSIGNED}), UNDER_WAY, BY_HOUSE, needs=(TEAM,), is_public=True,
    ),
    StepDef(
        "finish", N_("Finish"), N_("finished the work"), frozenset({UNDER_WAY}), DONE, BY_HOUSE,
        custody=Custody.HAND_UP,
        needs=(
            TEAM,
            FieldDef("price", N_("Price"), FieldKind.MONEY),
            FieldDef("materials", N_("Material"), FieldKind.TEXT, is_required=False, max_length=500),
            NOTE,
            FieldDef("files", N_("Photos of the work"), FieldKind.FILES, is_required=False),
        ),
        letter="statement", is_public=True, citation=VOUCHER,
    ),
    StepDef(
        "call_back", N_("Note the call-back"), N_("was called back"), frozenset({DONE}), STAY,
        (*BY_CENTRE, *BY_RESIDENT),
        needs=(
            FieldDef("way", N_("How"), FieldKind.CHOICE, choices=WAYS_TO_ASK),
            FieldDef("outcome", N_("Was it done?"), FieldKind.CHOICE, choices=OUTCOMES),
            _optional(GRADE_CENTRE), _optional(GRADE_TEAM), COMMENT,
        ),
        is_main=True, is_public=True, citation=LISTENING, key_hint="b",
    ),
    StepDef(
        "reopen", N_("Serve again"), N_("re-opened it"), frozenset({DONE, DISPUTED}), VERIFIED, BY_DECIDER,
        needs=(SERVICE_ON, REASONS), is_public=True, citation=REMEDY, key_hint="o",
    ),
    StepDef(
        "conclude", N_("Conclude"), N_("concluded"), frozenset({DONE, DISPUTED}), CONCLUDED, BY_CENTRE,
        needs=(NOTE,), is_public=True, guards=("asked_or_decided",), key_hint="c",
    ),
    StepDef(
        "dispute", N_("Raise a dispute"), N_("raised a dispute"), frozenset({DONE, CONCLUDED}), DISPUTED,
        (*BY_RESIDENT, *BY_CENTRE),
        needs=(
            FieldDef("wish", N_("What you would like"), FieldKind.CHOICE, choices=WISHES),
            FieldDef("reasons", N_("What was wrong"), FieldKind.TEXT, max_length=2000),
        ),
        is_public=True, guards=("within_dispute_window",), citation=COMPLAINTS,
    ),
    StepDef(
        "decide", N_("Decide the dispute"), N_("decided the dispute"), frozenset({DISPUTED}), STAY, BY_HEAD,
        needs=(
            FieldDef("decision", N_("Decision"), FieldKind.CHOICE, choices=DECISIONS),
            FieldDef("refund", N_("Money to be given back"), FieldKind.MONEY, is_required=False),
            FieldDef("reasons", N_("Reasons"), FieldKind.TEXT, N_("In whole sentences; they stand in the letter."), max_length=4000),
        ),
        letter="decision", is_main=True, is_public=True, citation=RULES, key_hint="e",
    ),
    StepDef(
        "cancel", N_("Cancel"), N_("cancelled"), BEFORE_WORK, CANCELLED, (*BY_RESIDENT, *BY_CENTRE),
        custody=Custody.HAND_UP, needs=(_optional(REASONS),), is_public=True, citation=WITHDRAWAL, key_hint="x",
    ),
    StepDef(
        "evaluate", N_("Evaluate"), N_("evaluated"), frozenset({DONE, CONCLUDED}), STAY, BY_RESIDENT,
        needs=(GRADE_CENTRE, GRADE_TEAM, COMMENT), is_public=True, is_once=True, citation=RATING,
    ),
    StepDef(
        "supplement", N_("Add something"), N_("added something"), OPEN, STAY, (*BY_RESIDENT, *BY_CENTRE),
        needs=(
            FieldDef("text", N_("What is to be added"), FieldKind.TEXT, max_length=2000, is_private=True),
            FieldDef("files", N_("Attachments"), FieldKind.FILES, is_required=False),
        ),
    ),
    StepDef(
        "join", N_("Add a caller"), N_("added a caller"), OPEN, STAY, BY_CENTRE,
        needs=(
            FieldDef("caller", N_("Name"), FieldKind.LINE, is_private=True, max_length=80),
            FieldDef("caller_phone", N_("Telephone"), FieldKind.LINE, is_private=True, max_length=30),
            FieldDef("text", N_("What they said"), FieldKind.TEXT, is_required=False, max_length=2000, is_private=True),
        ),
    ),
    StepDef(
        "note", N_("Record work done"), N_("recorded work"), OPEN, STAY,
        (*BY_CENTRE, Who(Relation.HOLDER, frozenset({"clerk", "head"}))),
        needs=(
            FieldDef("text", N_("What was done"), FieldKind.TEXT, max_length=4000),
            FieldDef("files", N_("Attachments"), FieldKind.FILES, is_required=False),
        ),
        key_hint="n",
    ),
    StepDef(
        "archive", N_("Archive"), N_("archived"), frozenset({CONCLUDED, DECLINED, CANCELLED}), ARCHIVED,
        (*BY_CENTRE, *BY_HOUSE), needs=(NOTE,), citation=RECORDS, key_hint="z",
    ),
)  # fmt: skip

CLOCKS = (
    ClockDef(
        "verification", N_("Verify the order"), N_("Your order is confirmed, or refused with reasons"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"register"}), frozenset({"verify", "decline"}),
        1, CountUnit.WORKING_DAY, RollOver.NONE, (), norm=VERIFIED_IN_A_DAY, voided_by=frozenset({"cancel"}),
    ),
    ClockDef(
        "service", N_("Serve on the agreed day"), N_("The work is done on the agreed day"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"verify", "reopen"}), frozenset({"finish"}),
        3, CountUnit.CALENDAR_DAY, RollOver.NONE, (PERFORMANCE,), due_on_field="service_on",
        voided_by=frozenset({"cancel", "decline"}), is_renewed=True, is_owed_by_root=True,
    ),
    ClockDef(
        "call_back", N_("Follow-up call"), N_("We ask you whether it was done well"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"finish"}), frozenset({"call_back", "dispute"}),
        2, CountUnit.WORKING_DAY, RollOver.NONE, (LISTENING,), norm=CALLED_BACK, is_renewed=True, is_owed_by_root=True,
    ),
    ClockDef(
        "dispute", N_("Right to dispute"), N_("Until then you can say that you aren't content"),
        ClockKind.WINDOW, ClockScope.CASE, frozenset({"finish"}), frozenset({"dispute"}),
        7, CountUnit.CALENDAR_DAY, RollOver.NONE, (), norm=MAY_DISPUTE, is_renewed=True, is_owed_by_root=True,
    ),
    ClockDef(
        "decision", N_("Decide the dispute"), N_("Your dispute is decided"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"dispute"}), frozenset({"decide", "reopen"}),
        5, CountUnit.WORKING_DAY, RollOver.NONE, (COMPLAINTS,), norm=DECIDED, is_renewed=True, is_owed_by_root=True,
    ),
)  # fmt: skip

LETTERS = (
    LetterDef("receipt", N_("Confirmation of the order"), "社约", is_for_petitioner=True, citation=RECORDS),
    LetterDef("refusal", N_("Notice that it isn't served"), "社不", is_for_petitioner=True),
    LetterDef(
        "statement",
        N_("Service statement"),
        "社单",
        is_for_petitioner=True,
        citation=VOUCHER,
        remedy="dispute",
    ),
    LetterDef("decision", N_("Decision on the dispute"), "社裁", is_for_petitioner=True, citation=RULES),
)

REMEDIES = (
    RemedyDef(
        "dispute",
        N_("Dispute"),
        N_(
            "If the work wasn't as agreed, say so here. The centre decides, has the work done again or sees to it that money is given back. You can also turn to the consumers' association, an authority or a court."
        ),
        "dispute",
        WAYS,
    ),
)

ORDER = declare(
    CaseType(
        key=KEY,
        version="2026",
        institution="community",
        label=N_("Service order"),
        bringer=N_("Resident"),
        matter=N_("What was asked for"),
        valid_from_on=date(2026, 1, 1),
        number_prefix="社服",
        initial_verb="register",
        states=STATES,
        steps=STEPS,
        clocks=CLOCKS,
        letters=LETTERS,
        remedies=REMEDIES,
        throughout=(
            (N_("Only what is needed to serve the order is asked and kept."), NECESSARY_DATA),
            (N_("Nothing is charged that the catalogue didn't show before."), NO_HIDDEN_PRICE),
            (N_("No evaluation is ever removed."), RATING_KEPT),
            (N_("The centre helps the resident in a dispute with a company."), ASSISTANCE),
            (N_("The record of the order is given to whoever decides a dispute."), EVIDENCE),
        ),
        ends_in=frozenset({ARCHIVED}),
        answered_by=frozenset({"finish", "decline"}),
        outcome_by=frozenset({"call_back"}),
        shown_files_by=frozenset({"finish"}),
        retention_years=3,
        home="community.centre",
    )
)
