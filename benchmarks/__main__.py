"""`python -m benchmarks`: fill, serve, check, measure and write the table.

    python -m benchmarks --sizes 1000,100000 --clients 1,8,32

Each size has a data directory of its own below `--folder`, filled once by `yiwang demo --cases N` and kept.
Product and bare project are measured in turn, so that what else the machine does falls on both.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.load import Figures, load_average, median, memory_of, require_wrk, round_of
from benchmarks.report import REPORT, written
from benchmarks.sites import REPOSITORY, served

BARE_ROWS = 100_000
"""Cases that the bare project gets at the most: its pages don't slow down with more."""
PORT = 8181


def main() -> None:
    """Do it all."""
    options = _options()
    require_wrk()
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for size in options.sizes:
        found = measured(folder / f"data-{size}", size=size, options=options)
        (folder / f"result-{size}.json").write_text(json.dumps(found, indent=1))
    if options.report:
        results = [json.loads(path.read_text()) for path in folder.glob("result-*.json")]
        REPORT.write_text(written(sorted(results, key=lambda one: one["size"])), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=_numbers, default=[1000, 100_000], help="cases, such as 1000,100000")
    parser.add_argument("--clients", type=_numbers, default=[1, 8, 32], help="connections, such as 1,8,32")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each round")
    parser.add_argument("--rounds", type=int, default=3, help="of which the median counts")
    parser.add_argument("--only", default="", help="operations, such as register,case")
    parser.add_argument("--folder", default="/var/tmp/yiwang-benchmarks", help="where the data is kept")
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.relative_to(REPOSITORY)}")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def measured(data: Path, *, size: int, options: argparse.Namespace) -> dict[str, Any]:
    """All figures of one size."""
    filled = _filled(data, size)
    os.environ["YIWANG_DATA"] = str(data)
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.bare.settings"
    log = data.with_name(f"{data.name}.log")
    # In a process of its own, because settings are read once in each.
    script = "from benchmarks.__main__ import measure_here; measure_here()"
    given = json.dumps({**vars(options), "size": size, "log": str(log), "data": str(data), "filled": filled})
    done = subprocess.run(
        [sys.executable, "-c", script],
        input=given,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        cwd=REPOSITORY,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _filled(data: Path, size: int) -> dict[str, Any]:
    note = data / "benchmark.json"
    if not note.exists():
        command = [sys.executable, "-m", "yiwang.site.command", "demo", "--cases", str(size), "--json"]
        environment = os.environ | {"YIWANG_DATA": str(data)}
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        note.write_text(done.stdout)
    found: dict[str, Any] = json.loads(note.read_text())
    return found


def measure_here() -> None:
    """Measure with the bare project's settings; what to do comes as JSON on standard input."""
    asked = json.loads(sys.stdin.read())
    data, log = Path(asked["data"]), Path(asked["log"])
    from yiwang.site import database

    with database.ready(as_owner=True, is_migrating=True):
        from benchmarks.preparing import bare_tables, owner_connection
        from yiwang.site import upgrade

        upgrade.migrate()
        bare_tables(most=BARE_ROWS)
        with owner_connection() as connection:
            product = served(["-m", "yiwang.site.command", "run"], data=data, port=PORT, log=log)
            bare = served(["-m", "benchmarks.bare.serve"], data=data, port=PORT + 4, log=log)
            with product as house, bare as limit:
                found = _measure(asked, connection, pids=(house.pid, limit.pid))
    print(json.dumps(found))


def _measure(asked: dict[str, Any], connection: Any, *, pids: tuple[int, int]) -> dict[str, Any]:
    from benchmarks.operations import operations, sample_of
    from benchmarks.preparing import bare_session, clocks_replayed
    from benchmarks.sites import Visitor
    from benchmarks.statements import floors

    time.sleep(3)
    at_rest = [memory_of(pid) for pid in pids]
    product, leader = (Visitor(f"http://127.0.0.1:{PORT}") for _ in range(2))
    bare = Visitor(f"http://127.0.0.1:{PORT + 4}")
    product.sign_in("office")
    leader.sign_in("leader")
    # Only now: the first sign-in may derive the password's key anew, which ends sessions made before.
    bare.carry(*bare_session("office"))
    sample = sample_of(connection)
    wanted = [one for one in asked["only"].split(",") if one]
    chosen = [
        operation
        for operation in operations(product, leader, bare, sample)
        if not wanted or operation.key in wanted
    ]
    figures: dict[str, dict[str, Any]] = {}
    loads = []
    for clients in asked["clients"]:
        rounds: dict[str, list[Figures]] = defaultdict(list)
        for _ in range(asked["rounds"]):
            for operation in chosen:
                loads.append(load_average())
                one = round_of(operation.target, clients=clients, seconds=asked["seconds"])
                rounds[operation.key].append(one)
        for operation in chosen:
            figures.setdefault(operation.key, {})[str(clients)] = asdict(median(rounds[operation.key]))
            _tell(asked["size"], clients, operation.label, median(rounds[operation.key]))
    return {
        "size": asked["size"],
        "on": time.strftime("%Y-%m-%d"),
        "filled": asked["filled"],
        "labels": {one.key: one.label for one in chosen},
        "limits": {one.key: one.limit for one in chosen if one.limit},
        "figures": figures,
        "floors": {
            key: asdict(one) for key, one in floors(connection, sample, seconds=asked["seconds"]).items()
        },
        "at_rest": at_rest,
        "after": [memory_of(pid) for pid in pids],
        "clocks": clocks_replayed() if not wanted else {},
        "load": max(loads),
        "list_length": sample.number_in_list,
    }


def _tell(size: int, clients: int, label: str, found: Figures) -> None:
    print(
        f"{size:>9,} {clients:>3}  {label:<34} {found.rate:>9.1f}/s  p50 {found.p50:>8.2f}  p95 {found.p95:>8.2f}"
        f"  {found.errors} errors",
        file=sys.stderr,
        flush=True,
    )


if __name__ == "__main__":
    main()
