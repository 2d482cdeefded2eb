"""File units with their parts, schedules, holds and disposals; a file unit that has its number isn't removed."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yiwang.facilities.archive.enums import Category, Period
from yiwang.kernel.orgs.models import Unit


class Fonds(models.Model):
    """The archives of one institution, under the number that the county archives gave it."""

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    founded_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class RetentionSchedule(models.Model):
    """A version of a unit's own schedule: which matters are kept how long. It counts once a second person approved it."""

    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="schedules", db_index=False)
    version = models.PositiveSmallIntegerField()
    valid_from_on = models.DateField()
    proposed_by = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    approved_by = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["fonds_id", "version"]
        constraints = [
            models.UniqueConstraint(fields=["fonds", "version"], name="archive_schedule_version_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(approved_by=F("proposed_by")),
                name="archive_schedule_approved_by_another",
            ),
        ]


class RetentionRule(models.Model):
    """One line of a schedule: what comes from `source` ("case:petition", "announcement") is kept so long."""

    schedule = models.ForeignKey(
        RetentionSchedule, on_delete=models.CASCADE, related_name="rules", db_index=False
    )
    source = models.CharField(max_length=60)
    words = models.CharField(max_length=200)
    category = models.CharField(max_length=4, choices=Category)
    period = models.CharField(max_length=4, choices=Period)
    section = models.CharField(max_length=12)

    class Meta:
        ordering = ["schedule_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["schedule", "source"], name="archive_rule_once")]


class FileUnit(models.Model):
    """One file unit (件): what belongs together, with its place in the archive once it is classified and numbered.

    `source` and `source_key` say what it was made of, once. `metadata` holds what a reader in thirty years must
    know. `excluded_*` are those kept away from the matter it was made of.
    """

    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="units", db_index=False)
    unit_id = models.BigIntegerField()
    source = models.CharField(max_length=60)
    source_key = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    document_number = models.CharField(max_length=60, blank=True)
    author = models.CharField(max_length=120)
    dated_on = models.DateField()
    pages = models.PositiveIntegerField(null=True)
    remark = models.CharField(max_length=200, blank=True)
    metadata = models.JSONField(default=dict)
    composed_at = models.DateTimeField()
    category = models.CharField(max_length=4, choices=Category, blank=True)
    year = models.PositiveSmallIntegerField(null=True)
    period = models.CharField(max_length=4, choices=Period, blank=True)
    section = models.CharField(max_length=12, blank=True)
    classified_at = models.DateTimeField(null=True)
    item_number = models.PositiveIntegerField(null=True)
    numbered_at = models.DateTimeField(null=True)
    disposed_at = models.DateTimeField(null=True)
    excluded_units = ArrayField(models.BigIntegerField(), default=list)
    excluded_accounts = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering = ["fonds_id", "category", "year", "period", "section", "item_number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["fonds", "source", "source_key"], name="archive_composed_once"),
            models.UniqueConstraint(
                fields=["fonds", "category", "year", "period", "section", "item_number"],
                name="archive_number_once",
            ),
            models.CheckConstraint(
                condition=Q(item_number__isnull=True) | Q(classified_at__isnull=False),
                name="archive_numbered_when_classified",
            ),
            models.CheckConstraint(
                condition=Q(classified_at__isnull=True)
                | (Q(year__isnull=False) & ~Q(category="") & ~Q(period="") & ~Q(section="")),
                name="archive_classified_whole",
            ),
        ]


class FilePart(models.Model):
    """One file of a file unit, referred to by digest; the bytes lie once in the store of files."""

    file_unit = models.ForeignKey(FileUnit, on_delete=models.CASCADE, related_name="parts", db_index=False)
    place = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()

    class Meta:
        ordering = ["file_unit_id", "place"]
        constraints = [models.UniqueConstraint(fields=["file_unit", "place"], name="archive_part_place_once")]


class ItemCounter(models.Model):
    """The last number given in a group of the archive; locked while numbers are given, so that none is missing."""

    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="+", db_index=False)
    category = models.CharField(max_length=4)
    year = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=4)
    section = models.CharField(max_length=12)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fonds", "category", "year", "period", "section"], name="archive_counter_once"
            )
        ]


class Hold(models.Model):
    """A stop on the disposal of a file unit, with its reason, until somebody lifts it with another."""

    file_unit = models.ForeignKey(FileUnit, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=200)
    placed_by = models.BigIntegerField(null=True)
    placed_at = models.DateTimeField()
    lifted_by = models.BigIntegerField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-placed_at"]


class Disposal(models.Model):
    """A proposal to dispose of file units whose period is over; decided by a second person, never by one."""

    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="disposals")
    units = models.ManyToManyField(FileUnit, related_name="disposals")
    reason = models.CharField(max_length=200)
    proposed_by = models.BigIntegerField(null=True)
    proposed_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True)
    is_approved = models.BooleanField(null=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | (Q(proposed_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="archive_disposal_decided_by_another",
            )
        ]


class Package(models.Model):
    """A transfer package: of what, who asked for it, what the last check found, and who took it over.

    `findings` are what was wrong with it, `lacking` the files that were missing already when its file units were
    composed. Without a `digest` it lies where the command put it, under `name`.
    """

    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="packages", db_index=False)
    unit_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    year = models.PositiveSmallIntegerField(null=True)
    period = models.CharField(max_length=4, choices=Period, blank=True)
    units = models.ManyToManyField(FileUnit, related_name="packages")
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    unit_count = models.PositiveIntegerField(default=0)
    file_count = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0)
    seal = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    findings = models.JSONField(default=list)
    lacking = models.JSONField(default=list)
    received_by = models.CharField(max_length=120, blank=True)
    received_on = models.DateField(null=True)
    receipt_number = models.CharField(max_length=60, blank=True)
    handed_over_by = models.BigIntegerField(null=True)
    handed_over_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fonds"],
                condition=Q(made_at__isnull=True, failed_at__isnull=True),
                name="archive_one_package_in_the_making",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True)
                | (Q(made_at__isnull=False, received_on__isnull=False) & ~Q(received_by="")),
                name="archive_handed_over_to_somebody",
            ),
        ]
        indexes = [models.Index(fields=["fonds", "-id"], name="archive_packages_of")]

    def __str__(self) -> str:
        return self.name
