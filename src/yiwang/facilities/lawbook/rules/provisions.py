"""Places in a statute as texts name them: 第三条第一款、第三款 is two places, 第十条至第十二条 one from and to.

`places` reads a chain of such words; `CHAIN` is the pattern that finds one.
"""

import re
from typing import NamedTuple

from yiwang.facilities.lawbook.rules.numerals import NUMERAL, value

_ONE = rf"[（(]?{NUMERAL}[）)]?"
_SEVERAL = rf"{_ONE}(?:(?:、(?:第(?=[（(]))?|，(?=[（(])|至|到|和|及|或者|或|—|－|-|~){_ONE})*"
_UNIT = r"(?:条(?!例|约|件|款)(?:之[一二三四五六七八九十]+(?!般|致|些|定))?|[款项目编章节]|分编)"
_STEP = rf"第(?:{_ONE}[编章节]第)*{_SEVERAL}{_UNIT}"
# Behind an article a paragraph or item may stand without 第, and an item without 项.
_DEEPER = rf"(?:[ 　\u00a0的之]?第{_SEVERAL}[款项目章节]|[（(]{NUMERAL}[）)](?:(?:、|至|和|或者|或)[（(]{NUMERAL}[）)])*[款项目])"
_AND = r"(?:、|以及|和|及|与|或者|或|至|到|—|－|-|~)"
_MORE = rf"(?:{_AND}(?:{_STEP}|(?<=[、和及与])(?:{NUMERAL}条(?!例|约|件|款)|[（(]{NUMERAL}[）)]项(?!目))){_DEEPER}*)*"
CHAIN = rf"{_STEP}{_DEEPER}*{_MORE}"
CHAIN_WITHOUT = rf"{NUMERAL}条(?!例|约|件|款|规定是|路|街|龙){_DEEPER}*{_MORE}"
"""A chain whose first article lacks its 第: 《合同法》52条."""
DEEPER = rf"{_DEEPER}+{_MORE}"
"""What may follow 前款 and 本条: places below an article."""
ITEMS_BEFORE = rf"(?:[（(]{NUMERAL}[）)](?:、|至|和|或者|或)?)+$"
"""Items that lack their 第, as they stand before 项."""

_READ = re.compile(
    rf"(?P<and>{_AND})?[ 　\u00a0的之]?第?(?P<numbers>{_SEVERAL})(?P<unit>条|款|项|目|分编|编|章|节)"
    r"(?:之(?P<branch>[一二三四五六七八九十]+))?"
)
_NUMBER = re.compile(
    rf"(?P<through>至|到|—|－|-|~)?[、，和及与或者]*(?P<written>第?[（(]?(?P<number>{NUMERAL})[）)]?)"
)
_THROUGH = frozenset("至到—－-~")
_DIVISIONS = ("编", "分编", "章", "节")
_DIVISION = re.compile(r"\d+\D+")


class Provision(NamedTuple):
    """A place in a statute: article with branch (133 and 1 are 第一百三十三条之一), paragraph, item, sub-item.

    0 stands for what isn't named. `division` is a part or chapter, as `3章` or `2章3节`.
    """

    article: int = 0
    branch: int = 0
    paragraph: int = 0
    item: int = 0
    subitem: int = 0
    division: str = ""

    @property
    def eid(self) -> str:
        """The place as it stands in an address: `art_133.1/para_1/item_2`."""
        article = f"art_{self.article}" + (f".{self.branch}" if self.branch else "") if self.article else ""
        deeper = (("para", self.paragraph), ("item", self.item), ("sub", self.subitem))
        return "/".join(
            ([article] if article else []) + [f"{name}_{number}" for name, number in deeper if number]
        )


WHOLE = Provision()
LAST = 10_000
"""The paragraph behind the last one, whatever its number: 增加规定."""


class Place(NamedTuple):
    """A place that a chain names: where it's written in the chain, and the last one where it says 至."""

    start: int
    end: int
    provision: Provision
    until: Provision | None = None


_KEPT: dict[str, tuple[Place, ...]] = {}
_MOST_KEPT = 20_000


def places(chain: str) -> tuple[Place, ...]:
    """The places that a chain names, in its order; a later 款 or 项 belongs to the article before it."""
    kept = _KEPT.get(chain)
    if kept is None:
        kept = tuple(_places(chain))
        if len(_KEPT) < _MOST_KEPT:
            _KEPT[chain] = kept
    return kept


def _places(chain: str) -> list[Place]:
    found: list[Place] = []
    last = WHOLE
    for step in _READ.finditer(chain):
        joined = step["and"]
        through = joined in _THROUGH if joined else False
        branch = value(step["branch"]) if step["branch"] else 0
        start = step.start() + len(joined or "")
        before = last
        first = step.start("numbers")
        for number in _NUMBER.finditer(step["numbers"]):
            last = _moved(before, step["unit"], value(number["number"]), branch)
            end = first + number.end()
            if number.start():
                start = first + number.start("written")
            if number.end() == len(step["numbers"]):
                end = step.end()
            if found and (through or number["through"]):
                found[-1] = found[-1]._replace(end=end, until=last)
            elif found and not joined and number.start() == 0:
                found[-1] = found[-1]._replace(end=end, provision=last)
            else:
                found.append(Place(start, end, last))
            through = False
    return found


def _moved(before: Provision, unit: str, number: int, branch: int) -> Provision:
    """The place that a unit and its number mean, seen from the place named before it."""
    if unit == "条":
        return Provision(number, branch)
    if unit == "款":
        return before._replace(paragraph=number, item=0, subitem=0)
    if unit == "项":
        return before._replace(item=number, subitem=0)
    if unit == "目":
        return before._replace(subitem=number)
    higher = _DIVISIONS[: _DIVISIONS.index(unit)]
    kept = [part for part in _DIVISION.findall(before.division) if part.lstrip("0123456789") in higher]
    return Provision(division="".join(kept) + f"{number}{unit}")
