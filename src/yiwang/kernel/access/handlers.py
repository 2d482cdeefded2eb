"""Standings are forgotten as soon as posts or delegations change."""

from yiwang.kernel.access.queries import forget_standings
from yiwang.kernel.base.events import handles
from yiwang.kernel.orgs.events import UnitMerged
from yiwang.kernel.people.events import AccountChanged, DelegationChanged, PostChanged


@handles(PostChanged)
def on_post_changed(event: PostChanged) -> None:
    """A post was granted, ended or refused."""
    forget_standings(event.account_id)


@handles(DelegationChanged)
def on_delegation_changed(event: DelegationChanged) -> None:
    """A delegation was made or ended."""
    forget_standings(event.account_id)


@handles(AccountChanged)
def on_account_changed(event: AccountChanged) -> None:
    """A password, name or state changed."""
    forget_standings(event.account_id)


@handles(UnitMerged)
def on_unit_merged(event: UnitMerged) -> None:
    """A successor inherits what its predecessor held."""
    forget_standings()
