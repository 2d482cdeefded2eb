"""The pages of the lawbook: permanent addresses, a statute to read, search, comparison, history, the card."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.facilities.lawbook.builders import a_lawbook, a_long_statute
from yiwang.facilities.lawbook import words
from yiwang.facilities.lawbook.amending import record_changes
from yiwang.facilities.lawbook.rules.addresses import ArticleId, Reference
from yiwang.facilities.lawbook.rules.numerals import Number

pytestmark = pytest.mark.django_db


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for key, value in attrs if key == "id" and value]


def ids(html: str) -> list[str]:
    reader = _Ids()
    reader.feed(html)
    return reader.ids


def opened(path: str, status: int = 200) -> str:
    response = Client(headers={"accept-language": "en"}).get(path)
    assert response.status_code == status
    return response.content.decode()


def test_a_permanent_address_opens_the_version_of_its_day_with_every_anchor() -> None:
    a_lawbook()
    now = opened("/law/灯会法@2024-03-01")
    assert [one for one in ids(now) if one.startswith("art_")] == [
        "art_1",
        "art_1/para_1",
        "art_2",
        "art_2/para_1",
        "art_2/para_1/item_1",
        "art_2/para_1/item_2",
        "art_2/para_1/item_2/sub_1",
        "art_2/para_1/item_2/sub_2",
        "art_2/para_2",
        "art_3",
        "art_3/para_1",
        "art_3.1",
        "art_3.1/para_1",
        "art_4",
        "art_4/para_1",
    ]
    assert "art_3.1" not in ids(opened("/law/灯会法@2010-01-01"))
    assert ids(opened("/law/中华人民共和国灯会法")) == ids(opened("/law/灯会法"))


def test_a_day_without_a_text_is_told() -> None:
    a_lawbook()
    assert "No text that was in force on" in opened("/law/灯会法@1999-01-01")
    assert "Not yet in force" in opened("/law/灯会条例@2026-11-15")
    assert "Repealed on" in opened("/law/灯会暂行条例")
    opened("/law/没有的法", 404)
    opened("/law/灯会法@2024-02-31", 404)


def test_a_long_statute_has_a_cover_and_each_article_its_page() -> None:
    a_lawbook({"行政法/长灯法(2010-01-01).md": a_long_statute()})
    cover = opened("/law/长灯法")
    assert "art_77" in ids(cover)
    assert "第77盏灯" not in cover
    page = opened("/law/长灯法/art_77")
    assert "art_77/para_1" in ids(page)
    assert len(page.encode()) < 100_000
    assert "art_1" not in ids(page)
    opened("/law/长灯法/art_999", 404)


def test_every_page_of_a_long_statute_holds_its_articles_once() -> None:
    a_lawbook({"行政法/长灯法(2010-01-01).md": a_long_statute()})
    pages = dict.fromkeys(re.findall(r"/from_(\d+)#", opened("/law/长灯法")))
    seen = [
        one
        for place in pages
        for one in ids(opened(f"/law/长灯法/from_{place}"))
        if one.startswith("art_") and "/" not in one
    ]
    assert len(pages) > 1
    assert seen == [f"art_{number}" for number in range(1, 181)]


def test_a_typed_number_leads_to_the_article() -> None:
    a_lawbook()
    response = Client().get("/law/灯会法", {"article": "3之一"})
    target = reverse("lawbook:article", args=[Reference("灯会法@2020-10-01"), ArticleId(Number(3, 1))])
    assert (response.status_code, response["Location"]) == (302, f"{target}#art_3.1")
    refused = Client(headers={"accept-language": "en"}).get("/law/灯会法", {"article": "九九"})
    assert refused.status_code == 422
    assert "This version has no article 九九" in refused.content.decode()


def test_an_article_is_asked_for_by_law_and_number() -> None:
    a_lawbook()
    page = opened("/law/search/?q=灯会法3之一")
    assert "art_3.1/para_1" in ids(page)
    assert "in force on this day, or its text" in opened("/law/search/?q=灯会法3之一&on=2010-01-01")


def test_words_are_found_marked_and_open_their_article() -> None:
    a_lawbook()
    page = opened("/law/search/?q=看守")
    assert "<mark>看守</mark>" in page
    target = reverse("lawbook:article", args=[Reference("灯会法@2020-10-01"), ArticleId(Number(3, 1))])
    assert f'href="{target}#art_3.1"' in page
    assert "Nothing holds these words" in opened("/law/search/?q=看守&on=2010-01-01")
    assert "Write the day as 2024-03-01." in opened("/law/search/?q=看守&on=soon", 422)


def test_versions_stand_side_by_side_without_noise_of_punctuation() -> None:
    a_lawbook()
    page = opened("/law/灯会法/compare")
    assert "1 articles changed, 1 new, 0 gone, 0 only renumbered, 3 the same." in page
    assert "<ins>，有火</ins>" in page
    assert "制定本法" not in page


def test_an_article_tells_its_history() -> None:
    a_lawbook()
    page = opened("/law/灯会法/art_3/history")
    assert "<ins>，有火</ins>" in page
    assert page.index("6 May 2020") < page.index("1 March 2001")
    assert "article rewritten" not in page
    record_changes()
    page = opened("/law/灯会法/art_3/history")
    amended = page[page.index('id="amended"') : page.index("law-stage")]
    assert (
        unquote(re.findall(r'href="([^"]+)"', amended)[0])
        == "/law/关于修改《中华人民共和国灯会法》的决定@2020-10-01#cl_1"
    )
    assert (
        "<strong>article rewritten</strong> from 1 October 2020" in amended,
        "将第三条修改为" in amended,
    ) == (
        True,
        True,
    )
    assert "<strong>article added</strong>" in opened("/law/灯会法/art_3.1/history")
    opened("/law/灯会法/art_99/history", 404)


def test_a_new_paragraph_is_told_from_a_new_article() -> None:
    with translation.override("en"):
        told = words.effect_words(["insert_para", "insert_para", "insert_item", "rename"])
        assert told == "2 paragraphs added, item added, renumbered"
    with translation.override("zh-hans"):
        assert words.effect_words(["insert_para"]) == "新增一款"
        assert words.effect_words(["insert", "insert_item", "insert_item"]) == "新增一条、新增二项"


def test_a_card_is_a_piece_of_a_page() -> None:
    a_lawbook()
    card = opened("/law/灯会法@2024-03-01/art_3.1/card")
    assert card.startswith("<div><p><strong>灯会法 第三条之一</strong>")
    assert "火应当有人看守。" in card
    opened("/law/灯会法@2010-01-01/art_3.1/card", 404)


def test_an_empty_lawbook_says_how_to_fill_it() -> None:
    page = opened("/law/")
    assert "No law has been loaded yet" in page
    assert "yiwang import laws" in page


def test_the_shelf_lists_by_rank_and_title() -> None:
    a_lawbook()
    page = opened("/law/?title=暂行")
    assert "灯会暂行条例" in page
    assert "灯会法" not in page.split("<table", 1)[1]
    assert "Not yet in force" in opened("/law/")
