"""Working out the standing of an account; remembered for a few seconds in each process."""

from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from yiwang.kernel.access.rules import NOBODY, PostHeld, Standing
from yiwang.kernel.base.remembering import Remembered
from yiwang.kernel.orgs.queries import UnitTree, forget_tree, tree
from yiwang.kernel.people.enums import CASE_ROLES, Role
from yiwang.kernel.people.models import Account, Delegation, Post

_standings: Remembered[tuple[int, date], tuple[str, Standing]] = Remembered()


def standing_of(account_id: int, *, on: date | None = None) -> Standing:
    """The standing of an account on a day (today when not given); of nobody when it isn't active."""
    return _recall(account_id, on or timezone.localdate())[1]


def session_standing(account_id: int, *, session_hash: str, on: date) -> Standing | None:
    """The standing behind a session cookie, or nothing when the cookie is no longer good."""
    for _ in range(2):
        expected, standing = _recall(account_id, on)
        if expected and constant_time_compare(expected, session_hash):
            return standing
        # The password may just have been changed through another process: ask once more before refusing.
        forget_standings(account_id)
    return None


def forget_standings(account_id: int | None = None) -> None:
    """Work standings out anew in this process; others do so within a few seconds."""
    _standings.forget(None if account_id is None else lambda key: key[0] == account_id)


def _recall(account_id: int, on: date) -> tuple[str, Standing]:
    return _standings.get((account_id, on), lambda: _read(account_id, on))


def _read(account_id: int, on: date) -> tuple[str, Standing]:
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        return "", NOBODY
    return account.get_session_auth_hash(), _work_out(account, on)


def _work_out(account: Account, on: date) -> Standing:
    in_time = Q(from_on__lte=on) & (Q(until_on__isnull=True) | Q(until_on__gt=on))
    counts = in_time & Q(granted_at__isnull=False, refused_at__isnull=True)
    held = [PostHeld(post.role, post.unit_id) for post in Post.objects.filter(counts, account=account)]
    delegations = Delegation.objects.filter(
        to=account,
        from_on__lte=on,
        until_on__gt=on,
        granted_at__isnull=False,
        ended_at__isnull=True,
        post__granted_at__isnull=False,
        post__refused_at__isnull=True,
        post__account__is_active=True,
    ).select_related("post")
    for delegation in delegations:
        post = delegation.post
        if post.until_on is None or post.until_on > on:
            held.append(PostHeld(post.role, post.unit_id, principal_id=post.account_id))
    units = tree()
    if any(post.unit_id not in units.units for post in held):
        forget_tree()  # another process has just founded the unit
        units = tree()
    moved = tuple(PostHeld(p.role, units.successor(p.unit_id, on=on), p.principal_id) for p in held)
    return Standing(
        account_id=account.pk,
        name=account.name,
        posts=moved,
        unit_ids=_visible(moved, units, on),
        member_unit_ids=_membership((*held, *moved), units, on=on),
        roles=frozenset(post.role for post in moved),
        must_change_password=account.must_change_password,
    )


def _visible(posts: tuple[PostHeld, ...], units: UnitTree, on: date) -> frozenset[int]:
    seen: set[int] = set()
    for post in posts:
        if post.role in CASE_ROLES:
            seen |= units.subtree(post.unit_id) if post.role == Role.LEADER else {post.unit_id}
    return frozenset(seen) | units.predecessors(seen, on=on)


def _membership(posts: tuple[PostHeld, ...], units: UnitTree, *, on: date) -> frozenset[int]:
    """Own units and the wholes they are part of, without the county itself.

    After a merger also those of before: who was kept away from an accusation stays so under a new name, and
    whoever works at the unit that took an accused one over is kept away too.
    """
    own = {above for post in posts for above in units.get(post.unit_id).path[1:] or [post.unit_id]}
    return frozenset(own) | units.predecessors(own, on=on)
