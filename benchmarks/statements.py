"""The bare project's statements straight in PostgreSQL by psycopg, with one connection: the floor below Django."""

import statistics
import time
import uuid
from collections.abc import Callable
from typing import Any

from benchmarks.load import Figures
from benchmarks.operations import LISTED_STATE, TEXT, TITLE, Sample


def floors(connection: Any, sample: Sample, *, seconds: float) -> dict[str, Figures]:
    """One row, a case with its history, a list of fifty with its count, and an insertion."""
    cursor = connection.cursor()

    def ask(sql: str, *values: Any) -> None:
        cursor.execute(sql, values, prepare=True).fetchall()

    def row(turn: int) -> None:
        ask("SELECT * FROM bare_case WHERE id = %s", sample.bare_cases[turn % len(sample.bare_cases)])

    def page(turn: int) -> None:
        row(turn)
        case_id = sample.bare_cases[turn % len(sample.bare_cases)]
        ask("SELECT * FROM bare_event WHERE case_id = %s ORDER BY number", case_id)

    def listing(turn: int) -> None:
        asked = (sample.unit_id, LISTED_STATE)
        ask("SELECT * FROM bare_case WHERE unit = %s AND state = %s ORDER BY due_on, id LIMIT 50", *asked)
        ask("SELECT count(*) FROM bare_case WHERE unit = %s AND state = %s", *asked)

    def insert(turn: int) -> None:
        with connection.transaction():
            (case_id,) = cursor.execute(
                "INSERT INTO bare_case (number, title, text, unit, state, due_on, received_at)"
                " VALUES (%s, %s, %s, 2, 'registered', current_date, now()) RETURNING id",
                (uuid.uuid4().hex, TITLE, TEXT),
                prepare=True,
            ).fetchone()
            cursor.execute(
                "INSERT INTO bare_event (case_id, number, verb, at, words) VALUES (%s, 1, 'register', now(), '')",
                (case_id,),
                prepare=True,
            )
            cursor.execute(
                "INSERT INTO bare_log (at, action, subject_id) VALUES (now(), 'registered', %s)",
                (case_id,),
                prepare=True,
            )

    asked = {"sql_row": row, "sql_page": page, "sql_list": listing, "sql_insert": insert}
    return {key: _timed(one, seconds=seconds) for key, one in asked.items()}


def _timed(once: Callable[[int], None], *, seconds: float) -> Figures:
    for turn in range(20):
        once(turn)
    taken: list[float] = []
    began = time.perf_counter()
    while time.perf_counter() - began < seconds:
        before = time.perf_counter()
        once(len(taken))
        taken.append((time.perf_counter() - before) * 1000)
    cuts = statistics.quantiles(taken, n=20)
    return Figures(len(taken) / (time.perf_counter() - began), statistics.median(taken), cuts[18], 0)
