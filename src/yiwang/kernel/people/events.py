"""What happened to posts and delegations."""

from dataclasses import dataclass
from datetime import datetime


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
