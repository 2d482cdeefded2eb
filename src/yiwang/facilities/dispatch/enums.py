"""States of work and offers, how a decision came about, how urgent a matter is."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class JobState(models.TextChoices):
    """Where a piece of work stands."""

    WAITING = "waiting", pgettext_lazy("state of a job", "Waiting for a team")
    OFFERED = "offered", pgettext_lazy("state of a job", "Offered")
    ACCEPTED = "accepted", pgettext_lazy("state of a job", "Accepted")
    UNDER_WAY = "under_way", pgettext_lazy("state of a job", "Work under way")
    DONE = "done", pgettext_lazy("state of a job", "Finished")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of a job", "Withdrawn")
    STUCK = "stuck", pgettext_lazy("state of a job", "Needs a dispatcher")


LIVE = frozenset({JobState.WAITING, JobState.OFFERED, JobState.ACCEPTED, JobState.UNDER_WAY, JobState.STUCK})
"""States in which work still has to be done by somebody."""

WITH_TEAM = frozenset({JobState.ACCEPTED, JobState.UNDER_WAY, JobState.DONE})
"""States in which exactly one team has the work."""


class OfferState(models.TextChoices):
    """What became of an offer."""

    OFFERED = "offered", pgettext_lazy("state of an offer", "Waiting for an answer")
    ACCEPTED = "accepted", pgettext_lazy("state of an offer", "Accepted")
    DECLINED = "declined", pgettext_lazy("state of an offer", "Declined")
    EXPIRED = "expired", pgettext_lazy("state of an offer", "Not answered in time")
    WITHDRAWN = "withdrawn", pgettext_lazy("state of an offer", "Withdrawn")


class Mode(models.TextChoices):
    """How a decision came about."""

    SINGLE = "single", _("One piece of work by itself")
    BATCH = "batch", _("Many at once")
    PLAN = "plan", _("Plan of a day")
    MANUAL = "manual", _("Chosen by a dispatcher")


class Urgency(models.TextChoices):
    """How soon somebody must answer an offer."""

    EMERGENCY = "emergency", _("Emergency")
    URGENT = "urgent", _("Urgent")
    NORMAL = "normal", pgettext_lazy("urgency", "Normal")
    PLANNED = "planned", pgettext_lazy("urgency", "Planned")
