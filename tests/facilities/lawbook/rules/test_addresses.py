"""Permanent addresses, what people type, and the pages of a long text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.facilities.lawbook.rules.addresses import (
    ArticleId,
    Outlined,
    Reference,
    anchor,
    article_id,
    asked_article,
    pieces,
    reference,
    year_month_day,
)
from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.lawbook.rules.structure import HEADINGS


def test_a_reference_is_read_as_it_is_written() -> None:
    for one in (Reference("刑法"), Reference("刑法", date(2024, 3, 1))):
        assert reference(str(one)) == one
    with pytest.raises(ValueError, match="day is out of range"):
        reference("刑法@2024-02-31")


def test_an_article_has_an_address_down_to_the_item() -> None:
    assert (
        anchor("article", number=Number(133, 1), parts=[("para", 1), ("item", 2)])
        == "art_133.1/para_1/item_2"
    )
    for one in (ArticleId(Number(133, 1)), ArticleId(Number(3), 1)):
        assert article_id(str(one)) == one


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("刑法133之一", ("刑法", Number(133, 1))),
        ("民法典 1043", ("民法典", Number(1043))),
        ("《刑法》第二百六十四条", ("刑法", Number(264))),
        ("刑法修正案（十二）第三条", ("刑法修正案（十二）", Number(3))),
        ("信访", None),
        ("第三条", None),
        ("三峡", None),
    ],
)
def test_an_article_is_recognised_in_what_people_type(typed: str, meant: object) -> None:
    assert asked_article(typed) == meant


@pytest.mark.parametrize("typed", ["2024-03-01", "2024.3.1", "2024年3月1日", "20240301", " 2024/3/1 "])
def test_a_day_is_typed_in_many_ways(typed: str) -> None:
    assert year_month_day(typed) == date(2024, 3, 1)


def test_what_is_no_day_is_none() -> None:
    assert [year_month_day(one) for one in ("", "soon", "2024-13-01", "2024")] == [None] * 4


@given(
    st.lists(st.tuples(st.sampled_from(["chapter", "article", "section"]), st.integers(1, 400)), max_size=20)
)
def test_pages_hold_every_passage_once_and_in_order(drawn: list[tuple[str, int]]) -> None:
    outline = [
        Outlined(place, kind, 0 if kind == "chapter" else 1, None, 0, "", size)
        for place, (kind, size) in enumerate(drawn, start=1)
    ]
    cuts = pieces(outline, most=500, headings=HEADINGS)
    held = [place for cut in cuts for place in range(cut.first, cut.last + 1)]
    assert held == [one.place for one in outline]
