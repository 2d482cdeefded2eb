"""An independent oracle: its own data, straight from the `holidays` library, and a loop over days.

Shares no line and no data file with `yiwang.kernel.calendar`; slow and obvious on purpose.
"""

from datetime import date, timedelta

import holidays

_CHINA = holidays.country_holidays("CN", years=range(2003, 2029))
_WORKING_WEEKENDS = set(_CHINA.weekend_workdays)
_OFF = set(_CHINA.keys())


def is_rest(day: date) -> bool:
    """Nobody works on this day."""
    if day in _WORKING_WEEKENDS:
        return False
    return day in _OFF or day.isoweekday() > 5


REST = {
    date.fromordinal(n): is_rest(date.fromordinal(n))
    for n in range(date(2004, 1, 1).toordinal(), date(2029, 1, 1).toordinal())
}


def last_day(start, *, term, working_days, rolls, first_counts=False, suspended=()):
    """Count day by day; nothing when an open suspension keeps the count from going on."""

    def paused(day):
        return any(a <= day and (b is None or day <= b) for a, b in suspended)

    def paused_for_ever(day):
        return any(a <= day and b is None for a, b in suspended)

    counted, day = 0, start
    if not first_counts and term:
        day += timedelta(days=1)
    while term:
        if paused_for_ever(day):
            return None
        if not paused(day) and not (working_days and REST[day]):
            counted += 1
        if counted == term:
            break
        day += timedelta(days=1)
    if rolls and REST[day]:
        day += timedelta(days=1)
        while REST[day] or paused(day):
            if paused_for_ever(day):
                return None
            day += timedelta(days=1)
    return day
