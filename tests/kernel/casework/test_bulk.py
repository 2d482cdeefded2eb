"""Several matters at once: each goes by itself, and each that can't says why."""

import pytest

from tests.builders import a_county, a_petition, moved
from tests.kernel.casework.screens import fresh, listed, signed_in, words
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.models import JournalEntry, Watch

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return a_county()


def handed(client, cases, unit, *, key="abc", **data):
    """Hand cases over in one go."""
    return client.post(
        "/desk/several/",
        {
            "action": "hand_over_now",
            "row": [case.pk for case in cases],
            "verb": "forward",
            "unit_id": unit,
            "request_key": key,
            **data,
        },
    )


def test_each_goes_by_itself_and_those_that_can_t_say_why(client, county):
    free, gone = a_petition(county).case, a_petition(county).case
    accusing = a_petition(county, purpose="accusation", accused_unit_ids=(county.unit("water").pk,)).case
    moved(gone, "forward", by=county.standing("office.clerk"), unit_id=county.unit("heping").pk)
    answer = handed(
        signed_in(client, county, "office.clerk"), [free, gone, accusing], "水务局", note="请办理"
    )
    assert [one.number for one in answer.context["done"]] == [free.number]
    assert {one.number: one.fault for one in answer.context["failed"]} == {
        gone.number: "不在您手里，或已经转走。",
        accusing.number: "该事项反映的就是这个单位，不得转给它（《信访工作条例》第三十条）。",
    }
    holders = [fresh(case).holder_unit_id for case in (free, gone, accusing)]
    assert holders == [county.unit(name).pk for name in ("water", "heping", "office")]


def test_the_same_page_sent_twice_counts_once(client, county):
    case = a_petition(county).case
    signed_in(client, county, "office.clerk")
    for _ in range(2):
        answer = handed(client, [case], "水务局")
        assert [one.fault for one in answer.context["done"]] == [""]
    with acting_as_system():
        assert JournalEntry.objects.filter(case=case).count() == 2


def test_a_mistake_keeps_what_was_typed_and_the_rows(client, county):
    case = a_petition(county).case
    answer = handed(signed_in(client, county, "office.clerk"), [case], "没有这个局", note="写好的话")
    page = words(answer)
    assert answer.status_code == 422
    assert ("写好的话" in page, f'name="row" value="{case.pk}"' in page) == (True, True)
    assert fresh(case).holder_unit_id == county.unit("office").pk


def test_the_chosen_rows_come_to_a_page_that_asks_for_the_unit(client, county):
    cases = [a_petition(county).case for _ in range(2)]
    signed_in(client, county, "office.clerk")
    page = client.post("/desk/several/", {"action": "hand_over", "row": [case.pk for case in cases]})
    assert "移交 2 件事项" in words(page)
    assert client.post("/desk/several/", {"action": "hand_over"})["Location"] == "/desk/"


def test_rows_of_others_are_as_if_they_weren_t_there(client, county):
    case = a_petition(county).case
    signed_in(client, county, "water.clerk")
    assert handed(client, [case], "和平乡")["Location"] == "/desk/"
    client.post("/desk/several/", {"action": "watch", "row": [case.pk]})
    assert Watch.objects.count() == 0
    assert fresh(case).holder_unit_id == county.unit("office").pk


def test_several_are_watched_and_watched_no_longer(client, county):
    cases = [a_petition(county).case for _ in range(2)]
    signed_in(client, county, "office.clerk")
    rows = [case.pk for case in cases]
    client.post("/desk/several/", {"action": "watch", "row": rows})
    assert listed(client.get("/desk/watched/")) == [case.title for case in reversed(cases)]
    client.post("/desk/several/", {"action": "unwatch", "row": rows[:1]})
    assert listed(client.get("/desk/watched/")) == [cases[1].title]


@pytest.mark.parametrize(
    "back", ["https://evil.example/desk/", "//evil.example/desk/", "/desk/unit/?part=out"]
)
def test_the_way_back_leads_to_our_own_lists_only(client, county, back):
    signed_in(client, county, "office.clerk")
    answer = client.post("/desk/several/", {"action": "watch", "back": back})
    expected = {"/desk/unit/?part=out": "/desk/unit/?part=out", "https://evil.example/desk/": "/desk/"}
    assert answer["Location"] == expected.get(back, "/desk/")
