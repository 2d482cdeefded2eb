"""What every test stands on: a database server of its own, the application role, a served site, a browser.

The environment is set here, before Django's settings are read, so that no test can touch an installation.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import psycopg
import pytest
from psycopg import sql

from yiwang.kernel.base.postgres import APP_ROLE, OWNER_ROLE, Cluster, check_server, prepare_roles
from yiwang.kernel.base.postgres.places import Places
from yiwang.kernel.base.problems import Problem

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PREFIX = "yiwang-tests-"
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ


def _prepare_environment() -> None:
    for name in [name for name in os.environ if name.startswith("YIWANG_")]:
        if name != "YIWANG_SHARED_DATA" and not (IS_WORKER and name == "YIWANG_DATA"):
            del os.environ[name]
    if not IS_WORKER:
        _sweep()
        # Not below pytest's own folder: that one is closed to the database's system user.
        folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        folder.chmod(0o711)
        (folder / "static").mkdir()
        os.environ["YIWANG_DATA"] = str(folder)
    os.environ["YIWANG_DB_ROLE"] = "owner"
    os.environ["DJANGO_SETTINGS_MODULE"] = "yiwang.site.settings"


def _sweep() -> None:
    """Stop and remove what killed test runs left; a folder whose lock is held is in use."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        is_old = time.time() - folder.stat().st_mtime > 60
        if is_old and folder.stat().st_uid == os.geteuid() and (folder / "locks").exists():
            with contextlib.suppress(Problem, OSError):
                Cluster(folder, for_tests=True).end_if_unused()
                if not (folder / "postgres" / "postmaster.pid").exists():
                    shutil.rmtree(folder, ignore_errors=True)


_prepare_environment()


def pytest_configure(config: pytest.Config) -> None:
    """Set Django up in the environment made above; pytest-django alone would read the settings earlier."""
    django.setup()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the tests' data directory away, once the last worker has ended."""
    if not IS_WORKER:
        shutil.rmtree(os.environ["YIWANG_DATA"], ignore_errors=True)


# --- the database -----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """A PostgreSQL for this run: an embedded one without durability, or that of `DATABASE_URL`."""
    if "DATABASE_URL" in os.environ:
        yield
        return
    data = Path(os.environ["YIWANG_DATA"])
    with Cluster(data, for_tests=True).lease():
        with psycopg.connect(host=str(Places(data).sockets), user="postgres", autocommit=True) as admin:
            # Emptying tables between tests must get past the triggers of the append-only ones.
            admin.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER_ROLE}")
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    database_server: None, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Before the test database is made: the server runs, and each migration finds the roles prepared."""
    from django.db import connection
    from django.db.models.signals import pre_migrate

    from yiwang.kernel.base.config import installation

    def prepare(**_: Any) -> None:
        name = connection.settings_dict["NAME"]
        if os.environ.get("YIWANG_DB_NAME") != name:
            os.environ["YIWANG_DB_NAME"] = name
            check_server(installation(), as_owner=True)
            prepare_roles(installation())

    pre_migrate.connect(prepare, weak=False, dispatch_uid="tests prepare roles")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The migrated test database, used from here on under the application role."""
    from django.db import connection

    with django_db_blocker.unblock():
        _keep_baseline()
        _work_as(APP_ROLE)
        # On the class: where Playwright's loop runs, Django has another connection of the same kind.
        type(connection.ops).execute_sql_flush = lambda self, sql_list: _empty_tables()
    yield
    with django_db_blocker.unblock():
        _work_as(None)


@pytest.fixture
def as_owner(db: None) -> Callable[[], AbstractContextManager[None]]:
    """`with as_owner(): …` works as the owner of the tables within the test's own transaction.

    For what the application role must not be able to do: switching triggers off, altering the journal.
    """
    from django.db import connection

    @contextmanager
    def owner() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE NONE")
            yield
            cursor.execute(f"SET ROLE {APP_ROLE}")

    return owner


def _work_as(role: str | None) -> None:
    """Let Django's connections take on a role; without one they are the owner's again."""
    from django.db import connection

    connection.close()
    options = connection.settings_dict["OPTIONS"]
    options.pop("options", None)
    if role:
        options["options"] = f"-c role={role}"


def _owner_connection() -> "psycopg.Connection[Any]":
    from yiwang.kernel.base.config import installation
    from yiwang.kernel.base.postgres.soundness import connect

    return connect(installation(), as_owner=True)


def _tables(connection: "psycopg.Connection[Any]") -> list[str]:
    rows = connection.execute(
        "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
        " AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'django_migrations' ORDER BY 1"
    )
    return [row[0] for row in rows]


def _keep_baseline() -> None:
    """Remember the rows that migrations brought, which emptying the tables would lose."""
    with _owner_connection() as connection:
        connection.execute("CREATE SCHEMA baseline")
        for table in map(sql.Identifier, _tables(connection)):
            if connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(table)).fetchall():
                connection.execute(sql.SQL("CREATE TABLE baseline.{0} AS TABLE public.{0}").format(table))


def _empty_tables() -> None:
    """Empty every table and put back the rows of the migrations; numbers aren't given out again.

    A site that still runs may hold one table and want another: PostgreSQL ends one of the two, and if it is
    this one, it is tried again.
    """
    for _ in range(5):
        with contextlib.suppress(psycopg.errors.DeadlockDetected):
            _empty_tables_at_once()
            return
    _empty_tables_at_once()


def _empty_tables_at_once() -> None:
    with _owner_connection() as connection, connection.transaction():
        connection.execute("SET LOCAL session_replication_role = replica")
        every = sql.SQL(", ").join(map(sql.Identifier, _tables(connection)))
        connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(every))
        kept = connection.execute(
            "SELECT table_name::text, array_agg(column_name::text) FROM information_schema.columns c"
            " WHERE table_schema = 'public' AND is_generated = 'NEVER' AND EXISTS"
            " (SELECT FROM pg_tables WHERE schemaname = 'baseline' AND tablename = c.table_name) GROUP BY 1"
        ).fetchall()
        for table, names in kept:
            connection.execute(
                sql.SQL(
                    "INSERT INTO public.{0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM baseline.{0}"
                ).format(sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names)))
            )


@pytest.fixture(autouse=True)
def _in_the_house_s_language() -> None:
    """Begin each test in Chinese, whatever language the last one's pages were asked in."""
    from django.utils import translation

    translation.deactivate()


# --- the site and the browser -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Site:
    """A served site: `site.url` without a slash at its end; `site.address("/desk/")` for one page."""

    url: str
    live_url: str

    def address(self, path: str) -> str:
        """The whole address of a page."""
        return f"{self.url}{path}"


@pytest.fixture(scope="session")
def _site_process(django_db_setup: None, django_db_blocker: Any) -> Iterator[Site]:
    """`yiwang run` in processes of its own, on the test database, started at the first use."""
    port, live_port = _free_ports()
    environment = {key: value for key, value in os.environ.items() if key != "YIWANG_DB_ROLE"}
    environment |= {"YIWANG_PORT": str(port), "YIWANG_LIVE_PORT": str(live_port)}
    # Each test has a county of its own; what the site read of the last one doesn't count.
    environment["YIWANG_REMEMBER_SECONDS"] = "0.001"
    log = Path(os.environ["YIWANG_DATA"]) / f"site-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "yiwang.site.command", "run", "--workers", "1"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        _wait_for(port, process=process, log=log)
        yield Site(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{live_port}/live")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture
def live_site(transactional_db: None, _site_process: Site) -> Site:
    """A running site on the test database; what the test commits is what the site shows."""
    return _site_process


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Debian's Chromium; where it is missing the test is skipped, except in CI."""
    from django.db import connections
    from playwright.sync_api import sync_playwright

    path = next((path for path in CHROMIUM if os.path.exists(path)), None)
    if path is None:
        sentence = "Chromium is missing; run: apt-get install chromium fonts-noto-cjk"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    # Playwright keeps a loop running in this thread, which Django takes for an asynchronous caller.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()
        # The connection of this thread's loop is out of reach once the loop has ended.
        connections.close_all()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A fresh page in Chinese; errors on its console fail the test."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    context.set_default_timeout(15_000)
    fresh = context.new_page()
    errors: list[str] = []
    fresh.on("pageerror", lambda error: errors.append(str(error)))
    yield fresh
    context.close()
    assert errors == []


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]


def _wait_for(port: int, *, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"the site didn't start:\n{log.read_text(errors='replace')}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail(f"the site didn't answer within a minute:\n{log.read_text(errors='replace')}")
