"""Cases and their history as a plain project would keep them."""

from django.db import models


class Case(models.Model):
    """One matter; the state and the last day stand in the row."""

    number = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=120)
    text = models.TextField()
    unit = models.IntegerField()
    state = models.CharField(max_length=30)
    due_on = models.DateField(null=True)
    received_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "bare"
        db_table = "bare_case"
        managed = False


class Event(models.Model):
    """One line of a matter's history."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="events")
    number = models.IntegerField()
    verb = models.CharField(max_length=30)
    at = models.DateTimeField()
    author = models.BigIntegerField(null=True)
    words = models.TextField()

    class Meta:
        app_label = "bare"
        db_table = "bare_event"
        managed = False
        ordering = ["number"]


class Log(models.Model):
    """Who did what."""

    at = models.DateTimeField()
    actor = models.BigIntegerField(null=True)
    action = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()

    class Meta:
        app_label = "bare"
        db_table = "bare_log"
        managed = False
