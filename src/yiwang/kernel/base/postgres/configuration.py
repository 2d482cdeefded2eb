"""The embedded server's own settings: who may sign in, and how much of the machine it uses."""

import os
import pwd
from pathlib import Path

from yiwang.kernel.base.postgres.connection import APP_ROLE, DATABASE, OWNER_ROLE
from yiwang.kernel.base.postgres.programs import Programs
from yiwang.kernel.base.problems import Problem

SUPERUSER = "postgres"
_MIB = 1024 * 1024


def write(cluster: Path, *, programs: Programs, sockets: Path, for_tests: bool) -> None:
    """Write the settings afresh: they depend on the machine and on who we are, so at every start."""
    main = cluster / "postgresql.conf"
    if "yiwang.conf" not in main.read_text():
        with main.open("a") as file:
            file.write("\ninclude_if_exists = 'yiwang.conf'\n")
    chosen = _settings(sockets=sockets, for_tests=for_tests)
    lines = [f"{name} = {value}" for name, value in chosen.items()]
    _put(
        cluster / "yiwang.conf",
        "\n".join(["# Written at every start; change nothing here.", *lines]),
        programs,
    )
    hba = [f"local all {role} peer map=yiwang" for role in (SUPERUSER, OWNER_ROLE, APP_ROLE)]
    _put(cluster / "pg_hba.conf", "\n".join(hba), programs)
    people = {_name_of(os.geteuid()), programs.user.pw_name if programs.user else _name_of(os.geteuid())}
    roles = (SUPERUSER, OWNER_ROLE, APP_ROLE)
    ident = [f'yiwang "{person}" {role}' for person in sorted(people) for role in roles]
    _put(cluster / "pg_ident.conf", "\n".join(ident), programs)


def first_roles(cluster: Path, *, programs: Programs) -> None:
    """Make the two roles and the database in a cluster that isn't running yet.

    PostgreSQL's single-user mode does it, so that a cluster is complete before it bears its name.
    """
    statements = [
        f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB",
        f"CREATE ROLE {APP_ROLE} LOGIN",
        f"GRANT {APP_ROLE} TO {OWNER_ROLE}",
        f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE} TEMPLATE template0",
        f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC",
        f"GRANT CONNECT, TEMPORARY ON DATABASE {DATABASE} TO {APP_ROLE}",
    ]
    done = programs.run("postgres", "--single", "-j", "-D", cluster, "postgres", given=_spaced(statements))
    if done.returncode or "ERROR" in done.stdout:
        raise Problem(
            f"The database's roles can't be made: {done.stdout.strip().splitlines()[-1]}",
            "无法建立数据库角色。",
        )


def _spaced(statements: list[str]) -> str:
    """Single-user mode with -j takes a semicolon and an empty line as the end of a statement."""
    return "".join(f"{statement};\n\n" for statement in statements)


def _settings(*, sockets: Path, for_tests: bool) -> dict[str, str]:
    shared = 64 if for_tests else max(32, min(1024, _memory() // _MIB // 4))
    chosen = {
        "listen_addresses": "''",
        "port": "5432",
        "unix_socket_directories": "'" + str(sockets) + "'",
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{max(128, _memory() // _MIB // 2)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "max_wal_size": "2GB",
        "min_wal_size": "160MB",
        "checkpoint_completion_target": "0.9",
        "wal_compression": "on",
        "timezone": "'UTC'",
        "log_timezone": "'UTC'",
        "log_min_duration_statement": "2000",
        "idle_in_transaction_session_timeout": "600000",
        "dynamic_shared_memory_type": "posix",
    }
    if for_tests:
        chosen |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "200",
            "autovacuum_naptime": "600",
        }
    return chosen


def _memory() -> int:
    """The bytes of memory this process may use: the machine's, or less inside a container."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = Path("/sys/fs/cgroup/memory.max").read_text().strip()
    except OSError:
        return total
    return min(total, int(limit)) if limit.isdecimal() else total


def _name_of(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError as error:
        raise Problem(
            f"The user number {number} has no name on this system, which the database needs to know you by; "
            "add it to /etc/passwd.",
            f"当前用户编号 {number} 在系统中没有名字，数据库无法识别；请在 /etc/passwd 中登记。",
        ) from error


def _put(path: Path, text: str, programs: Programs) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text + "\n")
    fresh.chmod(0o600)
    programs.give(fresh)
    fresh.replace(path)
