"""Loading statutes: all that a folder or archive holds, or nothing; what is there already isn't written again."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import PurePosixPath

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from yiwang.facilities.lawbook.linking import forget_texts
from yiwang.facilities.lawbook.models import Load, Name, Passage, Version, Work
from yiwang.facilities.lawbook.reading import (
    Reading,
    Told,
    by_amendments,
    count_of,
    put_together,
    read,
    short,
)
from yiwang.facilities.lawbook.rules.force import Span, ranges
from yiwang.facilities.lawbook.rules.kinds import Rank
from yiwang.facilities.lawbook.rules.titles import names_of
from yiwang.facilities.lawbook.rules.windows import as_tsvector
from yiwang.facilities.lawbook.sources import Held

LOCK = 7_316_042_004
"""Of the advisory lock that keeps two loadings apart."""
MANY_PASSAGES = 4000
"""From so many new passages on the word index is built anew instead of being kept up row by row."""

COLUMN_TYPES = ("int8", "int4", "text", "int2", "int2", "int4", "int2", "text", "text", "bytea")
"""In which binary form a passage's columns are sent; a tsvector's is made by `as_tsvector`."""


@dataclass
class Summary:
    """What a loading did: texts read and refused, versions new, changed and known, and what was missing where.

    `versions` are those that it wrote.
    """

    read: int = 0
    refused: int = 0
    works: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    articles: int = 0
    versions: list[int] = field(default_factory=list)
    findings: list[Told] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """The figures alone."""
        return {key: value for key, value in asdict(self).items() if key not in ("findings", "versions")}

    @property
    def wrote(self) -> bool:
        """Whether anything in the database changed."""
        return bool(self.new or self.changed)


def load(
    texts: Iterable[Held],
    *,
    source: str,
    at: datetime,
    told: Callable[[int], None] = lambda done: None,
) -> Summary:
    """Bring statutes in. Raises what reading the texts raises; then nothing is written.

    A version is known by its work and the day it was passed on. The same text again writes nothing; another
    text under the same file name takes the place of the old one; another text from elsewhere is refused and told.
    The ranges of every work are worked out anew. Doesn't ask who may.
    """
    summary = Summary()
    readings: list[Reading] = []
    for held in texts:
        summary.read += 1
        found = read(held)
        if isinstance(found, Told):
            summary.findings.append(found)
        else:
            readings.append(found)
            summary.findings += found.told
        told(summary.read)
    whole, twice = put_together(readings)
    summary.findings += twice
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        fresh = _fresh(whole, summary)
        if fresh:
            _write(fresh, at=at, summary=summary)
        summary.refused = sum(one.is_refused for one in summary.findings)
        if summary.wrote:
            Load.objects.create(
                at=at,
                source=source[:300],
                counts=summary.counts,
                findings=[asdict(one) for one in summary.findings],
            )
    if summary.wrote:
        transaction.on_commit(forget_texts)
    return summary


@dataclass(slots=True)
class _Fresh:
    """A reading that has to be written, with the version whose place it takes."""

    reading: Reading
    old: int | None


def _source(reading: Reading) -> str:
    return "; ".join(PurePosixPath(name).name for name in reading.names)[:300]


def _fresh(readings: Sequence[Reading], summary: Summary) -> list[_Fresh]:
    """What isn't known yet; counts what is, and tells of a second text for a version that is there."""
    known = {
        (key, passed): (pk, digest, source)
        for key, passed, pk, digest, source in Version.objects.values_list(
            "work__key", "passed_on", "pk", "digest", "source"
        )
    }
    found = []
    for reading in readings:
        old = known.get((reading.key, reading.passed_on))
        if old is None:
            found.append(_Fresh(reading, None))
        elif old[1] == reading.digest:
            summary.known += 1
        elif old[2] == _source(reading):
            found.append(_Fresh(reading, old[0]))
        else:
            summary.known += 1
            summary.findings.append(Told(reading.names[0], "version_differs", reading.title, is_refused=True))
    return found


def _write(fresh: list[_Fresh], *, at: datetime, summary: Summary) -> None:
    works = _works([one.reading for one in fresh], summary)
    by_amendments((one.reading for one in fresh), known=_known_acts())
    versions, rows = [], 0
    for one in fresh:
        version = _version(one.reading, work=works[one.reading.key], at=at)
        version.pk = one.old
        versions.append(version)
        rows += version.articles
        summary.articles += version.articles
    changed = [version for version in versions if version.pk is not None]
    Passage.objects.filter(version__in=[version.pk for version in changed]).delete()
    for version in changed:
        version.save()
    Version.objects.bulk_create([version for version in versions if version.pk is None], batch_size=500)
    summary.versions = [version.pk for version in versions]
    summary.changed, summary.new = len(changed), len(versions) - len(changed)
    with _indexed_at_the_end(rows):
        _copy(zip(versions, (one.reading for one in fresh), strict=True))
    settle()


def _works(readings: Sequence[Reading], summary: Summary) -> dict[str, Work]:
    """The work of each reading, made where there is none, with the names that lead to it."""
    keys = {reading.key for reading in readings}
    works = {work.key: work for work in Work.objects.filter(key__in=keys)}
    new: dict[str, Work] = {}
    for reading in readings:
        if reading.key not in works and reading.key not in new:
            new[reading.key] = Work(
                key=reading.key,
                title=reading.title,
                short_title=short(reading),
                rank=reading.rank.value,
                field=reading.field,
                is_repealed=reading.is_repealed,
            )
    Work.objects.bulk_create(new.values(), batch_size=500)
    summary.works = len(new)
    works |= new
    names = [
        Name(key=key, work=work)
        for work in new.values()
        for key in names_of(work.title)
        # A name that is another work's own leads to that one.
        if key == work.key or key not in works
    ]
    Name.objects.bulk_create(names, ignore_conflicts=True, batch_size=500)
    return works


def _known_acts() -> dict[tuple[str, date], date]:
    acts = Version.objects.filter(
        work__rank=Rank.AMENDMENT.value, force_on__isnull=False, passed_on__isnull=False
    ).exclude(force_basis="assumed")
    rows = acts.values_list("work__key", "passed_on", "force_on")
    return {(key, passed): on for key, passed, on in rows if passed is not None and on is not None}


def _version(reading: Reading, *, work: Work, at: datetime) -> Version:
    articles, characters = count_of(reading)
    return Version(
        work=work,
        passed_on=reading.passed_on,
        force_on=reading.force.on,
        force_basis=reading.force.basis.value,
        preliminaries=list(reading.statutes[0].preliminaries),
        amended_by=reading.amended_by[:200],
        amended_on=list(reading.amended_on),
        repeals=[key[:200] for key in reading.repeals],
        repeals_on=reading.repeals_on,
        source=_source(reading),
        digest=reading.digest,
        articles=articles,
        characters=characters,
        loaded_at=at,
    )


def _copy(pairs: Iterable[tuple[Version, Reading]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY lawbook_passage (version_id, place, kind, depth, annex, number, branch, heading, text, tokens)"
            " FROM STDIN (FORMAT binary)"
        ) as copy,
    ):
        copy.set_types(COLUMN_TYPES)
        for version, reading in pairs:
            for row in passage_rows(reading):
                copy.write_row((version.pk, *row, as_tsvector(f"{row[-2]}\n{row[-1]}")))


def passage_rows(reading: Reading) -> Iterator[tuple[int, str, int, int, int | None, int, str, str]]:
    """A version's passages as rows: place, kind, depth, annex, number, branch, heading, text."""
    for place, (node, depth) in enumerate(reading.nodes(), start=1):
        number, branch = node.number or (None, 0)
        yield place, node.kind.value, depth, node.annex, number, branch, node.heading, node.text


@contextmanager
def _indexed_at_the_end(rows: int) -> Iterator[None]:
    """Build the word index once after many rows instead of at each, where the connection owns the table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class"
            " WHERE oid = 'lawbook_passage'::regclass"
        )
        (is_owner,) = cursor.fetchone()
        is_rebuilt = is_owner and rows >= MANY_PASSAGES
        if is_rebuilt:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'lawbook_passage_tokens'")
            (definition,) = cursor.fetchone()
            cursor.execute("DROP INDEX lawbook_passage_tokens")
        yield
        if is_rebuilt:
            # An index can't be made while foreign keys wait to be checked.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT set_config('maintenance_work_mem', '256MB', true)")
            cursor.execute(definition)
        if is_owner:
            cursor.execute("ANALYZE lawbook_passage, lawbook_version, lawbook_work")


def settle() -> int:
    """Work out for every work when it was repealed and for which days each version holds; how many changed."""
    works = {work.key: work for work in Work.objects.all()}
    versions: dict[int, list[Version]] = {}
    for version in Version.objects.defer("preliminaries"):
        versions.setdefault(version.work_id, []).append(version)
    ended = _repeals(works, versions)
    changed_works = []
    for work in works.values():
        on, by = ended.get(work.pk, (None, None))
        if (work.repealed_on, work.repealed_by_id) != (on, by):
            work.repealed_on, work.repealed_by_id = on, by
            work.is_repealed = work.is_repealed or on is not None
            changed_works.append(work)
    changed = []
    for work in works.values():
        own = versions.get(work.pk, [])
        found = {one.key: one for one in ranges(list(map(_span, own)), repealed_on=work.repealed_on)}
        for version in own:
            one = found.get(version.pk)
            days = DateRange(one.from_on, one.until_on) if one else None
            if version.in_force != days and not (
                days and days.isempty and version.in_force is not None and version.in_force.isempty
            ):
                version.in_force = days
                changed.append(version)
    # Ranges that grow and shrink together would overlap for a moment; so each lets go first.
    Version.objects.filter(pk__in=[version.pk for version in changed]).update(in_force=None)
    Version.objects.bulk_update(changed, ["in_force"], batch_size=500)
    Work.objects.bulk_update(changed_works, ["repealed_on", "repealed_by", "is_repealed"], batch_size=500)
    return len(changed) + len(changed_works)


def _span(version: Version) -> Span:
    return Span(version.pk, version.passed_on, version.force_on, tuple(version.amended_on))


def _repeals(works: dict[str, Work], versions: dict[int, list[Version]]) -> dict[int, tuple[date, int]]:
    """Which works ended on which day by which other: the first that ends it after its last version was passed."""
    found: dict[int, tuple[date, int]] = {}
    for own in versions.values():
        for version in own:
            on = version.repeals_on
            for key in version.repeals if on is not None else ():
                ended = works.get(key)
                if on is None or ended is None or ended.pk == version.work_id:
                    continue
                passed = [one.passed_on for one in versions.get(ended.pk, []) if one.passed_on]
                if passed and max(passed) >= on:
                    continue
                if ended.pk not in found or on < found[ended.pk][0]:
                    found[ended.pk] = (on, version.work_id)
    return found


def tally(findings: Sequence[Told]) -> Counter[str]:
    """How often each reason was told."""
    return Counter(one.reason for one in findings)
