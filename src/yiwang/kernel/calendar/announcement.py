"""Announcements of holidays: read from the notice's own words, checked, and compared with what was known.

Pure. The notice of the State Council's General Office is a list of paragraphs such as
`二、春节：2月15日至23日放假调休，共9天。2月14日（周六）、2月28日（周六）上班。`; it can be pasted as it is.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.kernel.calendar.enums import DayKind, YearStatus
from yiwang.kernel.calendar.rules import ExceptionalDay, WorkingCalendar

LONGEST_HOLIDAY = 31
EARLIEST_MONTH = 12
"""An announcement may reach back into the December before its year, and no further."""

DAY = r"(?:(?P<{0}y>\d{{4}})[年/-])?(?:(?P<{0}m>\d{{1,2}})[月/-])?(?P<{0}d>\d{{1,2}})日?"
SPAN = re.compile(DAY.format("a") + r"(?:\s*(?:至|到|—+|–|~|～|-)\s*" + DAY.format("b") + r")?(?!\d|天)")
ASIDE = re.compile(r"（[^）]*）|\([^)]*\)")
PARAGRAPH = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|\d+[.、])?\s*(?P<name>[^：:\d]{1,60})[：:](?P<rest>.+)$"
)


class NoticeProblem(ValueError):
    """Something in an announcement can't be right; `line` is the paragraph's number, zero for the whole."""

    def __init__(self, reason: str, *, line: int = 0, found: str = "") -> None:
        super().__init__(f"{line}: {reason} {found}".strip())
        self.reason = reason
        self.line = line
        self.found = found


@dataclass(frozen=True)
class DayChange:
    """A day on which people now work and didn't, or the other way round."""

    day: date
    before: DayKind
    after: DayKind
    name_zh: str
    name_en: str


def read_notice(text: str, *, year: int, names_en: Mapping[str, str]) -> dict[date, ExceptionalDay]:
    """The days off and the make-up working days that a notice for `year` announces.

    Paragraphs without a name and a colon are the notice's frame and are passed over. `names_en` gives the
    English names of the holidays known so far. Raises `NoticeProblem`.
    """
    days: dict[date, ExceptionalDay] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        paragraph = PARAGRAPH.match(ASIDE.sub("", line))
        if not paragraph:
            continue
        name = paragraph["name"].strip("　 “”\"'")
        english = names_en.get(name) or "; ".join(names_en.get(part, part) for part in name.split("、"))
        for kind, day in _days_of(paragraph["rest"], year=year, name=name, line=number):
            known = days.get(day)
            if known and known.kind != kind:
                raise NoticeProblem("day_both_ways", line=number, found=day.isoformat())
            days[day] = ExceptionalDay(kind, name, english)
    check(days, year=year)
    return days


def check(days: Mapping[date, ExceptionalDay], *, year: int) -> None:
    """Refuse an announcement that can't be right; raises `NoticeProblem`."""
    if not any(exception.kind == DayKind.HOLIDAY for exception in days.values()):
        raise NoticeProblem("no_days_off")
    for day, exception in days.items():
        if not date(year - 1, EARLIEST_MONTH, 1) <= day <= date(year, 12, 31):
            raise NoticeProblem("day_of_another_year", found=day.isoformat())
        if exception.kind == DayKind.MAKE_UP_WORKING and day.weekday() < 5:
            raise NoticeProblem("make_up_on_a_weekday", found=day.isoformat())
        if exception.kind not in (DayKind.HOLIDAY, DayKind.MAKE_UP_WORKING):
            raise NoticeProblem("not_an_exception", found=day.isoformat())


def announced(
    before: WorkingCalendar, days: Mapping[date, ExceptionalDay], *, year: int, replaced: frozenset[date]
) -> WorkingCalendar:
    """The calendar as it would be with `year` published; `replaced` are the days its last version named."""
    kept = {day: exception for day, exception in before.exceptions.items() if day not in replaced}
    return WorkingCalendar(
        version=before.version + 1,
        years={**before.years, year: YearStatus.PUBLISHED},
        exceptions={**kept, **days},
    )


def changes(before: WorkingCalendar, after: WorkingCalendar, *, year: int) -> tuple[DayChange, ...]:
    """The days of a year, and of the December before it, that change between working and resting."""
    first, last = date(year - 1, EARLIEST_MONTH, 1), date(year, 12, 31)
    found = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if before.is_working(day) != after.is_working(day):
            named = after.exception_on(day) or before.exception_on(day)
            names = (named.name_zh, named.name_en) if named else ("", "")
            found.append(DayChange(day, before.kind_of(day), after.kind_of(day), *names))
    return tuple(found)


def _days_of(rest: str, *, year: int, name: str, line: int) -> Iterator[tuple[DayKind, date]]:
    """Every day a paragraph names: those before 放假 are days off, those before 上班 are worked."""
    month: int | None = None
    found = False
    for clause in re.split(r"[，。；;,]", rest):
        spans = list(SPAN.finditer(clause))
        if not spans:
            continue
        if "上班" in clause:
            kind = DayKind.MAKE_UP_WORKING
        elif "放假" in clause:
            kind = DayKind.HOLIDAY
        else:
            month = int(spans[-1]["bm"] or spans[-1]["am"] or month or 0) or None
            continue
        for span in spans:
            first, last, month = _span(span, year=year, month=month, name=name, line=line)
            if kind == DayKind.MAKE_UP_WORKING and last != first:
                raise NoticeProblem("make_up_as_a_span", line=line, found=span[0])
            found = True
            for offset in range((last - first).days + 1):
                yield kind, first + timedelta(days=offset)
    if not found and re.search(r"\d", rest):
        raise NoticeProblem("neither_off_nor_working", line=line, found=rest[:40])


def _span(
    span: re.Match[str], *, year: int, month: int | None, name: str, line: int
) -> tuple[date, date, int]:
    """First and last day of `2月15日至23日`, and the month that the next days continue in."""

    def resolve(prefix: str, month: int | None, after: date | None) -> date:
        at_month = int(span[f"{prefix}m"] or month or 0)
        if not at_month:
            raise NoticeProblem("day_without_month", line=line, found=span[0])
        at_year = int(
            span[f"{prefix}y"] or (after.year if after else _year_of(at_month, year=year, name=name))
        )
        try:
            day = date(at_year, at_month, int(span[f"{prefix}d"]))
        except ValueError:
            raise NoticeProblem("no_such_day", line=line, found=span[0]) from None
        if after and day < after and not span[f"{prefix}y"]:
            day = day.replace(year=at_year + 1)
        return day

    first = resolve("a", month, None)
    last = resolve("b", first.month, first) if span["bd"] else first
    if not first <= last <= first + timedelta(days=LONGEST_HOLIDAY):
        raise NoticeProblem("span_backwards_or_too_long", line=line, found=span[0])
    return first, last, last.month


def _year_of(month: int, *, year: int, name: str) -> int:
    """A December in the paragraph on New Year is that of the year before."""
    return year - 1 if month == 12 and "元旦" in name else year
