"""A company sets its own prices, places and hours: from a day on, under the ceiling, approved where residents lose."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.builders import NOON
from tests.institutions.community.builders import assigned_order, fresh
from tests.institutions.community.company_builders import Membership, a_membership
from tests.institutions.community.test_company_pages import of_member
from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.models import Team
from yiwang.institutions.community.company_actions import Refused
from yiwang.institutions.community.company_models import OwnPrice, TeamTerms
from yiwang.institutions.community.company_rules import price_needs_approval, serves_less
from yiwang.institutions.community.company_terms import (
    apply_due,
    ask_price,
    ask_team_terms,
    decide,
    price_of,
    prices_in_force,
)
from yiwang.institutions.community.models import ItemVersion, Order
from yiwang.institutions.community.queries import offered
from yiwang.kernel.access.locks import acting_as_system

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
LATER = TODAY + timedelta(days=10)


def the_item() -> ItemVersion:
    """A tap is replaced for 40 yuan, at most 60."""
    return offered(on=TODAY).get(name="水龙头更换")


def asked(of: Membership, fen: int, *, since_on: date = TODAY) -> OwnPrice:
    """What the company's head asks for it."""
    by = of.scene.county.accounts["company.head"]
    code = the_item().item.code
    return ask_price(of.company, code, price_fen=fen, since_on=since_on, by=by, at=NOON)


def test_only_what_takes_something_from_residents_needs_approval() -> None:
    assert [price_needs_approval(fen, catalogue_fen=4000) for fen in (3999, 4000, 4001)] == [
        False,
        False,
        True,
    ]
    week, short = [[0, 480, 1080], [1, 480, 1080]], [[0, 480, 1080], [1, 540, 1080]]
    cases = [
        (([], week), ([], week), False),
        (([7], week), ([], week), True),
        (([7], week), ([7, 8], week), True),
        (([7, 8], week), ([7], week), False),
        (([], week), ([7], week), False),
        (([], short), ([], week), True),
        (([], week), ([], short), False),
        (([], []), ([], week), False),
        (([], week), ([], []), True),
    ]  # fmt: skip
    found = [serves_less(*now, before_areas=before[0], before_hours=before[1]) for now, before, _ in cases]
    assert found == [expected for _now, _before, expected in cases]


def test_a_lower_price_holds_from_its_day_and_a_higher_one_once_approved() -> None:
    of, version = a_membership(), the_item()
    asked(of, 3500, since_on=LATER)
    assert [price_of(of.company.pk, version, on=day) for day in (TODAY, LATER)] == [version.price_fen, 3500]
    dear = asked(of, 5500)
    assert (dear.needs_approval, price_of(of.company.pk, version, on=TODAY)) == (True, version.price_fen)
    head = of.scene.county.accounts["centre.head"]
    with pytest.raises(Refused):
        decide(dear, is_good=False, reason=" ", by=head, at=NOON)
    decide(dear, is_good=True, reason="", by=head, at=NOON)
    assert [price_of(of.company.pk, version, on=day) for day in (TODAY, LATER)] == [5500, 3500]
    assert [row.price_fen for row in prices_in_force(version.item_id, on=TODAY)] == [5500]
    with pytest.raises(Refused):
        decide(dear, is_good=True, reason="", by=head, at=NOON)


@pytest.mark.parametrize(("fen", "days"), [(6001, 0), (3000, -1)])
def test_nothing_above_the_ceiling_and_nothing_in_the_past(fen: int, days: int) -> None:
    of = a_membership()
    with pytest.raises(Refused):
        asked(of, fen, since_on=TODAY + timedelta(days=days))
    assert OwnPrice.objects.filter(asked_at__isnull=False).count() == 0


def test_a_newer_wish_takes_the_place_of_the_one_that_waits() -> None:
    of = a_membership()
    first, second = asked(of, 5000), asked(of, 5100)
    first.refresh_from_db()
    assert (first.is_approved, second.is_waiting) == (False, True)


def test_the_order_says_what_the_company_that_comes_asks() -> None:
    of = a_membership()
    asked(of, 3500)
    order = assigned_order(of.scene, quantity=2)
    with acting_as_system():
        kept = Order.objects.get(pk=fresh(order.case).pk)
    assert (kept.price_fen, kept.ceiling_fen) == (7000, 2 * the_item().ceiling_fen)


def test_a_team_serves_more_at_once_and_less_once_approved_from_its_day() -> None:
    of = a_membership()
    team, by = of.scene.team, of.scene.county.accounts["company.head"]
    place = of.scene.county.unit("nanguan").pk
    week = [[day, 480, 1080] for day in range(7)]
    less = ask_team_terms(team, of.company, areas=[place], hours=week, since_on=LATER, by=by, at=NOON)
    assert less is not None
    assert (less.needs_approval, Team.objects.get(pk=team.pk).areas) == (True, [])
    decide(less, is_good=True, reason="", by=of.scene.county.accounts["centre.clerk"], at=NOON)
    assert Team.objects.get(pk=team.pk).areas == []
    assert [apply_due(at=NOON + timedelta(days=10)), apply_due(at=NOON + timedelta(days=11))] == [1, 0]
    team = Team.objects.get(pk=team.pk)
    assert (team.areas, team.hours) == ([place], week)
    more = ask_team_terms(
        team, of.company, areas=[], hours=[], since_on=LATER, by=by, at=NOON + timedelta(days=10)
    )
    assert more is not None
    assert (more.needs_approval, Team.objects.get(pk=team.pk).areas, more.applied_at is None) == (
        False,
        [],
        False,
    )


def test_the_pages_ask_approve_and_show_it() -> None:
    of = a_membership()
    head, clerk, code = of_member(of, "company.head"), of_member(of, "centre.clerk"), the_item().item.code
    url, today = reverse("community:own_prices"), timezone.localdate()
    over = head.post(url, {"item": code, "price": "60.01", "since_on": today})
    assert (over.status_code, "最高60元" in over.content.decode()) == (422, True)
    assert head.post(url, {"item": code, "price": "55", "since_on": today}).status_code == 303
    item = reverse("community:item", args=[code])
    assert "55元" not in head.get(item).content.decode()
    row = OwnPrice.objects.get(price_fen=5500)
    approvals = reverse("community:approvals")
    assert "55元" in clerk.get(approvals).content.decode()
    assert head.get(approvals).status_code == 403
    assert clerk.post(approvals, {"kind": "price", "number": row.pk, "do": "good"}).status_code == 303
    assert "55元" in head.get(item).content.decode()
    team = reverse("community:own_team", args=[of.scene.team.pk])
    dispatch.change_team(of.scene.team.pk, {"skills": ["plumbing"]})
    place = of.scene.county.unit("nanguan").pk
    told = {"name": "一队", "skills": ["plumbing"], "base": place, "areas": [place], "capacity": 3}
    assert head.post(team, told).status_code == 303
    terms = TeamTerms.objects.get()
    assert (terms.is_waiting, Team.objects.get(pk=of.scene.team.pk).areas) == (True, [])
    assert "一队" in clerk.get(approvals).content.decode()
    clerk.post(approvals, {"kind": "terms", "number": terms.pk, "do": "bad", "reason": "北门无人服务"})
    assert "北门无人服务" in head.get(team).content.decode()
