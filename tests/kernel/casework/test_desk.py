"""The desk: what waits for whom, in which order, page by page; and what must not be seen there."""

import pytest

from tests.builders import a_county, a_petition
from yiwang.kernel.access.locks import acting_as_system

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return a_county()


def signed_in(client, county, name):
    client.force_login(county.accounts[name], backend="yiwang.kernel.people.backends.AccountBackend")
    return client


def listed(response):
    """The titles of the rows of a list, in order."""
    return [row.title for row in response.context["table"].rows]


def test_a_new_petition_waits_for_the_petition_office_and_for_nobody_else(client, county):
    case = a_petition(county).case
    found = {
        name: listed(signed_in(client, county, name).get("/desk/"))
        for name in ("office.clerk", "office.head", "water.clerk")
    }
    assert found == {"office.clerk": [case.title], "office.head": [case.title], "water.clerk": []}


def test_the_page_of_a_case_shows_it_and_a_step_is_taken_there(client, county):
    case = a_petition(county).case
    signed_in(client, county, "office.clerk")
    page = client.get(f"/cases/{case.pk}/")
    assert page.status_code == 200
    form = page.context["moves"][0]
    assert form.name == "forward"
    answer = client.post(
        f"/cases/{case.pk}/steps/forward/",
        {"unit_id": "水务局", "unit_id_key": "", "note": "请核实", "request_key": "k1", "seen_length": "1"},
    )
    assert (answer.status_code, answer["Location"]) == (303, f"/cases/{case.pk}/")
    with acting_as_system():
        case.refresh_from_db()
    assert case.holder_unit_id == county.unit("water").pk
