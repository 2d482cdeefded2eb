"""The page of a case: who reads what, what is recorded, and what it costs."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.builders import ANSWER, NOON, PartyData, a_county, a_petition, an_answered_petition, moved
from tests.kernel.casework.screens import queries_of, signed_in, words
from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.casework.audience import topics_of
from yiwang.kernel.casework.models import Letter

pytestmark = pytest.mark.django_db
UYGHUR = "阿卜杜热西提·麦麦提依明·吐尔逊尼亚孜·阿卜杜克里木"


@pytest.fixture
def county():
    return a_county()


def reads():
    """Who read which case for what, as the log says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT actor, purpose, details->>'personal' FROM audit_entry WHERE action = 'case.read' ORDER BY id"
        )
        return cursor.fetchall()


def test_the_holding_unit_reads_names_in_full_and_others_masked_until_they_name_a_purpose(client, county):
    case = a_petition(county, parties=(PartyData(name=UYGHUR, phone="13900001234"),)).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    water, office = county.accounts["water.clerk"].pk, county.accounts["office.clerk"].pk
    address = f"/cases/{case.pk}/"
    assert UYGHUR in words(signed_in(client, county, "water.clerk").get(address))
    masked = words(signed_in(client, county, "office.clerk").get(address))
    assert ("阿**" in masked, UYGHUR in masked, "13900001234" in masked) == (True, False, False)
    shown = words(client.post(address, {"purpose": "answering"}))
    assert (UYGHUR in shown, "13900001234" in shown) == (True, True)
    assert client.post(address, {"purpose": "curious"}).status_code == 302
    assert UYGHUR not in words(client.get(address))
    assert reads() == [
        (water, "handling", "true"),
        (office, "supervising", "false"),
        (office, "answering", "true"),
        (office, "supervising", "false"),
    ]


def test_nobody_outside_the_chain_learns_that_a_matter_exists(client, county):
    case = an_answered_petition(county)
    with acting_as_system():
        letter = Letter.objects.filter(case=case).first()
    signed_in(client, county, "housing.clerk")
    parts = (
        "",
        "print/",
        "why/handling/0/",
        "steps/note/",
        f"letters/{letter.pk}/",
        f"letters/{letter.pk}/pdf/",
        "files/1/",
    )
    assert {part: client.get(f"/cases/{case.pk}/{part}").status_code for part in parts} == dict.fromkeys(
        parts, 404
    )
    assert client.post(f"/cases/{case.pk}/watch/", {"watch": "1"}).status_code == 404
    assert client.get("/cases/999999/").status_code == 404
    assert reads() == []


def test_words_for_the_holding_unit_only_stay_with_it(client, county):
    case = a_petition(county).case
    moved(case, "supplement", by=county.standing("office.clerk"), text="他家住在河边第三户")
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    address = f"/cases/{case.pk}/"
    assert "河边第三户" in words(signed_in(client, county, "water.clerk").get(address))
    assert "河边第三户" not in words(signed_in(client, county, "office.clerk").get(address))


def test_the_line_ends_where_the_matter_is_although_nothing_was_done_there_yet(client, county):
    case = a_petition(county).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    page = signed_in(client, county, "water.clerk").get(f"/cases/{case.pk}/")
    assert [moment.holder for moment in page.context["moments"]] == ["信访局", "信访局", "水务局"]


def test_hostile_words_are_words_everywhere(client, county):
    hostile = "<img src=x onerror=alert(1)>"
    case = a_petition(
        county, title=hostile, text=hostile, place=hostile, parties=(PartyData(name=hostile),)
    ).case
    moved(case, "note", by=county.standing("office.clerk"), text=hostile)
    page = words(signed_in(client, county, "office.clerk").get(f"/cases/{case.pk}/"))
    assert hostile not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") >= 5


def test_the_page_tells_the_way_of_the_matter(client, county):
    case = an_answered_petition(county)
    page = signed_in(client, county, "office.head").get(f"/cases/{case.pk}/")
    assert [(hop.unit, hop.is_here) for hop in page.context["hops"]] == [
        ("信访局", True),
        ("水务局", False),
        ("城关镇", False),
    ]
    assert [moment.holder for moment in page.context["moments"]] == [
        "信访局", "信访局", "水务局", "城关镇", "城关镇", "水务局", "信访局",
    ]  # fmt: skip
    assert [panel.name for panel in page.context["moves"]] == ["serve", "conclude"]
    assert page.context["moves"][0].kind == "main"


def test_the_journal_tells_an_answer_once_and_then_only_what_was_changed(client, county):
    case = a_petition(county).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    moved(case, "accept", by=county.standing("water.clerk"))
    moved(case, "answer", by=county.standing("water.clerk"), **ANSWER)
    moved(case, "issue", by=county.standing("office.head"), **{**ANSWER, "opinion": "已更换整段水管。"})
    page = words(signed_in(client, county, "office.clerk").get(f"/cases/{case.pk}/"))
    told = [ANSWER["facts"], ANSWER["opinion"], ANSWER["basis"], "处理意见：已更换整段水管。"]
    assert [page.count(part) for part in told] == [1, 1, 1, 1]


@pytest.mark.parametrize("name", ["office.clerk", "water.clerk"])
def test_every_clock_explains_its_day(client, county, name):
    case = a_petition(county).case
    moved(case, "forward", by=county.standing("office.clerk"), unit_id=county.unit("water").pk)
    signed_in(client, county, name)
    page = words(client.get(f"/cases/{case.pk}/why/notice/1/"))
    assert "《信访工作条例》第二十三条第三款" in page
    assert "2026年12月8日" in page
    assert "<html" not in words(client.get(f"/cases/{case.pk}/why/notice/1/", headers={"HX-Request": "true"}))
    assert client.get(f"/cases/{case.pk}/why/notice/7/").status_code == 404


def test_fifty_entries_cost_as_many_queries_as_one(client, county):
    case = a_petition(county, by=county.standing("office.clerk")).case
    signed_in(client, county, "office.clerk")
    address = f"/cases/{case.pk}/"
    one = queries_of(client, address)
    for place in range(49):
        name = "office.clerk" if place % 2 else "office.head"
        moved(case, "note", by=county.standing(name), at=NOON + timedelta(hours=place), text="核实。")
    assert queries_of(client, address) == one
    assert one <= 14


def test_news_of_a_matter_kept_from_somebody_is_told_to_people_not_to_units(county):
    plain = a_petition(county).case
    office, heping = county.unit("office").pk, county.unit("heping").pk
    assert topics_of(plain.pk, {office, heping}) == [f"unit:{office}", f"unit:{heping}"]
    recused = county.accounts["office.clerk"].pk
    moved(plain, "recuse", by=county.standing("office.head"), account_id=recused, reasons="亲属。")
    assert topics_of(plain.pk, {office}) == [f"account:{county.accounts['office.head'].pk}"]
    accused = a_petition(county, purpose="accusation", accused_unit_ids=(county.unit("water").pk,)).case
    assert topics_of(accused.pk, {office, county.unit("water").pk}) == [
        f"account:{county.accounts[name].pk}" for name in ("office.clerk", "office.head")
    ]


def test_the_procedure_is_shown_with_its_articles(client, county):
    signed_in(client, county, "water.clerk")
    page = words(client.get("/procedures/petition/2022/"))
    assert "《信访工作条例》第二十二条第一款" in page
    assert client.get("/procedures/petition/1999/").status_code == 404


def test_a_letter_looks_like_one_and_can_be_had_on_paper(client, county):
    case = an_answered_petition(county)
    with acting_as_system():
        letter = Letter.objects.get(case=case, kind="answer")
    signed_in(client, county, "office.clerk")
    page = words(client.get(f"/cases/{case.pk}/letters/{letter.pk}/"))
    assert letter.number in page
    paper = client.get(f"/cases/{case.pk}/letters/{letter.pk}/pdf/")
    assert b"".join(paper.streaming_content)[:5] == b"%PDF-"
