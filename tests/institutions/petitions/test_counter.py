"""The counter registers for somebody: once, by the right unit, with nothing lost and names recorded."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.builders import NOON, County, a_county, a_petition
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.actions import PartyData
from yiwang.kernel.casework.models import Case, JournalEntry, Party

pytestmark = pytest.mark.django_db

TEXT = "村口主水管漏水已有半月,路面结冰,老人小孩出行摔倒,请尽快派人修理。"


@pytest.fixture
def county() -> Iterator[County]:
    """A county with its petition office."""
    with acting_as_system():
        yield a_county()


def signed_in(county: County, name: str = "office.clerk") -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(county.accounts[name], backend="yiwang.kernel.people.backends.AccountBackend")
    return client


def told(**changes: Any) -> dict[str, Any]:
    """What a clerk sends for a typical visit."""
    fields = {
        "go": "register",
        "key": uuid4().hex,
        "channel": "counter",
        "received_on": timezone.localdate().isoformat(),
        "signing": "signed",
        "name": "欧阳建华",
        "phone": "139 0000 0001",
        "title": "村口水管漏水",
        "text": TEXT,
        "purpose": "claim",
    }
    return {**fields, **changes}


def test_registers_and_shows_the_code_once(county: County) -> None:
    client = signed_in(county)
    answer = client.post("/counter/", told())
    assert answer.status_code == 303
    case = Case.objects.get(source="counter")
    assert answer["Location"] == f"/counter/{case.pk}/"
    assert (case.channel, case.root_unit_id, case.state) == ("counter", county.unit("office").pk, "registered")
    page = client.get(answer["Location"]).content.decode()
    assert case.number in page
    assert len(re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", page)) == 1
    client.get("/counter/")
    again = client.get(answer["Location"]).content.decode()
    assert re.findall(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", again) == []


def test_a_double_click_registers_once(county: County) -> None:
    client = signed_in(county)
    once = told()
    first, second = client.post("/counter/", once), client.post("/counter/", once)
    assert first["Location"] == second["Location"]
    assert Case.objects.filter(source="counter").count() == 1


def test_links_what_the_clerk_chose_and_keeps_what_was_left_aside(county: County) -> None:
    earlier = a_petition(county, text=TEXT, parties=(PartyData(name="欧阳建华", phone="13900000001"),)).case
    other = a_petition(county, parties=(PartyData(name="欧阳建华", phone="13900000001"),)).case
    answer = signed_in(county).post(
        "/counter/", told(**{f"verdict-{earlier.pk}": "is", f"verdict-{other.pk}": "not"})
    )
    case = Case.objects.get(source="counter")
    assert (answer.status_code, case.repeat_of_id, case.is_repeat) == (303, earlier.pk, True)
    assert case.facts["not_repeat_of"] == [other.pk]
    entry = JournalEntry.objects.get(case=case, verb="link_repeat")
    assert "同名同电话" in entry.data["reasons"]
    assert Case.objects.count() == 3
