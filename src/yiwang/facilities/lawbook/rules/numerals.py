"""Numbers as statutes write them: 第二百六十四条之一 and 264.1, in both directions."""

import re
from typing import NamedTuple

DIGITS = "〇一二三四五六七八九"
NUMERAL = "[〇○零一二两三四五六七八九十百千万0-9０-９]+"
"""A pattern of the characters of a number, for other patterns to use."""
_VALUES = {digit: value for value, digit in enumerate(DIGITS)} | {"○": 0, "零": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_KEPT: dict[str, int] = {}
_MOST_KEPT = 5000


class Number(NamedTuple):
    """The number of an article, which is its identity: 第一百三十三条之一 is (133, 1), without 之 (133, 0)."""

    number: int
    branch: int = 0

    @property
    def eid(self) -> str:
        """The number as it stands in an address: `133.1`."""
        return f"{self.number}.{self.branch}" if self.branch else str(self.number)

    def label(self, unit: str = "条") -> str:
        """The number as a statute writes it: 第一百三十三条之一."""
        return f"第{chinese(self.number)}{unit}" + (f"之{chinese(self.branch)}" if self.branch else "")


def value(numeral: str) -> int:
    """The value of a numeral: 二百六十四, 二〇二四, 264 or ２６４. Raises ValueError."""
    kept = _KEPT.get(numeral)
    if kept is None:
        kept = _value(numeral)
        if len(_KEPT) < _MOST_KEPT:
            _KEPT[numeral] = kept
    return kept


def _value(numeral: str) -> int:
    if not numeral or not re.fullmatch(NUMERAL, numeral):
        raise ValueError(numeral)
    if numeral.isdecimal():
        return int(numeral)  # int reads full-width digits too
    high, _, low = numeral.rpartition("万")
    if high:
        return _value(high) * 10_000 + (_value(low) if low else 0)
    if not _UNITS.keys() & set(numeral):
        return int("".join(str(_VALUES[one]) if one in _VALUES else str(int(one)) for one in numeral))
    total, digit = 0, 0
    for one in numeral:
        if one in _UNITS:
            total += (digit or 1) * _UNITS[one]
            digit = 0
        elif one in _VALUES:
            digit = _VALUES[one]
        elif one.isdecimal():
            digit = digit * 10 + int(one)
        else:
            raise ValueError(numeral)
    return total + digit


def chinese(number: int) -> str:
    """A number from 0 to 99,999,999 in the characters of statutes: 264 is 二百六十四, 10 is 十."""
    if not 0 <= number < 100_000_000:
        raise ValueError(number)
    if number == 0:
        return "零"
    high, low = divmod(number, 10_000)
    if high:
        rest = ("零" if low < 1000 else "") + _below_ten_thousand(low) if low else ""
        return f"{_below_ten_thousand(high)}万{rest}"
    return _below_ten_thousand(low).removeprefix("一") if 10 <= low < 20 else _below_ten_thousand(low)


def _below_ten_thousand(number: int) -> str:
    written, is_gap = "", False
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            written += ("零" if is_gap else "") + DIGITS[digit] + sign
            is_gap = False
        else:
            is_gap = bool(written)
    return written


_ASKED = re.compile(
    rf"\s*(?:第\s*)?(?P<number>{NUMERAL})\s*条?\s*(?:(?:之|[.．\-–])\s*(?P<branch>{NUMERAL}))?\s*条?\s*"
)


def article_number(words: str) -> Number:
    """The article that somebody means by 第一百三十三条之一, 133之一, 133.1 or 133-1. Raises ValueError."""
    asked = _ASKED.fullmatch(words)
    if asked is None:
        raise ValueError(words)
    return Number(value(asked["number"]), value(asked["branch"]) if asked["branch"] else 0)
