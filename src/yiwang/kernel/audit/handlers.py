"""Deeds of the modules below, written down in the transaction in which they happen."""

from dataclasses import asdict
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.audit.actions import record
from yiwang.kernel.audit.labels import name_action
from yiwang.kernel.base.events import handles_within
from yiwang.kernel.calendar.events import CalendarPublished
from yiwang.kernel.orgs import events as orgs
from yiwang.kernel.people import events as people

_DEEDS: dict[type, tuple[str, str, str]] = {
    people.AccountCreated: ("account.created", "account", "account_id"),
    people.AccountClosed: ("account.closed", "account", "account_id"),
    people.PasswordChanged: ("account.password_changed", "account", "account_id"),
    people.PostProposed: ("post.proposed", "post", "post_id"),
    people.PostGranted: ("post.granted", "post", "post_id"),
    people.PostRefused: ("post.refused", "post", "post_id"),
    people.PostEnded: ("post.ended", "post", "post_id"),
    people.DelegationMade: ("delegation.made", "delegation", "delegation_id"),
    people.DelegationGranted: ("delegation.granted", "delegation", "delegation_id"),
    people.DelegationEnded: ("delegation.ended", "delegation", "delegation_id"),
    orgs.UnitFounded: ("unit.founded", "unit", "unit_id"),
    orgs.UnitChanged: ("unit.changed", "unit", "unit_id"),
    orgs.UnitMerged: ("unit.merged", "unit", "unit_id"),
}
"""Event → action, kind of the subject, and the field that holds its number."""

name_action("account.created", _("Account created"))
name_action("account.closed", _("Account closed"))
name_action("account.password_changed", _("Password changed"))
name_action("post.proposed", _("Post proposed"))
name_action("post.granted", _("Post granted"))
name_action("post.refused", _("Post refused"))
name_action("post.ended", _("Post ended"))
name_action("delegation.made", _("Delegation made"))
name_action("delegation.granted", _("Delegation granted"))
name_action("delegation.ended", _("Delegation ended"))
name_action("unit.founded", _("Unit founded"))
name_action("unit.changed", _("Unit renamed or changed"))
name_action("unit.merged", _("Unit merged"))
name_action("calendar.published", _("Calendar year published"))
name_action("signed_in", _("Signed in"))
name_action("signed_out", _("Signed out"))
name_action("sign_in_failed", _("Failed to sign in"))


def on_deed(event: Any) -> None:
    """Somebody changed an account, a post, a delegation or a unit."""
    action, kind, number = _DEEDS[type(event)]
    told = asdict(event)
    subject, at, actor = told.pop(number), told.pop("at"), told.pop("by_account_id")
    details = {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in told.items()
    }
    record(
        action, at=at or timezone.now(), actor=actor, subject_kind=kind, subject_id=subject, details=details
    )


for _kind in _DEEDS:
    handles_within(_kind)(on_deed)


@handles_within(people.SignedIn)
def on_signed_in(event: people.SignedIn) -> None:
    """Somebody signed in."""
    record("signed_in", at=event.at, actor=event.account_id, details={"address": event.address})


@handles_within(people.SignInFailed)
def on_sign_in_failed(event: people.SignInFailed) -> None:
    """Somebody gave a wrong name or password: nobody is known to have done it."""
    record(
        "sign_in_failed",
        at=event.at,
        subject_kind="account" if event.account_id else "",
        subject_id=event.account_id,
        details={"address": event.address},
    )


@handles_within(people.SignedOut)
def on_signed_out(event: people.SignedOut) -> None:
    """Somebody signed out."""
    record("signed_out", at=event.at, actor=event.account_id, details={"is_everywhere": event.is_everywhere})


@handles_within(CalendarPublished)
def on_calendar_published(event: CalendarPublished) -> None:
    """A year of the working calendar was announced."""
    details = {
        "version": event.version,
        "changed": [day.isoformat() for day in event.changed_days],
        "source": event.source,
    }
    record(
        "calendar.published",
        at=event.at,
        actor=event.by,
        subject_kind="calendar",
        subject_id=event.year,
        details=details,
    )
