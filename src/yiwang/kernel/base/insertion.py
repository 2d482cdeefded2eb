"""Writing rows of several tables at once: one message to the database, each statement planned once.

A statement takes all rows of its table as one JSON value, so that its words are the same however many rows
there are. The database keeps it prepared for each connection: reading, planning and the row policies' part of
the plan cost as much as the writing itself when they are done anew for every row.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from hashlib import blake2s
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

Statement = tuple[str, Sequence[Any]]
"""A statement's words, with a place for each value, and the values."""

_Columns = tuple[tuple[str, str, "Field[Any, Any]"], ...]


class _Statement(NamedTuple):
    """A statement to be prepared: its name, and its words with a place for each of so many values."""

    name: str
    words: str
    number_of_values: int = 1


class _Insertion(NamedTuple):
    """A table's statement, whose value is the rows, and which attribute goes where."""

    statement: _Statement
    columns: _Columns


def insert_together(rows: Sequence[Model], *, then: Sequence[Statement] = ()) -> None:
    """Write new rows, of several tables if need be, in one message to the database and in this order.

    `then` are further statements, carried out after the rows; their words must be few and written by the house, since each is kept for as long as the connection. All of it is written or
    nothing, whether or not a transaction is under way. Numbers that the database gives aren't read back, and
    columns with a default of the database's own get it. Saves what `save` and `bulk_create` would, without
    their signals.
    """
    groups = [
        (_insertion(model, has_number), list(group))
        for (model, has_number), group in groupby(rows, key=lambda row: (type(row), row.pk is not None))
    ]
    told = [_as_json([_told(row, insertion.columns) for row in group]) for insertion, group in groups]
    statements = [insertion.statement for insertion, _group in groups]
    statements += [_other(words, len(given)) for words, given in then]
    values = [*told, *(value for _words, given in then for value in given)]
    with connection.cursor() as cursor:
        _send_prepared(cursor, statements, values)
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _send_prepared(cursor: CursorWrapper, statements: Sequence[_Statement], values: Sequence[Any]) -> None:
    """Send by the statements' names; when the connection's were thrown away, prepare and send again.

    Within a transaction that message can't be sent again, so that there only the next one is.
    """
    connection.ensure_connection()
    message = "; ".join(f"EXECUTE {one.name}{_places(one)}" for one in statements)
    for is_last in (False, True):
        kept = _prepared.setdefault(connection.connection, set())
        for one in statements:
            if one.name not in kept:
                numbers = tuple(f"${place}" for place in range(1, one.number_of_values + 1))
                cursor.execute(f"PREPARE {one.name} AS {one.words % numbers}")
                kept.add(one.name)
        try:
            cursor.execute(message, values)
        except ProgrammingError as error:
            if not isinstance(error.__cause__, InvalidSqlStatementName):
                raise
            kept.clear()
            if is_last or connection.in_atomic_block:
                raise
        else:
            return


def _places(statement: _Statement) -> str:
    places = ", ".join(["%s"] * statement.number_of_values)
    return f" ({places})" if places else ""


def putting(rows: Sequence[Model], *, key: Sequence[str], columns: tuple[str, ...]) -> Statement:
    """What writes rows of one table, or brings those up to date that are there under the same key.

    For `then` of `insert_together`. Takes attributes of the rows: the `columns` to write, the key among them.
    """
    model = type(rows[0])
    chosen = _columns(model, columns)
    table, names = _table(model), [column for column, _, _ in chosen]
    settings = ", ".join(
        f'"{column}" = excluded."{column}"' for column, attribute, _ in chosen if attribute not in key
    )
    conflict = ", ".join(f'"{column}"' for column, attribute, _ in chosen if attribute in key)
    words = f"{_inserting(table, names)} ON CONFLICT ({conflict}) DO UPDATE SET {settings}"
    return words, [_as_json([_told(row, chosen) for row in rows])]


def bringing_up(row: Model, columns: tuple[str, ...]) -> Statement:
    """What brings some columns of a row up to date, by its number; for `then` of `insert_together`."""
    chosen = _columns(type(row), columns)
    table = _table(type(row))
    settings = ", ".join(f'"{column}" = now."{column}"' for column, _, _ in chosen)
    words = f"UPDATE {table} AS row SET {settings} FROM json_populate_record(NULL::{table}, %s) AS now WHERE row.id = %s"  # noqa: S608 - the model's own names
    return words, [_as_json(_told(row, chosen)), row.pk]


@cache
def _other(words: str, number_of_values: int) -> _Statement:
    return _Statement(f"then_{blake2s(words.encode()).hexdigest()[:24]}", words, number_of_values)


@cache
def _insertion(model: type[Model], has_number: bool, /) -> _Insertion:  # noqa: FBT001
    attributes = tuple(
        field.attname
        for field in model._meta.concrete_fields
        if not field.has_db_default() and (has_number or not field.primary_key)
    )
    columns = _columns(model, attributes)
    name = f"insert_{model._meta.db_table}" + ("_numbered" if has_number else "")
    words = _inserting(_table(model), [column for column, _, _ in columns])
    return _Insertion(_Statement(name, words), columns)


def _inserting(table: str, columns: Sequence[str]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608 - the model's own names


def _table(model: type[Model]) -> str:
    return f'"{model._meta.db_table}"'


@cache
def _columns(model: type[Model], attributes: tuple[str, ...], /) -> _Columns:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return tuple((str(fields[name].column), name, fields[name]) for name in attributes)


def _as_json(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False)


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
