"""Tallies of days and months, kept so that a month's page needn't count a million cases. They can always be counted anew."""

from django.db import models


class KeptTally(models.Model):
    """What was counted for the cases of one scope received from `day` on.

    `tally` is of the cases that are kept from nobody; `kept_back` of the others, with the units and accounts
    they are kept from: it goes for a reader who is none of these.

    `snapshot` is PostgreSQL's snapshot under which it was counted: the tally is good as long as every change
    of those cases is visible in it. `next_breach_on` is the last day on which the number of late cases
    still holds. `as_of` is the day for which lateness was judged. `server` is the identity of the database
    server, because a snapshot means nothing on another one, such as after restoring a dump.
    """

    institution = models.CharField(max_length=30)
    scope = models.CharField(max_length=30)
    day = models.DateField()
    as_of = models.DateField()
    next_breach_on = models.DateField(null=True)
    snapshot = models.TextField()
    server = models.BigIntegerField(default=0)
    tally = models.JSONField()
    kept_back = models.JSONField(default=dict)

    class Meta:
        abstract = True


class DayTally(KeptTally):
    """The tally of one day."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "scope", "day"], name="day_tally_once"),
        ]


class MonthTally(KeptTally):
    """The tally of a month, put together from its days; `day` is its first."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "scope", "day"], name="month_tally_once"),
        ]
