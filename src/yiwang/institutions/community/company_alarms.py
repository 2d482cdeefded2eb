"""What runs out at companies: contracts, licences, the day of the next verification; and who is told when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import override

from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.models import Team
from yiwang.institutions.community.company_actions import CONTRACT_ENDED
from yiwang.institutions.community.company_acts import seek_anew
from yiwang.institutions.community.company_models import Certificate, Company, Contract
from yiwang.institutions.community.company_rules import alarm_for
from yiwang.institutions.community.company_words import kind_label
from yiwang.institutions.community.policies import centre
from yiwang.kernel.access.rules import SYSTEM
from yiwang.kernel.notices.actions import notify
from yiwang.kernel.notices.enums import NoticeKind
from yiwang.kernel.people.models import Post


@dataclass(frozen=True)
class RunningOut:
    """Something of a company with its last day. `what` is contract, verification or the kind of a licence."""

    company: Company
    what: str
    number: str
    until_on: date
    subject_id: int

    @property
    def label(self) -> str:
        """What it is, in words."""
        return kind_label(self.what)


def valid_certificates(company_ids: Sequence[int]) -> list[Certificate]:
    """The newest checked licence of each kind, holder and team of companies; one query."""
    found: dict[tuple[int, str, str, int | None], Certificate] = {}
    checked = Certificate.objects.filter(company_id__in=company_ids, verified_at__isnull=False)
    for one in checked.order_by("added_at", "pk"):
        found[one.company_id, one.kind, one.holder, one.team_id] = one
    return list(found.values())


def newest_contracts(company_ids: Sequence[int]) -> dict[int, Contract]:
    """The contract of each company that lasts longest; one query."""
    contracts = Contract.objects.filter(company_id__in=company_ids).order_by("until_on", "pk")
    return {contract.company_id: contract for contract in contracts}


def running_out(companies: Sequence[Company]) -> Iterator[RunningOut]:
    """Everything of these companies that has a last day; two queries."""
    by_id = {company.pk: company for company in companies}
    for company_id, contract in newest_contracts(list(by_id)).items():
        yield RunningOut(by_id[company_id], "contract", contract.number, contract.until_on, contract.pk)
    for one in valid_certificates(list(by_id)):
        if one.until_on is not None:
            yield RunningOut(by_id[one.company_id], one.kind, one.number, one.until_on, one.pk)
    for company in companies:
        yield RunningOut(company, "verification", "", company.reverify_on, company.pk)


def tell_of_ends(today: date, *, at: datetime) -> int:
    """Tell the company and the centre once for each alarm of what runs out; returns how many know of some."""
    companies = list(Company.objects.filter(ended_on__isnull=True).select_related("unit"))
    office = _office_of([centre(on=today).pk], today)
    told = 0
    for one in running_out(companies):
        days = alarm_for(one.until_on, today=today)
        if days is None:
            continue
        with override("en"):  # the message, not its translation: each reader has a language of their own
            facts = {"what": one.label, "day": one.until_on.isoformat(), "unit": one.company.pk}
        key = f"{NoticeKind.RUNS_OUT} {one.what} {one.subject_id} {one.until_on} {days}"
        pages = {
            reverse("community:company", args=[one.company.pk]): office,
            reverse("community:own_company"): _office_of([one.company.pk], today) - office,
        }
        told += sum(
            notify(people, NoticeKind.RUNS_OUT, key=key, at=at, facts={**facts, "url": url})
            for url, people in pages.items()
        )
    return told


def stop_without_contract(today: date, *, at: datetime) -> int:
    """Offer teams nothing whose company's contract has ended; returns how many companies that concerns."""
    companies = Company.objects.filter(ended_on__isnull=True)
    contracts = newest_contracts(list(companies.values_list("pk", flat=True)))
    stopped = 0
    for company in companies.select_related("unit"):
        contract = contracts.get(company.pk)
        if contract is not None and contract.until_on >= today:
            continue
        teams = Team.objects.filter(unit_id=company.pk, is_suspended=False).values_list("pk", flat=True)
        if not teams:
            continue
        for team_id in list(teams):
            dispatch.suspend(team_id, reason=CONTRACT_ENDED, by=SYSTEM, at=at)
        seek_anew(company, reason=CONTRACT_ENDED, at=at)
        stopped += 1
    return stopped


def _office_of(unit_ids: Sequence[int], today: date) -> set[int]:
    posts = Post.objects.filter(
        unit_id__in=unit_ids, role__in=("clerk", "head"), granted_at__isnull=False, from_on__lte=today
    )
    rows = posts.values_list("account_id", "until_on")
    return {account_id for account_id, until_on in rows if until_on is None or until_on > today}
