"""Sentences put together."""

from yiwang.kernel.base.text import in_a_row


def test_sentences_in_a_row_need_no_blank_behind_a_full_width_mark() -> None:
    assert in_a_row("Hand it over?", "They have 15 days.") == "Hand it over? They have 15 days."
    assert in_a_row("移交？", "", "还剩 3 天。") == "移交？还剩 3 天。"
