"""信访工作条例 32: an opinion states request, facts and reasons, opinion and legal basis."""

import pytest

from tests.builders import ANSWER, County, a_petition, an_answered_petition, moved
from tests.law.matters import letter, on
from yiwang.kernel.casework.models import Case
from yiwang.kernel.casework.rules.data import BadData


@pytest.fixture
def handled(county: County) -> Case:
    case = a_petition(county, at=on("2026-03-02")).case
    moved(case, "accept", by=county.standing("office.clerk"), at=on("2026-03-03"))
    return case


@pytest.mark.parametrize("part", ["outcome", "facts", "opinion", "basis"])
@pytest.mark.parametrize("given", [None, "", " \n\u3000"])
def test_no_part_may_be_missing(handled: Case, county: County, part: str, given: str | None) -> None:
    data = {**ANSWER, part: given}
    with pytest.raises(BadData) as told:
        moved(handled, "answer", by=county.standing("office.clerk"), at=on("2026-03-04"), **data)
    assert set(told.value.faults) == {part}


@pytest.mark.parametrize(
    ("outcome", "sentence", "item"),
    [
        ("supported", "予以支持", "（一）"),
        ("explained", "解释说明", "（二）"),
        ("not_supported", "不予支持", "（三）"),
    ],
)
def test_says_which_of_the_three_results_it_is(
    handled: Case, county: County, outcome: str, sentence: str, item: str
) -> None:
    clerk, head = county.standing("office.clerk"), county.standing("office.head")
    moved(handled, "answer", by=clerk, at=on("2026-03-04"), **{**ANSWER, "outcome": outcome})
    moved(handled, "issue", by=head, at=on("2026-03-05"))
    opinion = letter(handled, "answer").content["sections"][2]["paragraphs"][0]
    assert sentence in opinion
    assert f"第三十二条第一款第{item}项" in opinion


def test_no_fourth_result_is_possible(handled: Case, county: County) -> None:
    data = {**ANSWER, "outcome": "postponed"}
    with pytest.raises(BadData) as told:
        moved(handled, "answer", by=county.standing("office.clerk"), at=on("2026-03-04"), **data)
    assert set(told.value.faults) == {"outcome"}


def test_the_letter_has_all_four_parts_and_the_remedy(county: County) -> None:
    content = letter(an_answered_petition(county), "answer").content
    assert [section["heading"] for section in content["sections"]] == [
        "投诉请求",
        "查明的事实和理由",
        "处理意见",
        "法律法规依据",
    ]
    assert content["remedy"].startswith("如对本处理意见不服，可以自收到本意见书之日起30日内")
    assert content["unit_name"] == county.unit("chengguan").name
