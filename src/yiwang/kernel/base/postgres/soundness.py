"""What every server is asked before it may hold our data, and the two roles it must know."""

import os
from typing import Any

import psycopg
from psycopg import sql

from yiwang.kernel.base.config import Installation
from yiwang.kernel.base.postgres.connection import APP_ROLE, connection_settings
from yiwang.kernel.base.problems import Problem

OLDEST_VERSION = 15


def parameters(installation: Installation, *, as_owner: bool) -> dict[str, Any]:
    """The same address as in Django's settings, as psycopg wants it."""
    entry = connection_settings(installation, as_owner=as_owner)
    keys = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    return {**entry["OPTIONS"], **{libpq: entry[django] for libpq, django in keys.items() if entry[django]}}


def connect(installation: Installation, *, as_owner: bool) -> "psycopg.Connection[Any]":
    """A bare connection outside Django, committing each statement. Raises `Problem` if refused."""
    try:
        return psycopg.connect(
            **{"connect_timeout": 10, **parameters(installation, as_owner=as_owner)}, autocommit=True
        )
    except psycopg.OperationalError as error:
        said = str(error).strip().splitlines()[-1]
        if f'role "{APP_ROLE}" does not exist' in str(error):
            raise Problem(
                "The database hasn't been prepared; run `yiwang migrate` first.",
                "数据库尚未初始化；请先运行 `yiwang migrate`。",
            ) from error
        where = "DATABASE_URL" if installation.database_url else "YIWANG_DATA"
        raise Problem(
            f"The database can't be reached ({said}); check {where}.",
            f"无法连接数据库（{said}）；请检查 {where}。",
        ) from error


def check_server(installation: Installation, *, as_owner: bool) -> None:
    """Refuse a server on which our data would come to harm: too old, or deaf to Chinese.

    With a wrong LC_CTYPE Chinese characters disappear from the text functions without an error, so the
    server is asked outright.
    """
    with connect(installation, as_owner=as_owner) as connection:
        version = connection.info.server_version // 10000
        row = connection.execute(
            "SELECT current_setting('server_encoding'),"
            " regexp_replace('信访 a。', '[^[:alnum:]]', '', 'g') = '信访a' AND '镇' ~ '[[:alpha:]]'"
        ).fetchone()
    if version < OLDEST_VERSION:
        raise Problem(
            f"PostgreSQL {version} is too old; version {OLDEST_VERSION} or newer is needed.",
            f"PostgreSQL {version} 版本过旧，需要 {OLDEST_VERSION} 或更新版本。",
        )
    encoding, hears_chinese = row or ("", False)
    if encoding != "UTF8" or not hears_chinese:
        raise Problem(
            "This database loses Chinese characters in its text functions; create it anew with "
            "ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' TEMPLATE template0.",
            "该数据库的文本函数会丢失汉字；请用 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8' "
            "TEMPLATE template0 重新建库。",
        )


def prepare_roles(installation: Installation) -> None:
    """Make the application role where it is missing, and let it use what the owner is about to create.

    Runs as the owner before the first migration. Rights on tables are given by default privileges, so
    that a later migration which takes one away again (from the journal, say) has the last word.
    """
    with connect(installation, as_owner=True) as connection:
        role = sql.Identifier(APP_ROLE)
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchall():
            _create_role(connection)
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
        ):
            connection.execute(sql.SQL(statement).format(role))
        _let_runtime_become(connection, installation)


def _create_role(connection: "psycopg.Connection[Any]") -> None:
    try:
        connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(APP_ROLE)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise Problem(
            f"The owner may not create roles; let an administrator run CREATE ROLE {APP_ROLE} "
            f"and GRANT {APP_ROLE} to the users of this database.",
            f"所有者无权建立角色；请管理员执行 CREATE ROLE {APP_ROLE}，并将该角色授予本库的用户。",
        ) from error
    except psycopg.errors.DuplicateObject:
        pass


def _let_runtime_become(connection: "psycopg.Connection[Any]", installation: Installation) -> None:
    """Make the user of `DATABASE_URL` a member of the application role, under which it will work."""
    if installation.database_url is None:
        return
    user = connection_settings(installation)["USER"] or os.environ.get("PGUSER") or connection.info.user
    may = connection.execute("SELECT pg_has_role(%s, %s, 'MEMBER')", [user, APP_ROLE]).fetchone()
    if may and not may[0]:
        connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(APP_ROLE), sql.Identifier(user)))
