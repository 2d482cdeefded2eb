"""The addresses of figures: each figure's question written as an address, and read back from one."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from yiwang.kernel.access.rules import Standing
from yiwang.kernel.casework.queries import procedures_met_by
from yiwang.kernel.casework.registry import declared
from yiwang.kernel.stats.indicators import DIMENSION, INDICATOR
from yiwang.kernel.stats.queries import Question
from yiwang.kernel.stats.rules import BadPeriod, Period

LONGEST_KEY = 80


class BadQuestion(ValueError):
    """An address asks for something that isn't counted."""


def institutions() -> list[str]:
    """The institutions that have matters to count, in the order in which they moved in."""
    return list(dict.fromkeys(one.institution for one in declared() if not one.is_internal))


def institution_in(query: Mapping[str, str]) -> str:
    """The institution that an address names, else the first."""
    known = institutions()
    asked = query.get("of", "")
    return asked if asked in known else known[0]


def institutions_of(standing: Standing, *, today: date) -> dict[str, str]:
    """The institutions whose figures somebody may look at, each with the name of its matters, their own first."""
    names: dict[str, str] = {}
    for case_type in procedures_met_by(standing, on=today):
        if case_type.is_internal:
            continue
        names.setdefault(case_type.institution, case_type.label)
    return names


def institution_for(query: Mapping[str, str], *, offered: Mapping[str, str]) -> str:
    """The institution of the page: as the address says, and where it says nothing at all, one's own."""
    return institution_in(query) if query or not offered else next(iter(offered))


def period_in(query: Mapping[str, str], *, today: date) -> Period:
    """The month or year that an address names, else this month."""
    try:
        return Period.parse(query.get("month") or query.get("year") or "")
    except BadPeriod:
        return Period(today.year, today.month)


def period_words(period: Period, *, institution: str) -> dict[str, str]:
    """A period as words of an address."""
    words = {"month" if period.month else "year": str(period)}
    return words if institution == institutions()[0] else {**words, "of": institution}


def address_of_report(period: Period, *, institution: str, page: str = "stats:month") -> str:
    """The address of a period's page or export."""
    return f"{reverse(page)}?{urlencode(period_words(period, institution=institution))}"


def address_of_cases(question: Question, *, institution: str) -> str:
    """The address of the list of cases behind a figure."""
    words = period_words(question.period, institution=institution)
    if question.day is not None:
        words["day"] = question.day.isoformat()
    if question.indicator != "received":
        words["figure"] = question.indicator
    if question.dimension:
        words |= {"by": question.dimension, "key": question.key}
    return f"{reverse('stats:cases')}?{urlencode(words)}"


def question_in(query: Mapping[str, str], *, today: date) -> Question:
    """The question that an address asks; raises `BadQuestion`."""
    indicator, dimension, key = query.get("figure", "received"), query.get("by", ""), query.get("key", "")
    if indicator not in INDICATOR or len(key) > LONGEST_KEY or "\x00" in key:
        raise BadQuestion(indicator)
    if dimension and dimension not in DIMENSION and dimension != "hop":
        raise BadQuestion(dimension)
    if dimension == "hop" and not (key.isascii() and key.isdigit() and len(key) < 18):
        raise BadQuestion(key)
    day = None
    if "day" in query:
        try:
            day = date.fromisoformat(query["day"])
        except ValueError:
            raise BadQuestion(query["day"]) from None
    return Question(period_in(query, today=today), indicator, dimension, key, day)
