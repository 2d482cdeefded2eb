"""Reading companies for the office, their own people and everybody."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from yiwang.facilities.dispatch.models import Team
from yiwang.institutions.community.company_alarms import RunningOut, newest_contracts, running_out
from yiwang.institutions.community.company_marks import counted, newest_bands
from yiwang.institutions.community.company_models import Company, CompanyAct, CompanySetting, Contract, Mark
from yiwang.institutions.community.company_rules import NEAR_METRES, TREND_MONTHS, months_before
from yiwang.institutions.community.models import ServiceClass
from yiwang.institutions.community.queries import localities, offered
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Case
from yiwang.kernel.orgs.models import Unit


@dataclass(frozen=True)
class Row:
    """A company as the office's list shows it."""

    company: Company
    contract: Contract | None
    next_end: RunningOut | None
    band: str
    teams: int

    @property
    def pk(self) -> int:
        """The number of the company's unit."""
        return int(self.company.pk)


def rows(companies: Sequence[Company]) -> list[Row]:
    """Companies with contract, what runs out first, band and number of teams; five queries."""
    ids = [company.pk for company in companies]
    contracts = newest_contracts(ids)
    ends: dict[int, RunningOut] = {}
    for one in sorted(running_out(companies), key=lambda one: one.until_on, reverse=True):
        ends[one.company.pk] = one
    bands = newest_bands(ids)
    teams: dict[int, int] = defaultdict(int)
    for unit_id in Team.objects.filter(unit_id__in=ids, is_active=True).values_list("unit_id", flat=True):
        teams[unit_id] += 1
    return [
        Row(
            company,
            contracts.get(company.pk),
            ends.get(company.pk),
            bands.get(company.pk, ""),
            teams[company.pk],
        )
        for company in companies
    ]


def first_end(company: Company) -> RunningOut | None:
    """What of a company runs out first."""
    return min(running_out([company]), key=lambda one: one.until_on, default=None)


def members(*, on: date) -> list[Company]:
    """The companies that are members on a day, by name; one query."""
    found = Company.objects.filter(joined_on__lte=on, ended_on__isnull=True).select_related("unit")
    return list(found.order_by("unit__short_name", "pk"))


def trend(company: Company, *, today: date) -> list[Mark]:
    """The marks of the last months and of the one that runs, the oldest first; one query."""
    months = [today.replace(day=1), *months_before(today, number=TREND_MONTHS)]
    return list(Mark.objects.filter(company=company, month_on__in=months).order_by("month_on"))


@dataclass(frozen=True)
class CountedOrder:
    """An order behind a figure."""

    case: Case
    is_good: bool


def orders_behind(company: Company, *, figure: str, month_on: date) -> list[CountedOrder]:
    """The orders that a figure of a company was counted from, those held against it first.

    A company may know of all of them: each was offered to one of its teams. No person's name is read.
    """
    rows = [row for row in counted([company.pk], month_on=month_on) if row.figure == figure]
    with acting_as_system():
        cases = Case.objects.only("number", "title", "state", "received_on").in_bulk(
            [row.case_id for row in rows]
        )
    found = [CountedOrder(cases[row.case_id], row.is_good) for row in rows if row.case_id in cases]
    return sorted(found, key=lambda one: (one.is_good, -one.case.pk))


def public_acts() -> list[CompanyAct]:
    """What was said in public of companies, the newest first; one query."""
    shown = CompanyAct.objects.filter(is_public=True, lifted_at__isnull=True).select_related("company__unit")
    return list(shown[:200])


def shows_ranking() -> bool:
    """Whether the centre has chosen to show companies in the order of their bands; one query."""
    return CompanySetting.objects.filter(shows_ranking=True).exists()


def classes_named(keys: Sequence[str]) -> list[ServiceClass]:
    """Classes by their keys, in the order of the catalogue; one query."""
    return list(ServiceClass.objects.filter(key__in=keys))


# ----------------------------------------------------------------------------------------------------- coverage


@dataclass(frozen=True)
class Coverage:
    """For each class and each community how many teams near could come."""

    classes: Sequence[ServiceClass]
    places: Sequence[Unit]
    teams: dict[tuple[int, int], int]

    def number(self, one: ServiceClass, place: Unit) -> int:
        """How many teams could come for a class to a community."""
        return self.teams.get((one.pk, place.pk), 0)

    def gaps_of(self, one: ServiceClass) -> list[Unit]:
        """The communities in which nobody near serves a class."""
        return [place for place in self.places if not self.number(one, place)]

    @property
    def gaps(self) -> int:
        """How many pairs of class and community nobody serves."""
        return sum(len(self.gaps_of(one)) for one in self.classes)


def coverage(*, on: date) -> Coverage:
    """Who could come where: teams with skill and valid licence for something of a class, near, in whose area it is.

    Five queries.
    """
    needs: dict[int, set[tuple[str, str]]] = defaultdict(set)
    classes: dict[int, ServiceClass] = {}
    for version in offered(on=on):
        one = version.item.service_class
        classes.setdefault(one.pk, one)
        needs[one.pk].add((version.skill, version.licence))
    places = localities(on=on)
    teams = list(Team.objects.filter(is_active=True, is_suspended=False).prefetch_related("licences"))
    found: dict[tuple[int, int], int] = defaultdict(int)
    for team in teams:
        held = {"", *(licence.kind for licence in team.licences.all() if licence.until_on >= on)}
        can = {(skill, licence) for skill in team.skills for licence in held}
        served = [class_pk for class_pk, needed in needs.items() if needed & can]
        for unit, place in places:
            is_near = (team.base_x - place.x) ** 2 + (team.base_y - place.y) ** 2 <= NEAR_METRES**2
            if is_near and (not team.areas or set(team.areas).intersection(unit.path)):
                for class_pk in served:
                    found[class_pk, unit.pk] += 1
    return Coverage(list(classes.values()), [unit for unit, _place in places], dict(found))
