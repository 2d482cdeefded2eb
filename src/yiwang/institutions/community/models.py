"""What the centre offers and, beside each case, what was ordered.

A version of an item is never changed: a new one replaces it from a day on, and an order keeps the version under
which it was booked.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yiwang.institutions.community import company_models as company_models
from yiwang.institutions.community.enums import Licence
from yiwang.kernel.casework.models import Case
from yiwang.kernel.orgs.models import Unit


class ServiceClass(models.Model):
    """One of the classes of the catalogue; its key is the skill that most of its items need."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=30)
    name_en = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class ServiceItem(models.Model):
    """A service that can be ordered; what it costs and needs stands in its versions."""

    code = models.CharField(max_length=12, unique=True)
    service_class = models.ForeignKey(
        ServiceClass, on_delete=models.PROTECT, related_name="items", db_column="class_id"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["service_class", "position", "pk"]

    def __str__(self) -> str:
        return self.code


class ItemVersion(models.Model):
    """An item as it is offered from a day until another (exclusive). Prices are in fen; hours are of the day.

    `areas` are the units in whose territory it is offered; none means everywhere.
    """

    item = models.ForeignKey(ServiceItem, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    unit_word = models.CharField(max_length=12)
    unit_word_en = models.CharField(max_length=30, blank=True)
    price_fen = models.PositiveIntegerField()
    ceiling_fen = models.PositiveIntegerField()
    minutes = models.PositiveSmallIntegerField()
    skill = models.CharField(max_length=40)
    licence = models.CharField(max_length=40, choices=Licence, blank=True)
    from_hour = models.PositiveSmallIntegerField(default=8)
    until_hour = models.PositiveSmallIntegerField(default=20)
    areas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    note = models.CharField(max_length=200, blank=True)
    valid_from_on = models.DateField()
    valid_until_on = models.DateField(null=True)
    changed_by = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(valid_until_on__isnull=True), name="item_has_one_open_version"
            ),
            models.CheckConstraint(
                condition=Q(ceiling_fen__gte=F("price_fen")), name="item_ceiling_not_below_price"
            ),
            models.CheckConstraint(
                condition=Q(until_hour__gt=F("from_hour")) & Q(until_hour__lte=24), name="item_hours_in_a_day"
            ),
            models.CheckConstraint(
                condition=Q(valid_until_on__isnull=True) | Q(valid_until_on__gte=F("valid_from_on")),
                name="item_version_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Locality(models.Model):
    """Where a community or village lies on the county's plane, in metres east and north of its origin."""

    unit = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="+")
    x = models.FloatField()
    y = models.FloatField()

    class Meta:
        ordering = ["unit"]


class Order(models.Model):
    """What was ordered, beside its case: the item as it was offered then, where, when, for how much.

    `x`, `y` are metres on the county's plane. `pin_digest` is the keyed hash of the PIN for the door; the PIN
    itself follows from the receipt's code and `pin_number` and is kept nowhere. `spare_pins` are the hashes of
    the next ones, one after another: they are made while the code is at hand. `wrong_pins` counts the misses.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1)
    x = models.FloatField()
    y = models.FloatField()
    window_from_at = models.DateTimeField()
    window_until_at = models.DateTimeField()
    price_fen = models.PositiveIntegerField()
    ceiling_fen = models.PositiveIntegerField()
    paid_fen = models.PositiveIntegerField(null=True)
    pin_digest = models.BinaryField()
    pin_number = models.PositiveSmallIntegerField(default=0)
    spare_pins = models.BinaryField(default=b"")
    wrong_pins = models.PositiveSmallIntegerField(default=0)
    call_id = models.BigIntegerField(null=True)
    phone_key = models.CharField(max_length=30, blank=True)
    preferred_team_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    unwanted_team_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        ordering = ["-case"]
        constraints = [
            models.CheckConstraint(
                condition=Q(window_until_at__gt=F("window_from_at")), name="order_window_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="order_of_something"),
        ]
        indexes = [
            models.Index(fields=["phone_key", "-case"], name="order_of_phone", condition=~Q(phone_key=""))
        ]
