"""What dispatch does by itself: new work is attended to, offers end in time, a crowd is decided together."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.builders import County, a_county
from tests.facilities.dispatch.builders import a_job, a_team
from yiwang.facilities.dispatch import actions, tasks
from yiwang.facilities.dispatch.enums import JobState, Mode, OfferState
from yiwang.facilities.dispatch.models import Decision, Job, Offer
from yiwang.facilities.dispatch.rules import terms


@pytest.fixture
def county(db: None) -> County:
    """A small county."""
    return a_county()


def put_in(name: str) -> list[ProcrastinateJob]:
    """The background jobs of one kind."""
    return list(ProcrastinateJob.objects.filter(task_name__endswith=f"dispatch.tasks.{name}").order_by("id"))


def test_new_work_is_attended_to_unless_a_dispatcher_wants_to(county: County) -> None:
    job = a_job(county)
    a_job(county, is_automatic=False)
    assert [each.args for each in put_in("attend")] == [{"job_id": job.pk}]


def test_the_clock_ends_offers_and_leaves_answered_ones_alone(county: County) -> None:
    now = timezone.now()
    a_team(county, position_at=now)
    late, answered = a_job(county, at=now), a_job(county, at=now)
    for job in (late, answered):
        actions.decide(job.pk, at=now - timedelta(minutes=11))
    actions.accept(
        Offer.objects.get(job=answered).pk, by=county.standing("company.head"), at=now - timedelta(minutes=9)
    )
    tasks.clock(0)
    assert dict(Offer.objects.values_list("job_id", "state")) == {
        late.pk: OfferState.EXPIRED,
        answered.pk: OfferState.ACCEPTED,
    }


def test_work_for_tomorrow_waits_for_the_plan(county: County) -> None:
    now = timezone.now()
    a_team(county, position_at=now)
    tomorrow = now + timedelta(days=1)
    later = a_job(county, at=now, window_from_at=tomorrow, window_until_at=tomorrow + timedelta(hours=2))
    soon = a_job(county, at=now)
    for job in (later, soon):
        tasks.attend(job.pk)
    assert dict(Job.objects.values_list("pk", "state")) == {
        later.pk: JobState.WAITING,
        soon.pk: JobState.OFFERED,
    }


def test_a_crowd_is_decided_together_and_once(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "CROWDED", 1)
    now = timezone.now()
    a_team(county, position_at=now)
    first, _second = a_job(county, at=now), a_job(county, at=now)
    tasks.attend(first.pk)
    assert (len(put_in("decide_together")), Offer.objects.count()) == (1, 0)
    tasks.decide_together()
    assert list(Decision.objects.values_list("mode", flat=True)) == [Mode.BATCH, Mode.BATCH]


def test_bookings_for_later_days_crowd_nobody(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "CROWDED", 1)
    now = timezone.now()
    a_team(county, position_at=now)
    tomorrow = now + timedelta(days=1)
    for _ in range(2):
        a_job(county, at=now, window_from_at=tomorrow, window_until_at=tomorrow + timedelta(hours=2))
    soon = a_job(county, at=now)
    tasks.attend(soon.pk)
    assert [offer.job_id for offer in Offer.objects.all()] == [soon.pk]


def test_the_sweep_finds_what_was_lost(county: County) -> None:
    now = timezone.now()
    a_team(county, position_at=now)
    forgotten = a_job(county, at=now - timedelta(minutes=30))
    tasks.sweep(0)
    assert Offer.objects.get(job=forgotten).state == OfferState.OFFERED
