"""Teams and where they are, work and its offers, and the decisions behind them.

Places are metres on the county's own plane: x to the east, y to the north of the origin.
"""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from yiwang.facilities.dispatch.enums import LIVE, WITH_TEAM, JobState, Mode, OfferState, Urgency
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.models import Account


def _in_one_of(states: Iterable[str]) -> Q:
    """A condition on the state in words that PostgreSQL writes the same way after reading them back.

    It doesn't with `IN`, and a restored backup would seem to differ.
    """
    return reduce(or_, (Q(state=state) for state in sorted(states)))


class Team(models.Model):
    """People who go out together, of one unit (mostly a company).

    `areas` are units whose whole territory is served; none means everywhere. `hours` are
    `[weekday, first minute, last minute]` in local time (Monday is 0); none means always. `load` is how
    many jobs the team is offered or has, kept by the actions. `position_at` is when `x`, `y` was reported;
    `base_x`, `base_y` is where the team's day begins. The index for the nearest is in `dispatch.sql`.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="teams")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    skills = ArrayField(models.CharField(max_length=40), default=list)
    areas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    hours = models.JSONField(default=list, blank=True)
    capacity = models.PositiveSmallIntegerField(default=3)
    load = models.PositiveSmallIntegerField(default=0)
    band = models.CharField(max_length=1, blank=True)
    x = models.FloatField()
    y = models.FloatField()
    position_at = models.DateTimeField(null=True)
    base_x = models.FloatField()
    base_y = models.FloatField()
    is_active = models.BooleanField(default=True)
    is_suspended = models.BooleanField(default=False)
    suspended_reason = models.CharField(max_length=200, blank=True)
    last_offer_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["unit_id", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="team_named_once_in_its_unit"),
            models.CheckConstraint(condition=Q(load__lte=F("capacity")), name="team_not_overloaded"),
        ]
        indexes = [GinIndex(fields=["skills"], name="team_by_skill")]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """Somebody who goes out with a team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="teams")
    since_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "account"], name="member_once_in_a_team")]


class TeamLicence(models.Model):
    """A licence that a team holds through a day, the last one included."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="licences")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=60, blank=True)
    until_on = models.DateField()

    class Meta:
        ordering = ["kind", "-until_on"]
        constraints = [models.UniqueConstraint(fields=["team", "kind"], name="licence_once_a_kind")]


class Job(models.Model):
    """A piece of work for one team, asked for by somebody who names a subject of their own.

    `area_path` holds the ids from the root down to the unit in whose territory the work is.
    """

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="jobs")
    title = models.CharField(max_length=120, blank=True)
    skill = models.CharField(max_length=40)
    licence = models.CharField(max_length=40, blank=True)
    area_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    area_path = ArrayField(models.BigIntegerField(), default=list, blank=True)
    x = models.FloatField()
    y = models.FloatField()
    window_from_at = models.DateTimeField()
    window_until_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    preferred_team_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    unwanted_team_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.NORMAL)
    is_automatic = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.WAITING)
    state_at = models.DateTimeField()
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="jobs")
    route_order = models.PositiveSmallIntegerField(null=True)
    planned_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    departed_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=_in_one_of(LIVE),
                name="job_once_a_subject",
            ),
            models.CheckConstraint(
                condition=(_in_one_of(WITH_TEAM) & Q(team__isnull=False))
                | (~_in_one_of(WITH_TEAM) & Q(team__isnull=True)),
                name="job_has_a_team_when_accepted",
            ),
            models.CheckConstraint(
                condition=Q(window_until_at__gt=F("window_from_at")), name="job_window_ends_after_it_begins"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="job_of_subject"),
            models.Index(fields=["unit", "state", "asked_at"], name="job_live", condition=_in_one_of(LIVE)),
            models.Index(fields=["team", "state", "window_from_at"], name="job_of_team"),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.subject_kind} {self.subject_id}"


class Decision(models.Model):
    """How a team was chosen, or why nobody was: what was known, what it was worth, what followed.

    `facts` keeps the job as it was; `candidates` every team that was weighed, with its facts, parts and
    refusals; `shortfall` the count of refusals by reason and the nearest miss. From these alone the choice
    can be worked out again.
    """

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    mode = models.CharField(max_length=8, choices=Mode)
    rules = models.CharField(max_length=10)
    facts = models.JSONField()
    candidates = models.JSONField(default=list)
    shortfall = models.JSONField(default=dict)
    chosen_team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, related_name="+")
    by_account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]


class Offer(models.Model):
    """A job offered to a team, with the moment by which it must answer. At most one lives for a job."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="offers")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="offers")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="offers")
    offered_at = models.DateTimeField()
    answer_by_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=OfferState, default=OfferState.OFFERED)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["job"],
                condition=_in_one_of({OfferState.OFFERED, OfferState.ACCEPTED}),
                name="job_never_has_two_teams",
            ),
        ]
        indexes = [
            models.Index(fields=["answer_by_at"], name="offer_due", condition=Q(state=OfferState.OFFERED)),
            models.Index(fields=["team", "state"], name="offer_of_team"),
        ]


class MapShapes(models.Model):
    """The shapes of the county's map on the plane, as `rules.shapes` makes them of a GeoJSON; one row."""

    features = models.JSONField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_map")]


class Act(models.Model):
    """Something a team did on its phone, under a number the phone made, so that it counts once."""

    key = models.UUIDField(unique=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    done_at = models.DateTimeField()
    received_at = models.DateTimeField()
    answer = models.JSONField(default=dict)
