"""Calls and what happened to them, agents, commands to drivers, call-backs, blocked numbers, articles."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from yiwang.facilities.hotline.enums import (
    AgentState,
    CallBackOutcome,
    CallBackReason,
    CallState,
    Direction,
    EventKind,
    ListenMode,
)
from yiwang.facilities.hotline.rules import USUAL_PRIORITY, Happened
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.models import Account


class Line(models.Model):
    """A number that people dial, and the unit whose agents answer it."""

    number = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    skills = ArrayField(models.CharField(max_length=30), default=list, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class Agent(models.Model):
    """An account that takes calls for a unit: its phone, its skills, and what it is doing since when.

    `has_line` tells that its phone can be rung now; `line_at` since when that is so or not.
    Of two who can do the same, the one with the lower `priority` is rung first.
    """

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    extension = models.CharField(max_length=60, blank=True)
    skills = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    priority = models.PositiveSmallIntegerField(default=USUAL_PRIORITY)
    state = models.CharField(max_length=10, choices=AgentState, default=AgentState.OFF)
    since_at = models.DateTimeField()
    is_auto_answer = models.BooleanField(default=False)
    has_line = models.BooleanField(default=False)
    line_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["extension"], condition=~Q(extension=""), name="agent_extension_once"
            ),
            models.CheckConstraint(condition=Q(priority__range=(1, 9)), name="agent_priority_1_to_9"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.state}"


class AgentSetting(models.Model):
    """How an agent was set up from an instant on, and by whom; never changed or removed."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="settings")
    extension = models.CharField(max_length=60, blank=True)
    skills = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    priority = models.PositiveSmallIntegerField()
    is_auto_answer = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.at:%Y-%m-%d}"


class Call(models.Model):
    """One call. What stands here follows from its events; only `actions.hear` and its like write it.

    `number` is whoever is at the other end, normalised: the caller of an incoming call, the called of an outgoing one.
    `asked` is another agent whom its agent asks, `listener` a supervisor who listens in.
    `position` is the place in the queue that the caller was told last.
    `merged_into` is set when it turned out to be about the matter of another call.
    `happened` isn't kept: what is known of its events by whoever holds its lock.
    """

    happened: list[Happened] | None = None

    driver = models.CharField(max_length=20)
    driver_key = models.CharField(max_length=128)
    direction = models.CharField(max_length=10, choices=Direction, default=Direction.INBOUND)
    caller = models.CharField(max_length=40, blank=True)
    called = models.CharField(max_length=40, blank=True)
    number = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=CallState, default=CallState.OFFERED)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="calls")
    wants = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    others = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    asked = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="asked_calls")
    is_asked_in = models.BooleanField(default=False)
    listener = models.ForeignKey(Agent, on_delete=models.PROTECT, null=True, related_name="heard_calls")
    listening = models.CharField(max_length=10, choices=ListenMode, blank=True)
    position = models.PositiveIntegerField(null=True)
    offered_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    cause = models.CharField(max_length=40, blank=True)
    is_missed = models.BooleanField(default=False)
    is_blocked = models.BooleanField(default=False)
    recording_digest = models.CharField(max_length=64, blank=True)
    recording_seconds = models.PositiveIntegerField(default=0)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    wrapped_up_at = models.DateTimeField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ["-offered_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["driver", "driver_key"], name="call_once")]
        indexes = [
            models.Index(fields=["number", "-offered_at"], name="call_number"),
            models.Index(fields=["unit", "-offered_at", "-id"], name="call_unit"),
            models.Index(
                fields=["unit", "-offered_at", "-id"], name="call_missed", condition=Q(is_missed=True)
            ),
            models.Index(fields=["offered_at"], name="call_live", condition=~Q(state="ended")),
            models.Index(fields=["agent", "-offered_at"], name="call_agent"),
            models.Index(fields=["asked"], name="call_asked", condition=Q(asked__isnull=False)),
            models.Index(fields=["listener"], name="call_listener", condition=Q(listener__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.driver}:{self.driver_key}"


class CallEvent(models.Model):
    """One thing that happened to a call. Written once; the database refuses to change or remove it."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=EventKind)
    at = models.DateTimeField()
    number = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    heard_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "kind", "at"], name="call_event_once")]


class Command(models.Model):
    """Something that a driver is to do; written to the table, announced on the channel `yiwang_hotline`."""

    driver = models.CharField(max_length=20)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="commands")
    kind = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    given_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["driver", "id"], name="command_waiting", condition=Q(taken_at__isnull=True))
        ]


class CallBack(models.Model):
    """Somebody to be called back; one for each number and subject while it is open."""

    number = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=10, choices=CallBackReason)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, null=True, related_name="call_backs")
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.BigIntegerField(default=0)
    words = models.CharField(max_length=200, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)
    attempts = models.PositiveIntegerField(default=0)
    taken_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=CallBackOutcome, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "subject_kind", "subject_id"],
                condition=Q(done_at__isnull=True),
                name="call_back_once_while_open",
            )
        ]
        indexes = [
            models.Index(
                fields=["unit", "due_at", "id"], name="call_back_open", condition=Q(done_at__isnull=True)
            )
        ]


class CallOutcome(models.Model):
    """What a call became: `key` of the registry of outcomes, with the matter or the words of the answer."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="outcomes")
    key = models.CharField(max_length=40)
    subject_kind = models.CharField(max_length=30, blank=True)
    subject_id = models.BigIntegerField(null=True)
    article = models.ForeignKey("Article", on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)
    noted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="outcome_subject")]


class BlockedNumber(models.Model):
    """A number whose calls are refused until an instant, with the reason and who decided."""

    number = models.CharField(max_length=40)
    reason = models.CharField(max_length=200)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    blocked_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-from_at"]
        constraints = [
            models.CheckConstraint(condition=Q(until_at__gt=models.F("from_at")), name="blocked_ends"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(lifted_at__isnull=True), name="blocked_once"
            ),
        ]


class Article(models.Model):
    """An article of the knowledge base as it stands now; every wording of it is kept as a version."""

    title = models.CharField(max_length=120)
    section = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    review_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["section", "title"]

    def __str__(self) -> str:
        return self.title


class ArticleVersion(models.Model):
    """One wording of an article, as it stood from an instant on; never changed or removed."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    section = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    source = models.CharField(max_length=200, blank=True)
    review_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["article", "version"], name="article_version_once")]
