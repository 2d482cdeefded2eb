"""When two names mean one law."""

import pytest

from yiwang.facilities.lawbook.rules.titles import name_key, names_of, short_title, tidy


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("中华人民共和国刑法", "刑法"),
        ("《中华人民共和国民法典》", "民法典"),
        ("中华人民共和国境内外国人宗教活动管理规定", "中华人民共和国境内外国人宗教活动管理规定"),
        ("中华人民共和国国务院关于管理外国企业常驻代表机构的暂行规定",) * 2,
        ("信访工作条例", "信访工作条例"),
        ("中华人民共和国", "中华人民共和国"),
    ],
)
def test_people_leave_the_states_name_out(title: str, short: str) -> None:
    assert short_title(title) == short


def test_brackets_and_spaces_make_no_difference() -> None:
    long = "中国人民解放军实施《中华人民共和国药品管理法》办法"
    assert name_key("中华人民共和国刑法修正案（十二）") == name_key("刑法修正案(十二)")
    assert name_key(long) == name_key("中国人民解放军实施〈中华人民共和国药品管理法〉办法")
    assert name_key("中华人民共和国 民法典") == "民法典"


def test_a_trial_law_is_found_without_the_word() -> None:
    assert names_of("医疗机构制剂配制质量管理规范（试行）") == (
        "医疗机构制剂配制质量管理规范（试行）",
        "医疗机构制剂配制质量管理规范",
    )


def test_a_title_is_shown_without_marks_around_it() -> None:
    assert tidy("《 中华人民共和国 刑法 》") == "中华人民共和国刑法"
    assert tidy("实施《公司法》的规定") == "实施《公司法》的规定"
