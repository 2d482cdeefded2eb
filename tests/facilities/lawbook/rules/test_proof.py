"""The amendments of a statute in their order, each article's history, and what isn't proved."""

from datetime import date

import pytest

from yiwang.facilities.lawbook.rules.consolidation import Effect
from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.lawbook.rules.proof import Instrument, law_changed_by, prove

FIRST = Instrument(
    "养犬条例修正案",
    "一、将第一条修改为：“甲一。”\n二、在第二条后增加一条，作为第二条之一：“丙。”",
    date(2010, 1, 1),
)
SECOND = Instrument(
    "养犬条例修正案（二）", "一、将第一条修改为：“甲二。”\n二、请酌情办理第九条。", date(2020, 1, 1)
)
BEFORE = {Number(1): "甲。", Number(2): "乙。"}
OFFICIAL = {Number(1): "甲二；", Number(2): "乙。", Number(2, 1): "丙。"}


@pytest.mark.parametrize(
    ("title", "law"),
    [
        ("中华人民共和国刑法修正案（八）", "刑法"),
        ("刑法修正案", "刑法"),
        ("中华人民共和国宪法修正案（2018年）", "宪法"),
        ("全国人民代表大会常务委员会关于修改《中华人民共和国食品安全法》的决定", "食品安全法"),
        ("全国人民代表大会常务委员会关于修改部分法律的决定", ""),
        ("中华人民共和国刑法", ""),
        ("关于修改〈中华人民共和国电力法〉等四部法律的决定", ""),
    ],
)
def test_an_instrument_names_the_law_that_it_changes(title: str, law: str) -> None:
    assert law_changed_by(title) == law


def test_instruments_are_applied_in_the_order_of_their_days() -> None:
    proof = prove("养犬条例", [SECOND, FIRST], official=OFFICIAL, before=BEFORE)
    assert proof.figures == {
        "instructions": 4,
        "applied": 3,
        "articles_touched": 2,
        "articles_compared": 3,
        "equal": 3,
        "equal_as_far_as_known": 0,
        "different": 0,
        "unproved": 0,
    }
    assert [(each.number.eid, each.instrument.title, each.label, each.effects) for each in proof.changes] == [
        ("1", "养犬条例修正案", "一", (Effect.REWRITTEN,)),
        ("2.1", "养犬条例修正案", "二", (Effect.NEW,)),
        ("1", "养犬条例修正案（二）", "一", (Effect.REWRITTEN,)),
    ]
    assert [outcome.fault for _, outcome in proof.faults] == ["not understood: 请酌情办理第九条"]


def test_a_difference_is_shown_with_both_texts() -> None:
    proof = prove("养犬条例", [FIRST], official=OFFICIAL, before=BEFORE)
    assert [(each.number.eid, each.ours, each.official) for each in proof.different] == [
        ("1", "甲一。", "甲二；")
    ]


def test_without_the_text_before_only_what_was_touched_is_compared() -> None:
    proof = prove("养犬条例", [FIRST, SECOND], official=OFFICIAL)
    assert [each.number.eid for each in proof.comparisons] == ["1", "2.1"]
