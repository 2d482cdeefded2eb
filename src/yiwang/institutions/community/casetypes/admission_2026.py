"""Admission of companies: application, verification of what was handed in, contract or refusal with reasons.

The law (电子商务法 27) wants identity, address, contact and licences verified, registered and verified again from
time to time; it sets no days. The days are the centre's own promise.
"""

from datetime import date

from yiwang.institutions.community.laws import CONTRACTS, E_COMMERCE, PERSONAL_DATA, PRICES
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

KEY = "company_admission"

VERIFIED_BY_LAW = Citation(E_COMMERCE, 27, 1, phrase="进行核验、登记，建立登记档案，并定期核验更新")
FAIR_TERMS = Citation(E_COMMERCE, 35, phrase="不合理")
LIABLE = Citation(E_COMMERCE, 38, 2, phrase="资质资格未尽到审核义务")
AGREEMENT = Citation(CONTRACTS, 509, 1, phrase="按照约定全面履行")
NECESSARY_DATA = Citation(PERSONAL_DATA, 6, 2, phrase="最小范围")
NO_HIDDEN_PRICE = Citation(PRICES, 13, 2, phrase="不得收取任何未予标明的费用")

PROMISE = N_("Rules for companies of the centre, on its page “Companies”")
VERIFIED_IN_TEN_DAYS = Norm(
    N_("What a company hands in is verified, or what is missing is named, within ten working days."), PROMISE
)
DECIDED_IN_FIVE_DAYS = Norm(
    N_("An application that was verified is decided within five working days."), PROMISE
)
COMPLETED_IN_FIFTEEN_DAYS = Norm(
    N_("What is missing is handed in within fifteen days; after that the application may be declined."),
    PROMISE,
)

OFFICE = frozenset({"clerk", "head"})
BY_OFFICE = (Who(Relation.ROOT, OFFICE),)
BY_HEAD = (Who(Relation.ROOT, frozenset({"head"})),)
BY_APPLICANT = (Who(Relation.PETITIONER),)
BY_HOUSE = (Who(Relation.SYSTEM),)

RECEIVED, INCOMPLETE, VERIFIED = "received", "incomplete", "verified"
ACCEPTED, DECLINED, WITHDRAWN, ARCHIVED = "accepted", "declined", "withdrawn", "archived"
OPEN = frozenset({RECEIVED, INCOMPLETE, VERIFIED})

STATES = (
    StateDef(RECEIVED, N_("To be verified"), N_("Received; the centre is verifying it"), Stage.WAITING),
    StateDef(INCOMPLETE, N_("Something is missing"), N_("Something is missing; please hand it in"), Stage.WORKING),
    StateDef(VERIFIED, N_("To be decided"), N_("Verified; the centre is deciding"), Stage.WORKING),
    StateDef(ACCEPTED, N_("Admitted"), N_("Admitted"), Stage.ENDED),
    StateDef(DECLINED, N_("Not admitted"), N_("Not admitted; the reasons are in the letter"), Stage.ENDED),
    StateDef(WITHDRAWN, N_("Withdrawn"), N_("Withdrawn"), Stage.ENDED),
    StateDef(ARCHIVED, N_("Archived"), N_("Concluded and archived"), Stage.ENDED),
)  # fmt: skip

WAYS_TO_VERIFY = (
    ("register", N_("Compared with the public register of companies")),
    ("originals", N_("Originals seen")),
    ("issuer", N_("Asked the authority that issued it")),
    ("visit", N_("Visited on the spot")),
)

NOTE = FieldDef("note", N_("Note"), FieldKind.TEXT, is_required=False, max_length=2000)
FILES = FieldDef("files", N_("Attachments"), FieldKind.FILES, is_required=False)

STEPS = (
    StepDef(
        "register", N_("Application"), N_("applied"), frozenset(), RECEIVED, (*BY_HOUSE, *BY_APPLICANT, *BY_OFFICE),
        custody=Custody.OPEN, letter="receipt", is_public=True, citation=VERIFIED_BY_LAW,
    ),
    StepDef(
        "ask", N_("Ask for what is missing"), N_("asked for what is missing"), frozenset({RECEIVED, VERIFIED}), INCOMPLETE, BY_OFFICE,
        needs=(FieldDef("missing", N_("What is missing"), FieldKind.TEXT, N_("In whole sentences; they stand in the letter."), max_length=2000),),
        letter="completion", is_public=True, citation=VERIFIED_BY_LAW, key_hint="m",
    ),
    StepDef(
        "complete", N_("Hand in what was missing"), N_("handed in what was missing"), frozenset({INCOMPLETE}), RECEIVED,
        (*BY_APPLICANT, *BY_OFFICE),
        needs=(FieldDef("text", N_("What is to be added"), FieldKind.TEXT, max_length=2000), FILES), is_public=True,
    ),
    StepDef(
        "verify", N_("Verify"), N_("verified"), frozenset({RECEIVED}), VERIFIED, BY_OFFICE,
        needs=(FieldDef("how", N_("How it was verified"), FieldKind.CHOICE, choices=WAYS_TO_VERIFY), NOTE),
        is_main=True, is_public=True, citation=VERIFIED_BY_LAW, key_hint="v",
    ),
    StepDef(
        "accept", N_("Admit"), N_("admitted"), frozenset({VERIFIED}), ACCEPTED, BY_HEAD,
        needs=(
            FieldDef("short_name", N_("Short name of the company"), FieldKind.LINE, max_length=20),
            FieldDef("contract_from", N_("Contract from"), FieldKind.DATE, is_ahead=True),
            FieldDef("contract_until", N_("Contract until"), FieldKind.DATE, N_("The last day is included."), is_ahead=True),
            NOTE,
        ),
        letter="admission", is_main=True, is_public=True, guards=("another_verified",), citation=AGREEMENT, key_hint="a",
        confirm=N_("The company becomes a unit of the centre, and posts for its people are proposed to the security officer."),
    ),
    StepDef(
        "decline", N_("Don't admit"), N_("declined"), OPEN, DECLINED, BY_HEAD,
        needs=(FieldDef("reasons", N_("Reasons"), FieldKind.TEXT, N_("In whole sentences; they stand in the letter."), max_length=2000),),
        letter="refusal", is_public=True, citation=FAIR_TERMS, key_hint="d",
    ),
    StepDef(
        "withdraw", N_("Withdraw the application"), N_("withdrew the application"), OPEN, WITHDRAWN, BY_APPLICANT,
        needs=(NOTE,), is_public=True,
    ),
    StepDef(
        "supplement", N_("Add something"), N_("added something"), OPEN, STAY, (*BY_APPLICANT, *BY_OFFICE),
        needs=(FieldDef("text", N_("What is to be added"), FieldKind.TEXT, max_length=2000), FILES),
    ),
    StepDef(
        "note", N_("Record work done"), N_("recorded work"), OPEN, STAY, BY_OFFICE,
        needs=(FieldDef("text", N_("What was done"), FieldKind.TEXT, max_length=4000), FILES), key_hint="n",
    ),
    StepDef(
        "archive", N_("Archive"), N_("archived"), frozenset({ACCEPTED, DECLINED, WITHDRAWN}), ARCHIVED,
        (*BY_OFFICE, *BY_HOUSE), needs=(NOTE,), key_hint="z",
    ),
)  # fmt: skip

CLOCKS = (
    ClockDef(
        "verification", N_("Verify the application"), N_("What you handed in is verified, or we name what is missing"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"register", "complete"}), frozenset({"verify", "ask", "decline"}),
        10, CountUnit.WORKING_DAY, RollOver.NONE, (VERIFIED_BY_LAW,), norm=VERIFIED_IN_TEN_DAYS,
        voided_by=frozenset({"withdraw"}), is_renewed=True,
    ),
    ClockDef(
        "completion", N_("Hand in what is missing"), N_("Until then you hand in what is missing"),
        ClockKind.WINDOW, ClockScope.CASE, frozenset({"ask"}), frozenset({"complete"}),
        15, CountUnit.CALENDAR_DAY, RollOver.NONE, (), norm=COMPLETED_IN_FIFTEEN_DAYS,
        voided_by=frozenset({"withdraw", "decline"}), is_renewed=True,
    ),
    ClockDef(
        "decision", N_("Decide on the application"), N_("Your application is decided"),
        ClockKind.DUTY, ClockScope.CASE, frozenset({"verify"}), frozenset({"accept", "decline", "ask"}),
        5, CountUnit.WORKING_DAY, RollOver.NONE, (), norm=DECIDED_IN_FIVE_DAYS,
        voided_by=frozenset({"withdraw"}), is_renewed=True,
    ),
)  # fmt: skip

LETTERS = (
    LetterDef("receipt", N_("Confirmation of the application"), "社申", is_for_petitioner=True, citation=VERIFIED_BY_LAW),
    LetterDef("completion", N_("Notice of what is missing"), "社补", is_for_petitioner=True, citation=VERIFIED_BY_LAW),
    LetterDef("admission", N_("Notice of admission"), "社准", is_for_petitioner=True, citation=AGREEMENT),
    LetterDef("refusal", N_("Notice that it isn't admitted"), "社拒", is_for_petitioner=True, citation=FAIR_TERMS),
)  # fmt: skip

ADMISSION = declare(
    CaseType(
        key=KEY,
        version="2026",
        institution="community",
        label=N_("Admission of a company"),
        bringer=N_("Applicant"),
        matter=N_("What is applied for"),
        valid_from_on=date(2026, 1, 1),
        number_prefix="社企",
        initial_verb="register",
        states=STATES,
        steps=STEPS,
        clocks=CLOCKS,
        letters=LETTERS,
        throughout=(
            (N_("Only what is needed to judge the application is asked and kept."), NECESSARY_DATA),
            (N_("The centre answers for what it didn't check where health is at stake."), LIABLE),
            (N_("No company asks more than the ceiling that the catalogue shows."), NO_HIDDEN_PRICE),
        ),
        ends_in=frozenset({ARCHIVED}),
        answered_by=frozenset({"accept", "decline"}),
        outcome_by=frozenset({"accept"}),
        shown_files_by=frozenset({"complete"}),
        retention_years=10,
    )
)
