"""Companies come in, keep their papers and people, and are looked at again; nothing is ever deleted."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.models import Team
from yiwang.institutions.community.casetypes.admission_2026 import KEY as ADMISSION_KEY
from yiwang.institutions.community.company_enums import BUSINESS_LICENCE, HowVerified
from yiwang.institutions.community.company_models import (
    Certificate,
    Company,
    Contract,
    OwnPrice,
    StaffMember,
    Verification,
)
from yiwang.institutions.community.company_rules import REVERIFY_AFTER
from yiwang.institutions.community.models import ItemVersion
from yiwang.institutions.community.policies import centre
from yiwang.institutions.community.queries import offered
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.access.rules import NOBODY, SYSTEM, Standing
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.casework.actions import FileData, Matter, PartyData, Registered, register
from yiwang.kernel.casework.enums import Channel
from yiwang.kernel.channels.actions import hand_in, lock
from yiwang.kernel.channels.queries import Held
from yiwang.kernel.files.models import Blob
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.actions import create_account, propose_post
from yiwang.kernel.people.models import Account

CONTRACT_ENDED = "contract ended"
"""Why the teams of a company without a contract are offered nothing; a renewal gives them back."""


class Refused(Exception):
    """It isn't done; the text is a sentence for whoever tried."""


@dataclass(frozen=True)
class Application:
    """What a company hands in. `certificates`, `staff` and `prices` are plain values as the draft keeps them."""

    name: str
    credit_code: str
    address: str
    contact: str
    phone: str
    classes: Sequence[str]
    areas: Sequence[int]
    certificates: Sequence[Mapping[str, str]]
    staff: Sequence[Mapping[str, str]]
    prices: Mapping[str, int]
    text: str = ""


def apply(
    new: Application,
    *,
    files: Sequence[FileData] = (),
    by: Standing = NOBODY,
    at: datetime,
    channel: str = Channel.WEB,
) -> Registered:
    """Take an application in. Raises `policies.NoCentre` and what `register` raises."""
    facts: dict[str, Any] = {
        "company": new.name,
        "credit_code": new.credit_code,
        "address": new.address,
        "contact": new.contact,
        "phone": new.phone,
        "classes": list(new.classes),
        "areas": list(new.areas),
        "certificates": [dict(one) for one in new.certificates],
        "staff": [dict(one) for one in new.staff],
        "prices": dict(new.prices),
        "agreed_at": at.isoformat(),
    }
    matter = Matter(
        type_key=ADMISSION_KEY,
        root_unit_id=centre(on=timezone.localdate(at)).pk,
        title=new.name,
        text=new.text,
        channel=channel,
        received_at=at,
        parties=(PartyData(name=new.contact, phone=new.phone, address=new.address),),
        files=files,
        facts=facts,
    )
    with acting_as_system():
        return register(matter, by=by, at=at)


@transaction.atomic
def submit_application(held: Held, new: Application, *, at: datetime) -> Registered:
    """Make a finished draft an application, once. Raises `channels.actions.AlreadyHandedIn`."""
    draft = lock(held.draft.pk)
    brought = list(draft.files.all())
    with acting_as_system():
        blobs = Blob.objects.in_bulk([file.digest for file in brought], field_name="digest")
    files = [FileData(blobs[file.digest], file.name) for file in brought if file.digest in blobs]
    registered = apply(new, files=files, at=at)
    hand_in(held, draft=draft, case_id=registered.case.pk, shown_once=registered.receipt_code, at=at)
    return registered


# ------------------------------------------------------------------------------------------- becoming a member


@dataclass(frozen=True)
class Terms:
    """What the head writes when a company is admitted."""

    short_name: str
    from_on: date
    until_on: date
    how: str = HowVerified.REGISTER
    verified_by: int | None = None


@transaction.atomic
def admit(new: Application, terms: Terms, *, case_id: int, by: Account | None, at: datetime) -> Company:
    """Make a company a unit of the centre with its contract, papers, people and prices; propose its head's post.

    The account of its contact has a password that nobody knows: the administrator gives a first one once the
    security officer has granted the post. Raises `Refused` and, for the unit, `ValidationError`.
    """
    today = timezone.localdate(at)
    if terms.until_on <= terms.from_on:
        raise Refused(_("The contract must end after it begins."))
    if Company.objects.filter(credit_code=new.credit_code).exists():
        raise Refused(_("A company of this credit code is, or was, a member already."))
    licence = next((one for one in new.certificates if one["kind"] == BUSINESS_LICENCE), None)
    if licence is None or _is_over(licence, on=terms.from_on):
        raise Refused(_("Without a business licence that is still valid nobody is admitted."))
    unit = found_unit(
        code=f"company{case_id}",
        name=new.name,
        short_name=terms.short_name,
        kind=UnitKind.COMPANY,
        valid_from_on=today,
        parent=centre(on=today),
        phone=new.phone,
        address=new.address,
        by_account_id=by.pk if by else None,
        at=at,
    )
    account = create_account(
        username=f"company{case_id}",
        name=new.contact,
        password=secrets.token_urlsafe(24),
        at=at,
        phone=new.phone,
        by=by,
        is_one_time=True,
    )
    propose_post(account, unit=unit, role="head", from_on=today, by=by, at=at)
    return enrol(unit, new, terms, case_id=case_id, by=by, at=at)


@transaction.atomic
def enrol(
    unit: Unit,
    new: Application,
    terms: Terms,
    *,
    by: Account | None,
    at: datetime,
    case_id: int | None = None,
) -> Company:
    """Enter what the centre knows of a company that has a unit already."""
    today = timezone.localdate(at)
    company = Company.objects.create(
        unit=unit,
        credit_code=new.credit_code,
        contact=new.contact,
        phone=new.phone,
        classes=sorted(set(new.classes)),
        admission_id=case_id,
        joined_on=today,
        reverify_on=today + REVERIFY_AFTER,
    )
    _sign(company, from_on=terms.from_on, until_on=terms.until_on, by=by, at=at)
    Certificate.objects.bulk_create(
        Certificate(
            company=company,
            kind=one["kind"],
            number=one["number"],
            holder=one.get("holder", ""),
            until_on=date.fromisoformat(one["until_on"]) if one.get("until_on") else None,
            added_at=at,
            verified_at=at,
            verified_by_id=terms.verified_by,
        )
        for one in new.certificates
    )
    StaffMember.objects.bulk_create(
        StaffMember(
            company=company,
            name=one["name"],
            work=one.get("work", ""),
            phone=one.get("phone", ""),
            since_on=today,
        )
        for one in new.staff
    )
    set_prices(company, new.prices, on=today)
    Verification.objects.create(company=company, how=terms.how, by_account_id=terms.verified_by, at=at)
    return company


def _is_over(one: Mapping[str, str], *, on: date) -> bool:
    return bool(one.get("until_on")) and date.fromisoformat(one["until_on"]) < on


# --------------------------------------------------------------------------------------- contract and papers


@transaction.atomic
def renew(company: Company, *, from_on: date, until_on: date, by: Account | None, at: datetime) -> Contract:
    """Agree on a further term; teams that were offered nothing for want of a contract are offered work again.

    Raises `Refused`.
    """
    if company.ended_on is not None or company.is_suspended:
        raise Refused(_("A company that is being removed or has left gets no further contract."))
    if until_on <= from_on or until_on <= timezone.localdate(at):
        raise Refused(_("The contract must end after it begins."))
    contract = _sign(company, from_on=from_on, until_on=until_on, by=by, at=at)
    if from_on <= timezone.localdate(at):
        stopped = Team.objects.filter(unit_id=company.pk, suspended_reason=CONTRACT_ENDED)
        for team_id in stopped.order_by("pk").values_list("pk", flat=True):
            dispatch.restore(team_id, by=SYSTEM, at=at)
    return contract


def _sign(company: Company, *, from_on: date, until_on: date, by: Account | None, at: datetime) -> Contract:
    signed = Company.objects.select_for_update().get(pk=company.pk).contracts.count()
    number = f"社盟{timezone.localdate(at).year}-{company.pk:04}-{signed + 1}"
    return Contract.objects.create(
        company=company, number=number, from_on=from_on, until_on=until_on, signed_at=at, by_account=by
    )


def add_certificate(
    company: Company,
    *,
    kind: str,
    number: str,
    until_on: date | None,
    by: Account | None,
    at: datetime,
    holder: str = "",
    team_id: int | None = None,
    proof: FileData | None = None,
) -> Certificate:
    """A company hands a licence in, or its renewal; it counts once the centre has checked it.

    Raises `Refused` for a team of somebody else.
    """
    if team_id is not None and not Team.objects.filter(pk=team_id, unit_id=company.pk).exists():
        raise Refused(_("This team isn't one of the company's."))
    return Certificate.objects.create(
        company=company,
        kind=kind,
        number=clean_line(number)[:60],
        holder=clean_line(holder)[:60],
        until_on=until_on,
        team_id=team_id,
        digest=proof.blob.digest if proof else "",
        file_name=clean_line(proof.name)[:200] if proof else "",
        added_at=at,
        added_by=by,
    )


@transaction.atomic
def check_certificate(
    certificate_id: int, *, is_good: bool, reason: str, by: Account | None, at: datetime
) -> Certificate:
    """The centre says whether a licence holds; a good one of a team counts for dispatch from now on.

    Raises `Refused` when it was decided before, has run out, or is turned down without a reason.
    """
    found = Certificate.objects.select_for_update().get(pk=certificate_id)
    if found.verified_at is not None or found.refused_at is not None:
        raise Refused(_("This was decided before."))
    if not is_good:
        if not reason.strip():
            raise Refused(_("Please say why."))
        found.refused_at, found.refused_reason, found.verified_by = at, clean_line(reason)[:200], by
        found.save(update_fields=["refused_at", "refused_reason", "verified_by"])
        return found
    if found.until_on is not None and found.until_on < timezone.localdate(at):
        raise Refused(_("It has run out; it can't count."))
    found.verified_at, found.verified_by = at, by
    found.save(update_fields=["verified_at", "verified_by"])
    if found.team_id is not None and found.until_on is not None:
        dispatch.grant_licence(found.team_id, kind=found.kind, until_on=found.until_on, number=found.number)
    return found


@transaction.atomic
def reverify(company: Company, *, how: str, note: str, by: Account | None, at: datetime) -> Verification:
    """The centre has looked again whether everything still holds; the next time is in a year (电子商务法 27)."""
    company.reverify_on = timezone.localdate(at) + REVERIFY_AFTER
    company.save(update_fields=["reverify_on"])
    return Verification.objects.create(
        company=company, how=how, note=clean_line(note)[:500], by_account=by, at=at
    )


# ------------------------------------------------------------------------------------------ people and prices


def take_on(company: Company, *, name: str, work: str, phone: str, on: date) -> StaffMember:
    """A company enters somebody who works for it."""
    return StaffMember.objects.create(
        company=company,
        name=clean_line(name)[:40],
        work=clean_line(work)[:60],
        phone=clean_line(phone)[:30],
        since_on=on,
    )


def let_go(company: Company, staff_id: int, *, on: date) -> bool:
    """Somebody no longer works for a company from a day on; returns whether they did."""
    still = StaffMember.objects.filter(company=company, pk=staff_id, until_on__isnull=True)
    return bool(still.update(until_on=on))


def set_prices(company: Company, prices: Mapping[str, int], *, on: date) -> int:
    """Note what a company asks for items, by their codes, in fen; returns how many. Raises `Refused` above a ceiling."""
    versions: Iterable[ItemVersion] = offered(on=on).filter(item__code__in=prices.keys())
    rows = []
    for version in versions:
        price = prices[version.item.code]
        if price > version.ceiling_fen:
            raise Refused(
                _("%(item)s: the price is over the ceiling of the catalogue.") % {"item": version.name}
            )
        rows.append(OwnPrice(company=company, item_id=version.item_id, price_fen=price, since_on=on))
    return len(OwnPrice.objects.bulk_create(rows))
