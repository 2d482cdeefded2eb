"""The plan of a day: which team visits whom in which order, within windows, with the least travel.

Visits are inserted where they cost least; then, many times, a few that lie together are taken out and put
back elsewhere, and what turned out cheaper is kept (ruin and recreate after Christiaens and Vanden Berghe,
2020, with a cooling threshold). The same numbers always give the same plan.
"""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from yiwang.facilities.dispatch.rules.plane import Point, by_line

UNSERVED = 1_000_000.0
"""What leaving a visit out costs: more than any day's travel."""

ROUNDS = 3000
MEAN_REMOVED = 8.0
LONGEST_STRING = 10.0
BLINK = 0.01
"""How often a place is overlooked, so that not every repair is the same."""


@dataclass(frozen=True)
class Visit:
    """Something to be done at a place within a window; minutes. `crews` are who may do it; none means all."""

    key: int
    place: Point
    opens: float
    closes: float
    service: float
    demand: int = 1
    crews: frozenset[int] | None = None


@dataclass(frozen=True)
class Crew:
    """Who goes out: from its base and back within its hours."""

    key: int
    base: Point
    opens: float
    closes: float
    capacity: int = 1_000


@dataclass(frozen=True)
class Stop:
    """One visit in a tour, and when it begins."""

    key: int
    begins: float


@dataclass(frozen=True)
class Plan:
    """Each crew's stops in order, who is left out, and the travel altogether."""

    tours: dict[int, list[Stop]]
    unserved: list[int]
    travel: float


@dataclass
class _Route:
    """One crew's visits by number, with the earliest and the latest beginnings."""

    crew: int
    visits: list[int] = field(default_factory=list)
    early: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    load: int = 0
    cost: float = 0.0


def plan(
    visits: Sequence[Visit],
    crews: Sequence[Crew],
    *,
    travel: Callable[[Point, Point], float] = by_line,
    rounds: int = ROUNDS,
    seed: int = 1,
) -> Plan:
    """Plan a day; visits that fit nowhere are left out. `rounds` is how long the plan is improved."""
    if not crews:
        return Plan({}, sorted(visit.key for visit in visits), 0.0)
    board = _Board(visits, crews, travel)
    board.improve(random.Random(seed), rounds)
    return board.result()


class _Board:
    """The plan while it is being made: distances, routes, and what is left out."""

    def __init__(
        self, visits: Sequence[Visit], crews: Sequence[Crew], travel: Callable[[Point, Point], float]
    ) -> None:
        self.visits, self.crews = visits, crews
        size = len(visits)
        bases = sorted({crew.base for crew in crews})
        places = [*(visit.place for visit in visits), *bases]
        self.minutes = [[travel(one, two) for two in places] for one in places]
        self.base = [size + bases.index(crew.base) for crew in crews]
        self.opens = [visit.opens for visit in visits]
        self.closes = [visit.closes for visit in visits]
        self.service = [visit.service for visit in visits]
        near = range(size)
        self.near = [sorted(near, key=self.minutes[one].__getitem__) for one in near]
        self.routes = [self._routed(index, []) for index in range(len(crews))]
        self.where = [-1] * size
        self.left_out = list(near)

    def _routed(self, crew: int, order: list[int]) -> _Route:
        """A route with the earliest and latest times of its stops worked out."""
        minutes, base, who = self.minutes, self.base[crew], self.crews[crew]
        early, at, here, cost = [], who.opens, base, 0.0
        for visit in order:
            cost += minutes[here][visit]
            at = max(self.opens[visit], at + minutes[here][visit])
            early.append(at)
            at += self.service[visit]
            here = visit
        cost += minutes[here][base]
        late, until, after = [0.0] * len(order), who.closes, base
        for index in range(len(order) - 1, -1, -1):
            visit = order[index]
            until = min(self.closes[visit], until - minutes[visit][after] - self.service[visit])
            late[index], after = until, visit
        load = sum(self.visits[visit].demand for visit in order)
        return _Route(crew, order, early, late, load, cost if order else 0.0)

    def _cheapest(self, visit: int, route: _Route, chance: random.Random) -> tuple[float, int]:
        """What inserting a visit costs at the best place of a route, and where; infinite when it can't be."""
        who, wanted = self.crews[route.crew], self.visits[visit]
        best, place = math.inf, -1
        if route.load + wanted.demand > who.capacity:
            return best, place
        if wanted.crews is not None and who.key not in wanted.crews:
            return best, place
        minutes, base = self.minutes, self.base[route.crew]
        row, opens, closes, service = minutes[visit], wanted.opens, wanted.closes, wanted.service
        here, ready = base, who.opens
        order, early, late, services = route.visits, route.early, route.late, self.service
        for index in range(len(order) + 1):
            arrives = ready + row[here]
            if arrives > closes:
                break
            if index < len(order):
                after, until = order[index], late[index]
            else:
                after, until = base, who.closes
            begins = arrives if arrives > opens else opens
            if begins + service + row[after] <= until + 1e-9:
                added = row[here] + row[after] - minutes[here][after] if order else row[here] * 2
                if added < best and (best == math.inf or chance.random() > BLINK):
                    best, place = added, index
            if index < len(order):
                here = after
                ready = early[index] + services[here]
        return best, place

    def _recreate(self, routes: list[_Route], left: list[int], chance: random.Random) -> list[int]:
        """Put visits back where they cost least, in one of several orders; returns what fits nowhere."""
        how = chance.randrange(4)
        chance.shuffle(left)
        if how == 1:
            left.sort(key=lambda visit: self.closes[visit] - self.opens[visit])
        elif how == 2:
            left.sort(key=lambda visit: -self.minutes[visit][self.base[0]])
        elif how == 3:
            left.sort(key=lambda visit: self.closes[visit])
        nowhere = []
        for visit in left:
            best, place, chosen = math.inf, -1, -1
            empty: set[tuple[object, ...]] = set()
            for index, route in enumerate(routes):
                if not route.visits:
                    crew = self.crews[route.crew]
                    alike = (crew.base, crew.opens, crew.closes, crew.capacity)
                    if self.visits[visit].crews is None:
                        if alike in empty:
                            continue  # an equal crew stays at home already
                        empty.add(alike)
                added, at = self._cheapest(visit, route, chance)
                if added < best:
                    best, place, chosen = added, at, index
            if chosen < 0:
                nowhere.append(visit)
                continue
            order = [*routes[chosen].visits]
            order.insert(place, visit)
            routes[chosen] = self._routed(routes[chosen].crew, order)
        return nowhere

    def _ruin(self, routes: list[_Route], chance: random.Random) -> list[int]:
        """Take strings of visits near one another out of several routes."""
        served = [index for index, where in enumerate(self.where) if where >= 0]
        if not served:
            return []
        filled = sum(1 for route in routes if route.visits)
        longest = min(LONGEST_STRING, len(served) / filled)
        strings = int(chance.uniform(1, 4 * MEAN_REMOVED / (1 + longest)))
        removed: list[int] = []
        touched: set[int] = set()
        for visit in self.near[chance.choice(served)]:
            if len(touched) >= max(strings, 1):
                break
            where = self.where[visit]
            if where < 0 or where in touched:
                continue
            touched.add(where)
            order = routes[where].visits
            length = int(chance.uniform(1, min(len(order), longest) + 1))
            position = order.index(visit)
            first = chance.randint(max(0, position - length + 1), min(position, len(order) - length))
            removed += order[first : first + length]
            routes[where] = self._routed(routes[where].crew, order[:first] + order[first + length :])
        return removed

    def improve(self, chance: random.Random, rounds: int) -> None:
        """Insert everything, then ruin and recreate; keeps the best plan found."""
        self.left_out = self._recreate(self.routes, self.left_out, chance)
        self._note()
        cost = best_cost = self._cost(self.routes, self.left_out)
        best = ([*self.routes], [*self.left_out])
        travel = sum(route.cost for route in self.routes)
        heat, cold = travel * 0.004 + 1e-6, travel * 0.00002 + 1e-9
        cooling = (cold / heat) ** (1 / max(rounds, 1))
        for _ in range(rounds):
            routes = [*self.routes]
            left = [*self._ruin(routes, chance), *self.left_out]
            left = self._recreate(routes, left, chance)
            new = self._cost(routes, left)
            if new < cost - heat * math.log(1 - chance.random()):
                self.routes, self.left_out, cost = routes, left, new
                self._note()
                if new < best_cost - 1e-9:
                    best_cost, best = new, ([*routes], [*left])
            heat *= cooling
        self.routes, self.left_out = best

    def _note(self) -> None:
        self.where = [-1] * len(self.visits)
        for index, route in enumerate(self.routes):
            for visit in route.visits:
                self.where[visit] = index

    def _cost(self, routes: Sequence[_Route], left: Sequence[int]) -> float:
        return sum(route.cost for route in routes) + UNSERVED * len(left)

    def result(self) -> Plan:
        """The plan in the caller's keys."""
        tours = {
            self.crews[route.crew].key: [
                Stop(self.visits[visit].key, begins)
                for visit, begins in zip(route.visits, route.early, strict=True)
            ]
            for route in self.routes
            if route.visits
        }
        unserved = sorted(self.visits[visit].key for visit in self.left_out)
        return Plan(tours, unserved, sum(route.cost for route in self.routes))
