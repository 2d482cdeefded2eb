"""Scopes and the marking of hits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.search.rules import QuestionTooLong, Scope, Segment, keepable, marked, question, words_of


def test_a_scope_that_sees_nothing_says_so() -> None:
    assert Scope.of(accounts=[7]) == Scope.nothing()


def test_a_scope_names_every_way_in_and_every_exclusion() -> None:
    scope = Scope.of(units=[3, 1, 3], institutions=[9], accounts=[7], member_units=[1], restricted_units=[3])
    assert scope.where == (
        "(unit_ids && '{1,3}'::bigint[] OR institution_id = ANY ('{9}'::bigint[]))"
        " AND NOT excluded_units && '{1}'::bigint[]"
        " AND NOT excluded_accounts && '{7}'::bigint[]"
        " AND (NOT is_restricted OR unit_ids && '{3}'::bigint[])"
    )


def test_a_scope_takes_numbers_only() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        Scope.of(units=["1}') OR true --"])  # type: ignore[list-item]


def test_hits_are_marked_whatever_their_width_and_case() -> None:
    assert marked("请到ＡＢＣ小区abc门", words_of("Abc")) == [
        Segment("请到", is_hit=False),
        Segment("ＡＢＣ", is_hit=True),
        Segment("小区", is_hit=False),
        Segment("abc", is_hit=True),
        Segment("门", is_hit=False),
    ]


def test_overlapping_hits_are_one() -> None:
    assert marked("哈哈哈", words_of("哈哈")) == [Segment("哈哈哈", is_hit=True)]


def test_a_character_that_unfolds_into_several_is_marked_whole() -> None:
    assert marked("90㎡房", words_of("m2")) == [
        Segment("90", is_hit=False),
        Segment("㎡", is_hit=True),
        Segment("房", is_hit=False),
    ]


def test_a_snippet_stands_around_the_first_hit() -> None:
    text = "前" * 200 + "噪音" + "后" * 200
    assert marked(text, ["噪音"], width=20) == [
        Segment("…", is_hit=False),
        Segment("前" * 5, is_hit=False),
        Segment("噪音", is_hit=True),
        Segment("后" * 13, is_hit=False),
        Segment("…", is_hit=False),
    ]


def test_a_snippet_marks_every_spelling_near_the_hit_it_stands_around() -> None:
    text = "前" * 200 + "噪ABC音ＡＢＣ" + "后" * 200
    assert [segment.text for segment in marked(text, ["abc"], width=20) if segment.is_hit] == [
        "ABC",
        "ＡＢＣ",
    ]
    assert [segment.text for segment in marked(text + "abc", ["abc"], width=4) if segment.is_hit] == ["abc"]


def test_a_question_is_refused_rather_than_cut() -> None:
    assert question("长" * 1000) == "长" * 1000
    with pytest.raises(QuestionTooLong):
        question("长" * 1001)


def test_what_no_database_keeps_is_replaced() -> None:
    assert keepable("甲\x00乙\ud800丙\ud83d\ude00") == "甲 乙\ufffd丙😀"


@given(st.text(), st.lists(st.text(), max_size=3))
def test_segments_put_together_are_the_text(text: str, words: list[str]) -> None:
    assert "".join(segment.text for segment in marked(text, words)) == keepable(text)


@given(st.text(alphabet="ab噪音 Ａ", max_size=60), st.text(alphabet="ab噪音a", min_size=1, max_size=3))
def test_there_is_a_hit_exactly_when_the_folded_text_holds_the_word(text: str, word: str) -> None:
    folded = text.replace("Ａ", "a")
    assert any(segment.is_hit for segment in marked(text, [word])) == (word in folded)


@given(st.text(alphabet="ab噪音 ", max_size=300), st.integers(1, 100))
def test_a_snippet_is_no_longer_than_asked(text: str, width: int) -> None:
    shown = [segment.text for segment in marked(text, ["噪音"], width=width) if segment.text != "…"]
    assert len("".join(shown)) == min(width, len(text))
