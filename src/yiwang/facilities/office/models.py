"""Documents, how each unit handles them, who signed, countersigned, read and wrote what. Only `actions` writes here.

What was signed, said or numbered stays: triggers refuse changes, to the owner of the tables too.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yiwang.facilities.office.enums import (
    Answer,
    Direction,
    DocumentKind,
    Mode,
    NumberState,
    OpinionKind,
    Part,
    SignatureKind,
    Urgency,
)
from yiwang.kernel.casework.models import Case
from yiwang.kernel.orgs.models import Unit


class OfficialDocument(models.Model):
    """One official document, from its first draft or its arrival on.

    `content` is the text as it is being written and `edition` counts its changes; what was reviewed, signed or
    released stands in its versions. A document from outside has no `origin_unit`, but the name of whoever sent
    it and the file that came.
    """

    kind = models.CharField(max_length=20, choices=DocumentKind)
    title = models.CharField(max_length=200)
    origin_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    origin = models.CharField(max_length=100, blank=True)
    number = models.CharField(max_length=60, blank=True)
    urgency = models.CharField(max_length=12, choices=Urgency, blank=True)
    written_on = models.DateField(null=True)
    content = models.JSONField(default=dict)
    edition = models.IntegerField(default=1)
    main_units = ArrayField(models.BigIntegerField(), default=list)
    copy_units = ArrayField(models.BigIntegerField(), default=list)
    reply_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    file_digest = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.number or self.title


class DocumentVersion(models.Model):
    """A text as it was handed in, signed or released: never changed. `digest` is that of its rendered bytes."""

    document = models.ForeignKey(
        OfficialDocument, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    place = models.IntegerField()
    content = models.JSONField()
    content_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    is_release = models.BooleanField(default=False)
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["document_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["document", "place"], name="office_version_once"),
            models.UniqueConstraint(
                fields=["document"], name="office_released_once", condition=Q(is_release=True)
            ),
        ]


class Handling(models.Model):
    """One document in the hands of one unit: it goes out from there or came in. Its course is the case's.

    `unit_ids` are the units that may see it here (its own, and while asked those that countersign),
    `account_ids` the people it was sent to; `excluded_accounts` repeats whom the case keeps away.
    """

    document = models.ForeignKey(OfficialDocument, on_delete=models.PROTECT, related_name="handlings")
    direction = models.CharField(max_length=4, choices=Direction)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="office_handling")
    part = models.CharField(max_length=4, choices=Part, blank=True)
    register_number = models.CharField(max_length=60, blank=True)
    copies = models.IntegerField(default=0)
    due_on = models.DateField(null=True)
    handler_id = models.BigIntegerField(null=True)
    began_at = models.DateTimeField()
    unit_ids = ArrayField(models.BigIntegerField())
    account_ids = ArrayField(models.BigIntegerField(), default=list)
    excluded_accounts = ArrayField(models.BigIntegerField(), default=list)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "unit", "direction"], name="office_handled_once"),
        ]
        indexes = [
            models.Index(fields=["unit", "direction", "-id"], name="office_register"),
        ]


class Delivery(models.Model):
    """A document on its way to one unit: when it got there and what that unit told the sender since."""

    document = models.ForeignKey(
        OfficialDocument, on_delete=models.PROTECT, related_name="deliveries", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=4, choices=Part)
    delivered_at = models.DateTimeField()
    signed_for_at = models.DateTimeField(null=True)
    registered_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    return_reasons = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)
    answer_document = models.ForeignKey(
        OfficialDocument, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["document_id", "-part", "pk"]
        constraints = [models.UniqueConstraint(fields=["document", "unit"], name="office_delivered_once")]


class NumberSeries(models.Model):
    """The numbers of a unit's documents of some kinds: the mark of the unit (机关代字) before year and number."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    mark = models.CharField(max_length=30)
    direction = models.CharField(max_length=4, choices=Direction, default=Direction.OUT)
    kinds = ArrayField(models.CharField(max_length=20), default=list)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["unit_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "direction", "mark"], name="office_series_once")
        ]

    def __str__(self) -> str:
        return self.mark


class NumberCounter(models.Model):
    """The last number drawn of a series in a year; whoever draws one waits for whoever is drawing."""

    series = models.ForeignKey(
        NumberSeries, on_delete=models.PROTECT, related_name="counters", db_index=False
    )
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="office_counter_once")]


class DocumentNumber(models.Model):
    """One number of a series and what became of it. None is left out, and none is ever taken away.

    The database refuses a number that doesn't follow the one before it.
    """

    series = models.ForeignKey(NumberSeries, on_delete=models.PROTECT, related_name="numbers", db_index=False)
    year = models.IntegerField()
    number = models.IntegerField()
    state = models.CharField(max_length=10, choices=NumberState)
    document = models.ForeignKey(
        OfficialDocument, on_delete=models.PROTECT, null=True, related_name="numbers", db_index=False
    )
    reason = models.CharField(max_length=200, blank=True)
    drawn_at = models.DateTimeField()
    drawn_by = models.BigIntegerField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["series_id", "-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "number"], name="office_number_once"),
            models.UniqueConstraint(
                fields=["document", "series"],
                name="office_document_numbered_once",
                condition=Q(state="issued"),
            ),
            models.CheckConstraint(
                condition=Q(state="issued", document__isnull=False)
                | ((Q(state="reserved") | Q(state="void")) & ~Q(reason="")),
                name="office_number_has_document_or_reason",
            ),
        ]


class Signature(models.Model):
    """Somebody's signature over the exact bytes of a version: who, in whose name, when, over which digest."""

    document = models.ForeignKey(OfficialDocument, on_delete=models.PROTECT, related_name="signatures")
    version = models.ForeignKey(
        DocumentVersion, on_delete=models.PROTECT, related_name="signatures", db_index=False
    )
    kind = models.CharField(max_length=10, choices=SignatureKind)
    account_id = models.BigIntegerField()
    principal_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    seal = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["document_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "unit_id"], name="office_version_signed_once"),
        ]


class Countersign(models.Model):
    """A department asked for its opinion on a version, and what it said: said once, kept for good.

    With `is_joint` it issues the document with others, and is asked for its signature.
    """

    handling = models.ForeignKey(
        Handling, on_delete=models.PROTECT, related_name="countersigns", db_index=False
    )
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    asked_by = models.BigIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    account_id = models.BigIntegerField(null=True)
    answer = models.CharField(max_length=12, choices=Answer, blank=True)
    text = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True)
    is_joint = models.BooleanField(default=False)

    class Meta:
        ordering = ["handling_id", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["handling", "version", "unit", "is_joint"], name="office_countersigned_once"
            ),
        ]


class Circulation(models.Model):
    """A document going around in a unit: in which way, since when, sent by whom, with which words."""

    handling = models.ForeignKey(
        Handling, on_delete=models.PROTECT, related_name="circulations", db_index=False
    )
    mode = models.CharField(max_length=12, choices=Mode)
    note = models.TextField(blank=True)
    began_at = models.DateTimeField()
    began_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["handling_id", "pk"]
        indexes = [models.Index(fields=["handling"], name="office_circulation_of")]


class Reading(models.Model):
    """One reader of a circulation: when it reached them, when they opened it, when they said that they read it.

    In a sequence it has no `sent_at` until it is their turn. `is_afterthought` marks a reader who had been
    forgotten, `passed_on_by` one whom another reader named.
    """

    circulation = models.ForeignKey(
        Circulation, on_delete=models.PROTECT, related_name="readings", db_index=False
    )
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="readings")
    account_id = models.BigIntegerField()
    place = models.IntegerField()
    is_afterthought = models.BooleanField(default=False)
    passed_on_by = models.BigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    read_by = models.BigIntegerField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.BigIntegerField(null=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["circulation_id", "place"]
        constraints = [
            models.UniqueConstraint(fields=["circulation", "place"], name="office_reader_in_place"),
            models.UniqueConstraint(
                fields=["circulation", "account_id"],
                name="office_reader_once",
                condition=Q(cancelled_at=None),
            ),
            models.CheckConstraint(
                condition=Q(read_at=None) | Q(sent_at__lte=F("read_at")), name="office_read_after_it_was_sent"
            ),
        ]
        indexes = [
            models.Index(
                fields=["account_id", "-sent_at"],
                name="office_to_read",
                condition=Q(read_at=None, cancelled_at=None, sent_at__isnull=False),
            ),
        ]


class Opinion(models.Model):
    """Words that somebody wrote on a document: added, never changed, never removed."""

    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="opinions")
    kind = models.CharField(max_length=12, choices=OpinionKind)
    account_id = models.BigIntegerField()
    principal_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["handling_id", "pk"]


class Urging(models.Model):
    """One person reminded of one document by another: when, and with which words."""

    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, related_name="urgings")
    account_id = models.BigIntegerField()
    by_account_id = models.BigIntegerField(null=True)
    text = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["handling_id", "pk"]


class Task(models.Model):
    """Where a task came from and who was told to do it; its course is the case's. Written once, with the case."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="office_task")
    handling = models.ForeignKey(Handling, on_delete=models.PROTECT, null=True, related_name="tasks")
    opinion = models.ForeignKey(
        Opinion, on_delete=models.PROTECT, null=True, related_name="tasks", db_index=False
    )
    from_case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="tasks_from_it")
    given_by = models.BigIntegerField()
    holder_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    holder_account_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "holder_unit", "holder_account_id"],
                name="office_task_given_once",
                condition=Q(opinion__isnull=False),
                nulls_distinct=False,
            ),
        ]
        indexes = [
            models.Index(fields=["given_by"], name="office_task_given_by"),
            models.Index(fields=["holder_account_id"], name="office_task_of_person"),
        ]


class Adoption(models.Model):
    """A mark that a report got from whoever received it: how it was adopted, where, with which words; kept for good."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="office_adoptions")
    entry_number = models.IntegerField()
    level = models.CharField(max_length=20)
    bulletin = models.CharField(max_length=60, blank=True)
    issue = models.CharField(max_length=20, blank=True)
    words = models.TextField(blank=True)
    unit_id = models.BigIntegerField()
    account_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["case_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "entry_number"], name="office_adopted_once_a_step")
        ]
