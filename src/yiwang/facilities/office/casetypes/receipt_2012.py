"""Handling a document that was received: sign for it, register, examine, handle, circulate, urge, answer.

党政机关公文处理工作条例 24, in the order of its seven items.
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
    LetterDef,
    Norm,
    Relation,
    Stage,
    StateDef,
    StepDef,
    Who,
)

KEY = "document_receipt"

SIGNED_FOR = Citation(DOCUMENTS, 24, item=1, phrase="逐件清点")
REGISTERED_BY = Citation(DOCUMENTS, 24, item=2, phrase="主要信息和办理情况应当详细记载")
EXAMINED = Citation(DOCUMENTS, 24, item=3, phrase="应当进行初审")
SENT_BACK = Citation(DOCUMENTS, 24, item=3, phrase="及时退回来文单位并说明理由")
HANDLED = Citation(DOCUMENTS, 24, item=4, phrase="应当提出拟办意见")
SHARED = Citation(DOCUMENTS, 24, item=4, phrase="确定范围后分送")
URGENT_DAY = Citation(DOCUMENTS, 24, item=4, phrase="紧急公文应当明确办理时限")
CIRCULATED = Citation(DOCUMENTS, 24, item=5, phrase="不得漏传、误传、延误")
URGED = Citation(DOCUMENTS, 24, item=6, phrase="督促承办部门按期办结")
ANSWERED = Citation(DOCUMENTS, 24, item=7, phrase="应当及时答复来文单位")
PROMISE = N_("Rules of the office, on its page “Procedures”")
SAME_DAY = Norm(N_("What comes in is registered and examined by the end of the next working day."), PROMISE)
HANDLED_IN = Norm(
    N_("What must be handled is handled within ten working days, or by the day that was set."), PROMISE
)

PEOPLE = frozenset({"clerk", "head"})
BY_STAFF = (Who(Relation.ROOT, PEOPLE),)
BY_ALL = (Who(Relation.ROOT, PEOPLE | {"leader"}),)
BY_HOUSE = (Who(Relation.SYSTEM),)

DELIVERED, SIGNED, REGISTERED, EXAMINED_STATE = "delivered", "signed_for", "registered", "examined"
HANDLING, ANSWERED_STATE, RETURNED, CONCLUDED, ARCHIVED = "handling", "answered", "returned", "concluded", "archived"  # fmt: skip
OPEN = frozenset({DELIVERED, SIGNED, REGISTERED, EXAMINED_STATE, HANDLING, ANSWERED_STATE})
GOING_ROUND = frozenset({EXAMINED_STATE, HANDLING, ANSWERED_STATE})

STATES = (
    StateDef(DELIVERED, N_("To be signed for"), N_("Delivered"), Stage.WAITING),
    StateDef(SIGNED, N_("To be registered"), N_("Received there"), Stage.WORKING),
    StateDef(REGISTERED, N_("To be examined"), N_("Received there"), Stage.WORKING),
    StateDef(EXAMINED_STATE, N_("To be given out"), N_("Received there"), Stage.WORKING),
    StateDef(HANDLING, N_("In hand"), N_("In hand"), Stage.WORKING),
    StateDef(ANSWERED_STATE, N_("Answered"), N_("Answered"), Stage.ANSWERED),
    StateDef(RETURNED, N_("Returned to the sender"), N_("Returned to the sender"), Stage.ENDED),
    StateDef(CONCLUDED, N_("Concluded"), N_("Concluded"), Stage.ENDED),
    StateDef(ARCHIVED, N_("Archived"), N_("Concluded"), Stage.ENDED),
)

NOTE = FieldDef("note", N_("Note"), FieldKind.TEXT, is_required=False, max_length=2000)
FILES = FieldDef("files", N_("Attachments"), FieldKind.FILES, is_required=False)

STEPS = (
    StepDef(
        "deliver", N_("Deliver"), N_("delivered it"), frozenset(), DELIVERED, (*BY_STAFF, *BY_HOUSE),
        custody=Custody.OPEN,
    ),
    StepDef(
        "sign_for", N_("Sign for it"), N_("signed for it"), frozenset({DELIVERED}), SIGNED, BY_STAFF,
        needs=(NOTE,), is_main=True, citation=SIGNED_FOR, key_hint="s",
    ),
    StepDef(
        "enter", N_("Register"), N_("registered it"), frozenset({SIGNED}), REGISTERED, BY_STAFF,
        needs=(
            FieldDef("number", N_("Register number"), FieldKind.LINE, max_length=60),
            FieldDef("due_on", N_("Reply by"), FieldKind.DATE, N_("As the document says. An urgent one needs a day."), is_required=False, is_ahead=True),
            NOTE,
        ),
        is_main=True, guards=("registered_here",), citation=REGISTERED_BY, key_hint="m",
    ),
    StepDef(
        "examine", N_("Examined, we take it"), N_("examined it"), frozenset({REGISTERED}), EXAMINED_STATE, BY_STAFF,
        needs=(NOTE,), is_main=True, citation=EXAMINED, key_hint="p",
    ),
    StepDef(
        "return_document", N_("Return to the sender"), N_("returned it to the sender"), frozenset({REGISTERED}), RETURNED, BY_STAFF,
        needs=(FieldDef("reasons", N_("Reasons"), FieldKind.TEXT, N_("In whole sentences; they stand in the letter."), max_length=2000),),
        letter="document_return", citation=SENT_BACK, key_hint="r",
        confirm=N_("The sender gets it back with your reasons."),
    ),
    StepDef(
        "assign", N_("Give it to somebody to handle"), N_("gave it to somebody to handle"), frozenset({EXAMINED_STATE, HANDLING}), HANDLING, BY_ALL,
        needs=(
            FieldDef("account_id", N_("Who handles it"), FieldKind.ACCOUNT),
            FieldDef("proposal", N_("Proposed handling"), FieldKind.TEXT, is_required=False, max_length=2000),
            FieldDef("due_on", N_("Handle by"), FieldKind.DATE, N_("An urgent document needs a day."), is_required=False, is_ahead=True),
        ),
        is_main=True, guards=("urgent_has_day",), citation=HANDLED, key_hint="h",
    ),
    StepDef(
        "share", N_("Only for information"), N_("marked it as for information only"), frozenset({EXAMINED_STATE}), HANDLING, BY_ALL,
        needs=(NOTE,), citation=SHARED, key_hint="f",
    ),
    StepDef(
        "circulate", N_("Circulate"), N_("sent it around"), GOING_ROUND, STAY, BY_ALL,
        needs=(FieldDef("readers", N_("Readers"), FieldKind.TEXT, max_length=4000), NOTE),
        guards=("circulating",), citation=CIRCULATED, key_hint="k",
    ),
    StepDef(
        "urge", N_("Urge"), N_("urged"), OPEN, STAY, BY_ALL,
        needs=(FieldDef("text", N_("What should be done"), FieldKind.TEXT, max_length=1000),), citation=URGED, key_hint="u",
    ),
    StepDef(
        "answer", N_("Answer the sender"), N_("answered"), frozenset({HANDLING}), ANSWERED_STATE, (*BY_STAFF, *BY_HOUSE),
        needs=(FieldDef("text", N_("Answer"), FieldKind.TEXT, N_("In whole sentences; the sender gets them as a letter."), max_length=8000), FILES),
        letter="document_answer", is_main=True, citation=ANSWERED, key_hint="a",
        confirm=N_("The sender is answered at once. For an answer in a document of its own, draft it instead."),
    ),
    StepDef(
        "conclude", N_("Conclude"), N_("concluded"), frozenset({HANDLING, ANSWERED_STATE}), CONCLUDED, BY_STAFF,
        needs=(NOTE,), is_main=True, guards=("answered_if_asked",), key_hint="c",
    ),
    StepDef(
        "note", N_("Record work done"), N_("recorded work"), OPEN, STAY, BY_STAFF,
        needs=(FieldDef("text", N_("What was done"), FieldKind.TEXT, max_length=4000), FILES), key_hint="n",
    ),
    StepDef(
        "recuse", N_("Keep somebody away"), N_("kept somebody away"), OPEN, STAY, BY_STAFF,
        needs=(FieldDef("account_id", N_("Whom"), FieldKind.ACCOUNT), FieldDef("reasons", N_("Reasons"), FieldKind.TEXT, max_length=2000)),
    ),
    StepDef(
        "archive", N_("Archive"), N_("archived"), frozenset({CONCLUDED, RETURNED}), ARCHIVED, (*BY_STAFF, *BY_HOUSE),
        needs=(NOTE,), guards=("read_by_all",), key_hint="z",
    ),
)  # fmt: skip

CLOCKS = (
    ClockDef(
        "taking_in", N_("Register and examine"), N_("It is registered"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"deliver"}), frozenset({"examine", "return_document"}),
        1, CountUnit.WORKING_DAY, RollOver.NONE, (EXAMINED,), norm=SAME_DAY, is_owed_by_root=True, is_public=False,
    ),
    ClockDef(
        "handling", N_("Handle and answer"), N_("It is answered"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"assign"}), frozenset({"answer", "conclude"}),
        10, CountUnit.WORKING_DAY, RollOver.NONE, (URGENT_DAY,), norm=HANDLED_IN, due_on_field="due_on",
        is_owed_by_root=True, is_public=False,
    ),
)  # fmt: skip

LETTERS = (
    LetterDef("document_return", N_("Note of return"), "退文", is_for_petitioner=False, citation=SENT_BACK),
    LetterDef(
        "document_answer", N_("Answer to the sender"), "复", is_for_petitioner=False, citation=ANSWERED
    ),
)

RECEIPT = declare(
    CaseType(
        key=KEY,
        version="2012",
        institution="office",
        label=N_("Handling a received document"),
        valid_from_on=date(2012, 7, 1),
        number_prefix="收文",
        initial_verb="deliver",
        states=STATES,
        steps=STEPS,
        clocks=CLOCKS,
        letters=LETTERS,
        ends_in=frozenset({ARCHIVED}),
        answered_by=frozenset({"answer"}),
        outcome_by=frozenset(),
        shown_files_by=frozenset(),
        bringer=N_("Sender"),
        retention_years=10,
        is_internal=True,
    )
)
