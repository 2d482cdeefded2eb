"""Many at once: crowded minutes and the plan of a day."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.builders import NOON, County, a_county
from tests.facilities.dispatch.builders import a_dispatcher, a_job, a_team, worker_of
from yiwang.facilities.dispatch import actions, engine
from yiwang.facilities.dispatch.enums import JobState, Mode
from yiwang.facilities.dispatch.faults import NotYours
from yiwang.facilities.dispatch.models import Decision, Job, Offer, Team

DAY = timedelta(days=1)


@pytest.fixture
def county(db: None) -> County:
    """A small county."""
    return a_county()


def test_the_crowd_is_served_with_less_travel_than_one_by_one(county: County) -> None:
    left, right = a_team(county, x=0, capacity=1), a_team(county, x=1000, capacity=1)
    # One by one the first job would take the team that the second one needs.
    first, second = a_job(county, x=600.0), a_job(county, x=5000.0)
    assert actions.decide_batch(at=NOON) == 2
    assert dict(Offer.objects.values_list("job_id", "team_id")) == {first.pk: left.pk, second.pk: right.pk}
    assert set(Decision.objects.values_list("mode", flat=True)) == {Mode.BATCH}


def test_whoever_is_left_over_is_told_why(county: County) -> None:
    a_team(county, capacity=1)
    a_job(county)
    a_job(county, x=90.0)
    assert actions.decide_batch(at=NOON) == 1
    assert sorted(Job.objects.values_list("state", flat=True)) == [JobState.OFFERED, JobState.STUCK]
    assert Decision.objects.get(chosen_team=None).shortfall["by_reason"] == {"capacity": 1}


def test_the_batch_leaves_later_and_manual_work_alone(county: County) -> None:
    a_team(county)
    a_job(county, is_automatic=False)
    a_job(county, window_from_at=NOON + DAY, window_until_at=NOON + DAY + timedelta(hours=2))
    assert actions.decide_batch(at=NOON) == 0


@pytest.mark.parametrize("has_vroom", [True, False])
def test_a_day_is_planned_by_base_window_and_skill(
    county: County, has_vroom: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "has_vroom", lambda: has_vroom)
    plumber = a_team(county, x=0, position_at=None)
    cook = a_team(county, x=100, skills=["cooking"], position_at=None)
    early = NOON + DAY
    late = a_job(
        county,
        x=900.0,
        window_from_at=early + timedelta(hours=3),
        window_until_at=early + timedelta(hours=5),
    )
    first = a_job(county, x=4000.0, window_from_at=early, window_until_at=early + timedelta(hours=1))
    meal = a_job(county, skill="cooking", window_from_at=early, window_until_at=early + timedelta(hours=1))
    nobody = a_job(county, skill="singing", window_from_at=early, window_until_at=early + timedelta(hours=1))
    planned = actions.plan_day(unit_id=county.unit("office").pk, on=timezone.localdate(early), at=NOON)
    assert (planned.offered, planned.unserved) == (3, 1)
    assert planned.engine == ("vroom" if has_vroom else "own")
    assert set(Job.objects.filter(state="offered").values_list("pk", "offers__team_id", "route_order")) == {
        (first.pk, plumber.pk, 1),
        (late.pk, plumber.pk, 2),
        (meal.pk, cook.pk, 1),
    }
    assert Job.objects.get(pk=nobody.pk).state == JobState.WAITING
    # What is planned for a coming day is no load today.
    assert set(Team.objects.values_list("load", flat=True)) == {0}


def test_accepted_work_stays_with_its_team_when_the_day_is_planned_again(county: County) -> None:
    team = a_team(county, position_at=None)
    early = NOON + DAY
    window = {"window_from_at": early, "window_until_at": early + timedelta(hours=4)}
    job = a_job(county, x=500.0, **window)
    office, day = county.unit("office").pk, timezone.localdate(early)
    actions.plan_day(unit_id=office, on=day, at=NOON)
    actions.accept(Offer.objects.get().pk, by=worker_of(county, team), at=NOON)
    a_team(county, x=500.0, position_at=None)
    a_job(county, x=400.0, **window)
    actions.plan_day(unit_id=office, on=day, at=NOON)
    job.refresh_from_db()
    assert (job.team_id, job.state, Offer.objects.filter(job=job).count()) == (team.pk, JobState.ACCEPTED, 1)


def test_only_the_dispatching_unit_plans_its_day(county: County) -> None:
    dispatcher = a_dispatcher(county)
    with pytest.raises(NotYours):
        actions.plan_day(unit_id=county.unit("water").pk, on=NOON.date(), at=NOON, by=dispatcher)
