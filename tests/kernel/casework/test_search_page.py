"""Finding matters: by number, receipt, name and text; and never what mustn't be known of."""

from datetime import timedelta

import pytest

from tests.builders import NOON, PartyData, a_county, a_petition, moved
from tests.kernel.casework.screens import listed, queries_of, signed_in, words
from yiwang.kernel.casework.pages import search
from yiwang.kernel.casework.queries import findable
from yiwang.kernel.search.queries import count

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return a_county()


def named(response):
    """The titles of the matters brought by somebody of the name asked for."""
    return [row.title for row in response.context["named"].rows] if response.context["named"] else []


def test_a_number_or_a_receipt_code_opens_its_matter_at_once(client, county):
    made = a_petition(county)
    signed_in(client, county, "office.clerk")
    address = f"/cases/{made.case.pk}/"
    typed = (made.case.number, made.receipt_code, made.receipt_code.lower().replace("-", " "))
    assert [client.get("/search/", {"q": text})["Location"] for text in typed] == [address] * 3
    signed_in(client, county, "water.clerk")
    assert [client.get("/search/", {"q": text}).status_code for text in typed] == [200] * 3


def test_text_is_found_by_any_part_of_it_and_the_part_is_marked(client, county):
    case = a_petition(county, text="桥头的路灯坏了三盏,晚上看不见。").case
    a_petition(county)
    page = signed_in(client, county, "office.clerk").get("/search/", {"q": "路灯坏"})
    assert listed(page) == [case.title]
    assert "<mark>路灯坏</mark>" in words(page)


def test_a_whole_name_finds_people_and_shows_them_masked(client, county):
    case = a_petition(county, parties=(PartyData(name="慕容 小雨"),)).case
    page = signed_in(client, county, "office.clerk").get("/search/", {"q": "慕容小雨"})
    assert named(page) == [case.title]
    assert "慕**" in words(page)
    assert "慕容 小雨" not in words(page)


def test_what_is_found_by_a_name_doesn_t_show_the_name(client, county):
    case = a_petition(county, parties=(PartyData(name="慕容小雨"),)).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    page = signed_in(client, county, "office.clerk").get("/search/", {"q": "慕容"})
    assert listed(page) == [case.title]
    assert "慕容小雨" not in words(page)


def test_an_accusation_isn_t_found_by_those_it_accuses_nor_counted_for_them(client, county):
    accused = county.accounts["heping.clerk"]
    case = a_petition(
        county,
        purpose="accusation",
        text="举报白云石料厂偷排",
        accused_unit_ids=(county.unit("water").pk,),
        accused_account_ids=(accused.pk,),
    ).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("heping").pk)
    found = {}
    for name in ("office.clerk", "heping.head", "heping.clerk", "water.clerk"):
        page = signed_in(client, county, name).get("/search/", {"q": "白云石料厂"})
        found[name] = (listed(page), "1" in str(page.context["total"]))
    assert found == {
        "office.clerk": ([case.title], True),
        "heping.head": ([case.title], True),
        "heping.clerk": ([], False),
        "water.clerk": ([], False),
    }


def test_filters_narrow_what_is_found(client, county):
    one = a_petition(county, at=NOON - timedelta(days=9), channel="phone").case
    a_petition(county, channel="web")
    signed_in(client, county, "office.clerk")
    assert listed(client.get("/search/", {"q": "漏水", "channel": "phone"})) == [one.title]
    assert listed(client.get("/search/", {"q": "漏水", "channel": "letter"})) == []


def test_pages_follow_one_another(client, county):
    cases = [a_petition(county, at=NOON - timedelta(hours=place)).case.title for place in range(53)]
    signed_in(client, county, "office.clerk")
    first = client.get("/search/", {"q": "漏水"})
    second = client.get("/search/" + first.context["next_url"])
    assert listed(first) + listed(second) == cases
    assert second.context["next_url"] == ""


def test_the_number_stands_beside_the_page_whether_it_is_full_or_not(client, county, monkeypatch):
    monkeypatch.setattr(search, "PAGE_SIZE", 3)
    signed_in(client, county, "office.clerk")
    said = []
    for number in range(5):
        page = client.get("/search/", {"q": "漏水"})
        counted = count("漏水", kind="case", predicate=findable(county.standing("office.clerk")))
        said.append((page.context["total"], str(counted), page.context["next_url"] != ""))
        a_petition(county, at=NOON + timedelta(hours=number))
    assert said == [(f"找到 {number} 件", str(number), number >= 3) for number in range(5)]
    assert client.get("/search/", {"q": "没有这样的词"}).context["total"] == "找到 0 件"


@pytest.mark.parametrize("text", ["没有这样的词", "%", "<b>", "'; --", "\x00x", "㊙"])
def test_nothing_found_says_so_and_what_to_do(client, county, text):
    a_petition(county)
    page = signed_in(client, county, "office.clerk").get("/search/", {"q": text})
    assert page.status_code == 200
    assert "<h2>没有找到</h2>" in words(page)
    assert "<b>" not in words(page)


def test_too_long_a_question_gets_a_sentence(client, county):
    page = signed_in(client, county, "office.clerk").get("/search/", {"q": "长" * 1500})
    assert page.status_code == 422
    assert "请只取其中几个词" in words(page)


def test_fifty_hits_cost_as_many_queries_as_one(client, county):
    a_petition(county)
    signed_in(client, county, "office.clerk")
    one = queries_of(client, "/search/?q=漏水")
    for _ in range(48):
        a_petition(county)
    assert queries_of(client, "/search/?q=漏水") == one
    assert one <= 10
