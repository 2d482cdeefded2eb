"""Writing new rows of several tables at once: one message to the database, each statement planned once.

A statement takes all rows of its table as one JSON value, so that its words are the same however many rows
there are. The database keeps it prepared for each connection: reading, planning and the row policies' part of
the plan cost as much as the writing itself when they are done anew for every row.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import ProgrammingError, connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model
from psycopg.errors import InvalidSqlStatementName

_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()
"""By connection to the database: the statements that it keeps."""

_PLAIN = (str, int, float, bool, type(None), list, dict)

_Columns = tuple[tuple[str, str, "Field[Any, Any]"], ...]


class _Insertion(NamedTuple):
    """A table's statement: its name, its words with a place for the rows, and which attribute goes where."""

    name: str
    words: str
    columns: _Columns


def insert_together(rows: Sequence[Model], *, then: Sequence[tuple[str, Sequence[Any]]] = ()) -> None:
    """Write new rows, of several tables if need be, in one message to the database and in this order.

    `then` are further statements with their values, carried out after the rows. All of it is written or
    nothing, whether or not a transaction is under way. Numbers that the database gives aren't read back, and
    columns with a default of the database's own get it. Saves what `save` and `bulk_create` would, without
    their signals.
    """
    groups = [
        (_insertion(model, has_number), list(group))
        for (model, has_number), group in groupby(rows, key=lambda row: (type(row), row.pk is not None))
    ]
    told = [
        json.dumps([_told(row, insertion.columns) for row in group], ensure_ascii=False)
        for insertion, group in groups
    ]
    insertions = [insertion for insertion, _group in groups]
    values = [*told, *(value for _statement, given in then for value in given)]
    after = [statement for statement, _given in then]
    with connection.cursor() as cursor:
        if connection.in_atomic_block:
            cursor.execute("; ".join([*(one.words % "%s" for one in insertions), *after]), values)
        else:
            _send_prepared(cursor, insertions, after, values)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _send_prepared(
    cursor: CursorWrapper, insertions: Sequence[_Insertion], after: Sequence[str], values: Sequence[Any]
) -> None:
    """Send outside a transaction, where a message that was refused can be sent again.

    It is when the connection's statements were thrown away; psycopg does that after a rollback.
    """
    connection.ensure_connection()
    message = "; ".join([*(f"EXECUTE {one.name} (%s)" for one in insertions), *after])
    for is_last in (False, True):
        kept = _prepared.setdefault(connection.connection, set())
        for one in insertions:
            if one.name not in kept:
                cursor.execute(f"PREPARE {one.name} AS {one.words % '$1'}")
                kept.add(one.name)
        try:
            cursor.execute(message, values)
        except ProgrammingError as error:
            if is_last or not isinstance(error.__cause__, InvalidSqlStatementName):
                raise
            kept.clear()
        else:
            return


@cache
def _insertion(model: type[Model], has_number: bool, /) -> _Insertion:  # noqa: FBT001
    fields = [
        field
        for field in model._meta.concrete_fields
        if not field.has_db_default() and (has_number or not field.primary_key)
    ]
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    names = ", ".join(quote(str(field.column)) for field in fields)
    name = f"insert_{model._meta.db_table}" + ("_numbered" if has_number else "")
    words = f"INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608 - the model's own names
    return _Insertion(name, words, tuple((str(field.column), field.attname, field) for field in fields))


def _told(row: Model, columns: _Columns) -> dict[str, Any]:
    """A row as JSON holds it, by column."""
    return {
        column: value if type(value) in _PLAIN else _in_json(value, field)
        for column, attribute, field in columns
        for value in (getattr(row, attribute),)
    }


def _in_json(value: Any, field: "Field[Any, Any]") -> Any:
    """A value as PostgreSQL reads it in JSON; what isn't known is brought into the field's form first."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"{field} wants an instant with its time zone")
    if isinstance(value, date):  # an instant is one too
        return value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return f"\\x{bytes(value).hex()}"
    return field.get_prep_value(value)
