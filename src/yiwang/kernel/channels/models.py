"""What people have begun to write and not yet handed in; the keys of programs, and what came with them."""

from django.db import models
from django.db.models import F, Q

from yiwang.kernel.casework.models import Case
from yiwang.kernel.channels.enums import MessageState


class Draft(models.Model):
    """Something that somebody without an account is writing, found again by the key in their cookie.

    Only the hash of the key is kept. `sealed` holds, for a short while after it was handed in, the words
    that are shown once (a receipt code), readable only with the key; `data` is empty by then.
    """

    kind = models.CharField(max_length=40)
    key_digest = models.BinaryField(unique=True)
    data = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    handed_in_at = models.DateTimeField(null=True)
    case_id = models.BigIntegerField(null=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="draft_expires")]


class DraftFile(models.Model):
    """A file that goes with a draft; its bytes lie in the store, its name is the sender's."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Attempt(models.Model):
    """That something was sent from somewhere, so that one sender can't flood an office; kept for a day."""

    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["kind", "source", "at"], name="attempt_source")]


class Message(models.Model):
    """A short message to a telephone on its way through the gateway.

    `number` and `words` are emptied as soon as it was sent or given up, so that what stays (when, how often, what the
    gateway answered, the last figures of the number) is a log without a code and without a telephone.
    """

    number = models.CharField(max_length=30, blank=True)
    words = models.CharField(max_length=500, blank=True)
    hint = models.CharField(max_length=4)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=MessageState, default=MessageState.WAITING)
    answer = models.CharField(max_length=120, blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=MessageState.WAITING) | Q(number="", words=""),
                name="message_forgotten_when_ended",
            )
        ]
        indexes = [models.Index(fields=["made_at"], name="message_made")]


class ApiKey(models.Model):
    """The right of a program to send matters in; only the hash of its key is kept.

    `hint` are the first signs of the key, by which its holder and the office speak of it.
    """

    holder = models.CharField(max_length=120)
    contact = models.CharField(max_length=200, blank=True)
    digest = models.BinaryField(unique=True)
    hint = models.CharField(max_length=8)
    per_hour = models.IntegerField()
    may_publish_text = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    valid_until_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until_at=None) | Q(valid_until_at__gt=F("made_at")),
                name="api_key_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=Q(per_hour__gte=0), name="api_key_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.holder} ({self.hint}…)"


class Report(models.Model):
    """A case that came through Open311, with what everybody may see of it beside its state.

    `lat` and `long` are kept as rounded as they are shown; the exact place stands in the case. `text`,
    `address` and `media_url` are empty unless they may be published.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=32, unique=True)
    fingerprint = models.BinaryField()
    service_code = models.CharField(max_length=60)
    service_name = models.CharField(max_length=120)
    is_listed = models.BooleanField()
    requested_at = models.DateTimeField()
    lat = models.FloatField(null=True)
    long = models.FloatField(null=True)
    text = models.TextField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    media_url = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [
            models.Index(
                fields=["-requested_at", "-id"], name="report_listed", condition=models.Q(is_listed=True)
            ),
            models.Index(fields=["key", "fingerprint", "requested_at"], name="report_same"),
        ]
