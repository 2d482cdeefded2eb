"""The committed calendar against two libraries that were made independently of it."""

import ast
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar
import pytest

from tests.kernel.calendar import oracle
from yiwang.kernel.calendar import seed
from yiwang.kernel.calendar.enums import DayKind, YearStatus
from yiwang.kernel.calendar.seed import read, seed_calendar

KNOWN_GAP = {
    # 国办发明电〔2005〕35号: 元旦 … 12月31日（星期六）上班. chinesecalendar has the day off in exchange
    # (3 January 2006) but not the Saturday that pays for it.
    date(2005, 12, 31),
}


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", range(2004, 2027))
def test_working_days_agree_with_chinesecalendar(year):
    calendar = seed_calendar()
    try:
        differing = {d for d in days_of(year) if chinese_calendar.is_workday(d) != calendar.is_working(d)}
    except NotImplementedError:
        pytest.skip(f"chinesecalendar knows nothing of {year}")
    assert differing == {day for day in KNOWN_GAP if day.year == year}


def test_working_days_agree_with_the_holidays_library():
    calendar = seed_calendar()
    differing = [
        d for year in range(2004, 2028) for d in days_of(year) if calendar.is_working(d) == oracle.REST[d]
    ]
    assert differing == []


def test_years_up_to_2026_are_published_and_2027_is_not():
    assert {entry.year: entry.status for entry in read()} == {
        **dict.fromkeys(range(2004, 2027), YearStatus.PUBLISHED),
        2027: YearStatus.PROVISIONAL,
    }


def test_an_unpublished_year_has_no_make_up_days():
    assert {d.kind for d in read()[-1].days.values()} == {DayKind.HOLIDAY}


def test_make_up_days_fall_on_weekends_and_every_exception_bears_both_names():
    exceptions = [(day, exception) for year in read() for day, exception in year.days.items()]
    make_up = [day for day, exception in exceptions if exception.kind is DayKind.MAKE_UP_WORKING]
    assert [day for day in make_up if day.weekday() < 5] == []
    assert [day for day, exception in exceptions if not (exception.name_zh and exception.name_en)] == []


def test_the_holidays_library_is_used_for_drafting_only_and_rules_know_no_framework():
    folder = Path(seed.__file__).parent

    def imported(path):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module.split(".")[0]

    users = [path.name for path in folder.rglob("*.py") if "holidays" in imported(path)]
    pure = ("rules.py", "announcement.py", "enums.py", "seed.py")
    assert users == ["drafting.py"]
    assert [name for name in pure if "django" in imported(folder / name)] == []
