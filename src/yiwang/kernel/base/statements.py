"""Statements that are sent again and again: built once, then only sent."""

from collections.abc import Callable, Hashable, Sequence
from functools import cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Field, Model, QuerySet

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


def insert_together(rows: Sequence[Model]) -> None:
    """Write new rows, of several tables if need be, in one message to the database and in this order.

    Numbers that the database gives aren't read back, and columns with a default of the database's own get it.
    Saves what `save` and `bulk_create` would, without their signals.
    """
    statements: list[str] = []
    values: list[Any] = []
    for row in rows:
        statement, fields = _insertion(type(row), row.pk is not None)
        statements.append(statement)
        values += [
            field.get_db_prep_save(field.pre_save(row, add=True), connection=connection) for field in fields
        ]
    with connection.cursor() as cursor:
        cursor.execute("; ".join(statements), values)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


@cache
def _insertion(model: type[Model], has_number: bool, /) -> "tuple[str, tuple[Field[Any, Any], ...]]":  # noqa: FBT001
    fields = tuple(
        field
        for field in model._meta.concrete_fields
        if not field.has_db_default() and (has_number or not field.primary_key)
    )
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({places})", fields  # noqa: S608 - the model's own names
