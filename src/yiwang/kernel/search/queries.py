"""Finding texts: exact for any part of a word, newest first, and only what the caller lets through."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from yiwang.kernel.search.rules import Scope, Segment, marked, question, words_of

SNIPPET = 90
"""Characters shown around the first hit."""


Place = tuple[datetime, int]
"""Where a page of hits ends: the time and the number of its last object."""


@dataclass(frozen=True)
class Hit:
    """One object found, with its time and the text in which the words stand."""

    object_id: int
    at: datetime
    text: str
    words: tuple[str, ...]

    @property
    def segments(self) -> list[Segment]:
        """The piece of the text around the first word."""
        return marked(self.text, self.words, width=SNIPPET)

    @property
    def key(self) -> Place:
        """What to pass as `before` to get the page after this hit."""
        return self.at, self.object_id


@dataclass(frozen=True)
class Count:
    """How many were found, counted no further than a cap."""

    number: int
    is_more: bool

    def __str__(self) -> str:
        return f"{self.number:,}+" if self.is_more else f"{self.number:,}"


@dataclass(frozen=True)
class Page:
    """The numbers of the objects on one page, newest first; where the page ends, if there may be more; how many in all.

    `count` is given with the first page only.
    """

    ids: tuple[int, ...]
    end: Place | None
    count: Count | None


def page_of(
    text: str,
    *,
    kind: str,
    predicate: Scope,
    before: Place | None = None,
    limit: int = 50,
    cap: int = 1000,
) -> Page:
    """What `find` would find, without the texts, and with the first page how many there are, counted to the cap.

    One query, which passes over the documents once. Raises `QuestionTooLong`.
    """
    before_at, before_id = before or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT object_id, at, number FROM search_page(%s, %s, %s, %s::timestamptz, %s::bigint, %s, %s)",
            [question(text), kind, predicate.where, before_at, before_id, limit, None if before else cap],
        )
        rows = cursor.fetchall()
    number = rows[0][2] if rows else 0
    return Page(
        ids=tuple(row[0] for row in rows),
        end=(rows[-1][1], rows[-1][0]) if len(rows) == limit else None,
        count=None if before else Count(min(number, cap), is_more=number > cap),
    )


def find(
    text: str, *, kind: str, predicate: Scope, before: Place | None = None, limit: int = 50
) -> list[Hit]:
    """The newest objects whose text holds every word of the question; one query.

    Words are separated by white space; each may be any part of a text, from one character up. `before` is
    the `key` of the last hit of the page before. A question without words finds nothing. Raises
    `QuestionTooLong`.
    """
    asked = question(text)
    before_at, before_id = before or (None, None)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT object_id, at, text FROM search_find(%s, %s, %s, %s::timestamptz, %s::bigint, %s)",
            [asked, kind, predicate.where, before_at, before_id, limit],
        )
        rows = cursor.fetchall()
    words = tuple(words_of(asked))
    return [Hit(object_id, at, held, words) for object_id, at, held in rows]


def count(text: str, *, kind: str, predicate: Scope, cap: int = 1000) -> Count:
    """How many objects `find` would return over all pages, counted to the cap. Raises `QuestionTooLong`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT search_count(%s, %s, %s, %s)", [question(text), kind, predicate.where, cap + 1]
        )
        (number,) = cursor.fetchone()
    return Count(min(number, cap), is_more=number > cap)


def highlight(text: str, query: str) -> list[Segment]:
    """A text of the caller's own, whole, with the words of a question marked in it."""
    return marked(text, words_of(query))


def unfindable(*, sample: int = 500) -> list[tuple[str, int]]:
    """Documents of a random sample that the index doesn't return for a piece of their own text.

    An empty list is what it should be; anything else means the index must be built anew.
    """
    missing = []
    with transaction.atomic(), connection.cursor() as cursor:
        # Without this the planner would compute the tokens anew instead of asking the index for them.
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        cursor.execute(
            """
            SELECT kind, object_id, substr(text, 1 + (random() * greatest(char_length(text) - 4, 0))::int, 4)
            FROM search_document WHERE text <> '' ORDER BY random() LIMIT %s
            """,
            [sample],
        )
        for kind, object_id, piece in cursor.fetchall():
            cursor.execute(
                """
                WITH hits AS MATERIALIZED (
                  SELECT kind, object_id FROM search_document
                  WHERE search_tokens(text) @@ search_question(search_words(%s)))
                SELECT cardinality(search_words(%s)) = 0
                       OR EXISTS (SELECT FROM hits WHERE kind = %s AND object_id = %s)
                """,
                [piece, piece, kind, object_id],
            )
            if not cursor.fetchone()[0]:
                missing.append((kind, object_id))
        cursor.execute("SELECT set_config('enable_seqscan', 'on', true)")
    return missing
