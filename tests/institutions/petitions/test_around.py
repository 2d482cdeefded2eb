"""A message goes around whoever it complains of: not in lists, search, counts or on its page (art. 30)."""

from datetime import date

import pytest
from django.test import Client

from tests.builders import LONG_AGO, County, a_county, a_post, an_account
from tests.institutions.petitions.test_write import hand_in, the_case, write_all
from yiwang.institutions.petitions.policies import NoOffice, office_for
from yiwang.institutions.petitions.rules import MAILBOX, PETITION
from yiwang.kernel.access.locks import acting_as
from yiwang.kernel.casework.models import Attachment, Case, JournalEntry, Letter, Party
from yiwang.kernel.casework.policies import may_see, visible
from yiwang.kernel.orgs.actions import found_unit
from yiwang.kernel.orgs.queries import forget_tree, tree

pytestmark = pytest.mark.django_db
NOW = date(2026, 11, 23)
COMPLAINT = {"title": "来访接待态度恶劣", "text": "接待人员当面撕毁材料,拒绝登记。"}


@pytest.fixture
def county() -> County:
    """A small county."""
    return a_county()


def complain(county: County, kind: str, unit: str, *, name: str = "") -> Case:
    """Hand in a complaint about a unit."""
    client = Client()
    changes: dict[str, dict[str, object]] = {
        "what": COMPLAINT,
        "accused": {"accused_unit": county.unit(unit).pk if unit else "", "accused_name": name},
    }
    if kind == PETITION:
        changes["purpose"] = {"purpose": "accusation"}
    write_all(client, county, kind=kind, **changes)
    hand_in(client, kind=kind)
    return the_case()


def what_is_seen(county: County, who: str, case: Case) -> list[int]:
    """How many rows of each table about the case somebody's database session lets through."""
    with acting_as(county.standing(who)):
        return [
            Case.objects.count(),
            *(
                model.objects.filter(case_id=case.pk).count()
                for model in (JournalEntry, Party, Letter, Attachment)
            ),
        ]


@pytest.mark.parametrize(
    ("kind", "unit", "office"),
    [
        (PETITION, "water", "office"),
        (PETITION, "office", "inspection"),
        (MAILBOX, "water", "inspection"),
        (MAILBOX, "office", "inspection"),
        (MAILBOX, "inspection", "office"),
    ],
)
def test_a_complaint_is_registered_by_a_unit_that_it_does_not_complain_of(
    county: County, kind: str, unit: str, office: str
) -> None:
    case = complain(county, kind, unit)
    assert (case.root_unit_id, case.excluded_units) == (county.unit(office).pk, [county.unit(unit).pk])
    assert case.channel == ("mailbox" if kind == MAILBOX else "web")
    assert case.is_confidential


@pytest.mark.parametrize("kind", [PETITION, MAILBOX])
@pytest.mark.parametrize("role", ["clerk", "head"])
def test_the_unit_complained_of_sees_nothing_of_it_anywhere(county: County, kind: str, role: str) -> None:
    case = complain(county, kind, "office")
    who = f"office.{role}"
    standing = county.standing(who)
    assert not may_see(standing, case)
    assert what_is_seen(county, who, case) == [0, 0, 0, 0, 0]
    with acting_as(standing):
        assert Case.objects.filter(visible(standing)).count() == 0
    client = Client()
    client.force_login(county.accounts[who], backend="yiwang.kernel.people.backends.AccountBackend")
    assert client.get(f"/cases/{case.pk}/").status_code == 404
    for address in ("/desk/", "/desk/unit/", "/search/?q=撕毁材料", f"/search/?q={case.number}"):
        page = client.get(address, follow=True).content.decode()
        assert (COMPLAINT["title"] in page, f"/cases/{case.pk}/" in page) == (False, False), address


def test_the_registering_unit_sees_it(county: County) -> None:
    case = complain(county, MAILBOX, "office")
    assert what_is_seen(county, "inspection.clerk", case)[:2] == [1, 1]
    client = Client()
    client.force_login(
        county.accounts["inspection.clerk"], backend="yiwang.kernel.people.backends.AccountBackend"
    )
    assert client.get(f"/cases/{case.pk}/").status_code == 200


def test_somebody_of_the_staff_who_is_named_does_not_see_it_either(county: County) -> None:
    named = an_account("慕容守正")
    a_post(named, county.unit("inspection"), "clerk")
    case = complain(county, MAILBOX, "", name="督查室的 慕容守正")
    assert (case.root_unit_id, case.excluded_accounts) == (county.unit("inspection").pk, [named.pk])
    county.accounts["named"] = named
    assert what_is_seen(county, "named", case) == [0, 0, 0, 0, 0]
    assert what_is_seen(county, "inspection.head", case)[:2] == [1, 1]


def test_a_part_of_an_office_keeps_its_whole_office_from_registering(county: County) -> None:
    part = found_unit(
        code="reception", name="接访科", kind="section", valid_from_on=LONG_AGO, parent=county.unit("office")
    )
    found = office_for(PETITION, accused_unit_ids=[part.pk], on=NOW)
    assert found.pk == county.unit("inspection").pk


def test_when_both_are_complained_of_it_goes_to_the_unit_above(county: County) -> None:
    both = [county.unit("office").pk, county.unit("inspection").pk]
    assert office_for(MAILBOX, accused_unit_ids=both, on=NOW).pk == county.unit("county").pk


def test_without_any_office_nothing_is_promised(db: None) -> None:
    forget_tree()
    assert tree().with_function("petitions.intake", on=NOW) == []
    with pytest.raises(NoOffice):
        office_for(PETITION, accused_unit_ids=[], on=NOW)
