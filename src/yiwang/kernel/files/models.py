"""What is known of each file that is kept."""

from django.db import models


class Blob(models.Model):
    """One sequence of bytes, kept once under its own hash, however many matters refer to it.

    It knows no name and no owner: those belong to the row that refers to it, and so does permission.
    """

    digest = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(size__gt=0), name="files_blob_not_empty")]

    def __str__(self) -> str:
        return self.digest[:12]
