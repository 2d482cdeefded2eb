"""Numbers as statutes write them, in both directions."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.facilities.lawbook.rules.numerals import Number, article_number, chinese, value


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (1, "一"),
        (10, "十"),
        (15, "十五"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (264, "二百六十四"),
        (1010, "一千零一十"),
        (1260, "一千二百六十"),
        (10005, "一万零五"),
        (20260, "二万零二百六十"),
    ],
)
def test_a_number_is_written_as_statutes_write_it(number: int, written: str) -> None:
    assert chinese(number) == written
    assert value(written) == number


@given(st.integers(min_value=0, max_value=99_999_999))
def test_what_is_written_is_read_again(number: int) -> None:
    assert value(chinese(number)) == number


@pytest.mark.parametrize(
    ("numeral", "number"),
    [("二〇二四", 2024), ("一九九○", 1990), ("264", 264), ("２６４", 264), ("两", 2), ("零", 0)],
)
def test_digits_are_read_however_they_are_written(numeral: str, number: int) -> None:
    assert value(numeral) == number


@pytest.mark.parametrize("words", ["", "条", "第", "abc", "第百x条", "-1"])
def test_what_is_no_number_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        article_number(words)


@pytest.mark.parametrize(
    "words",
    [
        "第一百三十三条之一",
        "一百三十三之一",
        "133之一",
        "133之1",
        "第133条之一",
        "133.1",
        "133-1",
        " 第 133 条之 一 ",
    ],
)
def test_an_article_is_asked_for_in_many_ways(words: str) -> None:
    assert article_number(words) == Number(133, 1)


def test_a_number_has_a_label_and_an_address() -> None:
    assert Number(133, 1).label() == "第一百三十三条之一"
    assert Number(133, 1).eid == "133.1"
    assert Number(12).label("章") == "第十二章"
    assert Number(12).eid == "12"
