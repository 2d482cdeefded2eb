"""Two versions side by side."""

from hypothesis import given
from hypothesis import strategies as st

from yiwang.facilities.lawbook.rules.compare import Change, marked, paired, plain


def test_widths_quotes_and_spaces_are_no_change() -> None:
    assert plain("“灯”，ＡＢ　（一）\u200b") == plain('"灯",AB (一)')


def test_only_what_differs_is_marked() -> None:
    before, after = marked("灯会应当有灯。", "灯会 应当有灯，有火。")
    assert [piece.text for piece in before if piece.is_changed] == []
    assert [piece.text for piece in after if piece.is_changed] == ["，有火"]


def test_a_single_character_between_two_changes_and_a_text_written_anew_are_told_as_changed() -> None:
    before, after = marked(
        "商标局保护商标专用权，促使生产者保证质量。", "商标局规范商标的注册与使用，促使生产者保证质量。"
    )
    assert [piece.text for piece in before if piece.is_changed] == ["保护", "专用权"]
    assert [piece.text for piece in after if piece.is_changed] == ["规范", "的注册与使用"]
    before, after = marked("自然人应当申请注册。", "县级部门负责商标执法工作。")
    assert [piece.is_changed for piece in (*before, *after)] == [True, True]


@given(st.text(alphabet='灯火会，。"“ A１', max_size=30), st.text(alphabet='灯火会，。"“ A１', max_size=30))
def test_the_pieces_are_the_texts(before: str, after: str) -> None:
    left, right = marked(before, after)
    assert ("".join(piece.text for piece in left), "".join(piece.text for piece in right)) == (before, after)
    kept = [plain("".join(piece.text for piece in side if not piece.is_changed)) for side in (left, right)]
    assert kept[0] == kept[1]


def test_the_number_decides_unless_the_text_went_elsewhere() -> None:
    old = {1: "灯会应当有灯。", 2: "火应当有人看守，不得离开。", 3: "烟不得过浓。"}
    new = {1: "灯会应当有灯，有火。", 2: "猫不得入内，狗也一样。", 3: "火应当有人看守，不得离开。"}
    assert paired(old, new) == [
        (1, 1, Change.CHANGED),
        (None, 2, Change.ADDED),
        (2, 3, Change.RENUMBERED),
        (3, None, Change.REMOVED),
    ]


@given(
    st.dictionaries(st.integers(1, 9), st.text("灯火烟猫", max_size=6)),
    st.dictionaries(st.integers(1, 9), st.text("灯火烟猫", max_size=6)),
)
def test_every_article_stands_there_once(old: dict[int, str], new: dict[int, str]) -> None:
    pairs = paired(old, new)
    assert sorted(one[0] for one in pairs if one[0] is not None) == sorted(old)
    assert sorted(one[1] for one in pairs if one[1] is not None) == sorted(new)
