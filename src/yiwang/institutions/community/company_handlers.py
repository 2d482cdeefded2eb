"""What a step about a company brings with it, in the same transaction."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yiwang.institutions.community.casetypes import admission_2026, mark_appeal_2026, removal_2026
from yiwang.institutions.community.company_actions import Application, Refused, Terms, admit
from yiwang.institutions.community.company_acts import leave_out, say, stop, take_up_again
from yiwang.institutions.community.company_enums import ActKind
from yiwang.institutions.community.company_models import Company
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.base.events import handles_within
from yiwang.kernel.casework.actions import take
from yiwang.kernel.casework.events import CaseMoved
from yiwang.kernel.casework.faults import GuardFailed
from yiwang.kernel.casework.models import Case, JournalEntry
from yiwang.kernel.casework.rules.data import Fault
from yiwang.kernel.people.models import Account


@handles_within(CaseMoved)
def on_company_matter_moved(event: CaseMoved) -> None:
    """Follow a step of an admission, a removal or an appeal."""
    follow = FOLLOWS.get((event.type_key, event.verb))
    if follow is not None:
        with acting_as_system():
            follow(event)


def application_in(case: Case) -> Application:
    """What a company handed in, as its case keeps it."""
    facts = case.facts
    return Application(
        name=facts["company"],
        credit_code=facts["credit_code"],
        address=facts["address"],
        contact=facts["contact"],
        phone=facts["phone"],
        classes=facts["classes"],
        areas=facts["areas"],
        certificates=facts["certificates"],
        staff=facts["staff"],
        prices=facts["prices"],
        text=case.text,
    )


def _admit(event: CaseMoved) -> None:
    case, data = Case.objects.get(pk=event.case_id), _data(event)
    entries = JournalEntry.objects.filter(case_id=event.case_id, verb="verify").order_by("-number")
    verified = entries.first()
    terms = Terms(
        short_name=data["short_name"],
        from_on=date.fromisoformat(data["contract_from"]),
        until_on=date.fromisoformat(data["contract_until"]),
        how=str(verified.data["how"]) if verified else "register",
        verified_by=verified.account_id if verified else None,
    )
    try:
        admit(application_in(case), terms, case_id=case.pk, by=_account(event), at=event.at)
    except Refused as refused:
        raise GuardFailed(Fault(str(refused))) from refused
    except ValidationError as error:
        raise GuardFailed(Fault(" ".join(error.messages))) from error


def _deliver(event: CaseMoved) -> None:
    """The company sees its matter from now on, and may answer."""
    company = _company(event)
    take(event.case_id, "deliver", by=SYSTEM, at=event.at, data={"unit_id": company.pk})


def _after_decision(event: CaseMoved) -> None:
    data = _data(event)
    company = _company(event)
    if data["decision"] == removal_2026.REMOVED:
        ends_on = date.fromisoformat(data["ends_on"]) if data.get("ends_on") else None
        stop(company, ends_on=ends_on, by=SYSTEM, at=event.at)
    elif company.is_suspended:
        take_up_again(company, by=SYSTEM, at=event.at)


def _publish(event: CaseMoved) -> None:
    decided = JournalEntry.objects.filter(case_id=event.case_id, verb__in=("decide", "review")).order_by(
        "-number"
    )
    is_removed = decided[0].data["decision"] == removal_2026.REMOVED
    kind = ActKind.REMOVAL if is_removed else ActKind.WARNING
    company = _company(event)
    say(
        company,
        kind,
        title=_("Removed from the centre's companies") if is_removed else _("Warned by the centre"),
        words=str(_data(event)["words"]),
        is_public=True,
        by=_account(event),
        at=event.at,
        case_id=event.case_id,
    )


def _after_appeal(event: CaseMoved) -> None:
    if _data(event)["decision"] == mark_appeal_2026.UPHELD:
        leave_out(Case.objects.get(pk=event.case_id), at=event.at)


def _company(event: CaseMoved) -> Company:
    facts = Case.objects.values_list("facts", flat=True).get(pk=event.case_id)
    return Company.objects.select_related("unit").get(pk=facts["company"])


def _account(event: CaseMoved) -> Account | None:
    return Account.objects.filter(pk=event.account_id).first() if event.account_id else None


def _data(event: CaseMoved) -> dict[str, Any]:
    found: dict[str, Any] = JournalEntry.objects.values_list("data", flat=True).get(
        case_id=event.case_id, number=event.entry_number
    )
    return found


FOLLOWS = {
    (admission_2026.KEY, "accept"): _admit,
    (removal_2026.KEY, "notify"): _deliver,
    (removal_2026.KEY, "decide"): _after_decision,
    (removal_2026.KEY, "serve"): _deliver,
    (removal_2026.KEY, "review"): _after_decision,
    (removal_2026.KEY, "publish"): _publish,
    (mark_appeal_2026.KEY, "decide"): _after_appeal,
}
"""What follows a step, by procedure and verb."""
