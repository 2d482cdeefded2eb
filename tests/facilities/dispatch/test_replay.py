"""Every decision can be worked out again from what it kept; the database lets nobody change it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from tests.builders import NOON, County, a_county
from tests.facilities.dispatch.builders import a_dispatcher, a_job, a_team
from yiwang.facilities.dispatch import actions
from yiwang.facilities.dispatch.models import Decision, Team
from yiwang.facilities.dispatch.replay import verify


@pytest.fixture
def county(db: None) -> County:
    """A county with a decision of every kind."""
    county = a_county()
    near, far = a_team(county, x=70.0, band="C"), a_team(county, x=900.0, hours=[(0, 0, 1440)])
    job = a_job(county, preferred_team_ids=[far.pk], unwanted_team_ids=[near.pk])
    actions.decide(job.pk, at=NOON)
    actions.expire(at=NOON + timedelta(minutes=11))
    actions.offer(job.pk, team_id=near.pk, reason="只有他们", by=a_dispatcher(county), at=NOON)
    a_job(county)
    a_job(county, x=40.0)
    actions.decide_batch(at=NOON)
    tomorrow = NOON + timedelta(days=1)
    a_job(county, window_from_at=tomorrow, window_until_at=tomorrow + timedelta(hours=4))
    actions.plan_day(unit_id=county.unit("office").pk, on=timezone.localdate(tomorrow), at=NOON)
    return county


def test_all_kinds_of_decisions_lead_to_the_same_again(county: County) -> None:
    found = verify(told=lambda done, whole: None)
    assert set(Decision.objects.values_list("mode", flat=True)) == {"single", "manual", "batch", "plan"}
    assert (found.decisions, found.differing, found.wrong_loads) == (Decision.objects.count(), [], [])


@pytest.mark.parametrize(
    "change",
    [
        "candidates = jsonb_set(candidates, '{0,parts,travel}', '1.5')",
        "candidates = jsonb_set(candidates, '{0,team,x}', '99999')",
        "candidates = jsonb_set(candidates, '{0,refusals}', '[\"skill\"]')",
        "facts = jsonb_set(facts, '{skill}', '\"singing\"')",
    ],
)
def test_what_was_changed_behind_its_back_is_found(
    county: County, change: str, as_owner: Callable[[], AbstractContextManager[None]]
) -> None:
    chosen = Decision.objects.filter(mode="single", chosen_team__isnull=False).first()
    assert chosen is not None
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"UPDATE dispatch_decision SET {change} WHERE id = %s", [chosen.pk])  # noqa: S608
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert verify(told=lambda done, whole: None).differing == [chosen.pk]


def test_a_load_that_drifted_is_found(county: County) -> None:
    team = Team.objects.order_by("pk")[0]
    Team.objects.filter(pk=team.pk).update(load=0 if team.load else 1)
    assert verify(told=lambda done, whole: None).wrong_loads == [team.pk]


@pytest.mark.parametrize(
    "deed", ["UPDATE dispatch_decision SET reason = 'x'", "DELETE FROM dispatch_decision"]
)
def test_a_decision_stays_as_it_was(county: County, deed: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed)
