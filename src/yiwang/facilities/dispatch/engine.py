"""Who works out a day's plan: VROOM where it is installed, our own rules otherwise. Loaded in the worker only."""

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from yiwang.facilities.dispatch.rules import routes
from yiwang.facilities.dispatch.rules.plane import by_line
from yiwang.facilities.dispatch.rules.routes import Crew, Plan, Stop, Visit

SECONDS = 60
"""VROOM counts in whole numbers: minutes are given to it as seconds."""


def has_vroom() -> bool:
    """Whether the optional package `pyvroom` is installed."""
    return find_spec("vroom") is not None


def plan(visits: Sequence[Visit], crews: Sequence[Crew], *, is_own: bool = False) -> tuple[Plan, str]:
    """Plan a day, and say who did it: `vroom` or `own`."""
    if not visits or not crews:
        return Plan({}, sorted(visit.key for visit in visits), 0.0), "own"
    if has_vroom() and not is_own:
        return plan_by_vroom(visits, crews), "vroom"
    return routes.plan(visits, crews), "own"


def plan_by_vroom(
    visits: Sequence[Visit],
    crews: Sequence[Crew],
    *,
    travel: Any = by_line,
    exploration: int = 5,
    threads: int = 1,
) -> Plan:
    """Plan a day with VROOM. Who may do a visit goes in as a skill of its own for each set of crews."""
    vroom = import_module("vroom")
    bases = sorted({crew.base for crew in crews})
    places = [*bases, *(visit.place for visit in visits)]
    minutes = [[round(travel(one, two) * SECONDS) for two in places] for one in places]
    sets = sorted({visit.crews for visit in visits if visit.crews is not None}, key=sorted)
    problem = vroom.Input()
    problem.set_durations_matrix(profile="car", matrix_input=minutes)
    for number, crew in enumerate(crews):
        problem.add_vehicle(
            vroom.Vehicle(
                number,
                start=bases.index(crew.base),
                end=bases.index(crew.base),
                capacity=[crew.capacity],
                skills={index for index, allowed in enumerate(sets) if crew.key in allowed},
                time_window=(round(crew.opens * SECONDS), round(crew.closes * SECONDS)),
            )
        )
    for number, visit in enumerate(visits):
        problem.add_job(
            vroom.Job(
                number,
                location=len(bases) + number,
                default_service=round(visit.service * SECONDS),
                delivery=[visit.demand],
                skills=set() if visit.crews is None else {sets.index(visit.crews)},
                time_windows=[(round(visit.opens * SECONDS), round(visit.closes * SECONDS))],
            )
        )
    return _read(problem.solve(exploration_level=exploration, nb_threads=threads), visits, crews)


def _read(solution: Any, visits: Sequence[Visit], crews: Sequence[Crew]) -> Plan:
    rows = solution.routes
    tours: dict[int, list[Stop]] = {}
    jobs = rows[rows["type"] == "job"]
    begins = jobs["arrival"] + jobs["waiting_time"]
    for vehicle, number, at in zip(jobs["vehicle_id"], jobs["id"], begins, strict=True):
        stop = Stop(visits[int(number)].key, float(at) / SECONDS)
        tours.setdefault(crews[int(vehicle)].key, []).append(stop)
    served = {stop.key for tour in tours.values() for stop in tour}
    unserved = sorted(visit.key for visit in visits if visit.key not in served)
    return Plan(tours, unserved, float(solution.summary.cost) / SECONDS)
