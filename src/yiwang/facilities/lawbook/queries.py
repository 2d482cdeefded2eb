"""Reading the lawbook: a work by any of its names, the version of a day, an article by its number, any words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from yiwang.facilities.lawbook.citing import Cited as Cited
from yiwang.facilities.lawbook.citing import citations_of as citations_of
from yiwang.facilities.lawbook.citing import dead_citations as dead_citations
from yiwang.facilities.lawbook.models import ArticleChange, Load, Passage, Version, Work
from yiwang.facilities.lawbook.rules.addresses import ArticleId, Outlined
from yiwang.facilities.lawbook.rules.kinds import Rank
from yiwang.facilities.lawbook.rules.numerals import Number, chinese
from yiwang.facilities.lawbook.rules.structure import NodeKind
from yiwang.facilities.lawbook.rules.titles import name_key
from yiwang.kernel.search.rules import Segment, marked, question, words_of

SNIPPET = 110
"""Characters shown around the first hit."""
MOST_COUNTED = 2000
"""Hits are counted no further than this."""
AFTER = ("after_order", "after_version", "after_place")


def work_named(name: str) -> Work | None:
    """The work that a name leads to: its full or short title, in any spelling, or one of its other names."""
    key = name_key(name)
    return Work.objects.filter(Q(key=key) | Q(names__key=key)).order_by("pk").first()


def versions_of(work: Work) -> list[Version]:
    """Every loaded version of a work, the newest first."""
    found = list(work.versions.all())
    return sorted(found, key=lambda one: (one.force_on or date.min, one.passed_on or date.min), reverse=True)


def version_on(versions: Iterable[Version], on: date) -> Version | None:
    """The version that holds on a day, or nothing."""
    return next((version for version in versions if version.in_force and on in version.in_force), None)


@dataclass(frozen=True)
class Shelved:
    """A work on the list, with the version of the day asked for, or the newest where none holds."""

    work: Work
    version: Version | None
    versions: int


def shelf(
    *, on: date, rank: str = "", field: str = "", words: str = "", limit: int = 200, after: str = ""
) -> list[Shelved]:
    """Works by name, of a rank or a field, whose title holds the words; each with its version on a day."""
    found = Work.objects.annotate(count=Count("versions")).order_by("short_title", "pk")
    if rank:
        found = found.filter(rank=rank)
    if field:
        found = found.filter(field=field)
    for word in words_of(words):
        found = found.filter(Q(title__icontains=word) | Q(short_title__icontains=word))
    if after:
        found = found.filter(short_title__gt=after)
    works = list(found[:limit])
    versions: dict[int, list[Version]] = {}
    for version in Version.objects.filter(work__in=works).defer("preliminaries"):
        versions.setdefault(version.work_id, []).append(version)
    return [
        Shelved(
            work,
            version_on(versions.get(work.pk, ()), on)
            or max(versions.get(work.pk, ()), key=lambda one: one.force_on or date.min, default=None),
            work.count,
        )
        for work in works
    ]


def shelf_counts() -> dict[tuple[str, str], int]:
    """How many works there are of each rank and field."""
    rows = Work.objects.values_list("rank", "field").annotate(Count("pk")).order_by()
    return {(rank, field): count for rank, field, count in rows}


def outline(version: Version) -> list[Outlined]:
    """Every passage of a version without its text: for the contents and for cutting it into pages."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT place, kind, depth, number, branch, annex, heading, char_length(heading) + char_length(text)"
            " FROM lawbook_passage WHERE version_id = %s ORDER BY place",
            [version.pk],
        )
        return [
            Outlined(
                place, kind, depth, None if number is None else Number(number, branch), annex, heading, size
            )
            for place, kind, depth, number, branch, annex, heading, size in cursor.fetchall()
        ]


def passages(version: Version, *, first: int, last: int) -> list[Passage]:
    """The passages of a version from one place to another, both included."""
    return list(version.passages.filter(place__gte=first, place__lte=last).order_by("place"))


def article(version: Version, wanted: ArticleId) -> Passage | None:
    """One article of a version by its number."""
    return version.passages.filter(
        kind=NodeKind.ARTICLE.value,
        annex=wanted.annex,
        number=wanted.number.number,
        branch=wanted.number.branch,
    ).first()


def history(work: Work, wanted: ArticleId) -> list[tuple[Version, Passage | None]]:
    """An article in every version of its work, the oldest first; nothing where a version has no such number."""
    held = {
        passage.version_id: passage
        for passage in Passage.objects.filter(
            version__work=work,
            kind=NodeKind.ARTICLE.value,
            annex=wanted.annex,
            number=wanted.number.number,
            branch=wanted.number.branch,
        )
    }
    return [(version, held.get(version.pk)) for version in versions_of(work)[::-1]]


def changes_of(work: Work, wanted: ArticleId) -> list[ArticleChange]:
    """What amending instruments did to an article, the newest first; each with its instrument and that one's name."""
    if wanted.annex:
        return []
    found = ArticleChange.objects.filter(
        work=work, number=wanted.number.number, branch=wanted.number.branch
    ).select_related("instrument__work")
    return sorted(found.order_by("pk"), key=lambda one: one.instrument.passed_on or date.min, reverse=True)


def changed_articles(work: Work) -> set[Number]:
    """The articles that an amending instrument in the lawbook changed."""
    return {
        Number(number, branch)
        for number, branch in work.article_changes.order_by().values_list("number", "branch").distinct()
    }


def instructions(changes: Sequence[ArticleChange]) -> dict[tuple[int, str], Passage]:
    """The clause of its instrument that each change comes from, by instrument and label."""
    rows = Passage.objects.filter(
        version__in={one.instrument_id for one in changes},
        kind__in=(NodeKind.CLAUSE.value, NodeKind.ARTICLE.value),
        annex=0,
        number__isnull=False,
    )
    by_label = {(one.version_id, _label(one)): one for one in rows}
    return {
        (one.instrument_id, one.label): by_label[one.instrument_id, one.label]
        for one in changes
        if (one.instrument_id, one.label) in by_label
    }


def _label(clause: Passage) -> str:
    """How an instrument numbers an instruction: 三 of a decision, 第三条 of an amendment of the Constitution."""
    if clause.kind == NodeKind.ARTICLE:
        return Number(clause.number or 0, clause.branch).label()
    return chinese(clause.number or 0)


def article_texts(version: Version) -> dict[ArticleId, str]:
    """Every article of a version by its number, in the order of the text."""
    rows = (
        version.passages.filter(kind=NodeKind.ARTICLE.value)
        .order_by("place")
        .values_list("annex", "number", "branch", "text")
    )
    return {ArticleId(Number(number or 0, branch), annex): text for annex, number, branch, text in rows}


@dataclass(frozen=True)
class Hit:
    """A passage in which the words stand, with its work and version."""

    id: int
    order: int
    version: int
    short_title: str
    version_on: date | None
    kind: str
    number: Number | None
    annex: int
    place: int
    heading: str
    text: str
    words: tuple[str, ...]

    @property
    def segments(self) -> list[Segment]:
        """The piece of the text around the first word."""
        shown = self.text if self.text else self.heading
        return marked(shown.replace("\n", " "), self.words, width=SNIPPET)

    @property
    def key(self) -> str:
        """What to pass as `after` to get the page behind this hit."""
        return f"{self.order}.{self.version}.{self.place}"


@dataclass(frozen=True)
class Found:
    """A page of hits and how many there are, counted to a cap."""

    hits: list[Hit]
    count: int
    is_more_than_counted: bool


_FEW = """
WITH hits AS MATERIALIZED (
  SELECT p.id, array_position(%(ranks)s, w.rank::text) AS rank_order, p.version_id, p.place
  FROM lawbook_passage AS p
  JOIN lawbook_version AS v ON v.id = p.version_id JOIN lawbook_work AS w ON w.id = v.work_id
  WHERE p.tokens @@ search_question(search_words(%(question)s))
    AND p.folded LIKE ALL (search_patterns(search_words(%(question)s)))
    AND (%(on)s::date IS NULL OR v.in_force @> %(on)s::date)
    AND (%(work)s::bigint IS NULL OR v.work_id = %(work)s::bigint)
  LIMIT %(cap)s
), page AS (
  SELECT * FROM hits
  WHERE %(after_order)s::int IS NULL OR (rank_order, version_id, place)
        > (%(after_order)s::int, %(after_version)s::bigint, %(after_place)s::int)
  ORDER BY rank_order, version_id, place LIMIT %(limit)s
)
SELECT p.id, page.rank_order, v.id, w.short_title, v.force_on, v.passed_on,
       p.kind, p.number, p.branch, p.annex, p.place, p.heading, p.text, counted.number
FROM (SELECT count(*) AS number FROM hits) AS counted
LEFT JOIN (page JOIN lawbook_passage AS p ON p.id = page.id
           JOIN lawbook_version AS v ON v.id = p.version_id JOIN lawbook_work AS w ON w.id = v.work_id) ON true
ORDER BY page.rank_order, v.id, p.place
"""
"""The count, no further than a cap, and the page where all hits are among those counted; at least one row."""
_MANY = """
SELECT p.id, v.rank_order, v.id, v.short_title, v.force_on, v.passed_on,
       p.kind, p.number, p.branch, p.annex, p.place, p.heading, p.text
FROM (
  SELECT v.id, v.force_on, v.passed_on, w.short_title, array_position(%(ranks)s, w.rank::text) AS rank_order
  FROM lawbook_version AS v JOIN lawbook_work AS w ON w.id = v.work_id
  WHERE (%(on)s::date IS NULL OR v.in_force @> %(on)s::date)
    AND (%(work)s::bigint IS NULL OR v.work_id = %(work)s::bigint)
    AND (%(after_order)s::int IS NULL OR (array_position(%(ranks)s, w.rank::text), v.id)
         >= (%(after_order)s::int, %(after_version)s::bigint))
  ORDER BY rank_order, v.id
) AS v
CROSS JOIN LATERAL (
  SELECT * FROM lawbook_passage AS p
  WHERE p.version_id = v.id AND p.folded LIKE ALL (search_patterns(search_words(%(question)s)))
    AND (%(after_order)s::int IS NULL OR (v.rank_order, v.id, p.place)
         > (%(after_order)s::int, %(after_version)s::bigint, %(after_place)s::int))
  ORDER BY p.place LIMIT %(limit)s
) AS p
ORDER BY v.rank_order, v.id, p.place LIMIT %(limit)s
"""
"""Reads version after version in the order of the answer: of words that stand everywhere a page is full at once."""


def find(text: str, *, on: date | None, work: Work | None = None, after: str = "", limit: int = 30) -> Found:
    """The passages that hold every word of a question, in versions that hold on a day; at most two
    queries.

    Words are parted by white space; each may be any part of a text, from one character up. Constitution and laws
    come first. `on` None looks through every version. Raises `QuestionTooLong`.
    """
    asked = question(text)
    words = tuple(words_of(asked))
    if not words:
        return Found([], 0, is_more_than_counted=False)
    given: dict[str, Any] = {
        "question": asked,
        "on": on,
        "work": work.pk if work else None,
        "ranks": [rank.value for rank in Rank],
        "limit": limit,
        "cap": MOST_COUNTED + 1,
        **_behind(after),
    }
    with connection.cursor() as cursor:
        cursor.execute(_FEW, given)
        rows = cursor.fetchall()
        count = rows[0][-1]
        if count > MOST_COUNTED:
            cursor.execute(_MANY, given)
            rows = cursor.fetchall()
    return Found(
        [_hit(row[:13], words) for row in rows if row[0] is not None],
        min(count, MOST_COUNTED),
        is_more_than_counted=count > MOST_COUNTED,
    )


def _behind(after: str) -> dict[str, int | None]:
    """The place behind which a page begins; the first page for what isn't one."""
    parts = after.split(".")
    is_place = len(parts) == len(AFTER) and all(one.isdecimal() for one in parts)
    return dict(zip(AFTER, map(int, parts) if is_place else (None, None, None), strict=True))


def _hit(row: Sequence[Any], words: tuple[str, ...]) -> Hit:
    pk, order, version, short, force_on, passed_on, kind, number, branch, annex, place, heading, text = row
    known = None if number is None else Number(number, branch)
    return Hit(
        pk, order, version, short, force_on or passed_on, kind, known, annex, place, heading, text, words
    )


def loads(*, limit: int = 20) -> list[Load]:
    """The loadings that changed something, the newest first."""
    return list(Load.objects.all()[:limit])


def holdings() -> tuple[int, int, int]:
    """How many works, versions and articles the lawbook holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM lawbook_work), count(*), coalesce(sum(articles), 0) FROM lawbook_version"
        )
        works, versions, articles = cursor.fetchone()
    return works, versions, articles


def changes_between(first: date, last: date) -> list[Version]:
    """Versions that begin to be in force within some days, the nearest first; for the front of the lawbook."""
    found = Version.objects.filter(force_on__gt=first, force_on__lte=last).select_related("work")
    return list(found.defer("preliminaries").order_by("force_on", "pk"))


def coming(on: date, *, days: int = 400) -> list[Version]:
    """Versions that are published and not yet in force on a day."""
    return changes_between(on, on + timedelta(days=days))


def named_articles(
    wanted: Sequence[tuple[str, ArticleId, date]],
) -> dict[tuple[str, ArticleId, date], Version | None]:
    """For each name of a law, article and day: the version in force then that has the article; two queries."""
    keys = {name_key(name) for name, _, _ in wanted}
    works: dict[str, list[Version]] = {}
    for version in (
        Version.objects.filter(Q(work__key__in=keys) | Q(work__names__key__in=keys))
        .select_related("work")
        .defer("preliminaries")
        .distinct()
        .prefetch_related("work__names")
    ):
        for key in {version.work.key, *(name.key for name in version.work.names.all())}:
            works.setdefault(key, []).append(version)
    chosen = {one: version_on(works.get(name_key(one[0]), ()), one[2]) for one in wanted}
    pairs = {(version.pk, one[1]) for one, version in chosen.items() if version}
    if not pairs:
        return chosen
    there = set(
        Passage.objects.filter(
            kind=NodeKind.ARTICLE.value,
            version__in={version for version, _ in pairs},
            number__in={wanted.number.number for _, wanted in pairs},
        ).values_list("version_id", "annex", "number", "branch")
    )
    return {
        one: version
        if version and (version.pk, one[1].annex, one[1].number.number, one[1].number.branch) in there
        else None
        for one, version in chosen.items()
    }
