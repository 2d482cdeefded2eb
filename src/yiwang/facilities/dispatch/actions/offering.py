"""Writing an offer down with the decision behind it: few messages to the database, for it is done all day long."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from yiwang.facilities.dispatch.candidates import Question
from yiwang.facilities.dispatch.enums import JobState, OfferState, Urgency
from yiwang.facilities.dispatch.events import OfferMade
from yiwang.facilities.dispatch.models import Decision, Job, Offer
from yiwang.facilities.dispatch.rules import terms
from yiwang.facilities.dispatch.telling import statements_to_tell
from yiwang.kernel.access.rules import SYSTEM, Standing
from yiwang.kernel.base.events import publish
from yiwang.kernel.base.insertion import insert_together

KNOWN = (
    "SELECT t.unit_id, t.name, nextval('dispatch_decision_id_seq'), nextval('dispatch_offer_id_seq'),"
    " ARRAY(SELECT m.account_id FROM dispatch_teammember m WHERE m.team_id = t.id)"
    " FROM dispatch_team t WHERE t.id = %s"
)
FREE = " AND t.load < t.capacity AND t.is_active AND NOT t.is_suspended FOR NO KEY UPDATE"

TEAM_OFFERED = "UPDATE dispatch_team SET last_offer_at = %s, load = load + %s WHERE id = %s"
JOB_OFFERED = (
    "UPDATE dispatch_job SET state = %s, state_at = %s, team_id = NULL, route_order = NULL, planned_at = %s"
    " WHERE id = %s"
)


@dataclass(frozen=True)
class Held:
    """What an offer needs to know of a team, and the numbers of the decision and the offer to come."""

    unit_id: int
    name: str
    decision_id: int
    offer_id: int
    account_ids: tuple[int, ...]


def hold(team_id: int, *, waits: bool = False) -> Held | None:
    """Lock a team that can still take work; nothing when it can't, or somebody else holds it and nobody `waits`."""
    return _held(KNOWN + FREE + ("" if waits else " SKIP LOCKED"), team_id)


def hold_and_ask(team_id: int, question: Question) -> tuple[Held | None, list[tuple[Any, ...]]]:
    """As `hold`, and a question's rows with it; one message to the database, whether or not the team is had."""
    words, values = question
    with connection.cursor() as cursor:
        cursor.execute(f"{KNOWN}{FREE} SKIP LOCKED; {words}", [team_id, *values])
        held = _held_from(cursor.fetchone())
        cursor.nextset()
        return held, cursor.fetchall()


def _held(words: str, team_id: int) -> Held | None:
    with connection.cursor() as cursor:
        cursor.execute(words, [team_id])
        return _held_from(cursor.fetchone())


def _held_from(row: tuple[Any, ...] | None) -> Held | None:
    if row is None:
        return None
    unit_id, name, decision_id, offer_id, account_ids = row
    return Held(unit_id, name, decision_id, offer_id, tuple(account_ids))


def make_offer(
    job: Job,
    team_id: int,
    *,
    decision: Decision,
    at: datetime,
    held: Held | None = None,
    by: Standing = SYSTEM,
    is_planned: bool = False,
) -> Offer:
    """Write a new decision down, offer a locked job to a locked team, and start the clock of its answer.

    Publishes `OfferMade`.
    """
    held = held or _held(KNOWN, team_id)
    assert held is not None
    decision.pk = held.decision_id
    offer = Offer(
        pk=held.offer_id,
        job=job,
        team_id=team_id,
        decision=decision,
        offered_at=at,
        answer_by_at=terms.answer_by(Urgency.PLANNED if is_planned else job.urgency, at=at),
        state=OfferState.OFFERED,
    )
    job.state, job.state_at, job.team_id, job.route_order = JobState.OFFERED, at, None, None
    job.planned_at = at if is_planned else None
    insert_together(
        [decision, offer],
        then=[
            (TEAM_OFFERED, [at, int(not is_planned), team_id]),
            (JOB_OFFERED, [str(job.state), at, job.planned_at, job.pk]),
            *statements_to_tell(job.unit_id, held.account_ids),
        ],
    )
    publish(
        OfferMade(
            job.pk,
            job.subject_kind,
            job.subject_id,
            at,
            offer.pk,
            team_id,
            held.unit_id,
            held.name,
            offer.answer_by_at,
            by.account_id,
        )
    )
    return offer
