"""The demo county: filled once, sound, and nobody's password outside demo mode."""

from datetime import UTC, datetime

import pytest

from yiwang.facilities.lawbook.linking import forget_texts, place_of
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.problems import Problem
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.registry import declared
from yiwang.kernel.casework.verification import verify
from yiwang.kernel.orgs.queries import tree
from yiwang.kernel.people.models import Account, Delegation, Post
from yiwang.site import demo
from yiwang.site.demo.orders import LIVES
from yiwang.site.demo.statutes import shelve

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_the_demo_county_is_filled_once_and_is_sound() -> None:
    number = demo.fill(at=AT, number=60)
    with acting_as_system():
        orders = Case.objects.filter(type_key="community_order")
        companies = Case.objects.filter(institution="community").exclude(type_key="community_order")
        assert (number, orders.count(), companies.count()) == (60, len(LIVES), 4)
        office = Case.objects.filter(institution="office")
        assert (office.filter(type_key="task").count(), office.exclude(type_key="task").count()) == (3, 20)
        assert Case.objects.filter(institution="information").count() == 6
        assert Case.objects.count() == 60 + len(LIVES) + 4 + 31
        outcome = verify()
        assert (outcome.cases, outcome.shown) == (60 + len(LIVES) + 4 + 31, [])
        assert len(set(orders.values_list("state", flat=True))) == 10
        states = set(Case.objects.values_list("state", flat=True))
        assert {"registered", "transferred", "handling"} <= states
        assert not Case.objects.filter(last_at__gt=AT).exists()
    with pytest.raises(Problem):
        demo.fill(at=AT, number=1)


@pytest.mark.django_db
def test_everybody_the_demo_offers_can_sign_in_and_every_unit_has_english() -> None:
    demo.fill(at=AT, number=0)
    for _label, username, password in demo.sign_ins():
        assert Account.objects.get(username=username).check_password(password)
    assert [unit.code for unit in tree().units.values() if not unit.name_en] == []


@pytest.mark.django_db
def test_something_waits_for_the_security_officer() -> None:
    demo.fill(at=AT, number=0)
    assert Post.objects.filter(granted_at__isnull=True, refused_at__isnull=True).count() == 2
    assert Delegation.objects.count() == 1


REGULATIONS_NOT_SHELVED = {"信访工作条例", "党政机关公文处理工作条例"}
"""The source of the demo's texts holds laws only, no regulations."""


@pytest.mark.django_db
def test_every_law_that_a_procedure_cites_can_be_read_in_the_demo() -> None:
    shelve(at=AT)
    forget_texts()
    cited = {
        (one.law.title, one.article): place_of(one, AT.date())
        for kind in declared()
        for _part, one in kind.citations()
    }
    dead = {title for (title, _article), url in cited.items() if not url}
    assert (dead, len({title for title, _article in cited} - dead)) == (REGULATIONS_NOT_SHELVED, 5)
    forget_texts()
