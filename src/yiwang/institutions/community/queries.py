"""Reading the catalogue and orders."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from yiwang.facilities.dispatch.enums import WITH_TEAM
from yiwang.facilities.dispatch.models import Job, Team
from yiwang.institutions.community.casetypes.order_2026 import KEY
from yiwang.institutions.community.models import ItemVersion, Locality, Order, ServiceClass
from yiwang.institutions.community.rules import CHINA, SAME_WITHIN
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.text import fold
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.policies import visible
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.orgs.queries import tree

DEMAND_KEY = "community-demand"
DEMAND_KEPT = 60 * 60
DEMAND_OF = timedelta(days=90)

OVER = ("concluded", "declined", "cancelled", "archived")


def is_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def named(one: ItemVersion | ServiceClass) -> str:
    """The name in the reader's language."""
    return one.name_en if is_english() else one.name


def unit_named(one: ItemVersion) -> str:
    """What an item is counted by, in the reader's language."""
    return (one.unit_word_en if is_english() else "") or one.unit_word


def offered(*, on: date) -> QuerySet[ItemVersion]:
    """What is offered on a day, with item and class, in the order of the catalogue."""
    valid = Q(valid_from_on__lte=on) & (Q(valid_until_on__isnull=True) | Q(valid_until_on__gt=on))
    return (
        ItemVersion.objects.filter(valid)
        .select_related("item__service_class")
        .order_by("item__service_class__position", "item__position", "-number")
    )


def is_offered_at(version: ItemVersion, unit_id: int) -> bool:
    """Whether an item is offered in a unit's territory: everywhere, or in one of its areas or below."""
    return not version.areas or bool(set(version.areas) & set(tree().get(unit_id).path))


def serves(version: ItemVersion, unit_id: int, *, on: date) -> bool:
    """Whether a team works that has the skill and licence for an item and serves a unit's territory; one query."""
    able = Team.objects.filter(is_active=True, is_suspended=False, skills__contains=[version.skill])
    if version.licence:
        able = able.filter(licences__kind=version.licence, licences__until_on__gte=on)
    path = list(tree().get(unit_id).path)
    return able.filter(Q(areas=[]) | Q(areas__overlap=path)).exists()


def classes_by_demand(*, on: date) -> list[tuple[ServiceClass, int]]:
    """Classes with how many services each offers, those most ordered of late first; two queries.

    The order is kept for an hour: it may lag, and a public page must not count every order each time.
    """
    valid = Q(valid_from_on__lte=on) & (Q(valid_until_on__isnull=True) | Q(valid_until_on__gt=on))
    offers: Counter[int] = Counter(
        ItemVersion.objects.filter(valid).order_by().values_list("item__service_class_id", flat=True)
    )
    ordered = cache.get(DEMAND_KEY)
    if ordered is None:
        since = datetime.combine(on - DEMAND_OF, time(0), CHINA)
        counted = (
            Order.objects.filter(window_from_at__gte=since)
            .order_by()
            .values_list("version__item__service_class_id")
            .annotate(number=Count("pk"))
        )
        ordered = dict(counted)
        cache.set(DEMAND_KEY, ordered, DEMAND_KEPT)
    classes = [one for one in ServiceClass.objects.all() if offers[one.pk]]
    classes.sort(key=lambda one: (-ordered.get(one.pk, 0), one.position))
    return [(one, offers[one.pk]) for one in classes]


def version_offered(code: str, *, on: date) -> ItemVersion | None:
    """An item as it is offered on a day, or nothing."""
    return offered(on=on).filter(item__code=code).first()


def found(words: str, *, on: date, limit: int = 40) -> list[ItemVersion]:
    """Items in whose names or class the words stand; one query."""
    wanted = fold(words)
    if not wanted:
        return []
    return list(
        offered(on=on).filter(
            Q(name__icontains=wanted)
            | Q(name_en__icontains=wanted)
            | Q(item__service_class__name__icontains=wanted)
            | Q(item__service_class__name_en__icontains=wanted)
        )[:limit]
    )


def localities(*, on: date) -> list[tuple[Unit, Locality]]:
    """Communities and villages whose place on the plane is known, in tree order; one query."""
    placed = {row.unit_id: row for row in Locality.objects.order_by()}
    return [
        (unit, placed[unit.pk])
        for unit in tree().valid(on=on)
        if unit.kind in (UnitKind.VILLAGE, UnitKind.TOWNSHIP) and unit.pk in placed
    ]


def order_of(case_id: int) -> Order:
    """The order beside a case, with what was booked; raises `Order.DoesNotExist`."""
    return Order.objects.select_related("version__item__service_class").get(pk=case_id)


@dataclass(frozen=True)
class TeamShown:
    """The team that has an order, as its resident may know it."""

    name: str
    company: str
    phone: str


def job_of(case_id: int) -> Job | None:
    """The newest piece of work for an order, with its team."""
    jobs = Job.objects.filter(subject_kind=KEY, subject_id=case_id).select_related("team__unit")
    return jobs.order_by("-pk").first()


def team_of(case_id: int) -> TeamShown | None:
    """The team that took an order on, if one did."""
    return team_with(job_of(case_id))


def team_with(job: Job | None) -> TeamShown | None:
    """The team that has a piece of work, if one has."""
    if job is None or job.team is None or job.state not in WITH_TEAM:
        return None
    unit = job.team.unit
    company = (unit.name_en if is_english() else "") or unit.name
    return TeamShown(job.team.name, company, job.team.phone)


def phone_key(number: str) -> str:
    """A telephone number as orders are found by it."""
    return "".join(c for c in number if c.isascii() and c.isdigit())[-11:]


def orders_of_phone(number: str, *, standing: Standing, limit: int = 5) -> list[Case]:
    """Earlier orders of a telephone that somebody may see, the newest first; one query."""
    key = phone_key(number)
    if len(key) < 7:
        return []
    mine = Order.objects.filter(phone_key=key).values("pk")
    return list(Case.objects.filter(visible(standing), pk__in=mine).order_by("-pk")[:limit])


def perhaps_the_same(number: str, *, item_id: int, window_from_at: datetime) -> list[Case]:
    """Open orders of a telephone for the same item about the same time. Asked by the house, shown to its owner."""
    key = phone_key(number)
    if len(key) < 7:
        return []
    near = Order.objects.filter(
        phone_key=key,
        version__item_id=item_id,
        window_from_at__gt=window_from_at - SAME_WITHIN,
        window_from_at__lt=window_from_at + SAME_WITHIN,
    ).values("pk")
    return list(Case.objects.filter(pk__in=near).exclude(state__in=OVER).order_by("-pk")[:3])


def classes_with(versions: Iterable[ItemVersion]) -> Sequence[tuple[ServiceClass, list[ItemVersion]]]:
    """Versions under their classes, in order."""
    grouped: dict[int, tuple[ServiceClass, list[ItemVersion]]] = {}
    for version in versions:
        one = version.item.service_class
        grouped.setdefault(one.pk, (one, []))[1].append(version)
    return list(grouped.values())
