"""What people have begun to write and not yet handed in."""

from django.db import models


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
