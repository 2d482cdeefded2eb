"""What waits for the demo's guardians: posts to be granted, and a head who lets somebody else decide."""

from datetime import datetime, timedelta

from yiwang.kernel.casework.rules.clocks import local_day
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.actions import create_account, delegate, propose_post
from yiwang.kernel.people.models import Account, Post
from yiwang.site.demo.county import NEWCOMERS, PASSWORD


def leave_work(units: dict[str, Unit], accounts: dict[str, int], *, at: datetime) -> None:
    """Two posts that the administrator has proposed, and one delegation for a week."""
    admin = Account.objects.get(pk=accounts["admin"])
    day = local_day(at)
    for username, name, code, role, title in NEWCOMERS:
        account = create_account(
            username=username, name=name, password=PASSWORD, at=at, is_checked=False, like=admin
        )
        propose_post(account, unit=units[code], role=role, title=title, from_on=day, by=admin, at=at)
    head = Account.objects.get(pk=accounts["housing.head"])
    delegate(
        Post.objects.get(account=head),
        to=Account.objects.get(pk=accounts["housing"]),
        from_on=day,
        until_on=day + timedelta(days=7),
        reason="外出学习一周",
        by=head,
        at=at,
    )
