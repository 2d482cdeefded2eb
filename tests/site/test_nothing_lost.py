"""`kill -9` of the writer and of the database: whatever was acknowledged is there afterwards, and sound."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.site.test_server import Running, running
from yiwang.kernel.base.postgres.processes import postmaster

__all__ = ["running"]
pytestmark = pytest.mark.server

WRITER = """
import sys
from yiwang.site import database
with database.ready():
    import itertools, time
    from datetime import UTC, datetime
    from tests import builders
    from tests.builders import a_county, a_petition, moved
    builders._numbers = itertools.count(time.time_ns())
    county = a_county()
    office, water = county.standing("office.clerk"), county.unit("water").pk
    while True:
        at = datetime.now(UTC)
        case = a_petition(county, at=at).case
        moved(case, "forward", by=office, at=at, unit_id=water)
        print(case.number, flush=True)
"""

READER = """
import json
from yiwang.site import database
with database.ready():
    from yiwang.kernel.access.locks import acting_as_system
    from yiwang.kernel.casework.models import Case
    with acting_as_system():
        print(json.dumps({case.number: case.journal_length for case in Case.objects.all()}))
"""


def python(running: Running, script: str) -> "subprocess.Popen[str]":
    """A process of its own that works on the installation."""
    environment = running.environment() | {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), *sys.path]))
    }
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


ROOT = Path(__file__).resolve().parents[2]


def test_what_was_acknowledged_survives_kill_9(running: Running) -> None:
    assert running.command("migrate").returncode == 0
    acknowledged: list[str] = []
    for round_ in range(2):
        writer = python(running, WRITER)
        assert writer.stdout is not None
        deadline = time.monotonic() + 60
        for _ in range(25):
            line = writer.stdout.readline()
            assert line, "the writer ended by itself"
            acknowledged.append(line.strip())
            assert time.monotonic() < deadline
        server = postmaster(running.data / "postgres")
        assert server is not None
        for number in (server, writer.pid) if round_ == 0 else (writer.pid, server):
            os.kill(number, signal.SIGKILL)
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.wait(30)
        writer.stdout.close()
    reader = python(running, READER)
    output, _ = reader.communicate(timeout=120)
    kept = json.loads(output)
    assert len(acknowledged) >= 50
    assert [number for number in acknowledged if kept.get(number) != 2] == []
    checked = running.command("verify", "--json")
    assert checked.returncode == 0, checked.stdout + checked.stderr
