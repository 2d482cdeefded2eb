"""Amendments of the Constitution: articles that quote the old words, and what they make of a text."""

from datetime import date

import pytest

from benchmarks import marked
from yiwang.facilities.lawbook.rules.amendments import Verb
from yiwang.facilities.lawbook.rules.constitution import PREAMBLE, is_one, read
from yiwang.facilities.lawbook.rules.numerals import Number
from yiwang.facilities.lawbook.rules.proof import Instrument, Proof, prove
from yiwang.facilities.lawbook.rules.structure import parse

BEFORE = {
    Number(1): "灯属于大家。",
    Number(2): "灯会一年一次。\n任何人不得灭灯。",
    Number(3): "灯会行使下列职权：\n（一）点灯；\n（二）熄灯。",
    Number(4): "灯会由下列人员组成：\n会长，\n会员若干人。\n会长点灯。",
    Number(5): "首都有灯。",
}


def proved(text: str, after: dict[int, str], *, before: dict[Number, str] | None = BEFORE) -> Proof:
    official = {Number(number): words for number, words in after.items()}
    if before:
        official = {**before, **official}
    return prove("宪法", [Instrument("宪法修正案", text, date(2000, 1, 1))], official=official, before=before)


@pytest.mark.parametrize(
    ("clause", "after"),
    [
        ("宪法第一条：“灯属于大家。”修改为：“灯属于全体。”", {1: "灯属于全体。"}),
        ('宪法第一条:"灯属于大家。"修改为:"灯属于全体。"', {1: "灯属于全体。"}),
        ("宪法第二条第二款“任何人不得灭灯。”修改为：“谁也不得灭灯。”", {2: "灯会一年一次。\n谁也不得灭灯。"}),
        (
            "宪法第二条：“灯会一年一次。”“任何人不得灭灯。”修改为：“灯会一年两次。”“灯长明。”“禁止灭灯。”",
            {2: "灯会一年两次。\n灯长明。\n禁止灭灯。"},
        ),
        ("宪法第一条增加规定：“灯不分大小。", {1: "灯属于大家。\n灯不分大小。"}),
        (
            "宪法第二条增加一款，作为第二款：“灯要亮。”第二款相应地改为第三款。",
            {2: "灯会一年一次。\n灯要亮。\n任何人不得灭灯。"},
        ),
        ("宪法第一条“灯属于大家。”后增写一句，内容为：“火也是。”", {1: "灯属于大家。火也是。"}),
        (
            "宪法第三条“灯会行使下列职权”中增加一项，作为第二项“（二）看灯”，第二项相应改为第三项。",
            {3: "灯会行使下列职权：\n（一）点灯；\n（二）看灯；\n（三）熄灯。"},
        ),
        (
            "宪法第三条灯会职权第二项“（二）熄灯”修改为“（二）收灯”。",
            {3: "灯会行使下列职权：\n（一）点灯；\n（二）收灯。"},
        ),
        (
            "宪法第四条第二款“会长点灯。”修改为：“会员点灯。”",
            {4: "灯会由下列人员组成：\n会长，\n会员若干人。\n会员点灯。"},
        ),
        (
            "宪法第二条第一款中“一年一次”修改为“一年两次”。这一款相应修改为：“灯会一年两次，不得少。”",
            {2: "灯会一年两次，不得少。\n任何人不得灭灯。"},
        ),
        (
            "宪法第二章“灯会”中增加一节，作为第七节“火”；增加二条，分别作为第三条至第四条。内容如下：\n"
            "第七节 火\n第三条 火由人看守。\n第四条 火不过夜。\n第七节相应改为第八节，第三条至第五条相应改为第五条至第七条。",
            {
                3: "火由人看守。",
                4: "火不过夜。",
                5: BEFORE[Number(3)],
                6: BEFORE[Number(4)],
                7: BEFORE[Number(5)],
            },
        ),
    ],
)
def test_an_article_of_an_amendment_is_read_and_done(clause: str, after: dict[int, str]) -> None:
    proof = proved(f"第一条 {clause}", after)
    assert [outcome.fault for _, outcome in proof.outcomes] == [""]
    assert [(each.number.number, each.ours) for each in proof.different] == []
    assert {change.label for change in proof.changes} == {"第一条"}


@pytest.mark.parametrize(
    ("clause", "fault"),
    [
        ("宪法第一条：“灯属于谁。”修改为：“灯属于全体。”", "第一条 doesn't say 灯属于谁。"),
        ("宪法第一条请酌情修改。", "not understood: 宪法第一条请酌情修改"),
        ("宪法序言第一自然段中“甲”修改为“乙”。", "the paragraph isn't known without the earlier text"),
    ],
)
def test_what_cannot_be_read_or_done_is_said(clause: str, fault: str) -> None:
    proof = proved(f"第一条 {clause}", {})
    assert [outcome.fault for _, outcome in proof.faults] == [fault]
    assert [each.number for each in proof.unproved] == []


def test_a_paragraph_of_the_preamble_that_is_given_whole_is_compared() -> None:
    text = "第一条 宪法序言第二自然段中“甲”修改为“乙”，“丙”之后增加“丁”。这一自然段相应地修改为：“乙丙丁。”"
    right = proved(text, {0: "序。\n乙丙丁。\n末。"}, before=None)
    wrong = proved(text, {0: "序。\n甲丙丁。\n末。"}, before=None)
    told = [(each.number, each.is_equal, each.is_whole) for one in (right, wrong) for each in one.comparisons]
    assert told == [(PREAMBLE, True, False), (PREAMBLE, False, False)]


def test_only_its_own_form_is_taken_for_an_amendment_of_the_constitution() -> None:
    assert is_one("第三十条 宪法第九十八条“甲”修改为：“乙”")
    assert not is_one("一、将刑法第三条修改为：“宪法第一条”\n第二条 根据宪法，制定本法。")


def test_the_heading_of_a_chapter_changes_no_article() -> None:
    (instruction,) = read("第一条 宪法第四章章名“国旗”修改为“国旗、国歌”。")
    assert ([each.verb for each in instruction.operations], instruction.unread) == ([Verb.HEADING], "")


def test_the_five_amendments_equal_the_official_text_as_far_as_it_can_be_told() -> None:
    data = marked.folder()
    if data is None:
        pytest.skip("the texts aren't here; name their folder in YIWANG_SHARED_DATA")
    folder = data / "laws/宪法"
    acts = []
    for year in (1988, 1993, 1999, 2004, 2018):
        statute = parse((folder / f"宪法修正案（{year}年）.md").read_text(encoding="utf-8"))
        words = "\n".join(f"{each.number.label()} {each.text}" for each in statute.articles() if each.number)
        acts.append(Instrument(statute.title, words, date(year, 1, 1)))
    statute = parse((folder / "宪法.md").read_text(encoding="utf-8"))
    official = {each.number: each.text for each in statute.articles() if each.number and not each.annex}
    proof = prove("宪法", acts, official=official)
    assert not [outcome.amendment.unread for _, outcome in proof.outcomes if outcome.amendment.unread]
    assert proof.different == []
    assert len(proof.comparisons) > 30
