"""Statements that are sent again and again: built once, then only sent."""

import sys
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any
from weakref import WeakKeyDictionary

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, BooleanField, Expression, F, Field, Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler

MOST_REMEMBERED = 4000
MOST_PREPARED = 200

_kept: dict[Hashable, "Kept"] = {}
_prepared: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
"""By connection to the database: the names under which it keeps statements, by their words."""
_numbers = count(1)


class Given(Expression):
    """A place in a query for a value that is given each time the query is sent."""

    def __init__(self, name: str, *, of: "Field[Any, Any]") -> None:
        super().__init__(output_field=of)
        self.name = name

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, Any]:
        """A place for a value, with this object in it until the value is known."""
        return "%s", [self]


def is_any_of(column: str, name: str) -> Func:
    """The condition that a column of numbers is one of those given under a name, however many they are."""
    ids = Given(name, of=ArrayField(BigIntegerField()))
    return Func(
        F(column), ids, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField()
    )


@dataclass(frozen=True)
class Kept:
    """A query in the database's own words, its values, and how its columns become Python's."""

    sql: str
    values: tuple[Any, ...]
    converters: tuple[tuple[int, Sequence[Callable[..., Any]], Any], ...]

    @classmethod
    def of(cls, rows: QuerySet[Any, Any] | None) -> "Kept":
        """Build a query with `values_list`; one that can't find anything, or none, has no words."""
        if rows is None:
            return cls("", (), ())
        compiler = rows.query.get_compiler(connection=connection)
        try:
            sql, values = compiler.as_sql()
        except EmptyResultSet:
            return cls("", (), ())
        columns = compiler.get_converters([column for column, _, _ in compiler.select])
        converters = [(place, convert, column) for place, (convert, column) in columns.items()]
        # Many people's statements have the same words.
        return cls(sys.intern(sql), tuple(values), tuple(converters))

    def counting(self) -> "Kept":
        """The same query, for the number of its rows only."""
        words = f"SELECT count(*) FROM ({self.sql}) AS rows"  # noqa: S608 - the ORM's own words
        return Kept(sys.intern(words) if self.sql else "", self.values, ())

    def send(self, **given: Any) -> list[tuple[Any, ...]]:
        """The rows, with each `Given` filled in."""
        if not self.sql:
            return []
        values = [given[each.name] if isinstance(each, Given) else each for each in self.values]
        rows = sent(self.sql, values)
        return [self._converted(row) for row in rows] if self.converters else rows

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        cells = list(row)
        for place, convert, column in self.converters:
            for step in convert:
                cells[place] = step(cells[place], column, connection)
        return tuple(cells)


def rows_of(
    key: Hashable, rows: Callable[[], QuerySet[Any, Any] | None], **given: Any
) -> list[tuple[Any, ...]]:
    """The rows of a query with `values_list`; `rows` is called only when none was built for this `key` before.

    The key must hold everything that the query depends on, save what stands in its places (`Given`). Without
    a key the query is built each time. No query stands for no rows.
    """
    return _kept_as(key, lambda: Kept.of(rows())).send(**given)


def count_of(key: Hashable, rows: Callable[[], QuerySet[Any, Any] | None]) -> int:
    """How many rows a query has; `rows` is called only when no query was built for this `key` before.

    The key must hold everything that the query depends on; without one it is built each time. No query stands
    for no rows.
    """
    counting = ("count", key) if key is not None else None
    found = _kept_as(counting, lambda: Kept.of(rows()).counting()).send()
    return int(found[0][0]) if found else 0


def _kept_as(key: Hashable, build: Callable[[], Kept]) -> Kept:
    kept = _kept.get(key) if key is not None else None
    if kept is None:
        kept = build()
        if key is not None:
            if len(_kept) >= MOST_REMEMBERED:
                _kept.clear()
            _kept[key] = kept
    return kept


def sent(sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows that the database gives for a statement, which it plans once for each connection and then keeps.

    For one that is sent again and again in the same words; reading and planning it cost more than its rows.
    """
    return sent_together((sql, values))[0]


def sent_together(*asked: tuple[str, Sequence[Any]]) -> list[list[tuple[Any, ...]]]:
    """The rows of several such statements, carried out one after the other and sent in one message.

    Each gives rows, and sees what was committed before it began.
    """
    with connection.cursor() as cursor:
        kept = _prepared.setdefault(connection.connection, {})
        before: list[str] = []
        names: dict[str, str] = {}
        for sql, values in asked:
            names[sql] = kept.get(sql) or _preparing(sql, len(values), kept, before)
        words = [f"EXECUTE {names[sql]}{_places(len(values))}" for sql, values in asked]
        cursor.execute("; ".join([*before, *words]), [value for _, values in asked for value in values])
        rows: list[list[tuple[Any, ...]]] = []
        while True:
            if cursor.description is not None:
                rows.append(cursor.fetchall())
            if len(rows) == len(asked) or not cursor.nextset():
                break
        kept |= names
    return rows


def _preparing(sql: str, number_of_values: int, kept: dict[str, str], before: list[str]) -> str:
    """A new name for a statement; what must be sent before it is added to `before`."""
    name = f"kept_{next(_numbers)}"
    if len(kept) >= MOST_PREPARED:
        before.append(f"DEALLOCATE {kept.pop(next(iter(kept)))}")
    words = sql % tuple(f"${place}" for place in range(1, number_of_values + 1))
    before.append(f"PREPARE {name} AS {words.replace('%', '%%')}")
    return name


def _places(number_of_values: int) -> str:
    return f" ({', '.join(['%s'] * number_of_values)})" if number_of_values else ""
