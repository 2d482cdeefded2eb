"""The first start of an installation in demo mode fills it with an invented county, once."""

import hashlib
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from yiwang.kernel.base.config import installation
from yiwang.site import database


def demo() -> Any | None:
    """The module that knows the demo county, or nothing in a release without it."""
    return import_module("yiwang.site.demo") if find_spec("yiwang.site.demo") else None


def fill_if_empty() -> None:
    """In demo mode, fill the demo county unless this very database has been filled before."""
    here = installation()
    if not here.is_demo:
        return
    with database.ready():
        county = demo()
        marker = _marker(here.data)
        if county is None or marker.exists():
            return
        from django.utils import timezone

        from yiwang.kernel.orgs.models import Unit

        if Unit.objects.exists():
            return
        # On the error stream, like everything that isn't the answer; a first start is quiet for too long without.
        print("正在填充演示县，约需半分钟…… Filling the demo county, about half a minute …", file=sys.stderr)
        county.fill(at=timezone.now())
        remember_filled()


def remember_filled() -> None:
    """Note outside the database that it has been filled, so that no later start fills it again."""
    marker = _marker(installation().data)
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.touch()


def _marker(data: Path) -> Path:
    """A file that stands for "this database has been filled": named after the database, not its address."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier, oid FROM pg_control_system(), pg_database"
            " WHERE datname = current_database()"
        )
        identity = "/".join(str(part) for part in cursor.fetchone())
    return data / "demo" / f"filled-{hashlib.sha256(identity.encode()).hexdigest()[:16]}"
