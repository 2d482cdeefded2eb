"""Breaking a title by its meaning into a trapezoid or a diamond (GB/T 9704-2012 7.3.1)."""

import re
from functools import lru_cache
from itertools import combinations
from math import comb

from yiwang.facilities.office.layout.lines import NOT_FIRST, NOT_LAST, is_narrow, width_of

LONGEST = 20
"""Characters of the second size that fit into 156 mm."""
MOST_TRIED = 2_000
"""Ways to cut a title that are compared one by one; a title of three lines has a few hundred."""

_GOOD_AFTER = re.compile(
    r"(关于|印发|转发|批转|开展|实施|做好|加强|推进|进一步|贯彻落实|加快|深化|举办|召开|成立|调整|公布|表彰|"
    r"人民政府|办公室|委员会|[厅局委办院]|工作|活动|会议|方案|办法|规定|意见|管理|服务|建设|情况|年度?|期间|的|和|与|及|暨|》|、|，)$"
)
_GOOD_BEFORE = re.compile(
    r"^(关于|《|印发|转发|批转|做好|开展|加强|实施|进一步|推进|的(?:通知|通报|报告|请示|批复|意见|决定|决议|函|公告|通告|命令|纪要))"
)
_BAD_AFTER = re.compile(r"(^|[^的])(关于)$")


def title_lines(title: str) -> tuple[str, ...]:
    """The lines of a title; breaks that the writer made (line feeds) are kept."""
    if "\n" in title:
        return tuple(line.strip() for line in title.splitlines() if line.strip())
    return _best(title.strip())


@lru_cache(maxsize=2048)
def _best(title: str) -> tuple[str, ...]:
    total = width_of(title)
    if total <= LONGEST:
        return (title,)
    fewest = -(-int(total + 0.999) // LONGEST)
    tried: list[tuple[float, tuple[str, ...]]] = []
    prices = {place: _price(title, place) for place in range(2, len(title) - 1)}
    places = [place for place, price in prices.items() if price < 50]
    for count in (fewest, fewest + 1):
        candidates = places
        if count > 3:
            candidates = [place for place in places if prices[place] <= 2]
        if comb(len(candidates), count - 1) > MOST_TRIED:
            if found := _evenly(title, prices, places, count):
                return found
            continue
        for cuts in combinations(candidates, count - 1):
            edges = (0, *cuts, len(title))
            lines = tuple(title[a:b] for a, b in zip(edges, edges[1:], strict=False))
            widths = [width_of(line) for line in lines]
            if max(widths) <= LONGEST and min(widths) >= 3:
                price = sum(prices[cut] for cut in cuts) + _shape(widths) + 3 * (count - fewest)
                tried.append((price, lines))
    if tried:
        return min(tried)[1]
    step = -(-len(title) // fewest)
    return tuple(title[at : at + step] for at in range(0, len(title), step))


def _evenly(title: str, prices: dict[int, float], places: list[int], count: int) -> tuple[str, ...] | None:
    """A title of many lines: so many, cut where it costs least and near the same width; nothing when it can't be.

    All ways to cut it would be more than can be tried; the shape of so many lines is no trapezoid anyhow.
    """
    ends = [*places, len(title)]
    target = width_of(title) / count
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for line in range(1, count + 1):
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (price, cuts) in best.items():
            for end in ends:
                if end <= start or (end == len(title)) != (line == count):
                    continue
                width = width_of(title[start:end])
                if width > LONGEST:
                    break
                cost = price + 0.05 * (width - target) ** 2
                cost += prices.get(end, 0.0)
                if end not in reached or cost < reached[end][0]:
                    reached[end] = (cost, (*cuts, end))
        best = reached
    if len(title) not in best:
        return None
    edges = (0, *best[len(title)][1])
    return tuple(title[a:b] for a, b in zip(edges, edges[1:], strict=False))


def _price(title: str, place: int) -> float:
    """How badly a break here divides what belongs together: 0 between parts of meaning, 50 never."""
    before, after = title[:place], title[place:]
    if after[0] in NOT_FIRST or before[-1] in NOT_LAST or (is_narrow(before[-1]) and is_narrow(after[0])):
        return 50
    if before.count("《") > before.count("》"):
        return 6 if _GOOD_AFTER.search(before) else 12
    if before[-1].isdigit():
        return 50
    if _BAD_AFTER.search(before):
        return 5
    if re.match(r"(的|和|与|及|暨|等)", after):
        return 1.5 if _GOOD_BEFORE.match(after) and len(after) > 3 else 7
    if _GOOD_BEFORE.match(after):
        return 0
    return 1.0 if _GOOD_AFTER.search(before) else 9


def _shape(widths: list[float]) -> float:
    """How far the lines are from a trapezoid or a diamond; a rectangle and an hourglass are the worst."""
    steps = [b - a for a, b in zip(widths, widths[1:], strict=False)]
    price = sum(4.0 for step in steps if abs(step) < 1)
    price += sum(0.25 * max(0.0, abs(step) - 6) for step in steps)
    signs = [step > 0 for step in steps if abs(step) >= 1]
    if any(not a and b for a, b in zip(signs, signs[1:], strict=False)):
        price += 6
    return price + 0.15 * (max(widths) - min(widths))
