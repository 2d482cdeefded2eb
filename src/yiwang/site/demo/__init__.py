"""The demo county 云川县: invented units, people and matters, filled in at the first start in demo mode only."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction

from yiwang.kernel.access.locks import acting_as_system
from yiwang.kernel.base.problems import Problem
from yiwang.site.demo.county import PASSWORD, SIGN_INS

MATTERS = 140
NEWS_DAYS = 2
"""What was told longer ago than this, the demo's people have read."""


def sign_ins() -> Iterator[tuple[str, str, str]]:
    """Role, sign-in name and password of those whom the demo offers."""
    for username, label in SIGN_INS:
        yield label, username, PASSWORD


def fill(*, at: datetime, number: int = MATTERS) -> int:
    """Fill an empty database with the demo county; returns how many matters it has.

    Raises `Problem` when units exist already: a real county is never mixed with an invented one.
    """
    from yiwang.kernel.notices.models import Notice
    from yiwang.kernel.orgs.models import Unit
    from yiwang.site.demo.announcements import announce
    from yiwang.site.demo.archive import keep_archive
    from yiwang.site.demo.companies import admit_companies
    from yiwang.site.demo.documents import open_office
    from yiwang.site.demo.hotline import open_hotline
    from yiwang.site.demo.orders import serve
    from yiwang.site.demo.people import populate
    from yiwang.site.demo.statutes import shelve
    from yiwang.site.demo.story import tell
    from yiwang.site.demo.waiting import leave_work

    with acting_as_system():
        if Unit.objects.exists():
            raise Problem(
                "这个数据库里已有单位，不再填充演示县。 This database has units already; the demo county is not mixed in."
            )
        with transaction.atomic():
            units, accounts = populate(at=at)
            leave_work(units, accounts, at=at)
            open_hotline(units, accounts, at=at)
            announce(units, accounts, at=at)
        told = tell(units, accounts, at=at, number=number)
        with transaction.atomic():
            serve(units, accounts, at=at)
            admit_companies(units, accounts, at=at)
            open_office(units, accounts, at=at)
            shelve(at=at)
            keep_archive(units, accounts, at=at)
        Notice.objects.filter(at__lt=at - timedelta(days=NEWS_DAYS)).update(read_at=at)
        return told
