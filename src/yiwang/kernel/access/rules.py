"""The standing of whoever asks: pure, immutable, and the same for a page, a list and the database."""

from collections.abc import Iterable
from dataclasses import dataclass, field

WORKING_ROLES = frozenset({"clerk", "head", "agent", "dispatcher"})
"""Roles whose holders move the matters of their unit."""


@dataclass(frozen=True)
class PostHeld:
    """A role at a unit; `principal_id` is set when it is exercised for somebody else."""

    role: str
    unit_id: int
    principal_id: int | None = None


@dataclass(frozen=True)
class Standing:
    """Who is asking, and what follows from their posts today.

    `unit_ids` are the units whose matters the person may see (own units, their predecessors, and for a
    leader everything below). `member_unit_ids` are the units the person belongs to, parts and wholes; they
    decide who is kept away from an accusation.
    """

    account_id: int | None
    name: str = ""
    posts: tuple[PostHeld, ...] = ()
    unit_ids: frozenset[int] = frozenset()
    member_unit_ids: frozenset[int] = frozenset()
    is_system: bool = False
    case_id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)
    must_change_password: bool = False

    @classmethod
    def nobody(cls) -> "Standing":
        """Somebody without an account."""
        return NOBODY

    @classmethod
    def system(cls) -> "Standing":
        """The house itself: jobs, imports, checks."""
        return SYSTEM

    @classmethod
    def holder_of_receipt(cls, case_id: int) -> "Standing":
        """Whoever brought one matter and shows its receipt."""
        return cls(account_id=None, case_id=case_id)

    @property
    def is_signed_in(self) -> bool:
        """Whether an account stands behind the question."""
        return self.account_id is not None

    def has_role(self, role: str, *, at: Iterable[int] | None = None) -> bool:
        """Whether the person holds a role, anywhere or at one of the given units."""
        if at is None:
            return role in self.roles
        units = frozenset(at)
        return any(post.role == role and post.unit_id in units for post in self.posts)

    def roles_at(self, unit_id: int | None) -> frozenset[str]:
        """The roles the person holds at one unit."""
        return frozenset(post.role for post in self.posts if post.unit_id == unit_id)

    @property
    def account_ids(self) -> frozenset[int]:
        """The accounts in whose name the person acts: their own and, by delegation, those of others.

        Whoever stands in for somebody who is kept away from a matter is kept away too.
        """
        principals = {post.principal_id for post in self.posts}
        return frozenset(pk for pk in {self.account_id, *principals} if pk is not None)

    @property
    def working_unit_ids(self) -> frozenset[int]:
        """The units for which the person handles matters."""
        return frozenset(post.unit_id for post in self.posts if post.role in WORKING_ROLES)


NOBODY = Standing(account_id=None)
SYSTEM = Standing(account_id=None, is_system=True)


def may_open(standing: Standing, page_roles: frozenset[str]) -> bool:
    """Whether a standing may open a page with this audience."""
    if "everybody" in page_roles:
        return True
    if not standing.is_signed_in:
        return False
    return "signed_in" in page_roles or bool(standing.roles & page_roles)
