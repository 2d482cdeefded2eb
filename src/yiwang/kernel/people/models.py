"""Accounts, the posts they hold, and the delegation of a post for a time."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils.crypto import salted_hmac

from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.enums import Role


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their sign-in name, whatever the case of its letters."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account of a sign-in name."""
        return self.get(username=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A member of the staff who can sign in. What they may do comes from their posts alone."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    session_epoch = models.PositiveIntegerField(default=0)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = AccountManager()

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    def get_session_auth_hash(self) -> str:
        """Changes with the password and at every sign-out everywhere, so that old cookies die."""
        salt = "yiwang.kernel.people.session"
        return salted_hmac(salt, f"{self.password}|{self.session_epoch}", algorithm="sha256").hexdigest()


class _Days(Func):
    """The half-open range of days from the first to the last column."""

    function = "DATERANGE"


class Post(models.Model):
    """An account in a role at a unit, from a day until a day (exclusive).

    The administrator proposes it; it counts only once the security officer has granted it.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    title = models.CharField(max_length=40, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    granted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["unit__path", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True)
                | (
                    ~Q(granted_by=F("account"))
                    & (Q(proposed_by__isnull=True) | ~Q(granted_by=F("proposed_by")))
                ),
                name="post_granted_by_a_second_person",
            ),
            ExclusionConstraint(
                name="post_once_at_a_time",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (_Days("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(refused_at__isnull=True),
            ),
            ExclusionConstraint(
                name="post_separation_of_duties",
                expressions=[
                    ("account", RangeOperators.EQUAL),
                    (
                        Func(F("role"), function="people_duty", output_field=models.TextField()),
                        RangeOperators.NOT_EQUAL,
                    ),
                    (_Days("from_on", "until_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(refused_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.role}@{self.unit}"


class Delegation(models.Model):
    """A post exercised by somebody else from a day until a day (exclusive), with the reason.

    Its holder may delegate it alone; a delegation made by the administrator waits for the security officer.
    """

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="delegations")
    to = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="delegations_received")
    from_on = models.DateField()
    until_on = models.DateField()
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    granted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_by__isnull=True) | (~Q(granted_by=F("to")) & ~Q(granted_by=F("made_by"))),
                name="delegation_granted_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(until_on__gt=F("from_on")), name="delegation_ends_after_it_begins"
            ),
        ]


class SignInThrottle(models.Model):
    """How often a wrong password was given lately, under a key that doesn't tell name or address."""

    key = models.CharField(max_length=64, unique=True)
    wrong = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    blocked_until_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.key[:8]}… {self.wrong}"
