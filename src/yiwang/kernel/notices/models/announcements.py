"""Announcements: facts about when and for whom, and the words in versions. The status is derived, never stored."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from yiwang.kernel.orgs.models import Unit


class Announcement(models.Model):
    """What a unit tells many people: to whom, from when until when.

    `audience` holds keys of `rules.AudienceKind` ("everybody", "below:7", "role:head", "public"). `published_at`
    is set with the approval and may lie ahead; `told_at` is when open pages were told. `must_read_within` are
    working days; without a number nobody has to say that they read it. Readings of versions before `read_from`
    no longer count.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    audience = ArrayField(models.CharField(max_length=40))
    must_read_within = models.PositiveSmallIntegerField(null=True)
    is_on_screen = models.BooleanField(default=False)
    publish_from_at = models.DateTimeField(null=True)
    until_on = models.DateField(null=True)
    current = models.ForeignKey(
        "AnnouncementVersion", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    read_from = models.PositiveSmallIntegerField(default=1)
    begun_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.BigIntegerField(null=True)
    withdrawal_reason = models.CharField(max_length=200, blank=True)
    archived_at = models.DateTimeField(null=True)
    archived_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, current__isnull=True)
                | Q(published_at__isnull=False, current__isnull=False),
                name="announcement_published_with_words",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True)
                | (Q(published_at__isnull=False) & ~Q(withdrawal_reason="")),
                name="announcement_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(is_on_screen=False) | Q(audience__contains=["public"]),
                name="announcement_on_screen_is_public",
            ),
        ]
        indexes = [
            GinIndex(fields=["audience"], name="announcement_audience"),
            models.Index(fields=["-published_at", "-id"], name="announcement_newest"),
            models.Index(
                fields=["published_at"],
                name="announcement_untold",
                condition=Q(told_at=None, published_at__isnull=False),
            ),
        ]


class AnnouncementVersion(models.Model):
    """The words of an announcement in one version: written, handed in, approved by somebody else or sent back.

    A trigger refuses any change once it is approved. `edits` counts the savings, so that two windows notice
    one another.
    """

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="versions", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    change = models.CharField(max_length=200, blank=True)
    asks_again = models.BooleanField(default=False)
    edits = models.PositiveIntegerField(default=0)
    written_by = models.BigIntegerField(null=True)
    written_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    returned_by = models.BigIntegerField(null=True)
    return_reason = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["announcement_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["announcement", "number"], name="announcement_version_once"),
            models.UniqueConstraint(
                fields=["announcement"],
                name="announcement_one_open_version",
                condition=Q(approved_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(written_by__isnull=True)
                | ~Q(approved_by=F("written_by")),
                name="announcement_approved_by_another",
            ),
        ]


class AnnouncementFile(models.Model):
    """A file that belongs to a version, under the name with which it was brought."""

    version = models.ForeignKey(AnnouncementVersion, on_delete=models.CASCADE, related_name="files")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()

    class Meta:
        ordering = ["version_id", "pk"]


class Reading(models.Model):
    """Somebody said that they have read and noted a version, by a deliberate act."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="readings", db_index=False
    )
    version = models.PositiveSmallIntegerField()
    account_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "account_id", "version"], name="announcement_read_once"
            )
        ]
