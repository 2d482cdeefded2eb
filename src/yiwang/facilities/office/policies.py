"""Who may see a document and act on it; and the rules that its procedures name.

A handling is seen by the people of its unit, by those it was sent to, and by departments asked to countersign.
"""

from datetime import date

from django.db.models import Q

from yiwang.facilities.office.casetypes import issue_2012, receipt_2012
from yiwang.facilities.office.checking import findings
from yiwang.facilities.office.content import digest_of, joint_units, whole
from yiwang.facilities.office.enums import DocumentKind, NumberState, SignatureKind
from yiwang.facilities.office.models import (
    Circulation,
    Countersign,
    DocumentNumber,
    DocumentVersion,
    Handling,
    Reading,
    Signature,
    Task,
)
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import N_
from yiwang.kernel.casework.guards import register_guard
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.records import Standings
from yiwang.kernel.casework.rules.data import Fault
from yiwang.kernel.people.models import Account, Post

OFFICE_ROLES = frozenset({"clerk", "head", "leader"})
STAFF = frozenset({"clerk", "head"})
SIGNERS = frozenset({"head", "leader"})
KEYS = frozenset({issue_2012.KEY, receipt_2012.KEY})


def visible(standing: Standing) -> Q:
    """The handlings that somebody may see."""
    if standing.is_system:
        return Q()
    if not standing.is_signed_in:
        return Q(pk__in=[])
    mine = Q(account_ids__overlap=sorted(standing.account_ids))
    if standing.unit_ids:
        mine |= Q(unit_ids__overlap=sorted(standing.unit_ids))
    return mine & ~Q(excluded_accounts__overlap=sorted(standing.account_ids))


def may_see(standing: Standing, handling: Handling) -> bool:
    """The same rule for one handling."""
    if standing.is_system:
        return True
    if not standing.is_signed_in or standing.account_ids.intersection(handling.excluded_accounts):
        return False
    return bool(
        standing.unit_ids.intersection(handling.unit_ids)
        or standing.account_ids.intersection(handling.account_ids)
    )


def is_at_work(standing: Standing, handling: Handling) -> bool:
    """Whether somebody meets a document in their own work, so that reading it needs no purpose of its own."""
    if standing.roles_at(handling.unit_id) & OFFICE_ROLES:
        return True
    if standing.account_ids.intersection(handling.account_ids):
        return True
    return any(standing.roles_at(unit_id) & STAFF for unit_id in handling.unit_ids)


def units_worked_for(standing: Standing) -> list[int]:
    """The units in whose name somebody drafts, receives and numbers documents."""
    return sorted({post.unit_id for post in standing.posts if post.role in STAFF})


def units_of_office(standing: Standing) -> list[int]:
    """The units whose registers are somebody's own."""
    return sorted({post.unit_id for post in standing.posts if post.role in OFFICE_ROLES})


def may_work(standing: Standing, handling: Handling) -> bool:
    """Whether somebody may write, circulate and register for the unit of a handling."""
    return standing.is_system or bool(standing.roles_at(handling.unit_id) & STAFF)


def may_circulate(standing: Standing, handling: Handling) -> bool:
    """Whether somebody may send a document around or urge its readers."""
    return standing.is_system or bool(standing.roles_at(handling.unit_id) & OFFICE_ROLES)


def may_act_for(standing: Standing, reading: Reading) -> bool:
    """Whether a reading is somebody's own, or that of whom they stand in for."""
    return reading.account_id in standing.account_ids


# --- the rules that the procedures name -------------------------------------------------------------------

NOT_THE_DRAFTER = N_("Whoever handed the draft in can't pass or sign it; somebody else must.")
NO_TEXT = N_("There is no text yet: write the document first.")
FORBIDDEN = N_("The rules for official documents forbid it: %(says)s. %(clause)s")
NOT_FROZEN = N_("Please do this on the document's page, where the text is shown.")
STILL_ASKED = N_("Not every department has answered. End the countersigning, or wait for them.")
NOT_ASKED = N_("No department has been asked.")
SIGNER_IS_LEADER = N_("Documents of this unit are signed by its leader.")
FIRST_SIGNER = N_("It was signed before and then changed: it goes back to whoever signed it (art. 25 (1)).")
TEXT_CHANGED = N_(
    "The text isn't the one that was signed. It must go back to whoever signed it (art. 25 (1))."
)
NOT_SIGNED_BY_ALL = N_("Not every unit that issues it has signed (art. 22).")
NO_NUMBER = N_("Please choose the number on the document's page.")
NUMBER_KEPT = N_("Its number must be made void first, with the reason, on the document's page.")
NOT_REGISTERED = N_("Please register it on the document's page, where it gets its number.")
NEEDS_DAY = N_("An urgent document needs a day by which it is handled (art. 24 (4)).")
NOBODY_TO_READ = N_("Please choose the readers on the document's page.")
GIVER_CONFIRMS = N_("Whoever gave it, or the head or leader of that unit, says whether it is done.")
EXTENSION_WAITS = N_("An extension was asked for already; it waits for the giver.")
NO_EXTENSION_WAITS = N_("Nobody asked for more time.")
HEAD_SENDS_UP = N_("The head of your unit, or its leader, sends reports up.")
STILL_UNREAD = N_("Somebody has not read it yet: remind them, or take it back from them, then archive it.")
NOT_ANSWERED = N_("A request for instructions is answered before it is concluded (art. 24 (7)).")


def _handling(case: Case) -> Handling:
    return Handling.objects.select_related("document", "document__origin_unit").get(case_id=case.pk)


def _version(handling: Handling) -> DocumentVersion | None:
    drafts = DocumentVersion.objects.filter(document_id=handling.document_id, is_release=False)
    return drafts.order_by("-place").first()


def _is_as_kept(handling: Handling, version: DocumentVersion | None) -> bool:
    return version is not None and version.content_digest == digest_of(whole(handling.document))


def _not_the_drafter(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    handed_in = next((e.account_id for e in reversed(derived.entries) if e.verb in ("submit", "draft")), None)
    return Fault(NOT_THE_DRAFTER) if handed_in is not None and handed_in == by.account_id else None


def _text_kept(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    handling = _handling(case)
    if not whole(handling.document)["body"]:
        return Fault(NO_TEXT)
    return None if _is_as_kept(handling, _version(handling)) else Fault(NOT_FROZEN)


def _rules_kept(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    """What the regulation forbids outright can't be handed in, passed or signed."""
    found = next(iter(findings(_handling(case).document, on=on)), None)
    if found is None or not found.is_forbidding:
        return None
    says = f"{found.says} ({found.found})" if found.found else found.says
    return Fault(FORBIDDEN, (("says", says), ("clause", found.clause)))


def _all_countersigned(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    waiting = Countersign.objects.filter(handling__case_id=case.pk, answered_at=None, cancelled_at=None)
    return Fault(STILL_ASKED) if waiting.exists() else None


def _countersigning_asked(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    asked = Countersign.objects.filter(handling__case_id=case.pk, answered_at=None, cancelled_at=None)
    return None if asked.exists() else Fault(NOT_ASKED)


def _holds_a_post(unit_id: int, roles: frozenset[str], *, on: date) -> bool:
    """Whether anybody has one of these posts at a unit on a day."""
    return Post.objects.filter(
        Q(until_on=None) | Q(until_on__gt=on),
        unit_id=unit_id, role__in=sorted(roles), from_on__lte=on, granted_at__isnull=False, refused_at=None,
        account__is_active=True,
    ).exists()  # fmt: skip


def _signer_of_the_unit(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    """Where a unit has a leader, its documents are signed by one (22: 本机关负责人)."""
    if by.has_role("leader", at=[case.root_unit_id]) or by.is_system:
        return None
    is_led = _holds_a_post(case.root_unit_id, frozenset({"leader"}), on=on)
    return Fault(SIGNER_IS_LEADER) if is_led else None


def _first_signer(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    """What was changed in substance goes back to the same signer, or to whoever stands in for them (25 (1))."""
    signed = next((e for e in reversed(derived.entries) if e.verb in ("sign", "return_draft")), None)
    if signed is None or signed.verb != "sign" or signed.account_id is None:
        return None
    signature = (
        Signature.objects.filter(
            document__handlings__case_id=case.pk, kind=SignatureKind.TEXT, unit_id=case.root_unit_id
        )
        .order_by("-pk")
        .first()
    )
    wanted = {signed.account_id} | (
        {signature.principal_id} if signature and signature.principal_id else set()
    )
    if by.is_system or by.account_ids & wanted:
        return None
    is_gone = not Account.objects.filter(pk__in=wanted, is_active=True).exists()
    return None if is_gone else Fault(FIRST_SIGNER)


def _signature_made(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    handling = _handling(case)
    version = _version(handling)
    if version is None or by.account_id is None:
        return Fault(NOT_FROZEN)
    made = version.signatures.filter(kind=SignatureKind.TEXT, account_id=by.account_id).exists()
    return None if made and _is_as_kept(handling, version) else Fault(NOT_FROZEN)


def _text_as_signed(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    handling = _handling(case)
    version = _version(handling)
    signed = version is not None and version.signatures.filter(kind=SignatureKind.TEXT).exists()
    return None if signed and _is_as_kept(handling, version) else Fault(TEXT_CHANGED)


def _signed_by_all(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    """A document of several units is signed by all of them, over the same text (22)."""
    handling = _handling(case)
    version = _version(handling)
    signed = (
        set(version.signatures.filter(kind=SignatureKind.TEXT).values_list("unit_id", flat=True))
        if version is not None
        else set()
    )
    return None if signed.issuperset(joint_units(handling.document)) else Fault(NOT_SIGNED_BY_ALL)


def may_sign_for(standing: Standing, unit_id: int, *, on: date) -> bool:
    """Whether somebody signs documents of a unit: its leader, or where it has none its head."""
    roles = standing.roles_at(unit_id)
    if "leader" in roles:
        return True
    return "head" in roles and not _holds_a_post(unit_id, frozenset({"leader"}), on=on)


def _numbered(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    drawn = DocumentNumber.objects.filter(document__handlings__case_id=case.pk, state=NumberState.ISSUED)
    return None if drawn.exists() else Fault(NO_NUMBER)


def _number_void(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    drawn = DocumentNumber.objects.filter(document__handlings__case_id=case.pk, state=NumberState.ISSUED)
    return Fault(NUMBER_KEPT) if drawn.exists() else None


def _released_here(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    made = Signature.objects.filter(document__handlings__case_id=case.pk, kind=SignatureKind.RELEASE)
    return None if made.exists() else Fault(NOT_FROZEN)


def _registered_here(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    return None if _handling(case).register_number else Fault(NOT_REGISTERED)


def _urgent_has_day(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    handling = _handling(case)
    return Fault(NEEDS_DAY) if handling.document.urgency and handling.due_on is None else None


def _circulating(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    around = Circulation.objects.filter(handling__case_id=case.pk)
    return None if around.exists() else Fault(NOBODY_TO_READ)


def _read_by_all(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    """Whoever was asked to read has read it or was let off; what the house puts away in time waits for nobody."""
    unread = Reading.objects.filter(
        handling__case_id=case.pk, read_at__isnull=True, cancelled_at__isnull=True
    )
    return None if by.is_system or not unread.exists() else Fault(STILL_UNREAD)


def _answered_if_asked(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    if "answer" in derived.progress.verbs or _handling(case).document.kind != DocumentKind.REQUEST:
        return None
    return Fault(NOT_ANSWERED)


def _sent_up_by_head(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    """What a unit reports goes up when its head passed it; where there is none, a clerk sends it."""
    if by.is_system or by.roles_at(case.root_unit_id) & SIGNERS:
        return None
    return Fault(HEAD_SENDS_UP) if _holds_a_post(case.root_unit_id, SIGNERS, on=on) else None


def _giver_confirms(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    """Also the house, and whoever stands in for the giver."""
    if (
        by.is_system
        or by.has_role("head", at=[case.root_unit_id])
        or by.has_role("leader", at=[case.root_unit_id])
    ):
        return None
    gave = Task.objects.filter(case_id=case.pk, given_by__in=sorted(by.account_ids))
    return None if gave.exists() else Fault(GIVER_CONFIRMS)


def _is_extension_waiting(derived: Standings) -> bool:
    about = ("request_extension", "extend", "refuse_extension")
    last = next((entry.verb for entry in reversed(derived.entries) if entry.verb in about), "")
    return last == "request_extension"


def _extension_waits(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    return None if _is_extension_waiting(derived) else Fault(NO_EXTENSION_WAITS)


def _no_extension_waits(case: Case, derived: Standings, by: Standing, on: date) -> Fault | None:
    return Fault(EXTENSION_WAITS) if _is_extension_waiting(derived) else None


for _name, _guard in (
    ("giver_confirms", _giver_confirms),
    ("sent_up_by_head", _sent_up_by_head),
    ("extension_waits", _extension_waits),
    ("no_extension_waits", _no_extension_waits),
    ("not_the_drafter", _not_the_drafter),
    ("text_kept", _text_kept),
    ("rules_kept", _rules_kept),
    ("all_countersigned", _all_countersigned),
    ("countersigning_asked", _countersigning_asked),
    ("signer_of_the_unit", _signer_of_the_unit),
    ("first_signer", _first_signer),
    ("signature_made", _signature_made),
    ("text_as_signed", _text_as_signed),
    ("signed_by_all", _signed_by_all),
    ("numbered", _numbered),
    ("number_void", _number_void),
    ("released_here", _released_here),
    ("registered_here", _registered_here),
    ("urgent_has_day", _urgent_has_day),
    ("circulating", _circulating),
    ("answered_if_asked", _answered_if_asked),
    ("read_by_all", _read_by_all),
):
    register_guard(_name, _guard)
