"""Rules about companies without the database: bands, alarms, credit codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.kernel.base.text import fold

ALARMS = (0, 7, 30)
"""So many days before something runs out its company and the centre are told."""

REVERIFY_AFTER = timedelta(days=365)
"""What a company handed in is looked at again at the latest after so long (电子商务法 27 says: from time to time)."""

FEWEST_ORDERS = 5
"""With fewer orders in a month a mark would say nothing; there is no band then."""

APPEAL_DAYS = 15
"""So many days after a month was counted its company may appeal against it."""

TREND_MONTHS = 6
NEAR_METRES = 12_000
"""A team whose base is further from a community than this isn't near it."""

THRESHOLDS: Mapping[str, Mapping[str, float]] = {
    "A": {"response": 0.90, "on_time": 0.90, "solved": 0.95, "satisfied": 0.90, "undisputed": 0.97},
    "B": {"response": 0.75, "on_time": 0.75, "solved": 0.85, "satisfied": 0.75, "undisputed": 0.90},
}
"""What each figure must reach for a band; a company that misses one of B's has a C. Published beside the bands."""

_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@dataclass(frozen=True)
class Rate:
    """How many of a company's orders were good in one respect, out of how many."""

    good: int = 0
    total: int = 0

    @property
    def share(self) -> float | None:
        """The share, or nothing where there was nothing to count."""
        return self.good / self.total if self.total else None

    def added(self, *, is_good: bool) -> "Rate":
        """One order more."""
        return Rate(self.good + is_good, self.total + 1)


def rates_of(counts: Mapping[str, list[int]]) -> dict[str, Rate]:
    """The rates of a month as they are kept."""
    return {figure: Rate(good, total) for figure, (good, total) in counts.items()}


def band_of(rates: Mapping[str, Rate], *, orders: int) -> str:
    """The band that the figures make: the best whose every threshold is reached; none with too few orders.

    A figure for which nothing was counted holds nobody back.
    """
    if orders < FEWEST_ORDERS:
        return ""
    for band, wanted in THRESHOLDS.items():
        shares = {figure: rates[figure].share for figure in wanted if figure in rates}
        if all(share is None or share >= wanted[figure] for figure, share in shares.items()):
            return band
    return "C"


def alarm_for(until_on: date, *, today: date) -> int | None:
    """Which of the alarms is due for something that runs out on a day; none when it is far off."""
    left = (until_on - today).days
    return next((days for days in ALARMS if left <= days), None)


def months_before(today: date, *, number: int) -> list[date]:
    """The first days of the months that ended before today's, the newest first."""
    first, found = today.replace(day=1), []
    for _ in range(number):
        first = (first - timedelta(days=1)).replace(day=1)
        found.append(first)
    return found


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=32)).replace(day=1)


def plain_code(written: str) -> str:
    """A unified social credit code (GB 32100) without blanks, in capitals."""
    return fold(written).upper().replace("-", "")


def is_credit_code(code: str) -> bool:
    """Whether a plain code can be right: 18 signs, the last one following from the others (GB 32100-2015)."""
    if len(code) != 18 or any(sign not in _CODE_SIGNS for sign in code):
        return False
    total = sum(_CODE_SIGNS.index(sign) * weight for sign, weight in zip(code, _CODE_WEIGHTS, strict=False))
    return _CODE_SIGNS[(31 - total % 31) % 31] == code[17]


# ------------------------------------------------------------------------------------- what a company sets itself

Span = Sequence[int]
"""A weekday with the first and the last minute, as dispatch keeps hours."""


def price_needs_approval(price_fen: int, *, catalogue_fen: int) -> bool:
    """Whether the office must approve a company's price: when it is above the catalogue's own."""
    return price_fen > catalogue_fen


def serves_less(
    areas: Sequence[int], hours: Sequence[Span], *, before_areas: Sequence[int], before_hours: Sequence[Span]
) -> bool:
    """Whether residents would lose something: a place or an hour that is served now. No areas mean everywhere,
    no hours always; a week of days without a gap counts as the hours that it names.
    """
    loses_place = bool(areas) and (not before_areas or not set(before_areas) <= set(areas))
    if not hours:
        return loses_place
    if not before_hours:
        return True
    covered = all(
        any(day == other and first <= begin and end <= last for other, first, last in hours)
        for day, begin, end in before_hours
    )
    return loses_place or not covered
