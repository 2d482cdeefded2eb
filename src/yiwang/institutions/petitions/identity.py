"""Identity numbers (GB 11643): whether one that somebody read out can be right. Pure."""

from datetime import date

from yiwang.kernel.base.text import N_, fold

LENGTH = N_("An identity number has 18 figures (or 15 on an old card); here there are %(now)s characters.")
FIGURES = N_("An identity number has figures only; the last place may be an X.")
BIRTHDAY = N_("Places 7 to 14 of an identity number are the birthday; here they aren't a day.")
CHECK = N_(
    "One of the figures is wrong: the last place doesn't fit the others. Please compare with the card."
)

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def plain(number: str) -> str:
    """A number as typed, without blanks and hyphens, full-width figures as plain ones, x as X."""
    return fold(number).replace("-", "").upper()


def check_figure(first: str) -> str:
    """The last place that belongs to the first seventeen figures."""
    total = sum(int(figure) * weight for figure, weight in zip(first, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def fault_of(number: str) -> str:
    """What is wrong with a plain number, as a message to be translated; empty when it can be right."""
    if len(number) not in (15, 18):
        return LENGTH
    figures = number if len(number) == 15 else number[:17]
    if not (figures.isascii() and figures.isdecimal()):
        return FIGURES
    if len(number) == 18 and number[17] not in "0123456789X":
        return FIGURES
    if not _is_day(number[6:14] if len(number) == 18 else f"19{number[6:12]}"):
        return BIRTHDAY
    return CHECK if len(number) == 18 and check_figure(figures) != number[17] else ""


def _is_day(figures: str) -> bool:
    try:
        day = date(int(figures[:4]), int(figures[4:6]), int(figures[6:]))
    except ValueError:
        return False
    return day.year >= 1880
