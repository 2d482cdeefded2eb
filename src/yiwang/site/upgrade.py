"""Bringing the tables up to date; what cannot work is refused before anything is touched."""

import subprocess
import sys

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from yiwang.kernel.base.config import installation
from yiwang.kernel.base.postgres import prepare_roles
from yiwang.kernel.base.problems import Problem


def pending() -> list[str]:
    """The migrations that this release brings and the database hasn't seen, in order."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown() -> list[str]:
    """The migrations that the database has seen and this release doesn't know."""
    loader = MigrationLoader(connection)
    ours = set(loader.migrated_apps)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    known = set(loader.disk_migrations) | replaced
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in known)


def migrate() -> list[str]:
    """Apply every pending migration as the owner of the tables and say which.

    Raises `Problem` before touching anything when the database was made by a newer release.
    """
    _refuse_newer()
    todo = pending()
    prepare_roles(installation())
    if todo:
        call_command("migrate", verbosity=0, interactive=False)
    return todo


def require_current() -> None:
    """Refuse to work on tables that don't fit this release, in either direction.

    A database without any table yet is new: it gets its tables at once, by a process that works as the
    owner, so that every command can be the first. An older one is never changed without being asked.
    """
    _refuse_newer()
    todo = pending()
    if todo and not MigrationRecorder(connection).applied_migrations():
        _make_tables()
        todo = pending()
    if todo:
        raise Problem(
            f"{len(todo)} changes to the tables are waiting ({todo[0]} first); run `yiwang migrate`.",
            f"有 {len(todo)} 项数据表变更待执行（首项 {todo[0]}）；请运行 `yiwang migrate`。",
        )


def _make_tables() -> None:
    connection.close()
    made = subprocess.run(
        [sys.executable, "-m", "yiwang.site.command", "migrate"], capture_output=True, text=True, check=False
    )
    if made.returncode:
        said = made.stderr.strip().splitlines() or ["migrate"]
        raise Problem(*(said[:2] if len(said) > 1 else said * 2))


def _refuse_newer() -> None:
    strange = unknown()
    if strange:
        raise Problem(
            f"This data was made by a newer release of Yiwang (it has {strange[-1]}); start that release.",
            f"该数据由较新版本的一网建立（含 {strange[-1]}）；请使用相应的新版本启动。",
        )
