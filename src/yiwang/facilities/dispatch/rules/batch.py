"""Many jobs at once: the assignment of jobs to teams with the least cost altogether.

Shortest augmenting paths after Jonker and Volgenant, on the few teams near each job instead of the whole
table: no library, and what isn't there needn't be searched. A job that nobody can take is left out at a
price above every cost, so that as many jobs as possible are served first.
"""

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush

NOBODY = 10_000.0
"""What leaving a job out costs, in minutes: more than any way across a county."""


def assign(costs: Sequence[Mapping[int, float]], slots: Mapping[int, int]) -> list[int | None]:
    """For each job the team that takes it, or nothing.

    `costs[job]` are minutes by team, for the teams that are suitable; `slots` how many more jobs each team
    can take. The sum of the costs is the least possible with as many jobs served as possible.
    """
    columns, owners = _columns(costs, slots)
    rows = [
        [(column, cost) for team, cost in row.items() for column in columns.get(team, ())] for row in costs
    ]
    for row, edges in enumerate(rows):
        edges.append((len(owners) + row, NOBODY))  # a place of its own where the job is left out
    matched = _match(rows, len(owners) + len(rows))
    return [owners[column] if column < len(owners) else None for column in matched]


def _columns(
    costs: Sequence[Mapping[int, float]], slots: Mapping[int, int]
) -> tuple[dict[int, range], list[int]]:
    """A column for each job that a team can still take, and whose column it is."""
    columns: dict[int, range] = {}
    owners: list[int] = []
    for team in sorted({team for row in costs for team in row}):
        columns[team] = range(len(owners), len(owners) + slots.get(team, 0))
        owners += [team] * slots.get(team, 0)
    return columns, owners


def _match(rows: Sequence[Sequence[tuple[int, float]]], width: int) -> list[int]:
    """The column of each row; every row has a column that no other row wants."""
    price = [0.0] * width
    row_of = [-1] * width
    column_of = [-1] * len(rows)
    waiting = []
    for row, edges in enumerate(rows):
        column, _ = min(edges, key=lambda edge: edge[1])
        if row_of[column] < 0:
            row_of[column], column_of[row] = row, column
        else:
            waiting.append(row)
    for row in waiting:
        _augment(row, rows, price, row_of, column_of)
    return column_of


def _augment(
    start: int,
    rows: Sequence[Sequence[tuple[int, float]]],
    price: list[float],
    row_of: list[int],
    column_of: list[int],
) -> None:
    """Find the cheapest way to give one more row a column, moving others on along it."""
    distance: dict[int, float] = {}
    came_from: dict[int, int] = {}
    done: dict[int, float] = {}
    heap: list[tuple[float, int]] = []
    row, reached, base = start, 0.0, 0.0
    while True:
        for column, cost in rows[row]:
            if column in done:
                continue
            length = reached + cost - price[column] - base
            if length < distance.get(column, float("inf")):
                distance[column], came_from[column] = length, row
                heappush(heap, (length, column))
        while True:
            reached, column = heappop(heap)
            if column not in done and reached <= distance[column]:
                break
        if row_of[column] < 0:
            break
        done[column] = reached
        row = row_of[column]
        base = next(cost for each, cost in rows[row] if each == column) - price[column]
    for each, length in done.items():
        price[each] += length - reached
    while True:
        row = came_from[column]
        row_of[column] = row
        column, column_of[row] = column_of[row], column
        if row == start:
            return
