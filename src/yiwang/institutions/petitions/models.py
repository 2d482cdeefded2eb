"""What the petition office keeps beside its cases."""

from django.db import models


class Category(models.Model):
    """A content class of three levels; `path` ("A/B/C") is the key that a case carries.

    A class that is no longer used stays, with `is_valid` off, for the cases that have it.
    """

    path = models.CharField(max_length=80, unique=True)
    level1 = models.CharField(max_length=40)
    level2 = models.CharField(max_length=40)
    level3 = models.CharField(max_length=40)
    position = models.IntegerField(default=0)
    is_valid = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.path
