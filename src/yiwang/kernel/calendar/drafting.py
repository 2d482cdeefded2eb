"""Drafts `announced.json` anew from the `holidays` package; run by hand, once a year.

`python -m yiwang.kernel.calendar.drafting`: the package follows the notices of the State Council's General
Office. This is the only module that may import it, and no other module may import this one.
"""

import json
import re
from datetime import date, timedelta
from typing import Any

import holidays

from yiwang.kernel.calendar.enums import YearStatus
from yiwang.kernel.calendar.seed import FILE

FIRST_YEAR, LAST_PUBLISHED_YEAR, LAST_YEAR = 2004, 2026, 2027
NOTICE = "国务院办公厅关于{year}年部分节假日安排的通知"
PROVISIONAL_SOURCE = "全国年节及纪念日放假办法（国务院令第795号）"


def write() -> None:
    """Write the file anew from the `holidays` package."""
    span = range(FIRST_YEAR, LAST_YEAR + 2)
    chinese = holidays.country_holidays("CN", years=span, language="zh_CN")
    english = holidays.country_holidays("CN", years=span, language="en_US")
    off = {day: _festival(chinese, english, day) for day in chinese}
    work = {}
    for day, label in chinese.items():
        given_up = re.search(r"由 (\d{4}-\d{2}-\d{2}) 调休", label)
        if given_up:
            work[date.fromisoformat(given_up[1])] = off[day]
    missing = {day for day in chinese.weekend_workdays if day.year >= FIRST_YEAR} - work.keys()
    for day in missing:
        work[day] = _nearest(off, day)
    names = sorted({*off.values(), *work.values()})
    years = []
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        published = year <= LAST_PUBLISHED_YEAR
        years.append(
            {
                "year": year,
                "status": YearStatus.PUBLISHED if published else YearStatus.PROVISIONAL,
                "source": NOTICE.format(year=year) if published else PROVISIONAL_SOURCE,
                "off": {d.isoformat(): names.index(off[d]) for d in sorted(off) if _notice(d) == year},
                "work": {d.isoformat(): names.index(work[d]) for d in sorted(work) if _notice(d) == year},
            }
        )
    lines = ",\n  ".join(json.dumps(entry, ensure_ascii=False) for entry in years)
    text = f'{{"names": {json.dumps(names, ensure_ascii=False)},\n "years": [\n  {lines}\n ]}}\n'
    FILE.write_text(text, encoding="utf-8")


def _notice(day: date) -> int:
    """The year whose notice names a day: what happens in December belongs to New Year."""
    return day.year + 1 if day.month == 12 else day.year


def _festival(chinese: Any, english: Any, day: date) -> tuple[str, str]:
    """The festival a day off belongs to: its own, or for an exchanged day that of the run it joins."""
    if "调休" not in chinese[day]:
        return (
            re.sub(r"（补假）|（.*推定）", "", chinese[day]).replace("; ", "、"),
            re.sub(r" \((observed|estimated|observed, estimated)\)", "", english[day]),
        )
    for step in (-1, 1):
        near = day + timedelta(days=step)
        while near in chinese or near.weekday() >= 5:
            if near in chinese and "调休" not in chinese[near]:
                return _festival(chinese, english, near)
            near += timedelta(days=step)
    raise ValueError(f"{day}: an exchanged day off beside no holiday")


def _nearest(off: dict[date, tuple[str, str]], day: date) -> tuple[str, str]:
    """The festival nearest to a working weekend whose exchange isn't recorded."""
    return off[min(off, key=lambda other: abs((other - day).days))]


if __name__ == "__main__":
    write()
