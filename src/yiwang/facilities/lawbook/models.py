"""Works, the names they are found by, their versions with ranges of dates, the passages of each, and what was loaded."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from yiwang.facilities.lawbook.rules.force import ForceBasis
from yiwang.facilities.lawbook.rules.kinds import Rank
from yiwang.facilities.lawbook.rules.structure import NodeKind


class Work(models.Model):
    """A law by its name, whatever its text on a day: 刑法. `key` is what all spellings of the name have in common.

    `order` sorts works by rank, then by name. A work is repealed on a day that another work names, or, when
    only whoever gave the text says so, without a day.
    """

    key = models.CharField(max_length=200, unique=True)
    title = models.CharField(max_length=200)
    short_title = models.CharField(max_length=200)
    rank = models.CharField(max_length=16, choices=[(rank.value, rank.name) for rank in Rank])
    field = models.CharField(max_length=30, blank=True)
    is_repealed = models.BooleanField(default=False)
    repealed_on = models.DateField(null=True)
    repealed_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["rank", "short_title"], name="work_rank")]

    def __str__(self) -> str:
        return self.short_title


class Name(models.Model):
    """One more key by which a work is found; a name leads to one work only."""

    key = models.CharField(max_length=200, unique=True)
    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="names")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class Version(models.Model):
    """The text of a work as it was passed on a day, and the days for which it holds (the last one excluded).

    `force_basis` says how the first day is known. `amended_on` are the days of amendment that it tells of,
    `repeals` the keys of the works that it ended on `repeals_on`. Two versions of a work never hold on one day: the database
    refuses it. `digest` is that of the text as it was loaded, so that loading it again writes nothing.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="versions")
    passed_on = models.DateField(null=True)
    force_on = models.DateField(null=True)
    force_basis = models.CharField(max_length=10, choices=[(basis.value, basis.name) for basis in ForceBasis])
    in_force = DateRangeField(null=True)
    preliminaries = ArrayField(models.TextField(), default=list)
    amended_by = models.CharField(max_length=200, blank=True)
    amended_on = ArrayField(models.DateField(), default=list)
    repeals = ArrayField(models.CharField(max_length=200), default=list)
    repeals_on = models.DateField(null=True)
    source = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    articles = models.PositiveIntegerField()
    characters = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["force_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["work", "passed_on"], nulls_distinct=False, name="version_once"),
            ExclusionConstraint(
                name="version_one_in_force",
                expressions=[("work", RangeOperators.EQUAL), ("in_force", RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.work} {self.passed_on}"


class Passage(models.Model):
    """A heading, an article or a clause of a version, in the order of the text (`place`, from 1).

    An article is known by `annex`, `number` and `branch`: 第一百三十三条之一 is 0, 133, 1. `depth` is that of a
    heading in the table of contents. `folded` and `tokens` (made by the database) are what is searched, in the text and by the index.
    """

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="passages")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in NodeKind])
    depth = models.PositiveSmallIntegerField()
    annex = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveIntegerField(null=True)
    branch = models.PositiveSmallIntegerField(default=0)
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["version", "place"]
        constraints = [
            models.UniqueConstraint(fields=["version", "place"], name="passage_place"),
            models.UniqueConstraint(
                fields=["version", "annex", "number", "branch"],
                condition=Q(kind=NodeKind.ARTICLE.value),
                name="passage_article_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}/{self.place}"


class Load(models.Model):
    """One loading that changed something: from where, how much, and what couldn't be read, with the reason."""

    at = models.DateTimeField()
    source = models.CharField(max_length=300)
    counts = models.JSONField()
    findings = models.JSONField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.at:%F} {self.source}"


class ArticleChange(models.Model):
    """An article that an amending instrument changed, under the number that it had afterwards.

    `label` is the instruction's own number in the instrument, `effects` what became of the article. Worked out
    from the texts by every loading, for the works that it wrote something of.
    """

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="article_changes")
    instrument = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="changes_made")
    number = models.PositiveIntegerField()
    branch = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=20, blank=True)
    effects = ArrayField(models.CharField(max_length=12), default=list)

    class Meta:
        ordering = ["work", "number", "branch", "instrument"]
        constraints = [
            models.UniqueConstraint(
                fields=["work", "instrument", "number", "branch", "label"], name="article_change_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.work_id} {self.number}.{self.branch} {self.instrument_id}"
