"""Statements that every page asks: built by the ORM once for each question, then only sent."""

from collections.abc import Callable, Hashable
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST_REMEMBERED = 4000

_built: dict[Hashable, tuple[str, tuple[Any, ...]]] = {}


def count_of(key: Hashable, rows: Callable[[], QuerySet[Any, Any] | None]) -> int:
    """How many rows a query has; `rows` is called only when no query was built for this `key` before.

    The key must hold everything that the query depends on. No query stands for no rows.
    """
    built = _built.get(key)
    if built is None:
        sql, values = _statement(rows())
        if len(_built) >= MOST_REMEMBERED:
            _built.clear()
        counting = f"SELECT count(*) FROM ({sql}) AS rows" if sql else ""  # noqa: S608 - the ORM's own words
        built = _built[key] = (counting, tuple(values))
    if not built[0]:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(*built)
        return int(cursor.fetchone()[0])


def _statement(rows: QuerySet[Any, Any] | None) -> tuple[str, tuple[Any, ...]]:
    """A query's words and values; no words for one that can't find anything."""
    if rows is None:
        return "", ()
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return "", ()
