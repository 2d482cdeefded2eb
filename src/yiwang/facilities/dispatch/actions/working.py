"""The work itself: the team sets out, begins at the door, and finishes with what was done."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.facilities.dispatch.actions.holding import lighten, locked_with_team, move
from yiwang.facilities.dispatch.enums import JobState
from yiwang.facilities.dispatch.events import (
    JobFinished,
    JobFinishing,
    JobStarted,
    JobStarting,
    TeamDeparted,
)
from yiwang.facilities.dispatch.faults import NotNow, NotYours, Refused
from yiwang.facilities.dispatch.models import Job
from yiwang.facilities.dispatch.policies import may_act_for
from yiwang.facilities.dispatch.telling import tell_of
from yiwang.facilities.dispatch.words import SENTENCES
from yiwang.kernel.access.rules import Standing
from yiwang.kernel.base.events import publish


def depart(job_id: int, *, by: Standing, at: datetime) -> Job:
    """A team sets out for its work. Setting out again, or after the work was begun, changes nothing.

    Raises `NotYours` and `NotNow`. Publishes `TeamDeparted`.
    """
    with transaction.atomic():
        job = _locked(job_id, by=by)
        if job.departed_at is not None or job.state in (JobState.UNDER_WAY, JobState.DONE):
            return job
        if job.state != JobState.ACCEPTED or job.team is None:
            raise NotNow(str(SENTENCES["not_accepted"]))
        job.departed_at = at
        move(job, JobState.ACCEPTED, at=at, team_id=job.team_id)
        publish(
            TeamDeparted(
                job.pk, job.subject_kind, job.subject_id, at, job.team.pk, job.team.unit_id, by.account_id
            )
        )
        tell_of(job)
    return job


def start(job_id: int, *, data: Mapping[str, Any], by: Standing, at: datetime) -> Job:
    """A team begins at the door. Beginning again changes nothing.

    `data` is what whoever asked for the team wants to know (a PIN). Raises `NotYours`, `NotNow`, and
    `Refused` when a handler of `JobStarting` refuses. Publishes `JobStarting` before, `JobStarted` after.
    """
    try:
        return _start(job_id, data=data, by=by, at=at)
    except Refused as refused:
        refused.settle()
        raise


def _start(job_id: int, *, data: Mapping[str, Any], by: Standing, at: datetime) -> Job:
    with transaction.atomic():
        job = _locked(job_id, by=by)
        if job.state in (JobState.UNDER_WAY, JobState.DONE):
            return job
        if job.state != JobState.ACCEPTED or job.team is None:
            raise NotNow(str(SENTENCES["not_accepted"]))
        who = (job.pk, job.subject_kind, job.subject_id, at, job.team.pk)
        publish(JobStarting(*who, data, by.account_id))
        job.started_at = at
        move(job, JobState.UNDER_WAY, at=at, team_id=job.team_id)
        publish(JobStarted(*who, job.team.unit_id, job.team.name, data, by.account_id))
        tell_of(job)
    return job


def finish(job_id: int, *, data: Mapping[str, Any], by: Standing, at: datetime) -> Job:
    """A team is done. Finishing again changes nothing.

    `data` is what whoever asked wants to know (price, materials, words, photos). Raises as `start` does.
    Publishes `JobFinishing` before, `JobFinished` after.
    """
    with transaction.atomic():
        job = _locked(job_id, by=by)
        if job.state == JobState.DONE:
            return job
        if job.state != JobState.UNDER_WAY or job.team is None:
            raise NotNow(str(SENTENCES["not_begun"]))
        who = (job.pk, job.subject_kind, job.subject_id, at, job.team.pk)
        publish(JobFinishing(*who, data, by.account_id))
        job.finished_at = at
        move(job, JobState.DONE, at=at, team_id=job.team_id)
        lighten(job, job.team.pk)
        publish(JobFinished(*who, job.team.unit_id, job.team.name, data, by.account_id))
        tell_of(job)
    return job


def _locked(job_id: int, *, by: Standing) -> Job:
    job = locked_with_team(job_id)
    if job.team is None or not may_act_for(by, job.team):
        raise NotYours(str(SENTENCES["not_your_team"]))
    return job
