"""`yiwang run` starts everything, brings back what dies, and ends cleanly."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from yiwang.kernel.base.postgres import Cluster
from yiwang.kernel.base.postgres.processes import postmaster, standing_in

pytestmark = pytest.mark.server


class Running:
    """One `yiwang run` on a data directory of its own."""

    def __init__(self, data: Path, *, port: int) -> None:
        self.data = data
        self.port = port
        self.process: subprocess.Popen[str] | None = None

    def environment(self) -> dict[str, str]:
        """What the process is told: this data directory and nothing of the tests' own."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("YIWANG_", "DATABASE_"))}
        return kept | {
            "YIWANG_DATA": str(self.data),
            "YIWANG_PORT": str(self.port),
            "YIWANG_LIVE_PORT": str(self.port + 1),
        }

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Another command on the same installation, to its end."""
        return subprocess.run(
            [sys.executable, "-m", "yiwang.site.command", *arguments],
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def start(self) -> "subprocess.Popen[str]":
        """Start it and wait until pages are answered."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "yiwang.site.command", "run", "--workers", "1"],
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        wait_until(self.is_answering, seconds=60)
        return self.process

    def is_answering(self) -> bool:
        """Whether a page comes, whatever it says."""
        return status(f"http://127.0.0.1:{self.port}/") is not None

    def is_live(self) -> bool:
        """Whether the live process answers; nobody is signed in, so there is nothing to hear."""
        return status(f"http://127.0.0.1:{self.port + 1}/live") == 204

    def parts(self) -> list[psutil.Process]:
        """Every process below the supervisor."""
        assert self.process is not None
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self) -> None:
        """Make sure that nothing of it is left."""
        if self.process is not None and self.process.stdout is not None and not self.process.stdout.closed:
            self.process.terminate()
            self.process.communicate(timeout=60)
        Cluster(self.data).end_if_unused()


@pytest.fixture
def running() -> Iterator[Running]:
    """A `yiwang run` that hasn't been started yet, on two free ports."""
    with tempfile.TemporaryDirectory(prefix="yiwang-run-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        site = Running(Path(name) / "data", port=free_pair())
        site.data.mkdir(mode=0o711)
        (site.data / "locks").mkdir()
        yield site
        site.end()


def free_pair() -> int:
    """The first of two neighbouring free ports."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = int(one.getsockname()[1])
            try:
                two.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port


def status(url: str) -> int | None:
    """The status of an answer, or nothing if none came."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return None


def lives(part: psutil.Process) -> bool:
    """Whether a process does anything any more."""
    try:
        return part.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for something that must come true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it didn't come true in time"
        time.sleep(0.1)


def test_ctrl_c_stops_everything(running: Running) -> None:
    process = running.start()
    wait_until(running.is_live)
    assert process.stdout is not None
    announced = process.stdout.readline()  # pages may answer a moment before it is said
    parts = running.parts()
    assert len(parts) == 3
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert time.monotonic() - began < 10
    assert process.returncode == 0
    assert [part for part in parts if lives(part)] == []
    assert standing_in(running.data / "postgres") == []
    assert f"http://127.0.0.1:{running.port}/" in announced


def test_every_part_comes_back_after_kill_9(running: Running) -> None:
    running.start()
    wait_until(running.is_live)
    for part in running.parts():
        with contextlib.suppress(psutil.NoSuchProcess):
            part.kill()
    wait_until(lambda: running.is_answering() and running.is_live() and len(running.parts()) == 3)
    first = postmaster(running.data / "postgres")
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: postmaster(running.data / "postgres") not in (None, first))
    assert running.command("migrate", "--check").returncode == 0


def test_killed_supervisor_takes_its_parts_along_and_the_next_start_adopts_the_database(
    running: Running,
) -> None:
    process = running.start()
    parts = running.parts()
    process.kill()
    process.communicate()
    wait_until(lambda: not any(lives(part) for part in parts))
    assert postmaster(running.data / "postgres") is not None
    again = running.start()
    assert running.is_answering()
    again.send_signal(signal.SIGTERM)
    again.communicate(timeout=30)
    assert standing_in(running.data / "postgres") == []


def test_command_leaves_a_running_site_alone(running: Running) -> None:
    running.start()
    number = postmaster(running.data / "postgres")
    done = running.command("migrate", "--json")
    assert json.loads(done.stdout) == {"applied": []}
    assert postmaster(running.data / "postgres") == number
    assert running.is_answering()


def test_port_in_use_is_one_sentence(running: Running) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", running.port))
        taken.listen()
        done = running.command("run")
    assert done.returncode == 1
    assert done.stdout == ""
    english, chinese = done.stderr.splitlines()
    assert english.startswith(f"Port {running.port} on 127.0.0.1 can't be used (Address already in use)")
    assert chinese.startswith(f"127.0.0.1 的端口 {running.port} 无法使用")


def test_first_administrator_is_made_on_the_command_line(running: Running) -> None:
    assert running.command("migrate").returncode == 0
    base = ["admin", "create", "Chief", "--name", "管理员"]
    without_county = subprocess.run(
        [sys.executable, "-m", "yiwang.site.command", *base],
        env=running.environment(), input="Sturdy-Horse-93\n", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert without_county.returncode == 1
    assert without_county.stderr.startswith("There are no units yet")
    made = subprocess.run(
        [sys.executable, "-m", "yiwang.site.command", *base, "--county", "云川县", "--json"],
        env=running.environment(), input="Sturdy-Horse-93\n", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert made.stderr == ""
    assert json.loads(made.stdout)["username"] == "chief"
    weak = subprocess.run(
        [sys.executable, "-m", "yiwang.site.command", "admin", "create", "second", "--name", "甲"],
        env=running.environment(), input="123\n", capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert weak.returncode == 1
    assert len(weak.stderr.splitlines()) == 1
