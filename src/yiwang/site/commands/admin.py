"""`yiwang admin create`: the first accounts of an installation, made by whoever holds the machine."""

import argparse
import getpass
import sys

from yiwang.kernel.base.problems import Problem
from yiwang.site import database
from yiwang.site.command import json_flag, report

name = "admin"
help = "make the first administrator, security officer or auditor"

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


def run(options: argparse.Namespace) -> int:
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
