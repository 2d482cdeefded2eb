"""Reading the nearest teams for a piece of work from the index, as the rules want them.

Two readings of one table: `suitable` asks the index for teams against which nothing speaks that the
database can judge, the nearest first; `nearest_with` asks for the nearest that have the skill, whatever
else speaks against them, to say why nobody could be sent and why a nearer team wasn't.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.utils import timezone

from yiwang.facilities.dispatch.enums import OfferState
from yiwang.facilities.dispatch.models import Job, Offer, Team, TeamLicence
from yiwang.facilities.dispatch.rules import terms
from yiwang.facilities.dispatch.rules.suitability import STALE_AFTER, Candidate, Wanted

COLUMNS = (
    "t.id, t.name, t.x, t.y, extract(epoch FROM t.position_at)::float8, t.skills, t.areas, t.hours, t.capacity,"
    " t.load, t.band, extract(epoch FROM t.last_offer_at)::float8, t.is_active, t.is_suspended, (SELECT count(*) FROM dispatch_job j WHERE j.team_id = t.id"
    " AND j.planned_at IS NOT NULL AND j.state IN ('accepted', 'under_way') AND j.window_from_at <= %s)"
)
"""What the rules want to know of a team; the last is planned work that begins soon.

Instants come as seconds: Django reads those of the database with an expression, for each of some eighty.
"""

Question = tuple[str, list[Any]]
"""A question for rows of teams, and its values."""

STUCK_WITH_SOMEBODY = """
SELECT j.id FROM dispatch_job j
WHERE j.state = 'stuck' AND j.is_automatic
AND (SELECT count(*) FROM dispatch_offer o WHERE o.job_id = j.id AND o.state IN ('declined', 'expired')) < %s
AND EXISTS (
    SELECT FROM dispatch_team t
    WHERE t.is_active AND NOT t.is_suspended AND t.skills @> ARRAY[j.skill] AND t.load < t.capacity
    AND t.position_at >= %s AND (t.areas = '{}' OR t.areas && j.area_path) AND NOT t.id = ANY(j.unwanted_team_ids)
    AND NOT EXISTS (SELECT FROM dispatch_offer o WHERE o.job_id = j.id AND o.team_id = t.id
        AND o.state IN ('declined', 'expired'))
    AND (j.licence = '' OR EXISTS (SELECT FROM dispatch_teamlicence l WHERE l.team_id = t.id
        AND l.kind = j.licence AND l.until_on >= (j.window_until_at AT TIME ZONE %s)::date))
)
ORDER BY j.asked_at, j.id LIMIT %s
"""

REFUSING = (OfferState.DECLINED, OfferState.EXPIRED)
OVERLAP = timedelta(hours=2)
"""Planned work that begins this soon counts as load for whoever is sought now."""


def wanted(job: Job, *, refused_by: Iterable[int] | None = None) -> Wanted:
    """A job as the rules see it; who refused it is asked unless it is told."""
    if refused_by is None:
        refused_by = Offer.objects.filter(job_id=job.pk, state__in=REFUSING).values_list("team_id", flat=True)
    return Wanted(
        skill=job.skill,
        x=job.x,
        y=job.y,
        window_from_at=timezone.localtime(job.window_from_at),
        window_until_at=timezone.localtime(job.window_until_at),
        minutes=job.minutes,
        licence=job.licence,
        area_path=tuple(job.area_path),
        preferred=frozenset(job.preferred_team_ids),
        unwanted=frozenset(job.unwanted_team_ids),
        refused_by=frozenset(refused_by),
        urgency=job.urgency,
    )


def suitable(job: Wanted, *, at: datetime, limit: int) -> list[Candidate]:
    """The nearest teams that have the skill and nothing against them; hours are left to the rules."""
    return _with_more(_nearest(_suitable(job, at=at, limit=limit)), job)


def nearest_with(job: Wanted, *, at: datetime, limit: int, is_skilled: bool = True) -> list[Candidate]:
    """The nearest teams, those with the skill only unless told otherwise, whatever else is against them."""
    return _with_more(_nearest(_with_skill(job, at=at, limit=limit, is_skilled=is_skilled)), job)


def question_for_nearest(job: Wanted, *, at: datetime, limit: int, are_few: bool) -> Question:
    """What `nearest_with` asks, to be sent with something else; `candidates_from` reads the answer.

    When it is known that few have the skill (`are_few`), those are found first, then the nearest.
    """
    words, values = _with_skill(job, at=at, limit=limit, is_skilled=True)
    if not are_few:
        return words, values
    few = "WITH few AS MATERIALIZED (SELECT * FROM dispatch_team t WHERE t.skills @> %s::varchar[]) "
    return few + words.replace("FROM dispatch_team t", "FROM few t"), [[job.skill], *values]


def candidates_from(rows: Sequence[tuple[Any, ...]], job: Wanted) -> list[Candidate]:
    """The teams that a question was answered with."""
    return _with_more(rows, job)


def _suitable(job: Wanted, *, at: datetime, limit: int) -> Question:
    condition = "t.skills @> %s::varchar[] AND t.load < t.capacity AND t.position_at >= %s"
    arguments: list[Any] = [[job.skill], at - timedelta(seconds=STALE_AFTER)]
    condition += " AND (t.areas = '{}' OR t.areas && %s::bigint[])"
    arguments.append(list(job.area_path))
    if job.licence:
        condition += (
            " AND EXISTS (SELECT FROM dispatch_teamlicence l WHERE l.team_id = t.id"
            " AND l.kind = %s AND l.until_on >= %s)"
        )
        arguments += [job.licence, job.window_until_at.date()]
    out = job.unwanted | job.refused_by
    if out:
        condition += " AND NOT t.id = ANY(%s)"
        arguments.append(sorted(out))
    return _words(f"t.is_active AND NOT t.is_suspended AND {condition}", arguments, job, limit, at=at)


def _with_skill(job: Wanted, *, at: datetime, limit: int, is_skilled: bool) -> Question:
    condition, arguments = ("t.skills @> %s::varchar[]", [[job.skill]]) if is_skilled else ("t.is_active", [])
    return _words(condition, arguments, job, limit, at=at)


def stuck_with_somebody(*, at: datetime, limit: int) -> list[int]:
    """The stuck automatic jobs that a team could now take for all that the database can judge, the oldest first."""
    with connection.cursor() as cursor:
        fresh_since, zone = at - timedelta(seconds=STALE_AFTER), timezone.get_default_timezone_name()
        cursor.execute(STUCK_WITH_SOMEBODY, [terms.MOST_REFUSALS, fresh_since, zone, limit])
        return [job_id for (job_id,) in cursor.fetchall()]


def by_ids(team_ids: Collection[int], job: Wanted, *, at: datetime) -> list[Candidate]:
    """Certain teams, the nearest first."""
    if not team_ids:
        return []
    found = _words("t.id = ANY(%s)", [sorted(team_ids)], job, len(team_ids), at=at)
    return _with_more(_nearest(found), job)


def of_team(team: Team) -> Candidate:
    """A team, with its licences read, as the rules see it."""
    return Candidate(
        team_id=team.pk,
        name=team.name,
        x=team.x,
        y=team.y,
        position_at=team.position_at,
        skills=frozenset(team.skills),
        licences=tuple((licence.kind, licence.until_on) for licence in team.licences.all()),
        areas=frozenset(team.areas),
        hours=tuple((day, first, last) for day, first, last in team.hours),
        capacity=team.capacity,
        load=team.load,
        band=team.band,
        last_offer_at=team.last_offer_at,
        is_active=team.is_active,
        is_suspended=team.is_suspended,
    )


def _words(condition: str, arguments: Sequence[Any], job: Wanted, limit: int, *, at: datetime) -> Question:
    """The question for rows of teams by distance; conditions are ours, what people wrote goes in as arguments."""
    words = (
        f"SELECT {COLUMNS} FROM dispatch_team t WHERE {condition}"  # noqa: S608
        " ORDER BY point(t.x, t.y) <-> point(%s, %s) LIMIT %s"
    )
    return words, [at + OVERLAP, *arguments, job.x, job.y, limit]


def _nearest(question: Question) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*question)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _with_more(rows: Sequence[tuple[Any, ...]], job: Wanted) -> list[Candidate]:
    """Add the licences when one is wanted; they stand in another table."""
    ids = [row[0] for row in rows]
    licences: dict[int, list[tuple[str, Any]]] = {}
    if job.licence and ids:
        held = TeamLicence.objects.filter(team_id__in=ids, kind=job.licence)
        for team_id, kind, until_on in held.values_list("team_id", "kind", "until_on"):
            licences.setdefault(team_id, []).append((kind, until_on))
    return [_candidate(row, tuple(licences.get(row[0], ()))) for row in rows]


@lru_cache(maxsize=1024)
def _hours(kept: str) -> tuple[tuple[int, int, int], ...]:
    """Hours as a raw row gives them: text of JSON, since Django keeps psycopg from reading it."""
    return tuple((day, first, last) for day, first, last in json.loads(kept))


def _instant(seconds: float | None) -> datetime | None:
    """An instant from seconds since 1970, right to the microsecond."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _candidate(row: tuple[Any, ...], licences: tuple[tuple[str, Any], ...]) -> Candidate:
    return Candidate(
        team_id=row[0],
        name=row[1],
        x=row[2],
        y=row[3],
        position_at=_instant(row[4]),
        skills=frozenset(row[5]),
        areas=frozenset(row[6]),
        hours=_hours(row[7]),
        capacity=row[8],
        load=row[9] + row[14],
        band=row[10],
        last_offer_at=_instant(row[11]),
        is_active=row[12],
        is_suspended=row[13],
        licences=licences,
    )
