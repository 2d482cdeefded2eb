"""Years of the working calendar as they were announced; a new announcement is a new row, nothing is changed."""

from django.db import models
from django.db.models import Q

from yiwang.kernel.calendar.enums import DayKind, YearStatus


class CalendarYear(models.Model):
    """One announcement of a year's holidays; the current one is that which nothing has superseded.

    `published_by` is the id of an account (accounts live on a higher floor); empty for what an installation
    began with. A trigger in the database lets `superseded_at` be set once and nothing else be changed.
    """

    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=16, choices=[(status.value, status.name) for status in YearStatus])
    source = models.CharField(max_length=200)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.BigIntegerField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["year", "version"]
        constraints = [
            models.UniqueConstraint(fields=["year", "version"], name="calendar_year_version_once"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(superseded_at__isnull=True), name="calendar_year_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} v{self.version}"


class CalendarDay(models.Model):
    """A day that an announcement takes out of the Monday-to-Friday rule.

    May lie in the December before its year: the announcement for 2012 made 31 December 2011 a working day.
    """

    year = models.ForeignKey(CalendarYear, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    kind = models.CharField(
        max_length=16,
        choices=[(kind.value, kind.name) for kind in (DayKind.HOLIDAY, DayKind.MAKE_UP_WORKING)],
    )
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=160)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["year", "day"], name="calendar_day_once_a_year")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"
