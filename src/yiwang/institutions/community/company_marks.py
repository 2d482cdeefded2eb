"""How well companies do: every figure is counted from orders and can be opened to them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import transaction

from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.enums import JobState, OfferState
from yiwang.facilities.dispatch.models import Job, Offer, Team
from yiwang.institutions.community.casetypes.order_2026 import KEY, REFUSED, SOLVED, UNREACHED
from yiwang.institutions.community.company_enums import Figure
from yiwang.institutions.community.company_models import Company, Mark, OrderLeftOut
from yiwang.institutions.community.company_rules import Rate, band_of, next_month
from yiwang.institutions.community.rules import CHINA
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import JournalEntry

CONTENT_FROM = 4
"""From this grade on somebody counts as content."""

SPOKEN = ("call_back", "evaluate", "dispute", "decide")


@dataclass(frozen=True)
class Counted:
    """That an order counts for a figure, and whether it speaks for the company."""

    company_id: int
    figure: str
    case_id: int
    is_good: bool


def counted(company_ids: Sequence[int], *, month_on: date) -> list[Counted]:
    """Every order that counts for some figure of a month, without those left out after an appeal; five queries."""
    begins, ends = (datetime.combine(day, time(), CHINA) for day in (month_on, next_month(month_on)))
    with acting_as_system():
        rows = [*_answers(company_ids, begins, ends), *_work(company_ids, begins, ends)]
    left = OrderLeftOut.objects.filter(company_id__in=company_ids).values_list(
        "company_id", "order_id", "figure"
    )
    left_out = set(left)
    return [row for row in rows if (row.company_id, row.case_id, row.figure) not in left_out]


def _answers(company_ids: Sequence[int], begins: datetime, ends: datetime) -> Iterator[Counted]:
    offers = Offer.objects.filter(
        team__unit_id__in=company_ids,
        offered_at__gte=begins,
        offered_at__lt=ends,
        job__subject_kind=KEY,
        state__in=(OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED),
    )
    for company_id, case_id, state in offers.values_list("team__unit_id", "job__subject_id", "state"):
        yield Counted(company_id, Figure.RESPONSE, case_id, state != OfferState.EXPIRED)


def _work(company_ids: Sequence[int], begins: datetime, ends: datetime) -> Iterator[Counted]:
    done = Job.objects.filter(
        team__unit_id__in=company_ids,
        subject_kind=KEY,
        state=JobState.DONE,
        finished_at__gte=begins,
        finished_at__lt=ends,
    )
    jobs = list(done.select_related("team").order_by("finished_at", "pk"))
    said = _said([job.subject_id for job in jobs])
    for job in jobs:
        company_id = job.team.unit_id if job.team else 0
        if job.started_at is not None:
            is_in_time = job.started_at <= job.window_until_at
            yield Counted(company_id, Figure.ON_TIME, job.subject_id, is_in_time)
        yield from (
            Counted(company_id, figure, job.subject_id, is_good)
            for figure, is_good in _spoken(said[job.subject_id], job)
        )


def _said(case_ids: Sequence[int]) -> dict[int, list[JournalEntry]]:
    found: dict[int, list[JournalEntry]] = defaultdict(list)
    entries = JournalEntry.objects.filter(case_id__in=case_ids, verb__in=(*SPOKEN, "finish"))
    for entry in entries.order_by("case_id", "number"):
        found[entry.case_id].append(entry)
    return found


def _spoken(entries: Sequence[JournalEntry], job: Job) -> Iterator[tuple[str, bool]]:
    """What was said after this work and before the next: outcome, grade, dispute and what was decided of it."""
    after: list[JournalEntry] = []
    for entry in entries:
        if entry.verb == "finish":
            if after and job.finished_at and entry.at > job.finished_at:
                break
            after = []
        elif job.finished_at and entry.at >= job.finished_at:
            after.append(entry)
    by_verb = {entry.verb: entry.data for entry in after}
    outcome = by_verb.get("call_back", {}).get("outcome", UNREACHED)
    if outcome != UNREACHED:
        yield Figure.SOLVED, outcome == SOLVED
    grade = by_verb.get("evaluate", by_verb.get("call_back", {})).get("grade_unit")
    if grade is not None:
        yield Figure.SATISFIED, int(grade) >= CONTENT_FROM
    is_held_against = "dispute" in by_verb and by_verb.get("decide", {}).get("decision") != REFUSED
    yield Figure.UNDISPUTED, not is_held_against


def count_month(month_on: date, *, at: datetime, company_ids: Sequence[int] | None = None) -> int:
    """Count a month of every company that was a member in it, anew when it was counted before; returns how many.

    The newest month's band goes to the company's teams, where dispatch weighs it.
    """
    companies = Company.objects.filter(joined_on__lt=next_month(month_on)).order_by()
    if company_ids is not None:
        companies = companies.filter(pk__in=company_ids)
    ids = list(companies.values_list("pk", flat=True))
    rates: dict[int, dict[str, Rate]] = {pk: {figure: Rate() for figure in Figure.values} for pk in ids}
    orders: dict[int, set[int]] = defaultdict(set)
    for row in counted(ids, month_on=month_on):
        of = rates[row.company_id]
        of[row.figure] = of[row.figure].added(is_good=row.is_good)
        orders[row.company_id].add(row.case_id)
    for pk in ids:
        _keep(pk, month_on, rates[pk], orders=len(orders[pk]), at=at)
    return len(ids)


def _keep(company_id: int, month_on: date, rates: dict[str, Rate], *, orders: int, at: datetime) -> None:
    band = band_of(rates, orders=orders)
    counts = {figure: [rate.good, rate.total] for figure, rate in rates.items()}
    values = {"counts": counts, "orders": orders, "band": band}
    with transaction.atomic():
        mark, is_new = Mark.objects.get_or_create(
            company_id=company_id, month_on=month_on, defaults={**values, "counted_at": at}
        )
        if not is_new:
            # The term for appeals runs from the first count after the month's end.
            if mark.counted_at.astimezone(CHINA).date() < next_month(month_on):
                mark.counted_at = at
            for name, value in values.items():
                setattr(mark, name, value)
            mark.save()
        newest = newest_bands([company_id]).get(company_id, "")
        others = Team.objects.filter(unit_id=company_id).exclude(band=newest).order_by("pk")
        for team_id in others.values_list("pk", flat=True):
            dispatch.change_team(team_id, {"band": newest})


def newest_bands(company_ids: Sequence[int]) -> dict[int, str]:
    """The band of each company's newest month that had enough orders for one; one query."""
    marks = Mark.objects.filter(company_id__in=company_ids).exclude(band="").order_by("month_on")
    return dict(marks.values_list("company_id", "band"))
