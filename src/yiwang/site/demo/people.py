"""Founding the demo county: its units, its staff, and a merger that lies in the past."""

from collections.abc import Iterable
from datetime import datetime

from yiwang.kernel.orgs.actions import found_unit, merge_unit
from yiwang.kernel.orgs.models import Unit
from yiwang.kernel.people.actions import create_account, grant_post, propose_post
from yiwang.kernel.people.models import Account
from yiwang.site.demo.county import (
    FOUNDED_ON,
    GUARDIANS,
    MERGED_ON,
    MERGERS,
    PASSWORD,
    STAFF,
    UNITS,
    DemoUnit,
)


def populate(*, at: datetime) -> tuple[dict[str, Unit], dict[str, int]]:
    """Found units and give them staff; returns both by code."""
    units: dict[str, Unit] = {}
    accounts: dict[str, int] = {}
    for demo in UNITS:
        units[demo.code] = found_unit(
            code=demo.code,
            name=demo.name,
            short_name=demo.short,
            name_en=demo.english,
            kind=demo.kind,
            valid_from_on=FOUNDED_ON,
            parent=units[demo.parent] if demo.parent else None,
            functions=demo.functions,
            phone=demo.phone,
            address=demo.address,
            hours=demo.hours,
        )
        if demo.people:
            clerk, head = demo.people
            accounts[demo.code] = _employ(demo.code, clerk, units[demo.code], "clerk", "经办人", at).pk
            accounts[f"{demo.code}.head"] = _employ(
                f"{demo.code}.head", head, units[demo.code], "head", "负责人", at
            ).pk
    for username, name, code, role, title in STAFF:
        accounts[username] = _employ(username, name, units[code], role, title, at).pk
    for username, name, role, title in GUARDIANS:
        accounts[username] = _employ(username, name, units["county"], role, title, at).pk
    for code, into in MERGERS:
        merge_unit(units[code], into=units[into], on=MERGED_ON, by_account_id=None)
    return units, accounts


def employ(more: Iterable[DemoUnit], *, at: datetime) -> None:
    """Found further units of the county, each with a clerk and a head."""
    county = Unit.objects.get(code="county")
    for demo in more:
        unit = found_unit(
            code=demo.code,
            name=demo.name,
            short_name=demo.short,
            name_en=demo.english,
            kind=demo.kind,
            valid_from_on=FOUNDED_ON,
            parent=county,
        )
        clerk, head = demo.people or ("", "")
        _employ(demo.code, clerk, unit, "clerk", "经办人", at)
        _employ(f"{demo.code}.head", head, unit, "head", "负责人", at)


def _employ(username: str, name: str, unit: Unit, role: str, title: str, at: datetime) -> Account:
    account = create_account(
        username=username, name=name, password=PASSWORD, at=at, is_checked=False, like=Account.objects.first()
    )
    post = propose_post(account, unit=unit, role=role, title=title, from_on=FOUNDED_ON, by=None, at=at)
    grant_post(post, by=None, at=at)
    return account
