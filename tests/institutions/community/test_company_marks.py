"""Marks come from orders, open to them, and can be appealed against; nothing that a resident said is removed."""

from datetime import date, timedelta

import pytest

from tests.builders import NOON, moved
from tests.institutions.community.builders import (
    assigned_order,
    finished_order,
    offer_of,
    offered_order,
    step,
    verbs,
)
from tests.institutions.community.company_builders import Membership, a_membership, somebody_of
from yiwang.facilities.dispatch import actions as dispatch
from yiwang.facilities.dispatch.models import Team
from yiwang.institutions.community.company_actions import Refused
from yiwang.institutions.community.company_acts import appeal
from yiwang.institutions.community.company_marks import count_month
from yiwang.institutions.community.company_models import Mark, OrderLeftOut
from yiwang.institutions.community.company_queries import orders_behind
from yiwang.institutions.community.company_rules import Rate, band_of, rates_of
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import Case

pytestmark = pytest.mark.django_db
NOVEMBER = date(2026, 11, 1)
LATER = NOON + timedelta(days=10)


def a_bad_order(of: Membership) -> Case:
    """An order that the call-back found not done; it opens again at once."""
    case = finished_order(of.scene).case
    step(
        case,
        "call_back",
        by=of.scene.standing("centre.agent"),
        way="call",
        outcome="unsolved",
        grade_unit=1,
        grade_office=3,
    )
    return case


def rates(of: Membership) -> dict[str, Rate]:
    """The rates of November as they were counted."""
    count_month(NOVEMBER, at=LATER)
    return rates_of(Mark.objects.get(company=of.company).counts)


def test_each_figure_is_counted_from_the_orders_of_the_company() -> None:
    of = a_membership()
    good = finished_order(of.scene).case
    step(
        good,
        "call_back",
        by=of.scene.standing("centre.agent"),
        way="call",
        outcome="solved",
        grade_unit=5,
        grade_office=5,
    )
    a_bad_order(of)
    counted = rates(of)
    assert counted["response"] == Rate(2, 2)
    assert counted["on_time"] == Rate(2, 2)
    assert counted["solved"] == Rate(1, 2)
    assert counted["satisfied"] == Rate(1, 2)
    assert counted["undisputed"] == Rate(2, 2)


def test_an_offer_that_ran_out_counts_against_the_company_one_declined_does_not() -> None:
    of = a_membership()
    offered_order(of.scene)
    with acting_as_system():
        dispatch.expire(at=NOON + timedelta(hours=1))
    second = offered_order(of.scene)
    dispatch.decline(offer_of(second.case).pk, reason="无配件", by=of.scene.worker, at=NOON)
    assert rates(of)["response"] == Rate(1, 2)


def test_a_dispute_that_was_refused_is_not_held_against_the_company() -> None:
    of = a_membership()
    cases = [finished_order(of.scene).case for _ in range(2)]
    for case in cases:
        step(case, "dispute", by=of.scene.standing("centre.agent"), wish="refund", reasons="收费不符。")
    step(
        cases[0], "decide", by=of.scene.standing("centre.head"), decision="refused", reasons="收费符合约定。"
    )
    assert rates(of)["undisputed"] == Rate(1, 2)


def test_every_figure_opens_its_orders_the_bad_ones_first() -> None:
    of = a_membership()
    good = finished_order(of.scene).case
    step(good, "call_back", by=of.scene.standing("centre.agent"), way="call", outcome="solved")
    bad = a_bad_order(of)
    behind = orders_behind(of.company, figure="solved", month_on=NOVEMBER)
    assert [(one.case.pk, one.is_good) for one in behind] == [(bad.pk, False), (good.pk, True)]


@pytest.mark.parametrize(
    ("share", "orders", "band"), [(1.0, 20, "A"), (0.9, 20, "B"), (0.5, 20, "C"), (1.0, 4, "")]
)
def test_a_band_is_as_good_as_its_worst_figure(share: float, orders: int, band: str) -> None:
    good = Rate(20, 20)
    worst = Rate(round(20 * share), 20)
    figures = {"response": good, "on_time": good, "solved": worst, "satisfied": good, "undisputed": good}
    assert band_of(figures, orders=orders) == band


def test_the_band_of_the_newest_month_goes_to_the_teams() -> None:
    of = a_membership()
    for _ in range(5):
        case = finished_order(of.scene).case
        step(case, "call_back", by=of.scene.standing("centre.agent"), way="call", outcome="solved")
    count_month(NOVEMBER, at=LATER)
    assert Team.objects.get(pk=of.scene.team.pk).band == "A"


def an_appeal(of: Membership, case: Case, *, days: int = 10) -> Case:
    """The company says that an order mustn't count for being done."""
    return appeal(
        of.company,
        month_on=NOVEMBER,
        figure="solved",
        order_id=case.pk,
        reasons="居民不在家。",
        by=somebody_of(of, "company.head"),
        at=NOON + timedelta(days=days),
    )


def test_an_appeal_that_is_right_leaves_the_order_out_and_keeps_what_was_said() -> None:
    of = a_membership()
    bad = a_bad_order(of)
    assert rates(of)["solved"] == Rate(0, 1)
    raised = an_appeal(of, bad)
    before = verbs(bad)
    moved(
        raised, "decide", by=of.scene.standing("centre.head"), at=LATER, decision="upheld", reasons="查实。"
    )
    assert rates_of(Mark.objects.get(company=of.company).counts)["solved"] == Rate(0, 0)
    assert verbs(bad) == before
    assert OrderLeftOut.objects.get().appeal_id == raised.pk


def test_an_appeal_that_is_not_right_changes_nothing() -> None:
    of = a_membership()
    bad = a_bad_order(of)
    rates(of)
    raised = an_appeal(of, bad)
    moved(
        raised,
        "decide",
        by=of.scene.standing("centre.head"),
        at=LATER,
        decision="rejected",
        reasons="不成立。",
    )
    assert rates(of)["solved"] == Rate(0, 1)


def test_an_appeal_comes_once_in_its_term_and_only_about_an_order_that_counts_against() -> None:
    of = a_membership()
    bad = a_bad_order(of)
    with pytest.raises(Refused):
        an_appeal(of, bad)
    rates(of)
    with pytest.raises(Refused):
        an_appeal(of, bad, days=26)
    with pytest.raises(Refused):
        an_appeal(of, assigned_order(of.scene).case)
    an_appeal(of, bad)
    with pytest.raises(Refused):
        an_appeal(of, bad)
