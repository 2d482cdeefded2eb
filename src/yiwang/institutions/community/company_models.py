"""Companies that serve for the centre: what they handed in, what was checked, what was agreed, how well they do.

Nothing here is ever deleted: a renewal, a correction and an end are new rows or a later day.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from yiwang.institutions.community.company_enums import ActKind, HowVerified
from yiwang.kernel.casework.models import Case
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.models import Account


class Company(models.Model):
    """A company under the centre: its unit, and what the centre knows of it beside the unit.

    `classes` are keys of the classes it serves. `reverify_on` is the day by which the centre looks again
    whether all that was handed in still holds. It is a member until `ended_on` (exclusive).
    """

    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, primary_key=True, related_name="+")
    credit_code = models.CharField(max_length=18, unique=True)
    contact = models.CharField(max_length=40)
    phone = models.CharField(max_length=30)
    classes = ArrayField(models.CharField(max_length=40), default=list)
    admission = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    joined_on = models.DateField()
    reverify_on = models.DateField()
    ends_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    is_suspended = models.BooleanField(default=False)

    class Meta:
        ordering = ["unit"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("joined_on")),
                name="company_ends_after_it_joined",
            )
        ]

    def __str__(self) -> str:
        return str(self.unit)


class Contract(models.Model):
    """What centre and company agreed on for a term; the last day is included. A renewal is a new one."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(max_length=40)
    from_on = models.DateField()
    until_on = models.DateField()
    signed_at = models.DateTimeField()
    by_account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["company", "-until_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="contract_number_once"),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("from_on")), name="contract_ends_after_it_begins"
            ),
        ]


class Certificate(models.Model):
    """A licence or certificate that a company handed in, with its proof; a renewal is a new row.

    `team_id` names the team for which it is to count. It counts once the centre has checked it.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    holder = models.CharField(max_length=60, blank=True)
    until_on = models.DateField(null=True)
    team_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    refused_reason = models.CharField(max_length=200, blank=True)
    refused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["company", "kind", "holder", "-added_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True) | Q(refused_at__isnull=True),
                name="certificate_checked_or_refused",
            )
        ]
        indexes = [models.Index(fields=["until_on"], name="certificate_ends")]


class StaffMember(models.Model):
    """Somebody who works for a company, from a day until a day (exclusive). Personal data."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="staff")
    name = models.CharField(max_length=40)
    work = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    since_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        ordering = ["company", "name", "pk"]


class OwnVersion(models.Model):
    """Something that a company sets itself, from a day on. Versions are never changed; the newest one in force holds.

    One that `needs_approval` is in force only once the centre's office has approved it.
    """

    since_on = models.DateField()
    asked_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    needs_approval = models.BooleanField(default=False)
    is_approved = models.BooleanField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def is_waiting(self) -> bool:
        """Whether the office has still to decide."""
        return self.needs_approval and self.is_approved is None


class OwnPrice(OwnVersion):
    """What a company asks for a service, never above the ceiling of the catalogue."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="prices")
    item = models.ForeignKey("community.ServiceItem", on_delete=models.PROTECT, related_name="+")
    price_fen = models.PositiveIntegerField()

    class Meta:
        ordering = ["company", "item", "-since_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "item"],
                condition=Q(needs_approval=True, is_approved__isnull=True),
                name="own_price_waits_once",
            )
        ]
        indexes = [models.Index(fields=["item", "company", "-since_on"], name="own_price_of_item")]


class TeamTerms(OwnVersion):
    """Where and when a team of a company serves, in the words of dispatch; `applied_at` is when dispatch was told."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="team_terms")
    team_id = models.BigIntegerField()
    areas = ArrayField(models.BigIntegerField(), default=list, blank=True)
    hours = models.JSONField(default=list, blank=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["company", "team_id", "-since_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["team_id"],
                condition=Q(needs_approval=True, is_approved__isnull=True),
                name="team_terms_wait_once",
            )
        ]


class Verification(models.Model):
    """That the centre looked whether what a company handed in holds: how, by whom, what it found."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="verifications")
    how = models.CharField(max_length=12, choices=HowVerified)
    note = models.CharField(max_length=500, blank=True)
    by_account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["company", "-at", "-pk"]


class CompanyAct(models.Model):
    """What the centre said to a company in public or in a letter: a commendation, a warning, a removal.

    `words` are for everybody once it is public; they name no resident. `case` is the procedure behind it.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="acts")
    kind = models.CharField(max_length=12, choices=ActKind)
    number = models.CharField(max_length=60)
    title = models.CharField(max_length=80)
    words = models.TextField()
    given_at = models.DateTimeField()
    by_account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    is_public = models.BooleanField(default=False)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-given_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["number"], name="company_act_number_once")]


class Mark(models.Model):
    """How a company did in a month: counts from which every rate follows, and the band they make.

    `counts` are pairs of numbers by the key of the figure: how many were good, out of how many.
    """

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="marks")
    month_on = models.DateField()
    counts = models.JSONField(default=dict)
    orders = models.PositiveIntegerField(default=0)
    band = models.CharField(max_length=1, blank=True)
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["company", "-month_on"]
        constraints = [models.UniqueConstraint(fields=["company", "month_on"], name="mark_once_a_month")]


class OrderLeftOut(models.Model):
    """An order that doesn't count for a figure of a company's mark, by the decision on its appeal."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    figure = models.CharField(max_length=20)
    appeal = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "order", "figure"], name="order_left_out_once")
        ]


class CompanySetting(models.Model):
    """The centre's own choice about how companies are shown; one row."""

    shows_ranking = models.BooleanField(default=False)
    changed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField()
