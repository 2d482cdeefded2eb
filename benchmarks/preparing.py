"""Before measuring: the bare project's tables and session, and the product's clocks replayed."""

import gc
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from yiwang.kernel.base.config import installation
from yiwang.kernel.base.postgres.soundness import connect

TABLES = Path(__file__).parent / "bare" / "tables.sql"


def settle() -> None:
    """Keep the collector from what is loaded already, as the house's own processes do before they serve."""
    gc.collect()
    gc.freeze()


def owner_connection() -> Any:
    """A connection as the owner of the tables."""
    connection = connect(installation(), as_owner=True)
    connection.autocommit = True
    return connection


def bare_tables(*, most: int) -> None:
    """Make and fill the bare project's tables once."""
    with owner_connection() as connection:
        cursor = connection.cursor()
        if cursor.execute("SELECT to_regclass('bare_case')").fetchone() == (None,):
            with connection.transaction():
                cursor.execute(TABLES.read_text() % {"most": most})
            for table in ("bare_case", "bare_event"):
                cursor.execute(f"VACUUM (ANALYZE) {table}")


def bare_session(username: str) -> tuple[str, str]:
    """A session of somebody's in the database, as Django's own sign-in makes it, and a token."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils.crypto import get_random_string

    from yiwang.kernel.people.models import Account

    account = Account.objects.get(username=username)
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "yiwang.kernel.people.backends.AccountBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return str(session.session_key), get_random_string(32)


def clocks_replayed() -> dict[str, float]:
    """`yiwang verify clocks`, timed."""
    began = time.monotonic()
    command = [sys.executable, "-m", "yiwang.site.command", "verify", "clocks", "--json"]
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE", "YIWANG_DB_ROLE")
    }
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    found = json.loads(done.stdout)["checks"]["clocks"]
    seconds = time.monotonic() - began
    return {
        "seconds": seconds,
        "cases": found["cases"],
        "clocks": found["clocks"],
        "different": found["different"],
    }
