"""Units of the county: a tree whose members come, merge and go on known days."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yiwang.kernel.orgs.enums import UnitKind


class Unit(models.Model):
    """An institution, department, township or village, valid from a day until a day (exclusive).

    `path` holds the ids from the root down to this unit. `functions` names the work a unit does for an
    institution ("petitions.intake"), so that procedures find it without knowing its name.
    """

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=80)
    short_name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=16, choices=UnitKind)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = ArrayField(models.BigIntegerField(), default=list)
    functions = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    valid_from_on = models.DateField()
    valid_until_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=120, blank=True)
    hours = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["path"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until_on__isnull=True) | Q(valid_until_on__gt=F("valid_from_on")),
                name="unit_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(valid_until_on__isnull=False),
                name="unit_with_successor_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name
