"""One piece of work from the question for a team to its end, and what happens when teams refuse."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.builders import NOON, County, a_county
from tests.facilities.dispatch.builders import a_dispatcher, a_job, a_team, worker_of
from yiwang.facilities.dispatch import actions, events
from yiwang.facilities.dispatch.enums import JobState, OfferState
from yiwang.facilities.dispatch.faults import NotNow, NotYours, Refused, TooLate
from yiwang.facilities.dispatch.models import Decision, Job, Offer
from yiwang.kernel.base import events as told

MINUTE = timedelta(minutes=1)


@pytest.fixture
def county(db: None) -> County:
    """A small county."""
    return a_county()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every event of dispatch, in the order in which it is told within the transaction."""
    kinds = [kind for kind in vars(events).values() if isinstance(kind, type)]
    found: list[Any] = []
    for kind in kinds:
        monkeypatch.setitem(told._handlers_within, kind, [*told._handlers_within[kind], found.append])
    return found


def names(heard: list[Any]) -> list[str]:
    """The kinds of events in order."""
    return [type(event).__name__ for event in heard]


def test_the_nearest_team_is_offered_the_work_takes_it_and_does_it(county: County, heard: list[Any]) -> None:
    far, near = a_team(county, x=5000), a_team(county, x=400)
    job = a_job(county)
    decision = actions.decide(job.pk, at=NOON)
    offer = Offer.objects.get(job=job)
    assert (decision.chosen_team_id, offer.team_id) == (near.pk, near.pk)
    assert [c["team"]["team_id"] for c in decision.candidates] == [near.pk, far.pk]
    worker = worker_of(county, near)
    actions.accept(offer.pk, by=worker, at=NOON + MINUTE)
    actions.start(job.pk, data={"pin": "1234"}, by=worker, at=NOON + 20 * MINUTE)
    actions.finish(job.pk, data={"price": "80"}, by=worker, at=NOON + 60 * MINUTE)
    job.refresh_from_db()
    near.refresh_from_db()
    assert (job.state, job.team_id, near.load) == (JobState.DONE, near.pk, 0)
    assert names(heard) == [
        "JobAsked",
        "OfferMade",
        "OfferAccepted",
        "JobStarting",
        "JobStarted",
        "JobFinishing",
        "JobFinished",
    ]
    assert {(event.subject_kind, event.subject_id) for event in heard} == {("case", job.subject_id)}


def test_a_decision_is_four_messages_between_begin_and_commit(county: County) -> None:
    for place in range(3):
        a_team(county, x=100.0 * place)
    actions.decide(a_job(county).pk, at=NOON)
    job = a_job(county)
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        actions.decide(job.pk, at=NOON)
    sent = [each["sql"] for each in asked if "SAVEPOINT" not in each["sql"]]
    assert [words.split()[0] for words in sent] == ["SELECT", "SELECT", "SELECT", "EXECUTE"]


def test_a_decision_knows_instants_to_the_microsecond(county: County) -> None:
    moments = [NOON - timedelta(microseconds=microseconds) for microseconds in (1, 999_999, 123_457)]
    teams = [a_team(county, x=100.0 * place, position_at=at) for place, at in enumerate(moments)]
    decision = actions.decide(a_job(county).pk, at=NOON)
    known = {each["team"]["team_id"]: each["team"]["position_at"] for each in decision.candidates}
    assert known == {team.pk: at.astimezone(UTC).isoformat() for team, at in zip(teams, moments, strict=True)}


def test_a_refused_offer_goes_to_the_next_team_at_once(county: County, heard: list[Any]) -> None:
    near, next_one = a_team(county, x=400), a_team(county, x=900)
    job = a_job(county)
    actions.decide(job.pk, at=NOON)
    first = Offer.objects.get(job=job)
    actions.decline(first.pk, reason="车坏了", by=worker_of(county, near), at=NOON + MINUTE)
    assert list(Offer.objects.order_by("pk").values_list("team_id", "state", "reason")) == [
        (near.pk, OfferState.DECLINED, "车坏了"),
        (next_one.pk, OfferState.OFFERED, ""),
    ]
    near.refresh_from_db()
    assert near.load == 0
    assert names(heard)[1:] == ["OfferMade", "OfferDeclined", "OfferMade"]


def test_an_unanswered_offer_runs_out_and_goes_on(county: County) -> None:
    a_team(county, x=400)
    next_one = a_team(county, x=900)
    job = a_job(county)
    actions.decide(job.pk, at=NOON)
    assert actions.expire(at=NOON + 10 * MINUTE) == 0
    assert actions.expire(at=NOON + 10 * MINUTE + timedelta(seconds=1)) == 1
    assert Offer.objects.get(state=OfferState.OFFERED).team_id == next_one.pk


def test_an_answer_after_the_time_is_refused(county: County) -> None:
    team = a_team(county)
    job = a_job(county)
    actions.decide(job.pk, at=NOON)
    with pytest.raises(TooLate):
        actions.accept(Offer.objects.get().pk, by=worker_of(county, team), at=NOON + 11 * MINUTE)


def test_the_third_refusal_calls_a_dispatcher(county: County, heard: list[Any]) -> None:
    for place in range(4):
        a_team(county, x=100.0 * place)
    job = a_job(county)
    actions.decide(job.pk, at=NOON)
    for round_ in range(1, 4):
        actions.expire(at=NOON + round_ * 11 * MINUTE)
    job.refresh_from_db()
    assert job.state == JobState.STUCK
    assert names(heard)[-2:] == ["OfferExpired", "NobodyFound"]
    assert heard[-1].refusals == 3


def test_when_nobody_is_suitable_the_decision_says_why(county: County, heard: list[Any]) -> None:
    stale = a_team(county, x=400, position_at=NOON - timedelta(minutes=31))
    a_team(county, x=100, skills=["cooking"])
    job = a_job(county)
    decision = actions.decide(job.pk, at=NOON)
    job.refresh_from_db()
    assert (job.state, decision.chosen_team_id) == (JobState.STUCK, None)
    assert decision.shortfall["by_reason"] == {"stale": 1}
    assert decision.shortfall["nearest_miss"]["team"]["team_id"] == stale.pk
    assert names(heard)[-1] == "NobodyFound"


def test_stuck_work_is_offered_once_somebody_is_free(county: County) -> None:
    job = a_job(county)
    actions.decide(job.pk, at=NOON)
    assert actions.retry_stuck(at=NOON + MINUTE) == 0
    a_team(county)
    assert actions.retry_stuck(at=NOON + 2 * MINUTE) == 1
    assert Decision.objects.filter(job=job).count() == 2


def test_stuck_work_that_nobody_can_do_costs_one_question_a_minute(county: County) -> None:
    near = a_team(county)
    refused = a_job(county)
    actions.decide(refused.pk, at=NOON)
    actions.decline(Offer.objects.get().pk, reason="车坏了", by=worker_of(county, near), at=NOON)
    unwanted = a_job(county, unwanted_team_ids=[near.pk])
    licensed = a_job(county, licence="electrician")
    elsewhere = a_job(county, skill="singing")
    for job in (unwanted, licensed, elsewhere):
        actions.decide(job.pk, at=NOON)
    with CaptureQueriesContext(connection) as asked:
        assert actions.retry_stuck(at=NOON + MINUTE) == 0
    assert len(asked) == 1
    actions.grant_licence(near.pk, kind="electrician", until_on=licensed.window_until_at.date())
    assert actions.retry_stuck(at=NOON + MINUTE) == 1
    assert list(Job.objects.filter(state=JobState.OFFERED)) == [licensed]


def test_a_team_does_no_more_than_it_can(county: County) -> None:
    team = a_team(county, capacity=1)
    first, second = a_job(county), a_job(county)
    actions.decide(first.pk, at=NOON)
    decision = actions.decide(second.pk, at=NOON)
    assert decision.shortfall["by_reason"] == {"capacity": 1}
    team.refresh_from_db()
    assert team.load == 1


def test_a_dispatcher_chooses_by_hand_with_a_reason(county: County) -> None:
    near, far = a_team(county, x=400), a_team(county, x=9000, position_at=NOON - timedelta(hours=2))
    dispatcher = a_dispatcher(county)
    job = a_job(county)
    actions.decide(job.pk, at=NOON, by=dispatcher)
    with pytest.raises(Refused):
        actions.offer(job.pk, team_id=far.pk, reason=" ", by=dispatcher, at=NOON)
    offer = actions.offer(job.pk, team_id=far.pk, reason="住户认识他们", by=dispatcher, at=NOON)
    assert offer.decision.candidates[0]["refusals"] == ["stale"]
    assert list(Offer.objects.order_by("pk").values_list("team_id", "state")) == [
        (near.pk, OfferState.WITHDRAWN),
        (far.pk, OfferState.OFFERED),
    ]


def test_skill_and_suspension_are_not_overruled(county: County) -> None:
    dispatcher = a_dispatcher(county)
    cooks, suspended = a_team(county, skills=["cooking"]), a_team(county)
    actions.suspend(suspended.pk, reason="证件过期", by=dispatcher, at=NOON)
    job = a_job(county)
    for team in (cooks, suspended):
        with pytest.raises(Refused):
            actions.offer(job.pk, team_id=team.pk, reason="急", by=dispatcher, at=NOON)


def test_only_the_team_or_its_company_answers(county: County) -> None:
    team, other = a_team(county), a_team(county, x=9000, company="another")
    job = a_job(county)
    actions.decide(job.pk, at=NOON)
    offer = Offer.objects.get(job=job)
    for stranger in (worker_of(county, other), a_dispatcher(county), county.standing("another.head")):
        with pytest.raises(NotYours):
            actions.accept(offer.pk, by=stranger, at=NOON)
    actions.accept(offer.pk, by=county.standing("company.clerk"), at=NOON)
    with pytest.raises(NotYours):
        actions.start(job.pk, data={}, by=worker_of(county, other), at=NOON)
    assert Job.objects.get(pk=job.pk).team_id == team.pk


def test_whoever_asked_may_refuse_the_start(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    def check(event: events.JobStarting) -> None:
        if event.data.get("pin") != "4321":
            raise Refused("The PIN is another one.")

    monkeypatch.setitem(told._handlers_within, events.JobStarting, [check])
    team = a_team(county)
    job = a_job(county)
    actions.decide(job.pk, at=NOON)
    worker = worker_of(county, team)
    actions.accept(Offer.objects.get(job=job).pk, by=worker, at=NOON)
    with pytest.raises(Refused, match="another one"):
        actions.start(job.pk, data={"pin": "0000"}, by=worker, at=NOON)
    assert actions.start(job.pk, data={"pin": "4321"}, by=worker, at=NOON).state == JobState.UNDER_WAY


def test_withdrawn_work_frees_its_team(county: County, heard: list[Any]) -> None:
    team = a_team(county)
    job = a_job(county)
    actions.decide(job.pk, at=NOON)
    actions.accept(Offer.objects.get(job=job).pk, by=worker_of(county, team), at=NOON)
    actions.withdraw(job.pk, reason="住户取消", at=NOON + MINUTE)
    team.refresh_from_db()
    assert (team.load, Offer.objects.get().state) == (0, OfferState.WITHDRAWN)
    assert names(heard)[-2:] == ["OfferWithdrawn", "JobWithdrawn"]
    actions.withdraw(job.pk, reason="再取消", at=NOON + MINUTE)
    assert names(heard)[-1] == "JobWithdrawn"
    assert len(heard) == 5


def test_a_dispatcher_takes_accepted_work_back(county: County) -> None:
    team, dispatcher = a_team(county), a_dispatcher(county)
    job = a_job(county)
    actions.decide(job.pk, at=NOON)
    actions.accept(Offer.objects.get(job=job).pk, by=worker_of(county, team), at=NOON)
    with pytest.raises(NotNow):
        actions.decide(job.pk, at=NOON, by=dispatcher)
    job = actions.take_back(job.pk, reason="队伍半路抛锚", by=dispatcher, at=NOON + MINUTE)
    assert (job.state, job.team_id) == (JobState.WAITING, None)


def test_a_subject_is_served_once_at_a_time(county: County) -> None:
    job = a_job(county, subject_id=7)
    assert a_job(county, subject_id=7).pk == job.pk
    actions.withdraw(job.pk, reason="取消", at=NOON)
    assert a_job(county, subject_id=7).pk != job.pk


def test_the_database_forbids_a_second_team(county: County) -> None:
    one, two = a_team(county), a_team(county, x=900)
    job = a_job(county)
    decision = actions.decide(job.pk, at=NOON)
    with pytest.raises(IntegrityError, match="job_never_has_two_teams"), transaction.atomic():
        Offer.objects.create(job=job, team=two, decision=decision, offered_at=NOON, answer_by_at=NOON)
    assert Offer.objects.get().team_id == one.pk


def test_the_index_and_the_rules_agree_on_who_is_suitable(county: County) -> None:
    """Each team has one thing against it that the database judges; the last has nothing."""
    village = county.unit("chengguan")
    a_team(county, areas=[county.unit("heping").pk])
    a_team(county)
    late = a_team(county, x=5.0)
    actions.grant_licence(late.pk, kind="gas", until_on=NOON.date() - timedelta(days=1))
    night = a_team(county, x=9.0, hours=[(0, 0, 60)])
    actions.grant_licence(night.pk, kind="gas", until_on=NOON.date())
    good = a_team(county, x=700.0, areas=[county.unit("county").pk])
    actions.grant_licence(good.pk, kind="gas", until_on=NOON.date())
    job = a_job(county, licence="gas", area_unit_id=village.pk)
    decision = actions.decide(job.pk, at=NOON)
    assert decision.chosen_team_id == good.pk
    refused = {c["team"]["team_id"]: c["refusals"] for c in decision.candidates if c["refusals"]}
    assert sorted(refused.values()) == [["hours"], ["licence"], ["licence"], ["licence", "area"]]
