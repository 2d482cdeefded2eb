"""Titles as long as the form takes: broken in a moment, every line within the page, nothing lost."""

import time

import pytest

from yiwang.facilities.office.layout.lines import width_of
from yiwang.facilities.office.layout.titles import LONGEST, title_lines

SUBJECT = "加强冬季供水供暖保障和城乡管网隐患排查整治工作"
LONG = f"关于进一步{SUBJECT * 8}"[:198] + "通知"


@pytest.mark.parametrize(
    "title",
    [
        LONG,
        LONG[:150],
        LONG[:120],
        LONG[:90],
        LONG[:61],
        "云" * 200,
        "a" * 200,
        "关于" * 100,
        "2026年" * 40,
        "，" * 200,
    ],
    ids=range(10),
)
def test_it_is_broken_in_a_moment_and_whole(title: str) -> None:
    began = time.process_time()
    lines = title_lines(title)
    assert time.process_time() - began < 1
    assert "".join(lines) == title
    assert all(lines)
    if not title.startswith(("a", "，")):
        assert max(map(width_of, lines)) <= LONGEST


def test_as_few_lines_as_hold_it_or_one_more_and_none_much_shorter() -> None:
    lines = title_lines(LONG)
    assert len(lines) in (10, 11)
    assert min(map(width_of, lines)) > LONGEST / 2
