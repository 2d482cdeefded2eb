"""`python -m benchmarks.record_day`: the record day of a big city, through the real actions, in simulated time.

    python -m benchmarks.record_day --share 0.05 --report
    python -m benchmarks.record_day --hours 9-10 --report

87,000 calls and 70,000 orders are the highest published days found. `--share` takes a part of the day's number with
as many fewer agents and teams; `--hours` takes the whole density of some hours. Every run has a data directory of its own.
"""

import argparse
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.community_report import keep
from benchmarks.preparing import settle
from benchmarks.record_checks import checked

CALLS, ORDERS = 87_000, 70_000
ANSWERED_AT_ONCE = 0.5
TEAMS = 4000
HANDLING = 216.0
"""Seconds of talking and after-call work."""


def main() -> None:
    """Live through the day, check it, and say how long it took."""
    options = _options()
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    data = _fresh(folder)
    os.environ["YIWANG_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")
    from yiwang.site import database

    with database.ready():
        found = _live(options)
    found["verify"] = _verified()
    print(json.dumps(found, indent=1, ensure_ascii=False))
    keep("record_day", found, folder=folder, is_reporting=options.report)
    if not options.keep:
        shutil.rmtree(data)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.record_day", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--share", type=float, default=1.0, help="part of the day's number")
    parser.add_argument("--hours", default="0-24", help="when calls and orders come, such as 9-10")
    parser.add_argument(
        "--minutes", type=float, default=120.0, help="stop after so long, however far it came"
    )
    parser.add_argument("--processes", type=int, default=2, help="of orders; the calls have one of their own")
    parser.add_argument("--on", type=date.fromisoformat, default=date(2026, 11, 18), help="a working day")
    parser.add_argument(
        "--folder", default="/var/tmp/yiwang-benchmarks/record", help="where the data is kept"
    )
    parser.add_argument("--keep", action="store_true", help="leave the run's data directory")
    parser.add_argument("--report", action="store_true", help="write the page")
    return parser.parse_args()


def _fresh(folder: Path) -> Path:
    """A data directory for one run: the demo county, filled once and copied."""
    base, data = folder / "county", folder / f"run-{int(time.time())}"
    command = ["migrate"] if (base / "demo").exists() else ["demo", "--cases", "1"]
    subprocess.run(
        [sys.executable, "-m", "yiwang.site.command", *command],
        env=os.environ | {"YIWANG_DATA": str(base)},
        stdout=sys.stderr,
        check=True,
    )
    # The database's files belong to another user when root runs this, and stay so.
    subprocess.run(["cp", "-a", str(base), str(data)], check=True)
    return data


@dataclass(frozen=True)
class Plan:
    """What comes when."""

    calls: Sequence[tuple[float, bool]]
    orders: Sequence[float]
    staff: Sequence[int]


def planned(*, share: float, first: float, last: float) -> Plan:
    """The day's profile is the hotline's own (`DAY_SHAPE`, busy hour 12 %); agents are planned by Erlang C."""
    from yiwang.facilities.hotline.rules import DAY_SHAPE, agents_needed

    chance = Random(96519)

    def moments(number: float) -> list[float]:
        hours = chance.choices(range(24), weights=DAY_SHAPE, k=round(number))
        every = sorted(hour * 3600 + chance.uniform(0, 3600) for hour in hours)
        return [each for each in every if first * 3600 <= each < last * 3600]

    calls = [(at, chance.random() >= ANSWERED_AT_ONCE) for at in moments(CALLS * share)]
    staff = [
        agents_needed(calls_per_hour=CALLS * share * DAY_SHAPE[hour] / sum(DAY_SHAPE), handling=HANDLING)
        for hour in range(24)
    ]
    return Plan(calls, moments(ORDERS * share - CALLS * share * (1 - ANSWERED_AT_ONCE)), staff)


def _live(options: argparse.Namespace) -> dict[str, Any]:
    from django.db import connections
    from django.utils import timezone

    from benchmarks.city import found_city
    from benchmarks.record_lives import Day, live
    from yiwang.institutions.community.rules import CHINA

    first, last = (float(each) for each in options.hours.split("-"))
    plan = planned(share=options.share, first=first, last=last)
    city = found_city(
        agents=max(plan.staff), teams=max(60, round(TEAMS * options.share)), on=options.on, at=timezone.now()
    )
    context = multiprocessing.get_context("fork")
    day = Day(
        city,
        datetime.combine(options.on, clock.min, CHINA),
        plan.calls,
        plan.orders,
        plan.staff,
        options.processes,
        context.Array("d", [first * 3600 - 3600] * (options.processes + 1), lock=False),
        context.Array("d", len(city.teams), lock=False),
        [context.Queue() for _ in range(options.processes)],
        first * 3600 - 1800,
        time.monotonic() + 60 * options.minutes,
    )
    before = _states_of_orders()
    connections.close_all()
    settle()
    results = context.Queue()
    began, load = time.monotonic(), os.getloadavg()[0]
    workers = [
        context.Process(target=live, args=(day, number, results)) for number in range(options.processes + 1)
    ]
    for worker in workers:
        worker.start()
    told = [results.get() for _ in workers]
    seconds = time.monotonic() - began
    for worker in workers:
        worker.join()
    checks = checked(plan, after_case=before)
    return _found(options, plan, city, told, seconds) | {
        "checks": checks,
        "load": [round(load, 1), round(os.getloadavg()[0], 1)],
    }


def _states_of_orders() -> int:
    """The number of the newest case before the run."""
    from yiwang.kernel.access.locks import acting_as_system
    from yiwang.kernel.casework.models import Case

    with acting_as_system():
        return Case.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _found(
    options: argparse.Namespace, plan: Plan, city: Any, told: Sequence[Any], seconds: float
) -> dict[str, Any]:
    steps: Counter[str] = Counter()
    took: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    waited: list[float] = []
    for _number, one, _wall, _fault in told:
        steps.update(one.steps)
        took.update(one.seconds)
        refused.update(one.refused)
        waited += one.waited
    reached = min(one.reached for _number, one, _wall, _fault in told)
    return {
        "on": time.strftime("%Y-%m-%d"),
        "nice": os.nice(0),
        "share": options.share,
        "hours": options.hours,
        "processes": options.processes + 1,
        "calls": len(plan.calls),
        "orders": len(plan.orders) + sum(is_order for _, is_order in plan.calls),
        "agents": max(plan.staff),
        "teams": len(city.teams),
        "seconds": round(seconds, 1),
        "steps": {
            name: {"number": number, "ms": round(1000 * took[name] / number, 2)}
            for name, number in steps.most_common()
        },
        "refused": dict(refused),
        "in_15_s": round(sum(each <= 15 for each in waited) / max(1, len(waited)), 4),
        "busy": {
            number: [round(sum(one.seconds.values()), 1), round(wall, 1)] for number, one, wall, _ in told
        },
        "reached_hour": round(reached / 3600, 2) if reached < 1e9 else None,
        "faults": [fault for *_, fault in told if fault],
    }


def _verified() -> dict[str, Any]:
    """`yiwang verify` of clocks, log and dispatch on what the day left."""
    command = [sys.executable, "-m", "yiwang.site.command", "verify", "clocks", "audit", "dispatch", "--json"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    try:
        found: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return {"is_sound": False, "checks": {}}
    return found


if __name__ == "__main__":
    main()
