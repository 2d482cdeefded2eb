"""`python -m benchmarks.dispatch`: decisions among many teams, many at once against one by one, plans of days.

    python -m benchmarks.dispatch --teams 200000 --solomon /where/the/56/instances/lie --report

The database is an embedded one in `--folder`, filled once. Solomon's instances (`C101.txt` …, with `BKS.json` of
best known distances) aren't part of the repository; without them day plans aren't measured. Both lie in
`benchmarks/VRPTW` of VROOM's repository `vroom-scripts`, in `solomon/` and beside it: put them into one folder.
"""

import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.preparing import owner_connection, settle
from yiwang.facilities.dispatch.rules.batch import assign
from yiwang.facilities.dispatch.rules.plane import Point, by_line
from yiwang.facilities.dispatch.rules.routes import ROUNDS, Crew, Plan, Visit, plan

REPORT = Path(__file__).resolve().parents[1] / "docs" / "reference" / "performance-dispatch.md"
SIDE = 60_000
"""Metres of the square in which the teams are."""
FILL = """
INSERT INTO dispatch_team (unit_id, name, phone, skills, areas, hours, capacity, load, band, x, y, position_at,
    base_x, base_y, is_active, is_suspended, suspended_reason, last_offer_at, created_at)
SELECT %(unit)s, 'team ' || n, '', ARRAY['skill ' || n %% 40, 'skill ' || n * 7 %% 40, 'skill ' || n * 13 %% 40],
    '{}', '[]', 3, 0, substr('ABCB', n %% 4 + 1, 1), random() * %(side)s, random() * %(side)s,
    now() + interval '1 hour' - random() * interval '90 minutes', 0, 0, true, n %% 50 = 0, '',
    now() - random() * interval '1 day', now()
FROM generate_series(1, %(teams)s) n
"""


def main() -> None:
    """Measure what is asked for and say it; write the page with `--report`."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.dispatch", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--teams", type=int, default=200_000)
    parser.add_argument("--rate", type=float, default=50.0, help="decisions a second")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--solomon", type=Path, help="folder of Solomon's instances and BKS.json")
    parser.add_argument("--folder", type=Path, default=Path("/var/tmp/yiwang-benchmarks/dispatch"))
    parser.add_argument("--report", action="store_true", help=f"write {REPORT.name}")
    options = parser.parse_args()
    parts = [
        decisions(options),
        *(together(jobs, teams) for jobs, teams in ((200, 500), (500, 500), (1000, 1000))),
        *(day_plans(options.solomon) if options.solomon else []),
    ]
    lines = [line for part in parts for line in part]
    print("\n".join(lines))
    if options.report:
        REPORT.write_text(_page(lines, options), encoding="utf-8")


def decisions(options: argparse.Namespace) -> list[str]:
    """Time `decide` at a steady rate, offers and all, on a table of many teams; beside it the bare query."""
    options.folder.mkdir(parents=True, exist_ok=True)
    options.folder.chmod(0o711)
    os.environ["YIWANG_DATA"] = str(options.folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")
    subprocess.run([sys.executable, "-m", "yiwang.site.command", "migrate"], stdout=sys.stderr, check=True)
    from yiwang.site import database

    with database.ready():
        return _decisions(options)


def _decisions(options: argparse.Namespace) -> list[str]:
    from django.db import connection
    from django.utils import timezone

    from yiwang.facilities.dispatch import actions
    from yiwang.facilities.dispatch.models import Job, Offer, Team

    unit_id = _fill(options.teams)
    at, chance, number = timezone.now(), random.Random(3), int(options.rate * options.seconds)
    first = (Job.objects.order_by("-subject_id").values_list("subject_id", flat=True).first() or 0) + 1
    Team.objects.filter(load__gt=0).update(load=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE dispatch_team SET position_at = %s - random() * interval '25 minutes' WHERE id %% 3 > 0 AND position_at < %s",
            [at, at - timedelta(minutes=25)],
        )
    with owner_connection() as owner:
        owner.execute("VACUUM (ANALYZE) dispatch_team")

    def ask(place: int, skill: str) -> int:
        job = actions.ask_for_team(
            subject_kind="benchmark", subject_id=first + place, unit_id=unit_id, skill=skill,
            x=chance.uniform(0, SIDE), y=chance.uniform(0, SIDE), window_from_at=at,
            window_until_at=at + timedelta(hours=2), minutes=60, at=at, is_automatic=False,
        )  # fmt: skip
        return job.pk

    jobs = [ask(place, f"skill {chance.randrange(40)}") for place in range(number + 20)]
    for job_id in jobs[:20]:
        actions.decide(job_id, at=at)
    waited: list[float] = []
    settle()
    began = time.perf_counter()

    def one(place: int) -> float:
        due = began + place / options.rate
        time.sleep(max(due - time.perf_counter(), 0))
        start = time.perf_counter()
        actions.decide(jobs[20 + place], at=at)
        end = time.perf_counter()
        waited.append(end - due)
        return end - start

    with ThreadPoolExecutor(4) as pool:
        took = list(pool.map(one, range(number)))
        list(pool.map(lambda _: connection.close(), range(4)))
    rare = [ask(number + 20 + place, "a skill that nobody has") for place in range(50)]
    nobody = [_timed(lambda job_id=job_id: actions.decide(job_id, at=at)) for job_id in rare]
    bare = [_timed(lambda: _bare(chance)) for _ in range(500)]
    offered = Offer.objects.filter(job_id__in=jobs)
    twice = len(offered) - len(set(offered.values_list("job_id", flat=True)))
    return [
        f"| what, among {options.teams:,} teams | p50 | p99 | highest |",
        "|---|--:|--:|--:|",
        _row("the bare question for the ten nearest suitable teams", bare),
        _row(f"a decision with its offer, {options.rate:.0f} a second for {options.seconds:.0f} s", took),
        _row("the same, counted from when it was due", waited),
        _row("a decision that finds nobody", nobody),
        "",
        f"{number:,} decisions, {len(offered):,} offers, jobs with two live offers: {twice}.",
        "",
    ]


def _fill(teams: int) -> int:
    from django.db import connection
    from django.utils import timezone

    from yiwang.facilities.dispatch.models import Team
    from yiwang.kernel.access.locks import acting_as_system
    from yiwang.kernel.orgs.actions import found_unit
    from yiwang.kernel.orgs.models import Unit

    with acting_as_system():
        unit = Unit.objects.filter(code="benchmark").first() or found_unit(
            code="benchmark", name="Benchmark", kind="company", valid_from_on=timezone.localdate()
        )
    if Team.objects.count() < teams:
        with connection.cursor() as cursor:
            cursor.execute(FILL, {"unit": unit.pk, "side": SIDE, "teams": teams})
    return unit.pk


def _bare(chance: random.Random) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM dispatch_team WHERE is_active AND NOT is_suspended AND skills @> %s AND load < capacity"
            " AND position_at > now() - interval '30 minutes'"
            " ORDER BY point(x, y) <-> point(%s, %s) LIMIT 10",
            [[f"skill {chance.randrange(40)}"], chance.uniform(0, SIDE), chance.uniform(0, SIDE)],
        )
        cursor.fetchall()


def together(number: int, teams: int, *, near: int = 30) -> list[str]:
    """The common choice against one by one in the order of asking; each job knows its nearest suitable teams."""
    chance = random.Random(5)
    jobs = [(chance.uniform(0, 20_000), chance.uniform(0, 20_000)) for _ in range(number)]
    crews = [
        ((chance.uniform(0, 20_000), chance.uniform(0, 20_000)), frozenset(chance.sample(range(20), 6)))
        for _ in range(teams)
    ]
    skills = [chance.randrange(20) for _ in jobs]
    every = [
        sorted((by_line(place, job), team) for team, (place, known) in enumerate(crews) if skill in known)
        for job, skill in zip(jobs, skills, strict=True)
    ]
    costs = [{team: minutes for minutes, team in row[:near]} for row in every]
    began = time.perf_counter()
    chosen = assign(costs, dict.fromkeys(range(teams), 1))
    took = time.perf_counter() - began
    best = [costs[job][team] for job, team in enumerate(chosen) if team is not None]
    taken: set[int] = set()
    greedy = []
    for row in every:
        found = next(((minutes, team) for minutes, team in row if team not in taken), None)
        if found:
            taken.add(found[1])
            greedy.append(found[0])
    head = [
        "| jobs × teams | one by one | together | less travel | left out | took |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    saved = 1 - statistics.mean(best) / statistics.mean(greedy)
    row = (
        f"| {number} × {teams} | {statistics.mean(greedy):.2f} min | {statistics.mean(best):.2f} min | {saved:.0%} "
        f"| {number - len(greedy)} → {number - len(best)} | {took * 1000:.0f} ms |"
    )
    return [*(head if number == 200 else []), row, *([""] if number == 1000 else [])]


def day_plans(folder: Path) -> list[list[str]]:
    """Solomon's 56 days: travel over the best known, with our own rules and with VROOM where it is installed."""
    known = json.loads((folder / "BKS.json").read_text())
    ways: dict[str, Callable[[Sequence[Visit], Sequence[Crew]], Plan]] = {
        f"own, {rounds} rounds": lambda visits, crews, rounds=rounds: plan(
            visits, crews, travel=math.dist, rounds=rounds
        )
        for rounds in (600, ROUNDS)
    }
    from yiwang.facilities.dispatch import engine

    if engine.has_vroom():
        ways["VROOM, exploration 5, one thread"] = lambda visits, crews: engine.plan_by_vroom(
            visits, crews, travel=math.dist
        )
    lines = ["| day plan | mean gap | worst gap | left out | mean time |", "|---|--:|--:|--:|--:|"]
    names = sorted(path.stem for path in folder.glob("*.txt"))
    for words, way in ways.items():
        gaps, times, left = [], [], 0
        for name in names:
            visits, crews = _instance(folder / f"{name}.txt")
            began = time.perf_counter()
            made = way(visits, crews)
            times.append(time.perf_counter() - began)
            gaps.append(_travel(made, visits, crews) / known[f"{name}_distance"]["best_known_cost"] - 1)
            left += len(made.unserved)
        lines.append(
            f"| {words} | {statistics.mean(gaps):.2%} | {max(gaps):.2%} | {left} | {statistics.mean(times):.2f} s |"
        )
        print(lines[-1], file=sys.stderr)
    return [[*lines, "", f"{len(names)} instances."]]


def _instance(path: Path) -> tuple[list[Visit], list[Crew]]:
    lines = path.read_text().splitlines()
    number, capacity = map(int, lines[4].split())
    rows = [[float(word) for word in line.split()] for line in lines[9:] if len(line.split()) == 7]
    depot = rows[0]
    visits = [Visit(int(r[0]), (r[1], r[2]), r[4], r[5], r[6], int(r[3])) for r in rows[1:]]
    return visits, [Crew(each, (depot[1], depot[2]), depot[4], depot[5], capacity) for each in range(number)]


def _travel(made: Plan, visits: Sequence[Visit], crews: Sequence[Crew]) -> float:
    """The exact length of a plan, whatever its maker rounded."""
    places: dict[int, Point] = {visit.key: visit.place for visit in visits}
    bases = {crew.key: crew.base for crew in crews}
    total = 0.0
    for crew, stops in made.tours.items():
        way = [bases[crew], *(places[stop.key] for stop in stops), bases[crew]]
        total += sum(math.dist(one, two) for one, two in zip(way, way[1:], strict=False))
    return total


def _timed(do: Callable[[], Any]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _row(words: str, seconds: Sequence[float]) -> str:
    ranked = sorted(each * 1000 for each in seconds)
    p50, p99 = ranked[len(ranked) // 2], ranked[math.ceil(len(ranked) * 0.99) - 1]
    return f"| {words} | {p50:.1f} ms | {p99:.1f} ms | {ranked[-1]:.1f} ms |"


def _page(lines: Sequence[str], options: argparse.Namespace) -> str:
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"""# Performance of dispatch

Written by `python -m benchmarks.dispatch --report` on {time.strftime("%Y-%m-%d")}; nothing here is typed by hand.

Two cores, PostgreSQL 18 from the package index with its log flushed at every commit, four threads of one Python process.
Load average at the end, which says whether other work ran on the same cores: {load}.
Teams lie at random in a square of {SIDE // 1000} km with three of forty skills each; a decision locks the job, asks the
index, weighs, locks the team, writes decision and offer, and tells boards and phones.
Many at once: each job knows its thirty nearest suitable teams, each team takes one job; one by one may look further.
Day plans: Solomon's instances of 100 visits, against the best known distances; see `docs/explanation/dispatch.md`.

{chr(10).join(lines)}
"""


if __name__ == "__main__":
    main()
