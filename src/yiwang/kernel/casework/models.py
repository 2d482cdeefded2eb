"""Cases and what hangs on them. Only `actions` writes here; the journal can't be changed by anybody.

A foreign key has an index of its own only where no other index begins with it and somebody asks by it: each
index is written with every row.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from yiwang.kernel.casework.enums import Channel, PartyRole
from yiwang.kernel.orgs.models import Unit


class Case(models.Model):
    """A matter carried through a procedure.

    `state`, `holder_unit`, `due_on` and their like are a cache of what the journal says; `yiwang verify`
    compares them. `breach_on` is the last day of the earliest duty that was missed or is still open: the case is
    late on any day after it. `unit_ids` are the units that have or had it, `excluded_*` those kept away from it.
    `category` is the key of a class in the institution's own list. `facts` holds the case type's other fields.
    """

    type_key = models.CharField(max_length=40)
    type_version = models.CharField(max_length=20)
    institution = models.CharField(max_length=30)
    number = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    text = models.TextField()
    channel = models.CharField(max_length=12, choices=Channel)
    purpose = models.CharField(max_length=20, blank=True)
    category = models.CharField(max_length=80, blank=True)
    place_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    place = models.CharField(max_length=200, blank=True)
    facts = models.JSONField(default=dict)
    received_on = models.DateField()
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    receipt_digest = models.BinaryField(unique=True, null=True)
    source = models.CharField(max_length=60, blank=True)
    source_key = models.CharField(max_length=60, null=True)

    state = models.CharField(max_length=30)
    holder_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    root_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    handler_id = models.BigIntegerField(null=True)
    due_on = models.DateField(null=True)
    due_clock = models.CharField(max_length=30, blank=True)
    due_from_on = models.DateField(null=True)
    last_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=30, blank=True)
    breach_on = models.DateField(null=True)
    is_confidential = models.BooleanField(default=False)
    is_repeat = models.BooleanField(default=False)
    repeat_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="repeats", db_index=False
    )
    grade_office = models.SmallIntegerField(null=True)
    grade_unit = models.SmallIntegerField(null=True)
    unit_ids = ArrayField(models.BigIntegerField())
    excluded_units = ArrayField(models.BigIntegerField(), default=list)
    excluded_accounts = ArrayField(models.BigIntegerField(), default=list)
    journal_length = models.IntegerField(default=0)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["number"], name="case_number_once"),
            models.UniqueConstraint(fields=["source", "source_key"], name="case_imported_once"),
        ]
        indexes = [
            models.Index(
                fields=["repeat_of"], name="case_repeats", condition=models.Q(repeat_of__isnull=False)
            ),
            models.Index(fields=["holder_unit", "state", "due_on", "id"], name="case_desk"),
            models.Index(
                fields=["holder_unit", "due_on", "id"],
                name="case_desk_all",
                condition=models.Q(ended_at=None),
            ),
            models.Index(
                fields=["handler_id", "due_on", "id"], name="case_mine", condition=models.Q(ended_at=None)
            ),
            models.Index(
                fields=["root_unit", "due_on", "id"],
                name="case_given_out",
                condition=models.Q(ended_at=None) & ~models.Q(holder_unit=models.F("root_unit")),
            ),
            models.Index(
                fields=["received_on"],
                name="case_month",
                include=[
                    "root_unit",
                    "holder_unit",
                    "channel",
                    "category",
                    "purpose",
                    "state",
                    "breach_on",
                    "is_repeat",
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.number


class JournalEntry(models.Model):
    """One line of a case's journal: what was done, by whom, when. Append-only; a trigger refuses the rest.

    `digest` is computed by the database over this line and the one before; `node` is the place in the chain
    of custody of whoever held the case.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="journal", db_index=False)
    number = models.IntegerField()
    verb = models.CharField(max_length=30)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now())
    node = models.IntegerField()
    unit_id = models.BigIntegerField(null=True)
    account_id = models.BigIntegerField(null=True)
    principal_id = models.BigIntegerField(null=True)
    from_state = models.CharField(max_length=30, blank=True)
    to_state = models.CharField(max_length=30)
    data = models.JSONField(default=dict)
    request_key = models.CharField(max_length=40, null=True)
    digest = models.BinaryField(null=True)

    class Meta:
        ordering = ["case_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="journal_number_once"),
            models.UniqueConstraint(
                fields=["case", "request_key"],
                name="journal_request_once",
                condition=models.Q(request_key__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["at"], name="journal_at")]


class CustodyRecord(models.Model):
    """A unit's place in the chain of custody: a cache of the journal, for lists and statistics."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="custody", db_index=False)
    node = models.IntegerField()
    parent_node = models.IntegerField(null=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    given_at = models.DateTimeField()
    given_by_verb = models.CharField(max_length=30)
    until_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=30, blank=True)
    is_holding = models.BooleanField(default=False)

    class Meta:
        ordering = ["case_id", "node"]
        constraints = [models.UniqueConstraint(fields=["case", "node"], name="custody_node_once")]
        indexes = [
            models.Index(fields=["unit", "given_at"], name="custody_unit"),
            models.Index(
                fields=["unit", "case"],
                name="custody_awaited",
                condition=models.Q(parent_node__isnull=False, until_at=None, is_holding=False),
            ),
        ]


class ClockRecord(models.Model):
    """A clock as last derived from the journal: a cache that `yiwang verify clocks` compares."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clock_records", db_index=False)
    key = models.CharField(max_length=30)
    node = models.IntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    start_on = models.DateField()
    term = models.IntegerField()
    due_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    is_void = models.BooleanField(default=False)
    is_duty = models.BooleanField()
    is_provisional = models.BooleanField(default=False)

    class Meta:
        ordering = ["case_id", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "key", "node"], name="clock_once")]
        indexes = [
            models.Index(fields=["due_on"], name="clock_open", condition=models.Q(ended_on=None)),
        ]


class Party(models.Model):
    """Somebody who brought a matter, acts for somebody, or is complained of. Personal data: reads are recorded.

    `name_key` and `phone_key` are folded for comparison within the institution; there is no index of people
    across institutions.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=16, choices=PartyRole)
    name = models.CharField(max_length=80, blank=True)
    name_key = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    phone_key = models.CharField(max_length=30, blank=True)
    identity_number = models.CharField(max_length=30, blank=True)
    address = models.CharField(max_length=200, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    account_id = models.BigIntegerField(null=True)
    is_anonymous = models.BooleanField(default=False)

    class Meta:
        ordering = ["case_id", "pk"]
        indexes = [
            models.Index(fields=["name_key"], name="party_name", condition=~models.Q(name_key="")),
            models.Index(fields=["phone_key"], name="party_phone", condition=~models.Q(phone_key="")),
            models.Index(
                fields=["identity_number"], name="party_identity", condition=~models.Q(identity_number="")
            ),
        ]


class Attachment(models.Model):
    """A file of the dossier: uploaded once, seen by every unit in the chain."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    entry_number = models.IntegerField()
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    added_at = models.DateTimeField()
    account_id = models.BigIntegerField(null=True)
    is_public = models.BooleanField(default=False)

    class Meta:
        ordering = ["case_id", "pk"]


class Letter(models.Model):
    """A letter that a step made: numbered, with its content frozen; the PDF is made from it and hashed."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters", db_index=False)
    entry_number = models.IntegerField()
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    is_for_petitioner = models.BooleanField()
    content = models.JSONField()
    issued_at = models.DateTimeField()
    file_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["case_id", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "entry_number", "kind"], name="letter_once_a_step"),
            models.UniqueConstraint(fields=["unit", "number"], name="letter_number_once"),
        ]


class LetterCounter(models.Model):
    """The last number given under a mark to letters of a unit in a year."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    mark = models.CharField(max_length=20)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "mark", "year"], name="letter_counter_once")]


class Watch(models.Model):
    """A case that a member of the staff wants to keep an eye on."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="watches")
    account_id = models.BigIntegerField()
    since_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "case"], name="watch_once")]


class SavedView(models.Model):
    """A list somebody wants to find again: its name and the words of its address."""

    account_id = models.BigIntegerField()
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=500)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["account_id", "name"]
        constraints = [models.UniqueConstraint(fields=["account_id", "name"], name="saved_view_name_once")]


class TermChoice(models.Model):
    """An office's own choice for a clock: a shorter term, or how a last day on a rest day is treated."""

    type_key = models.CharField(max_length=40)
    clock_key = models.CharField(max_length=30)
    term = models.IntegerField(null=True)
    roll_over = models.CharField(max_length=20, blank=True)
    chosen_by = models.BigIntegerField(null=True)
    chosen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type_key", "clock_key"], name="term_choice_once")]
