"""How Django reaches the database, in the shape its settings want; nothing is started here."""

import os
from typing import Any

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from yiwang.kernel.base.config import Installation
from yiwang.kernel.base.postgres.places import Places
from yiwang.kernel.base.problems import Problem

ENGINE = "yiwang.kernel.base.postgres.backend"
DATABASE = "yiwang"
OWNER_ROLE = "yiwang_owner"
"""Owns the tables; only migrations work under this name."""
APP_ROLE = "yiwang_app"
"""The running site: may read and write rows, owns nothing, obeys row-level security."""

_OWN_KEYS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def connection_settings(installation: Installation, *, as_owner: bool = False) -> dict[str, Any]:
    """The entry for Django's `DATABASES`, as the owner of the tables or as the application role.

    `YIWANG_DB_NAME` names another database on the same server (used by tests). Raises `Problem` when
    `DATABASE_URL` can't be read.
    """
    name = os.environ.get("YIWANG_DB_NAME")
    url = installation.owner_url if as_owner else installation.database_url
    if url is None:
        return {
            "ENGINE": ENGINE,
            "NAME": name or DATABASE,
            "USER": OWNER_ROLE if as_owner else APP_ROLE,
            "PASSWORD": "",
            "HOST": str(Places(installation.data).sockets),
            "PORT": "5432",
            "OPTIONS": {},
        }
    try:
        parts = {key: str(value) for key, value in conninfo_to_dict(url).items() if value is not None}
    except ProgrammingError as error:
        raise Problem(
            f"DATABASE_URL can't be read ({error}); write it as postgresql://user:password@host:5432/name.",
            "DATABASE_URL 无法识别，请写成 postgresql://用户:密码@主机:5432/库名。",
        ) from error
    settings: dict[str, Any] = {"ENGINE": ENGINE}
    settings |= {django: parts.pop(libpq, "") for libpq, django in _OWN_KEYS.items()}
    if name:
        settings["NAME"] = name
    if not as_owner:
        parts["options"] = f"{parts.get('options', '')} -c role={APP_ROLE}".strip()
    settings["OPTIONS"] = dict(parts)
    return settings


def server_in_use(installation: Installation) -> str:
    """A word for people: which server this installation uses."""
    return "DATABASE_URL" if installation.database_url else "embedded"
