"""Load on one address by `wrk`, and the memory of the processes that bear it."""

import json
import os
import random
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Target:
    """What is asked: addresses in turn, or one address with a form; `base` is where the server listens."""

    base: str
    paths: Sequence[str]
    cookie: str = ""
    form: str = ""
    token: str = ""


@dataclass(frozen=True)
class Figures:
    """Requests a second and latencies in milliseconds; the median of several rounds."""

    rate: float
    p50: float
    p95: float
    errors: int


def require_wrk() -> None:
    """Refuse to start without the load generator."""
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing; as root: apt-get install -y wrk")


def round_of(target: Target, *, clients: int, seconds: float) -> Figures:
    """One round: `clients` connections, each sending as soon as it was answered."""
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "given"
        given.write_text(target.form or "\n".join(target.paths), encoding="utf-8")
        script = "post.lua" if target.form else "get.lua"
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout", "30s"]
        command += ["-s", str(HERE / script), target.base + target.paths[0], "--", str(given), target.cookie]
        command += [str(random.randrange(10**9)), target.token]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    line = next(line for line in done.stdout.splitlines() if line.startswith("FIGURES "))
    told = json.loads(line.removeprefix("FIGURES "))
    return Figures(
        rate=told["requests"] / (told["microseconds"] / 1e6),
        p50=told["p50"] / 1000,
        p95=told["p95"] / 1000,
        errors=told["errors"],
    )


def median(rounds: Sequence[Figures]) -> Figures:
    """The median of each figure; errors are summed."""
    return Figures(
        rate=statistics.median(one.rate for one in rounds),
        p50=statistics.median(one.p50 for one in rounds),
        p95=statistics.median(one.p95 for one in rounds),
        errors=sum(one.errors for one in rounds),
    )


def family(pid: int) -> Iterator[int]:
    """A process and all that came from it."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from family(int(child))


def memory_of(pid: int) -> float:
    """MiB that a process and all that came from it really use (PSS, what is shared counted once)."""
    kib = 0
    for one in family(pid):
        try:
            for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kib += int(line.split()[1])
        except OSError:
            continue
    return kib / 1024


def load_average() -> float:
    """How busy the machine is besides."""
    return os.getloadavg()[0]
