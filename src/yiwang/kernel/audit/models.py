"""Entries of the log, the sealings over them, and the inner nodes of the tree; all append-only."""

from typing import Any

from django.db import models


class Multirange(models.Field):  # type: ignore[type-arg]
    """A set of ids as ranges, `{[1,5),[7,8)}`; written and read by SQL only."""

    def db_type(self, connection: Any) -> str:
        """PostgreSQL's own type."""
        return "int8multirange"


class Entry(models.Model):
    """One thing that somebody did or read. Written once; the database refuses to change or remove it.

    `action` is a key in the past tense (`case.read`, `account.granted`). A `….read` names its purpose, or
    the database refuses it.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.BigIntegerField(null=True)
    actor_unit = models.BigIntegerField(null=True)
    action = models.TextField()
    subject_kind = models.TextField(default="")
    subject_id = models.BigIntegerField(null=True)
    purpose = models.TextField(default="")
    details = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_entry"


class Head(models.Model):
    """One sealing: how many leaves the tree had, its root, and which entries were added by it."""

    size = models.BigIntegerField(primary_key=True)
    previous_size = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    sealed_at = models.DateTimeField()
    ids = Multirange()
    leaves = models.BinaryField()
    next_id = models.BigIntegerField()
    awaited = Multirange()

    class Meta:
        db_table = "audit_head"


class Node(models.Model):
    """The hash of a complete subtree of at least 1,024 leaves."""

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        db_table = "audit_node"
