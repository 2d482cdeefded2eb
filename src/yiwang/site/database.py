"""The database, ready to be used: started if need be, checked, and Django set up on it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from yiwang.kernel.base.config import installation
from yiwang.kernel.base.postgres import Cluster, Lease, check_server


@contextmanager
def ready(*, as_owner: bool = False, is_migrating: bool = False) -> Iterator[Lease | None]:
    """Hold a running, sound database with Django set up on it; the lease is None for `DATABASE_URL`.

    Every command that touches data stands inside it. An embedded server that is already running is left
    running at the end. Commands work as the application role; `as_owner` is for migrations. Unless it is
    `is_migrating`, a database that this release doesn't fit is refused. Raises `Problem` with the mend.
    """
    if as_owner:
        os.environ["YIWANG_DB_ROLE"] = "owner"
    here = installation()
    lease = Cluster(here.data).lease() if here.database_url is None else None
    try:
        check_server(here, as_owner=as_owner)
        set_up()
        if not is_migrating:
            from yiwang.site.upgrade import require_current

            require_current()
        yield lease
    finally:
        _close_connections()
        if lease is not None:
            lease.end()


def set_up() -> None:
    """Load Django once; safe to call again."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _close_connections() -> None:
    from django.conf import settings

    if settings.configured:
        from django.db import connections

        connections.close_all()
