"""The words of the working calendar: kinds of day, units of counting, what happens at the end of a term."""

from enum import StrEnum


class YearStatus(StrEnum):
    """Whether the State Council has announced a year's holidays."""

    PUBLISHED = "published"
    PROVISIONAL = "provisional"


class DayKind(StrEnum):
    """What a day is: a working day, a weekend, a holiday, or a weekend on which people work."""

    WORKING = "working"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP_WORKING = "make_up_working"


class CountUnit(StrEnum):
    """What a term counts: every day, or working days only."""

    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"


class RollOver(StrEnum):
    """What happens when the last day of a term is a rest day."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"


class Mark(StrEnum):
    """What one day did for a term: counted, skipped, or the day on which it ends."""

    FIRST_DAY_NOT_COUNTED = "first_day_not_counted"
    COUNTED = "counted"
    SKIPPED_REST = "skipped_rest"
    SUSPENDED = "suspended"
    ROLLED_OVER = "rolled_over"
    DUE = "due"
