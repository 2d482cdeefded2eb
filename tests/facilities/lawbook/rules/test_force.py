"""From when a version is in force, and for which days it holds."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.facilities.lawbook.rules.force import (
    Force,
    ForceBasis,
    Range,
    Span,
    force_of,
    passed_on,
    ranges,
    repealed_by,
)
from yiwang.facilities.lawbook.rules.structure import parse

HEAD = "# 灯法\n\n{}<!-- INFO END -->\n\n第一条 灯。\n\n第二条 {}\n"
PASSED = "2001年3月1日 会议通过\n\n"
AMENDED = PASSED + "2020年5月6日 《关于修改〈灯法〉的决定》第一次修正\n\n"
REVISED = PASSED + "2020年5月6日 会议修订\n\n"


@pytest.mark.parametrize(
    ("head", "words", "force"),
    [
        (PASSED, "本法自2001年5月1日起施行。", Force(date(2001, 5, 1), ForceBasis.STATED)),
        (PASSED, "本法自二〇〇一年五月一日起施行。", Force(date(2001, 5, 1), ForceBasis.STATED)),
        (PASSED, "本法自公布之日起施行。", Force(date(2001, 3, 1), ForceBasis.PUBLISHED)),
        (PASSED, "灯。", Force(date(2001, 3, 1), ForceBasis.ASSUMED)),
        (PASSED + "2001年6月1日 施行\n\n", "灯。", Force(date(2001, 6, 1), ForceBasis.HEADED)),
        (AMENDED, "本法自2001年5月1日起施行。", Force(date(2020, 5, 6), ForceBasis.ASSUMED)),
        (AMENDED, "本法自公布之日起施行。", Force(date(2020, 5, 6), ForceBasis.ASSUMED)),
        (REVISED, "本法自公布之日起施行。", Force(date(2020, 5, 6), ForceBasis.PUBLISHED)),
        (REVISED, "本法自2021年1月1日起施行。", Force(date(2021, 1, 1), ForceBasis.STATED)),
        ("", "灯。", Force(None, ForceBasis.UNKNOWN)),
    ],
)
def test_the_first_day_is_that_of_this_version(head: str, words: str, force: Force) -> None:
    statute = parse(HEAD.format(head, words))
    assert force_of(statute, passed=passed_on(statute)) == force


def test_a_day_that_the_source_names_counts_before_an_assumption_only() -> None:
    amended = parse(HEAD.format(AMENDED, "本法自2001年5月1日起施行。"))
    passed = date(2020, 5, 6)
    assert force_of(amended, passed=passed, told=date(2020, 9, 1)) == Force(date(2020, 9, 1), ForceBasis.TOLD)
    assert force_of(amended, passed=passed, told=date(2001, 5, 1)).basis is ForceBasis.ASSUMED


def test_works_that_a_text_ends_are_named() -> None:
    words = "本法自2001年5月1日起施行。2000年公布的《中华人民共和国旧灯法》和《火条例》同时废止。《烟法》第三条的规定同时废止。"
    assert repealed_by(parse(HEAD.format(PASSED, words))) == ("旧灯法", "火条例")


def test_ranges_follow_one_another_and_end_with_a_repeal() -> None:
    spans = [
        Span(2, date(2020, 1, 1), date(2020, 6, 1)),
        Span(1, date(2010, 1, 1), date(2010, 1, 1)),
        Span(3, date(2021, 1, 1), None),
    ]
    assert ranges(spans, repealed_on=date(2024, 1, 1)) == [
        Range(1, date(2010, 1, 1), date(2020, 6, 1)),
        Range(2, date(2020, 6, 1), date(2024, 1, 1)),
    ]


DAYS = st.dates(date(1990, 1, 1), date(2030, 1, 1))


@given(st.lists(st.tuples(DAYS, DAYS, st.lists(DAYS, max_size=3)), max_size=6), st.none() | DAYS)
def test_no_two_versions_hold_on_one_day(
    drawn: list[tuple[date, date, list[date]]], repealed: date | None
) -> None:
    spans = [Span(key, passed, force, tuple(amended)) for key, (passed, force, amended) in enumerate(drawn)]
    found = ranges(spans, repealed_on=repealed)
    assert sorted(one.key for one in found) == sorted(span.key for span in spans)
    for one, following in zip(found, found[1:], strict=False):
        assert one.until_on is not None
        assert one.from_on <= one.until_on <= following.from_on
