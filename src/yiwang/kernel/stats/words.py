"""Figures in words: periods, comparisons and numbers as people read them."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yiwang.kernel.stats.rules import Period


def period_name(period: Period) -> str:
    """A period as a heading: "2019年7月", "July 2019", "2019年"."""
    if period.month is None:
        return _("%(year)s, whole year") % {"year": period.year}
    return date_format(period.first_on, pgettext("format of month and year", "F Y"))


def month_name(month: Period) -> str:
    """A month as a short word: "7月", "July"."""
    return date_format(month.first_on, pgettext("format of a month in a row of months", "M"))


def day_name(day: date) -> str:
    """A day as people write it."""
    return date_format(day, "DATE_FORMAT")


def number(value: float | None) -> str:
    """A number with its thousands grouped; a dash for nothing."""
    if value is None:
        return "–"
    return f"{int(value):,}" if float(value).is_integer() else f"{value:,.1f}"


def compared(now: float, then: float, *, with_what: str) -> str:
    """How a count differs from an earlier one, in a sentence."""
    words = {"difference": number(abs(now - then)), "then": with_what}
    if now == then:
        return _("as many as in %(then)s") % words
    if now > then:
        return _("%(difference)s more than in %(then)s") % words
    return _("%(difference)s fewer than in %(then)s") % words


def comparisons(report_period: Period, now: float, before: float, year_before: float) -> str:
    """How a count differs from the period before and from the same month a year earlier."""
    if report_period.month is None:
        return compared(now, before, with_what=_("the year before"))
    first = compared(now, before, with_what=_("the month before"))
    second = compared(now, year_before, with_what=_("the same month a year earlier"))
    return _("%(first)s, %(second)s") % {"first": first, "second": second}
