"""Keeping the search index: put a text in, take it out, load many."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from yiwang.kernel.search.rules import keepable


def index(kind: str, object_id: int, **told: Any) -> None:
    """Make an object findable, or put right what stands in the index; takes what `indexing` takes. One query."""
    with connection.cursor() as cursor:
        cursor.execute(*indexing(kind, object_id, **told))


def indexing(
    kind: str,
    object_id: int,
    *,
    at: datetime,
    text: str,
    unit_ids: Sequence[int] = (),
    institution_id: int | None = None,
    excluded_units: Sequence[int] = (),
    excluded_accounts: Sequence[int] = (),
    is_restricted: bool = False,
) -> tuple[str, list[Any]]:
    """The statement, with its values, that makes an object findable by this text; for sending with others.

    Writes nothing when nothing changed. The first 40,000 characters are kept. Doesn't ask who may.
    """
    return "SELECT search_put(%s, %s, %s, %s, %s::bigint[], %s, %s::bigint[], %s::bigint[], %s)", [
        kind,
        object_id,
        at,
        keepable(text),
        list(unit_ids),
        institution_id,
        list(excluded_units),
        list(excluded_accounts),
        is_restricted,
    ]


def forget(kind: str, object_id: int) -> None:
    """Take an object out of the index."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_document WHERE kind = %s AND object_id = %s", [kind, object_id])


@contextmanager
def bulk_load() -> Iterator[None]:
    """Build the word index once after loading many texts, instead of at every row; owner only.

    Inside, insert with `INSERT INTO search_document (…) SELECT …, search_text(the_text), …`. Everything
    happens in one transaction, for whose end searches wait.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'search_document_tokens'")
        (definition,) = cursor.fetchone()
        cursor.execute("DROP INDEX search_document_tokens")
        yield
        cursor.execute("SELECT set_config('maintenance_work_mem', '512MB', true)")
        cursor.execute(definition)
        cursor.execute("ANALYZE search_document")
