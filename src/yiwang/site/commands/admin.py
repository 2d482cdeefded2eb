"""`yiwang admin`: the first accounts of an installation and the keys of programs, by whoever holds the machine."""

import argparse
import getpass
import sys
from collections.abc import Callable
from datetime import timedelta

from yiwang.kernel.base.problems import Problem
from yiwang.site import database
from yiwang.site.command import json_flag, report

name = "admin"
help = "make the first accounts; give and withdraw the keys of programs"

MOST_DAYS = 3660
ROLES = ("administrator", "security_officer", "auditor")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The account, its post, and for an empty installation the county."""
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    create = actions.add_parser("create", help="make an account with one of the three separate duties")
    create.add_argument("username", help="the name to sign in with")
    create.add_argument("--name", required=True, help="the person's name")
    create.add_argument(
        "--role", choices=ROLES, default="administrator", help="the duty (default: administrator)"
    )
    create.add_argument("--county", help="the county's name; needed once, when there are no units yet")
    json_flag(create)
    create.set_defaults(work=_make_account)
    key = actions.add_parser("key", help="give a program the right to send matters in by Open311")
    key.add_argument("holder", help="whose program it is")
    key.add_argument("--contact", default="", help="how to reach them")
    key.add_argument("--per-hour", type=int, default=60, help="how many requests an hour (default: 60)")
    key.add_argument("--days", type=int, default=365, help="how many days it is valid (default: 365)")
    key.add_argument(
        "--may-publish-text",
        action="store_true",
        help="let its senders publish their words if they ask for it",
    )
    json_flag(key)
    key.set_defaults(work=_issue_key)
    withdraw = actions.add_parser("withdraw-key", help="take a program's key out of force")
    withdraw.add_argument("number", type=int, help="the key's number")
    json_flag(withdraw)
    withdraw.set_defaults(work=_withdraw_key)


def run(options: argparse.Namespace) -> int:
    """Do what was asked for."""
    work: Callable[[argparse.Namespace], int] = options.work
    return work(options)


def _issue_key(options: argparse.Namespace) -> int:
    """Give a key out; its words are printed this once and kept nowhere."""
    if (
        not 1 <= options.days <= MOST_DAYS
        or not 0 < options.per_hour <= 100_000
        or not options.holder.strip()
    ):
        raise Problem(
            "A key has a holder, 1 to 3660 days and 1 to 100000 requests an hour.",
            "密钥须有持有人，有效期 1 至 3660 天，每小时 1 至 100000 件。",
        )
    with database.ready():
        from django.utils import timezone

        from yiwang.kernel.channels.open311.actions import issue_key

        now = timezone.now()
        issued = issue_key(
            holder=options.holder,
            contact=options.contact,
            per_hour=options.per_hour,
            may_publish_text=options.may_publish_text,
            valid_until_at=now + timedelta(days=options.days),
            at=now,
        )
    result = {"number": issued.key.pk, "holder": issued.key.holder, "key": issued.words}
    lines = [f"{result['number']}: {result['holder']}", str(result["key"])]
    report(result, options=options, lines=lambda: lines)
    return 0


def _withdraw_key(options: argparse.Namespace) -> int:
    """Take a key out of force at once."""
    with database.ready():
        from django.utils import timezone

        from yiwang.kernel.channels.models import ApiKey
        from yiwang.kernel.channels.open311.actions import withdraw_key

        try:
            key = withdraw_key(options.number, at=timezone.now())
        except ApiKey.DoesNotExist:
            raise Problem("There is no key with this number.", "没有这个编号的密钥。") from None
    result = {"number": key.pk, "holder": key.holder}
    report(result, options=options, lines=lambda: [f"{key.pk}: {key.holder}"])
    return 0


def _make_account(options: argparse.Namespace) -> int:
    """Make the account and grant its post; the password comes from the terminal, or from stdin."""
    password = _password()
    with database.ready():
        unit = _create(options, password=password)
    result = {"username": options.username.strip().lower(), "role": options.role, "unit": unit}
    report(result, options=options, lines=lambda: [f"{result['username']}: {result['role']}, {unit}"])
    return 0


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("Password 密码: ")
    if first != getpass.getpass("Once more 再次输入: "):
        raise Problem("The two passwords differ; try again.", "两次输入的密码不一致，请重试。")
    return first


def _create(options: argparse.Namespace, *, password: str) -> str:
    from django.core.exceptions import ValidationError
    from django.db import transaction
    from django.utils import timezone

    from yiwang.kernel.orgs.actions import found_unit
    from yiwang.kernel.orgs.enums import UnitKind
    from yiwang.kernel.orgs.models import Unit
    from yiwang.kernel.people.actions import create_account, grant_post, propose_post

    now, today = timezone.now(), timezone.localdate()
    try:
        with transaction.atomic():
            unit = Unit.objects.filter(parent__isnull=True).order_by("pk").first()
            if unit is None:
                if not options.county:
                    raise Problem(
                        "There are no units yet; name the county too: --county 某某县.",
                        "尚无任何单位；请同时给出县名：--county 某某县。",
                    )
                kind = UnitKind.COUNTY
                unit = found_unit(code="county", name=options.county, kind=kind, valid_from_on=today)
            account = create_account(username=options.username, name=options.name, password=password, at=now)
            post = propose_post(account, unit=unit, role=options.role, from_on=today, by=None, at=now)
            grant_post(post, by=None, at=now)
            return str(unit)
    except ValidationError as error:
        raise Problem(" ".join(error.messages)) from error
