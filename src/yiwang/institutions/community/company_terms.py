"""What a company sets itself: its prices under the ceilings, and where and when its teams serve; each from a day on.

A price above the catalogue's own, and anything by which residents would lose a place or an hour, waits for the
centre's office; the rest holds by itself. Nothing is overwritten: what held on a day can be told later.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.models import Team
from yiwang.institutions.community.company_actions import Refused
from yiwang.institutions.community.company_models import Company, OwnPrice, OwnVersion, TeamTerms
from yiwang.institutions.community.company_rules import price_needs_approval, serves_less
from yiwang.institutions.community.models import ItemVersion
from yiwang.institutions.community.queries import named, version_offered
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.people.models import Account

IN_FORCE = Q(needs_approval=False) | Q(is_approved=True)
V = TypeVar("V", bound=OwnVersion)


# ------------------------------------------------------------------------------------------------------- reading


def prices_in_force(item_id: int, *, on: date) -> list[OwnPrice]:
    """What each member asks for an item on a day, the cheapest first; one query."""
    rows = (
        OwnPrice.objects.filter(IN_FORCE, item_id=item_id, since_on__lte=on, company__ended_on__isnull=True)
        .select_related("company__unit")
        .order_by("company", "-since_on", "-pk")
    )
    newest: dict[int, OwnPrice] = {}
    for row in rows:
        newest.setdefault(row.company_id, row)
    return sorted(newest.values(), key=lambda row: (row.price_fen, row.company_id))


def price_of(company_id: int, version: ItemVersion, *, on: date) -> int:
    """What a company asks for an item on a day, in fen: its own price, never above the ceiling, else the catalogue's."""
    row = (
        OwnPrice.objects.filter(IN_FORCE, company_id=company_id, item_id=version.item_id, since_on__lte=on)
        .order_by("-since_on", "-pk")
        .first()
    )
    return min(row.price_fen, version.ceiling_fen) if row is not None else version.price_fen


@dataclass(frozen=True)
class Waiting:
    """What the office has to decide."""

    prices: Sequence[OwnPrice]
    terms: Sequence[TeamTerms]

    def __len__(self) -> int:
        return len(self.prices) + len(self.terms)


def waiting() -> Waiting:
    """Everything that companies have asked for and the office hasn't decided, the oldest first; two queries."""
    undecided = Q(needs_approval=True, is_approved__isnull=True)
    prices = OwnPrice.objects.filter(undecided).select_related("company__unit", "item")
    terms = TeamTerms.objects.filter(undecided).select_related("company__unit")
    return Waiting(list(prices.order_by("asked_at")[:100]), list(terms.order_by("asked_at")[:100]))


# ------------------------------------------------------------------------------------------------------- asking


def _check_day(since_on: date, *, at: datetime) -> None:
    if since_on < timezone.localdate(at):
        raise Refused(_("Please choose today or a later day."))


def _replace_waiting(rows: QuerySet[V], *, at: datetime) -> None:
    rows.filter(needs_approval=True, is_approved__isnull=True).update(
        is_approved=False, decided_at=at, reason=_("Replaced by a newer one.")
    )


@transaction.atomic
def ask_price(
    company: Company, code: str, *, price_fen: int, since_on: date, by: Account | None, at: datetime
) -> OwnPrice:
    """A company asks another price for an item from a day on. Raises `Refused` with a sentence."""
    _check_day(since_on, at=at)
    version = version_offered(code, on=since_on)
    if version is None or version.item.service_class.key not in company.classes:
        raise Refused(_("Your company doesn't offer this service on that day."))
    if price_fen > version.ceiling_fen:
        words = {"item": named(version), "most": f"{version.ceiling_fen / 100:g}"}
        raise Refused(_("%(item)s: at most %(most)s yuan may be asked.") % words)
    Company.objects.select_for_update().get(pk=company.pk)
    _replace_waiting(OwnPrice.objects.filter(company=company, item=version.item), at=at)
    return OwnPrice.objects.create(
        company=company,
        item=version.item,
        price_fen=price_fen,
        since_on=since_on,
        asked_at=at,
        asked_by=by,
        needs_approval=price_needs_approval(price_fen, catalogue_fen=version.price_fen),
    )


@transaction.atomic
def ask_team_terms(
    team: Team,
    company: Company,
    *,
    areas: Sequence[int],
    hours: Sequence[Sequence[int]],
    since_on: date,
    by: Account | None,
    at: datetime,
) -> TeamTerms | None:
    """A company lets a team serve elsewhere or at other times from a day on; nothing when nothing changes.

    Raises `Refused`.
    """
    kept_hours = [list(span) for span in hours]
    if sorted(areas) == sorted(team.areas) and kept_hours == [list(span) for span in team.hours]:
        return None
    _check_day(since_on, at=at)
    Company.objects.select_for_update().get(pk=company.pk)
    _replace_waiting(TeamTerms.objects.filter(team_id=team.pk), at=at)
    asked = TeamTerms.objects.create(
        company=company,
        team_id=team.pk,
        areas=sorted(areas),
        hours=kept_hours,
        since_on=since_on,
        asked_at=at,
        asked_by=by,
        needs_approval=serves_less(areas, kept_hours, before_areas=team.areas, before_hours=team.hours),
    )
    apply_due(at=at)
    asked.refresh_from_db()
    return asked


# ------------------------------------------------------------------------------------------------------ deciding


@transaction.atomic
def decide(row: OwnPrice | TeamTerms, *, is_good: bool, reason: str, by: Account, at: datetime) -> None:
    """The office approves what a company asked for, from its day or from today, or turns it down with a reason.

    Raises `Refused` when it was decided before or no reason is given.
    """
    found = type(row).objects.select_for_update().get(pk=row.pk)
    if not found.is_waiting:
        raise Refused(_("This was decided before."))
    if not is_good and not reason.strip():
        raise Refused(_("Please say why."))
    found.is_approved, found.decided_at, found.decided_by = is_good, at, by
    found.reason = clean_line(reason)[:200]
    found.since_on = max(found.since_on, timezone.localdate(at))
    found.save(update_fields=["is_approved", "decided_at", "decided_by", "reason", "since_on"])
    apply_due(at=at)


@transaction.atomic
def apply_due(*, at: datetime) -> int:
    """Tell dispatch where and when teams serve from today on; returns how many versions came into force."""
    due = TeamTerms.objects.select_for_update().filter(
        IN_FORCE, applied_at__isnull=True, since_on__lte=timezone.localdate(at)
    )
    rows = list(due.order_by("since_on", "pk"))
    for row in rows:
        dispatch.change_team(row.team_id, {"areas": row.areas, "hours": row.hours})
        row.applied_at = at
        row.save(update_fields=["applied_at"])
    return len(rows)
