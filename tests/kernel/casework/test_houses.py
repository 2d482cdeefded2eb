"""Whose procedures come before whom: those of a house stay within it, and whoever stands above meets them too."""

import re

import pytest
from django.test import Client

from tests.builders import LONG_AGO, NOON, a_county, a_post, an_account
from yiwang.kernel.access.queries import standing_of
from yiwang.kernel.casework.filters import state_choices
from yiwang.kernel.casework.queries import procedures_met_by
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.enums import UnitKind
from yiwang.kernel.people.models import Account

pytestmark = pytest.mark.django_db
BACKEND = "yiwang.kernel.people.backends.AccountBackend"
OWN, ANYBODYS = "community_order", "petition"


@pytest.fixture
def people() -> dict[str, Account]:
    """The head of the service centre, of one of its companies, of the water bureau, and the county's leader."""
    county = a_county()
    centre = found_unit(
        code="centre-h",
        name="社区服务中心",
        kind=UnitKind.OFFICE,
        valid_from_on=LONG_AGO,
        parent=county.unit("county"),
        functions=("community.centre",),
    )
    company = found_unit(
        code="company-h", name="云川顺手家政", kind=UnitKind.COMPANY, valid_from_on=LONG_AGO, parent=centre
    )
    accounts = {"centre": an_account("中心主任"), "company": an_account("企业负责人")}
    a_post(accounts["centre"], centre, "head")
    a_post(accounts["company"], company, "head")
    return accounts | {"water": county.accounts["water.head"], "leader": county.accounts["county.leader"]}


def met(account: Account) -> list[str]:
    """The keys of the procedures that somebody meets, in order."""
    return [one.key for one in procedures_met_by(standing_of(account.pk), on=NOON.date())]


def test_those_of_a_house_meet_its_procedures_first(people: dict[str, Account]) -> None:
    for who in ("centre", "company"):
        keys = met(people[who])
        assert OWN in keys
        assert keys.index(OWN) < keys.index(ANYBODYS)


def test_other_units_do_not_meet_them(people: dict[str, Account]) -> None:
    keys = met(people["water"])
    assert OWN not in keys
    assert ANYBODYS in keys


def test_whoever_stands_above_meets_them_without_being_at_home(people: dict[str, Account]) -> None:
    keys = met(people["leader"])
    assert keys.index(ANYBODYS) < keys.index(OWN)


def test_a_list_offers_only_states_that_may_come(people: dict[str, Account]) -> None:
    on = NOON.date()
    of_water = dict(state_choices(procedures_met_by(standing_of(people["water"].pk), on=on)))
    of_centre = dict(state_choices(procedures_met_by(standing_of(people["centre"].pk), on=on)))
    assert "under_way" not in of_water
    assert "under_way" in of_centre


def tabs(account: Account, address: str) -> list[tuple[str, bool]]:
    """The institutions that the page of figures offers, and which of them it shows."""
    browser = Client()
    browser.force_login(account, backend=BACKEND)
    page = browser.get(address).content.decode()
    links = re.findall(r'<a href="/stats/\?month=2026-07(&amp;of=\w+)?"( aria-current="\w+")?', page)
    return [(of.removeprefix("&amp;of=") or "petitions", bool(current)) for of, current in links][:2]


def test_figures_open_with_ones_own_house(people: dict[str, Account]) -> None:
    assert tabs(people["leader"], "/stats/?month=2026-07") == [("petitions", True), ("community", False)]
    assert tabs(people["centre"], "/stats/?month=2026-07&of=community") == [
        ("community", True),
        ("petitions", False),
    ]
