"""The one table in which texts are searched, outside row-level security."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Document(models.Model):
    """The searchable text of one object, and the columns by which a caller narrows who may find it.

    `text` is normalised (`search_normalise`): what is shown should come from the object itself. The table,
    its indexes and functions are made by `migrations/search.sql`.
    """

    pk = models.CompositePrimaryKey("kind", "object_id")
    kind = models.TextField()
    object_id = models.BigIntegerField()
    at = models.DateTimeField()
    institution_id = models.BigIntegerField(null=True)
    is_restricted = models.BooleanField(default=False)
    unit_ids = ArrayField(models.BigIntegerField(), default=list)
    excluded_units = ArrayField(models.BigIntegerField(), default=list)
    excluded_accounts = ArrayField(models.BigIntegerField(), default=list)
    text = models.TextField()

    class Meta:
        db_table = "search_document"
