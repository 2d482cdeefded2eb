"""Keeping accounts, posts and delegations. The administrator proposes; the security officer grants.

Every deed publishes an event that the audit log writes down in the same transaction.
"""

from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from yiwang.kernel.base.events import publish
from yiwang.kernel.base.text import clean_line
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.events import (
    AccountChanged,
    AccountClosed,
    AccountCreated,
    DelegationChanged,
    DelegationEnded,
    DelegationGranted,
    DelegationMade,
    PasswordChanged,
    PostChanged,
    PostEnded,
    PostGranted,
    PostProposed,
    PostRefused,
    SignedOut,
)
from yiwang.kernel.people.models import Account, Delegation, Post


@transaction.atomic
def create_account(
    *,
    username: str,
    name: str,
    password: str,
    at: datetime,
    phone: str = "",
    by: Account | None = None,
    is_checked: bool = True,
    is_one_time: bool = False,
    like: Account | None = None,
) -> Account:
    """Make an account; raises `ValidationError` for a taken name or a weak password.

    `is_one_time` makes its owner choose another password at the first sign-in. `is_checked=False` skips the
    strength of the password and `like` takes over another account's derived key, which spares the work of
    deriving it: both for the demo county only, where everybody has the same password.
    """
    account = Account(
        username=username.strip().lower(),
        name=clean_line(name),
        phone=clean_line(phone),
        created_at=at,
        must_change_password=is_one_time,
    )
    if is_checked:
        validate_password(password, account)
    if like is None:
        account.set_password(password)
    else:
        account.password = like.password
    account.full_clean()
    account.save()
    publish(AccountCreated(account.pk, _key(by), at))
    return account


@transaction.atomic
def set_password(
    account: Account, *, password: str, at: datetime, by: Account | None = None, is_one_time: bool = False
) -> None:
    """Give a new password; every session of the account ends. Raises `ValidationError` when it is weak.

    `is_one_time` makes its owner choose another one at the next sign-in.
    """
    validate_password(password, account)
    account.set_password(password)
    account.session_epoch += 1
    account.must_change_password = is_one_time
    account.save(update_fields=["password", "session_epoch", "must_change_password"])
    publish(AccountChanged(account.pk, at))
    publish(PasswordChanged(account.pk, _key(by), at, is_one_time))


@transaction.atomic
def end_sessions(account: Account, *, at: datetime) -> None:
    """Sign the account out everywhere."""
    Account.objects.filter(pk=account.pk).update(session_epoch=F("session_epoch") + 1)
    publish(AccountChanged(account.pk, at))
    publish(SignedOut(account.pk, at, is_everywhere=True))


@transaction.atomic
def close_account(account: Account, *, by: Account | None, at: datetime) -> None:
    """Let nobody sign in with this account any more; its posts and history stay.

    Raises `ValidationError` for one's own account.
    """
    if by is not None and by.pk == account.pk:
        raise ValidationError(_("Nobody can close their own account."))
    account.is_active = False
    account.session_epoch += 1
    account.save(update_fields=["is_active", "session_epoch"])
    publish(AccountChanged(account.pk, at))
    publish(AccountClosed(account.pk, _key(by), at))


def propose_post(
    account: Account,
    *,
    unit: Unit,
    role: str,
    from_on: date,
    by: Account | None,
    at: datetime,
    until_on: date | None = None,
    title: str = "",
) -> Post:
    """Enter a post that waits for the security officer.

    Raises `ValidationError` when the account already holds it, or when duties that must be separate would
    meet in one person (the database forbids both).
    """
    post = Post(
        account=account,
        unit=unit,
        role=role,
        from_on=from_on,
        until_on=until_on,
        title=title,
        proposed_by=by,
        proposed_at=at,
    )
    post.full_clean(
        exclude=["proposed_by", "granted_by", "granted_at", "refused_at"], validate_constraints=False
    )
    if until_on is not None and until_on <= from_on:
        raise ValidationError({"until_on": _("The last day must be after the first.")})
    try:
        with transaction.atomic():
            post.save()
            publish(PostProposed(post.pk, account.pk, unit.pk, role, _key(by), at))
    except IntegrityError as error:
        if "separation_of_duties" in str(error):
            raise ValidationError({"role": separation_sentence()}) from error
        raise ValidationError({"role": _("This person already holds this post in that time.")}) from error
    return post


@transaction.atomic
def grant_post(post: Post, *, by: Account | None, at: datetime, reason: str = "") -> Post:
    """Make a proposed post count.

    Raises `ValidationError` for one's own post, one that one proposed oneself, or one already decided.
    """
    post = _undecided(post)
    if by is not None and post.account_id == by.pk:
        raise ValidationError(_("Nobody can grant a post to themselves."))
    if by is not None and post.proposed_by_id == by.pk:
        raise ValidationError(_("Whoever proposed a post can't grant it too."))
    post.granted_by, post.granted_at, post.decision_reason = by, at, clean_line(reason)
    post.save(update_fields=["granted_by", "granted_at", "decision_reason"])
    publish(PostChanged(post.account_id, at))
    publish(
        PostGranted(post.pk, post.account_id, post.unit_id, post.role, _key(by), at, post.decision_reason)
    )
    return post


@transaction.atomic
def refuse_post(post: Post, *, by: Account | None, at: datetime, reason: str) -> Post:
    """Turn a proposed post down. Raises `ValidationError` when it was already decided."""
    post = _undecided(post)
    post.refused_at, post.decision_reason = at, clean_line(reason)
    post.save(update_fields=["refused_at", "decision_reason"])
    publish(
        PostRefused(post.pk, post.account_id, post.unit_id, post.role, _key(by), at, post.decision_reason)
    )
    return post


@transaction.atomic
def end_post(post: Post, *, on: date, by: Account | None, at: datetime) -> Post:
    """Let a post end on a day; from that day it no longer counts. It is never made longer.

    Raises `ValidationError` when it has ended before that day or was refused.
    """
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.refused_at is not None or (post.until_on is not None and post.until_on <= on):
        raise ValidationError({"on": _("This post has already ended by that day.")})
    if on <= post.from_on:
        post.refused_at = at
    else:
        post.until_on = on
    post.save(update_fields=["until_on", "refused_at"])
    publish(PostChanged(post.account_id, at))
    for delegation in post.delegations.all():
        publish(DelegationChanged(delegation.to_id, at))
    publish(PostEnded(post.pk, post.account_id, post.unit_id, post.role, on, _key(by), at))
    return post


@transaction.atomic
def delegate(
    post: Post, *, to: Account, from_on: date, until_on: date, reason: str, by: Account, at: datetime
) -> Delegation:
    """Let somebody else exercise a post for a time.

    The post's holder does so alone; from the administrator it is a proposal to the security officer. Raises
    `ValidationError` for oneself, an impossible span, a post that doesn't count, somebody who can't sign in,
    or duties that must stay separate (the database forbids those too).
    """
    post = Post.objects.select_for_update().select_related("account").get(pk=post.pk)
    if to.pk == post.account_id:
        raise ValidationError({"to": _("A post is delegated to somebody else.")})
    if not to.is_active:
        raise ValidationError({"to": _("This account is closed.")})
    if until_on <= from_on:
        raise ValidationError({"until_on": _("The last day must be after the first.")})
    if post.granted_at is None or post.refused_at is not None:
        raise ValidationError(_("This post hasn't been granted."))
    if from_on < post.from_on or (post.until_on is not None and until_on > post.until_on):
        raise ValidationError(
            {"until_on": _("A post can be delegated only for the time in which it is held.")}
        )
    is_own = by.pk == post.account_id
    made = Delegation(
        post=post,
        to=to,
        from_on=from_on,
        until_on=until_on,
        reason=clean_line(reason),
        made_by=by,
        made_at=at,
        granted_at=at if is_own else None,
    )
    made.clean_fields(exclude=["granted_by", "granted_at", "ended_at"])
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ValidationError({"to": separation_sentence()}) from error
    publish(DelegationChanged(to.pk, at))
    publish(
        DelegationMade(made.pk, post.pk, to.pk, from_on, until_on, made.reason, is_own, by.pk, at),
    )
    return made


@transaction.atomic
def grant_delegation(delegation: Delegation, *, by: Account, at: datetime) -> Delegation:
    """Let a delegation proposed by the administrator count.

    Raises `ValidationError` for a delegation to or by oneself, and for one already decided.
    """
    delegation = Delegation.objects.select_for_update().get(pk=delegation.pk)
    if delegation.granted_at is not None or delegation.ended_at is not None:
        raise ValidationError(_("This delegation has already been decided."))
    if by.pk in (delegation.to_id, delegation.made_by_id):
        raise ValidationError(_("Nobody can grant a post to themselves."))
    delegation.granted_by, delegation.granted_at = by, at
    delegation.save(update_fields=["granted_by", "granted_at"])
    publish(DelegationChanged(delegation.to_id, at))
    publish(DelegationGranted(delegation.pk, delegation.post_id, delegation.to_id, by.pk, at))
    return delegation


@transaction.atomic
def end_delegation(delegation: Delegation, *, by: Account | None, at: datetime) -> None:
    """Take a delegation back at once, or turn down one that waits; once ended it stays so."""
    ended = Delegation.objects.filter(pk=delegation.pk, ended_at__isnull=True).update(ended_at=at)
    if ended:
        publish(DelegationChanged(delegation.to_id, at))
        publish(DelegationEnded(delegation.pk, delegation.post_id, delegation.to_id, _key(by), at))


def separation_sentence() -> str:
    """Why the database refused two duties in one person."""
    return _("One person can't be administrator, security officer, auditor or handle cases at the same time.")


def _undecided(post: Post) -> Post:
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.granted_at is not None or post.refused_at is not None:
        raise ValidationError(_("This post has already been decided."))
    return post


def _key(account: Account | None) -> int | None:
    return account.pk if account is not None else None
