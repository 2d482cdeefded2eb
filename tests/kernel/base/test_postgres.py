"""The embedded server survives what happens to servers: kills, leftovers, crowds and odd folder names."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from yiwang.kernel.base.config import Installation
from yiwang.kernel.base.postgres import APP_ROLE, DATABASE, OWNER_ROLE, Cluster, connection_settings
from yiwang.kernel.base.postgres.places import Places
from yiwang.kernel.base.postgres.processes import postmaster, standing_in
from yiwang.kernel.base.postgres.soundness import check_server
from yiwang.kernel.base.problems import Problem

pytestmark = pytest.mark.server

HOLD = """
import sys, time
from pathlib import Path
from yiwang.kernel.base.postgres import Cluster
lease = Cluster(Path(sys.argv[1]), for_tests=True).lease()
print("started" if lease.has_started else "found", flush=True)
sys.stdin.readline()
lease.end()
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A fresh data directory that the database's system user can reach; its server is stopped afterwards."""
    with tempfile.TemporaryDirectory(prefix="yiwang-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder
        for inner in [folder, *folder.iterdir()]:
            if (inner / "locks").exists():
                Cluster(inner, for_tests=True).end_if_unused()
                assert standing_in(inner / "postgres") == []


def installation(data: Path, *, url: str | None = None) -> Installation:
    """An installation in `data` and nothing else."""
    return Installation(
        data=data,
        database_url=url,
        owner_url=url,
        is_demo=False,
        host="127.0.0.1",
        port=8000,
        public_url=None,
    )


def ask(data: Path, question: str, *, user: str = OWNER_ROLE) -> object:
    """One question to the server of `data`."""
    address = {"host": str(Places(data).sockets), "dbname": DATABASE, "user": user}
    with psycopg.connect(**address, autocommit=True) as connection:
        cursor = connection.execute(question.encode())
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


def holder(data: Path) -> "subprocess.Popen[str]":
    """Another process that holds the server until it reads a line."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def let_go(process: "subprocess.Popen[str]") -> None:
    """Let a holder end in good order."""
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def wait_until(condition: Callable[[], bool], *, seconds: float = 20) -> None:
    """Wait for something that must come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it didn't come true in time"
        time.sleep(0.05)


def test_last_user_stops_the_server(data: Path) -> None:
    first = Cluster(data, for_tests=True).lease()
    second = Cluster(data, for_tests=True).lease()
    assert (first.has_started, second.has_started) == (True, False)
    first.end()
    assert ask(data, "SELECT 1") == 1
    second.end()
    assert standing_in(data / "postgres") == []


def test_both_roles_sign_in_by_their_system_user_and_own_what_they_should(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("YIWANG_DB_NAME", raising=False)
    with Cluster(data, for_tests=True).lease():
        assert ask(data, "SELECT current_user", user=APP_ROLE) == APP_ROLE
        assert ask(data, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert (
            ask(data, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'yiwang'")
            == OWNER_ROLE
        )
        assert ask(data, "SHOW listen_addresses") == ""
        assert Places(data).sockets.stat().st_mode & 0o777 == 0o700
        check_server(installation(data), as_owner=False)


@pytest.mark.parametrize("name", ["云川 县's data", "x" * 120])
def test_folder_with_an_odd_name(data: Path, name: str) -> None:
    folder = data / name
    with Cluster(folder, for_tests=True).lease():
        assert ask(folder, "SELECT length('信访')") == 2
        assert connection_settings(installation(folder))["HOST"] == str(Places(folder).sockets)
        assert len(os.fsencode(Places(folder).socket)) <= 107
    assert standing_in(folder / "postgres") == []


def test_six_processes_at_once_start_one_server(data: Path) -> None:
    crowd = [holder(data) for _ in range(6)]
    said = sorted(process.stdout.readline().strip() for process in crowd if process.stdout)
    assert said == ["found"] * 5 + ["started"]
    for process in crowd:
        let_go(process)
    assert standing_in(data / "postgres") == []


def test_killed_client_leaves_its_place(data: Path) -> None:
    killed = holder(data)
    assert killed.stdout is not None
    assert killed.stdout.readline() == "started\n"
    killed.kill()
    killed.communicate()
    assert ask(data, "SELECT 1") == 1
    lease = Cluster(data, for_tests=True).lease()
    assert lease.has_started is False
    lease.end()
    assert standing_in(data / "postgres") == []


def test_killed_server_comes_back_with_what_it_acknowledged(data: Path) -> None:
    cluster = Cluster(data)
    with cluster.lease():
        ask(data, "CREATE TABLE kept (n int)")
        ask(data, "INSERT INTO kept VALUES (7)")
        number = postmaster(data / "postgres")
        assert number is not None
        os.kill(number, signal.SIGKILL)
        wait_until(lambda: postmaster(data / "postgres") is None)
        assert cluster.revive() is True
        assert cluster.revive() is False
        assert ask(data, "SELECT sum(n) FROM kept") == 7


@pytest.mark.parametrize("left", ["recycled", "truncated", "nonsense"])
def test_pid_file_that_was_left_behind(data: Path, left: str) -> None:
    Cluster(data, for_tests=True).lease().end()
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        text = {"recycled": f"{stranger.pid}\n{data}/postgres\n1\n", "truncated": "", "nonsense": "12x\n"}[
            left
        ]
        path = data / "postgres" / "postmaster.pid"
        path.write_text(text)
        with Cluster(data, for_tests=True).lease() as lease:
            assert lease.has_started is True
            assert ask(data, "SELECT 1") == 1
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_half_made_cluster_is_never_taken_for_one(data: Path) -> None:
    (data / "postgres.new-1").mkdir()
    (data / "postgres.new-1" / "PG_VERSION").write_text("18\n")
    with Cluster(data, for_tests=True).lease():
        assert ask(data, "SELECT 1") == 1
    assert list(data.glob("postgres.new-*")) == []


@pytest.mark.parametrize(
    ("version", "sentence"),
    [("99", "newer than the 18 here"), ("14", "was made by PostgreSQL 14, here is 18")],
)
def test_data_of_another_version_is_refused_untouched(data: Path, version: str, sentence: str) -> None:
    folder = data / "postgres"
    folder.mkdir()
    (folder / "PG_VERSION").write_text(f"{version}\n")
    with pytest.raises(Problem, match=sentence) as refusal:
        Cluster(data).lease()
    assert refusal.value.chinese.startswith("数据目录")
    assert [path.name for path in folder.iterdir()] == ["PG_VERSION"]


def test_folder_that_is_no_database_is_refused(data: Path) -> None:
    (data / "postgres").mkdir()
    (data / "postgres" / "letter.txt").write_text("mine")
    with pytest.raises(Problem, match="isn't a database"):
        Cluster(data).lease()
    assert (data / "postgres" / "letter.txt").read_text() == "mine"


def test_data_directory_that_cannot_be_made(data: Path) -> None:
    (data / "file").write_text("")
    with pytest.raises(Problem, match="can't be written"):
        Cluster(data / "file" / "below").lease()


def test_database_url_that_cannot_be_read(data: Path) -> None:
    with pytest.raises(Problem, match="DATABASE_URL can't be read"):
        connection_settings(installation(data, url="postgres//nonsense here"))


def test_site_takes_the_application_role_on_a_server_of_ones_own(data: Path) -> None:
    here = installation(data, url="postgresql://li:word@db.example:5433/county?sslmode=require")
    assert connection_settings(here) == {
        "ENGINE": "yiwang.kernel.base.postgres.backend",
        "NAME": os.environ.get("YIWANG_DB_NAME", "county"),
        "USER": "li",
        "PASSWORD": "word",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require", "options": f"-c role={APP_ROLE}"},
    }
    assert connection_settings(here, as_owner=True)["OPTIONS"] == {"sslmode": "require"}


def test_server_deaf_to_chinese_is_refused(data: Path) -> None:
    with Cluster(data, for_tests=True).lease():
        ask(data, "CREATE DATABASE deaf TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'")
        deaf = f"postgresql:///deaf?host={Places(data).sockets}&user={OWNER_ROLE}"
        os_name = os.environ.pop("YIWANG_DB_NAME", None)
        try:
            with pytest.raises(Problem, match="loses Chinese characters"):
                check_server(installation(data, url=deaf), as_owner=True)
        finally:
            if os_name is not None:
                os.environ["YIWANG_DB_NAME"] = os_name
