"""Keeping accounts, posts and delegations. The administrator proposes; the security officer grants."""

from datetime import date, datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.base.events import publish
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.events import DelegationChanged, PostChanged
from yiwang.kernel.people.models import Account, Delegation, Post


@transaction.atomic
def create_account(
    *, username: str, name: str, password: str, at: datetime, phone: str = "", is_checked: bool = True
) -> Account:
    """Make an account; raises `ValidationError` for a taken name or a weak password.

    `is_checked=False` skips the strength of the password: for the demo county only.
    """
    account = Account(username=username.strip().lower(), name=name.strip(), phone=phone, created_at=at)
    if is_checked:
        validate_password(password, account)
    account.set_password(password)
    account.full_clean()
    account.save()
    return account


@transaction.atomic
def set_password(account: Account, *, password: str) -> None:
    """Give a new password; every session of the account ends. Raises `ValidationError` when it is weak."""
    validate_password(password, account)
    account.set_password(password)
    account.session_epoch += 1
    account.save(update_fields=["password", "session_epoch"])


def end_sessions(account: Account) -> None:
    """Sign the account out everywhere."""
    Account.objects.filter(pk=account.pk).update(session_epoch=account.session_epoch + 1)


@transaction.atomic
def close_account(account: Account, *, at: datetime) -> None:
    """Let nobody sign in with this account any more; its posts and history stay."""
    account.is_active = False
    account.session_epoch += 1
    account.save(update_fields=["is_active", "session_epoch"])
    publish(PostChanged(account.pk, at))


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
    post.full_clean(exclude=["proposed_by", "granted_by"], validate_constraints=False)
    if until_on is not None and until_on <= from_on:
        raise ValidationError({"until_on": _("The last day must be after the first.")})
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError as error:
        if "post_separation_of_duties" in str(error):
            raise ValidationError(
                {
                    "role": _(
                        "One person can't be administrator, security officer, auditor or handle cases at the same time."
                    )
                }
            )
        raise ValidationError({"role": _("This person already holds this post in that time.")})
    return post


@transaction.atomic
def grant_post(post: Post, *, by: Account | None, at: datetime) -> Post:
    """Make a proposed post count. Raises `ValidationError` for one's own post or one already decided."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if by is not None and post.account_id == by.pk:
        raise ValidationError(_("Nobody can grant a post to themselves."))
    if post.granted_at is not None or post.refused_at is not None:
        raise ValidationError(_("This post has already been decided."))
    post.granted_by, post.granted_at = by, at
    post.save(update_fields=["granted_by", "granted_at"])
    publish(PostChanged(post.account_id, at))
    return post


@transaction.atomic
def refuse_post(post: Post, *, at: datetime) -> Post:
    """Turn a proposed post down. Raises `ValidationError` when it was already decided."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if post.granted_at is not None or post.refused_at is not None:
        raise ValidationError(_("This post has already been decided."))
    post.refused_at = at
    post.save(update_fields=["refused_at"])
    return post


@transaction.atomic
def end_post(post: Post, *, on: date, at: datetime) -> Post:
    """Let a post end on a day; from that day it no longer counts."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    if on <= post.from_on:
        post.refused_at = at
    else:
        post.until_on = on
    post.save(update_fields=["until_on", "refused_at"])
    publish(PostChanged(post.account_id, at))
    return post


@transaction.atomic
def delegate(
    post: Post, *, to: Account, from_on: date, until_on: date, reason: str, by: Account, at: datetime
) -> Delegation:
    """Let somebody else exercise a post for a time.

    Raises `ValidationError` for oneself, an impossible span, a post that doesn't count, or duties that must
    stay separate.
    """
    if to.pk == post.account_id:
        raise ValidationError({"to": _("A post is delegated to somebody else.")})
    if until_on <= from_on:
        raise ValidationError({"until_on": _("The last day must be after the first.")})
    if post.granted_at is None:
        raise ValidationError(_("This post hasn't been granted yet."))
    held = {p.role for p in Post.objects.filter(account=to, refused_at__isnull=True)}
    if any(duty(role) != duty(post.role) for role in held):
        raise ValidationError(
            {
                "to": _(
                    "One person can't be administrator, security officer, auditor or handle cases at the same time."
                )
            }
        )
    made = Delegation.objects.create(
        post=post, to=to, from_on=from_on, until_on=until_on, reason=reason, made_by=by, made_at=at
    )
    publish(DelegationChanged(to.pk, at))
    return made


@transaction.atomic
def end_delegation(delegation: Delegation, *, at: datetime) -> None:
    """Take a delegation back at once."""
    Delegation.objects.filter(pk=delegation.pk, ended_at__isnull=True).update(ended_at=at)
    publish(DelegationChanged(delegation.to_id, at))


def duty(role: str) -> str:
    """The group of roles that one person may join; the database has the same function (`people_duty`)."""
    return role if role in ("administrator", "security_officer", "auditor") else "cases"
