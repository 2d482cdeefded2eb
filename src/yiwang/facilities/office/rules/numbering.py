"""Document numbers as people write them: 机关代字〔年〕序号号, the number without noughts before it."""

import re

MARK = re.compile(r"[\u4e00-\u9fff]{1,12}")


def number_text(mark: str, *, year: int, number: int) -> str:
    """A number as it stands on the document: 云政发〔2026〕3号."""
    return f"{mark}〔{year}〕{number}号"


def is_mark(text: str) -> bool:
    """Whether a text can stand before year and number: Chinese characters alone, twelve at most."""
    return MARK.fullmatch(text) is not None
