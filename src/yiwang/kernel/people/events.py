"""What happened to accounts, posts and delegations, and who did it.

`by_account_id` is nothing when it was done on the command line.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class PostChanged:
    """The posts of an account changed: what it may do must be worked out anew."""

    account_id: int
    at: datetime


@dataclass(frozen=True)
class DelegationChanged:
    """A delegation to an account was made or ended."""

    account_id: int
    at: datetime


@dataclass(frozen=True)
class AccountChanged:
    """An account's password, name or state changed: what is remembered of it is old."""

    account_id: int
    at: datetime


@dataclass(frozen=True)
class SignedIn:
    """Somebody signed in; `address` is the keyed mark of `base.visitors`, never the address itself."""

    account_id: int
    at: datetime
    address: str


@dataclass(frozen=True)
class SignInFailed:
    """Somebody gave a wrong name or password; the account is known only when the name was right."""

    account_id: int | None
    at: datetime
    address: str


@dataclass(frozen=True)
class SignedOut:
    """Somebody signed out, here or everywhere."""

    account_id: int
    at: datetime
    is_everywhere: bool


@dataclass(frozen=True)
class AccountCreated:
    """An account was made."""

    account_id: int
    by_account_id: int | None
    at: datetime


@dataclass(frozen=True)
class AccountClosed:
    """Nobody can sign in with the account any more."""

    account_id: int
    by_account_id: int | None
    at: datetime


@dataclass(frozen=True)
class PasswordChanged:
    """A password was chosen by its owner, or reset by somebody else for one use."""

    account_id: int
    by_account_id: int | None
    at: datetime
    is_reset: bool


@dataclass(frozen=True)
class PostProposed:
    """A post waits for the security officer."""

    post_id: int
    account_id: int
    unit_id: int
    role: str
    by_account_id: int | None
    at: datetime


@dataclass(frozen=True)
class PostGranted:
    """A post counts from its first day on."""

    post_id: int
    account_id: int
    unit_id: int
    role: str
    by_account_id: int | None
    at: datetime
    reason: str


@dataclass(frozen=True)
class PostRefused:
    """A proposed post was turned down."""

    post_id: int
    account_id: int
    unit_id: int
    role: str
    by_account_id: int | None
    at: datetime
    reason: str


@dataclass(frozen=True)
class PostEnded:
    """A post has a last day now."""

    post_id: int
    account_id: int
    unit_id: int
    role: str
    on: date
    by_account_id: int | None
    at: datetime


@dataclass(frozen=True)
class DelegationMade:
    """A post may be exercised by somebody else for a time; `is_granted` is false while it waits."""

    delegation_id: int
    post_id: int
    to_account_id: int
    from_on: date
    until_on: date
    reason: str
    is_granted: bool
    by_account_id: int | None
    at: datetime


@dataclass(frozen=True)
class DelegationGranted:
    """The security officer agreed to a delegation."""

    delegation_id: int
    post_id: int
    to_account_id: int
    by_account_id: int | None
    at: datetime


@dataclass(frozen=True)
class DelegationEnded:
    """A delegation was taken back or refused."""

    delegation_id: int
    post_id: int
    to_account_id: int
    by_account_id: int | None
    at: datetime
